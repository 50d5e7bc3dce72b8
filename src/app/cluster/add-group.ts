/** A node group more, with its nodes: it is there when they serve, or is gone again. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../domain/cluster/node-group.ts'
import { withGroup } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import { changeCluster, type ChangeParts, type ChangeStarted } from './change.ts'
import type { IdempotencyKey } from './idempotency.ts'
import type { TermsOf } from './scale.ts'

export interface AddGroupRequest {
  readonly key?: IdempotencyKey
  readonly kind: 'add-group' | 'add-agent'
  /** Decided on the cluster as it is in the transaction; may throw a Fault. Its nodes' addresses are allocated. */
  readonly group: (was: Cluster) => NodeGroup
  readonly terms: TermsOf
}

/** Throws what `changeCluster` throws. */
export function addGroup(
  parts: ChangeParts,
  call: Call,
  id: string,
  { key, kind, group: groupOf, terms }: AddGroupRequest,
): Promise<ChangeStarted> {
  return changeCluster(parts, {
    call,
    id,
    ...(key ? { key } : {}),
    propose(was) {
      const group = groupOf(was)
      const spec = withGroup(was.spec, group)
      const scope = { of: 'group', group: group.id } as const
      return { action: { kind }, scope, spec, terms: terms(was, spec) }
    },
  })
}
