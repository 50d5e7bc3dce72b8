/** Groups that come, go or are different, as one change: for engines that are made of several groups at once. */
import type { ChangeAction } from '../../domain/cluster/change.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../domain/cluster/node-group.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Call } from '../call.ts'
import type { ChangeCall } from './change.ts'
import type { IdempotencyKey } from './idempotency.ts'
import type { TermsOf } from './scale.ts'

export interface RegroupRequest {
  readonly key?: IdempotencyKey
  /** Decided on the cluster as it is in the transaction; may throw a Fault. New nodes' addresses are allocated. */
  readonly regroup: (was: Cluster) => {
    readonly action: ChangeAction
    /** All groups of the cluster, in the subnets that it has. */
    readonly groups: readonly NodeGroup[]
  }
  readonly terms: TermsOf
}

/** The change as `changeCluster` takes it; its scope are the nodes that come, go or are in a group that is different. */
export function regroupCall(
  call: Call,
  id: string,
  { key, regroup, terms }: RegroupRequest,
): ChangeCall {
  return {
    call,
    id,
    ...(key ? { key } : {}),
    propose(was) {
      const { action, groups } = regroup(was)
      const spec = { ...was.spec, groups }
      const nodes = touched(was.spec.groups, groups)
      return { action, scope: { of: 'nodes', nodes }, spec, terms: terms(was, spec) }
    },
  }
}

function touched(before: readonly NodeGroup[], after: readonly NodeGroup[]): readonly string[] {
  const was = textsOf(before)
  const now = textsOf(after)
  return [...new Set([...was.keys(), ...now.keys()])].filter((id) => was.get(id) !== now.get(id))
}

/** By node, what it is with its group. */
function textsOf(groups: readonly NodeGroup[]): ReadonlyMap<string, string> {
  return new Map(
    groups.flatMap(({ nodes, ...traits }) =>
      nodes.map((node) => [node.id, canonicalJson({ traits, node })] as const),
    ),
  )
}
