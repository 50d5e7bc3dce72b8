/** A node group less: its nodes are drained, and go with their data. */
import { withoutGroup } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import { changeCluster, type ChangeParts, type ChangeStarted } from './change.ts'
import type { Requirement } from './modify.ts'
import type { IdempotencyKey } from './idempotency.ts'
import type { TermsOf } from './scale.ts'

export interface RemoveGroupRequest {
  readonly key?: IdempotencyKey
  readonly group: string
  readonly require: Requirement
  readonly terms: TermsOf
}

/** Throws what `changeCluster` throws, and NodeGroupNotFound. */
export function removeGroup(
  parts: ChangeParts,
  call: Call,
  id: string,
  { key, group, require, terms }: RemoveGroupRequest,
): Promise<ChangeStarted> {
  return changeCluster(parts, {
    call,
    id,
    ...(key ? { key } : {}),
    propose(was) {
      const spec = withoutGroup(was.spec, group)
      require(was)
      const scope = { of: 'group', group } as const
      return { action: { kind: 'remove-group' }, scope, spec, terms: terms(was, spec) }
    },
  })
}
