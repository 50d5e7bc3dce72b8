/** More nodes in a group, or fewer. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { Node, NodeGroup } from '../../domain/cluster/node-group.ts'
import { withGroup, withNodes, withoutNodes, type ClusterSpec } from '../../domain/cluster/spec.ts'
import type { Script } from '../../domain/script.ts'
import type { Call } from '../call.ts'
import type { ChangeCall, ChangeTerms, ProposedChange } from './change.ts'
import type { IdempotencyKey } from './idempotency.ts'

/** What the changed cluster costs and holds. */
export type TermsOf = (was: Cluster, next: ClusterSpec) => ChangeTerms

export interface ScaleRequest {
  readonly key?: IdempotencyKey
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly nodes: (was: Cluster) => NodesToAdd | NodesToRemove
  readonly terms: TermsOf
  /** How long nodes that go may take until they are safe to lose. */
  readonly graceMs?: number
  /** Run on the nodes that come; with the secrets that their storage opens by, in place of those named `stale`. */
  readonly scripts?: (was: Cluster) => NodeScripts
}

export interface NodeScripts {
  readonly scripts: readonly Script[]
  readonly secrets?: Readonly<Record<string, string>>
  readonly stale?: readonly string[]
}

/** By group; their addresses are allocated. */
export interface NodesToAdd {
  /** Those of the groups that the cluster does not have yet, without nodes. */
  readonly groups?: readonly NodeGroup[]
  readonly add: readonly { readonly group: string; readonly nodes: readonly Node[] }[]
}

export interface NodesToRemove {
  readonly remove: readonly string[]
  /** How many of them are drained side by side; without it, all. */
  readonly drainAtOnce?: number
}

/** The change as `changeCluster` takes it; proposing it throws NodeNotFound. */
export function scaleCall(
  call: Call,
  id: string,
  { key, nodes, terms, graceMs, scripts: scriptsOf }: ScaleRequest,
): ChangeCall {
  return {
    call,
    id,
    ...(key ? { key } : {}),
    propose(was) {
      const proposed = propose(was, nodes(was))
      const grace = graceMs === undefined ? {} : { graceMs }
      const { scripts = [], secrets = {}, stale = [] } = scriptsOf?.(was) ?? {}
      const run = scripts.length === 0 ? {} : { scripts, secrets, staleSecrets: stale }
      return { ...proposed, ...grace, ...run, terms: terms(was, proposed.spec) }
    },
  }
}

function propose(
  { spec: was }: Cluster,
  it: NodesToAdd | NodesToRemove,
): Omit<ProposedChange, 'terms'> {
  if ('remove' in it) {
    const spec = withoutNodes(was, it.remove)
    const scope = { of: 'nodes', nodes: it.remove } as const
    const atOnce = it.drainAtOnce === undefined ? {} : { drainAtOnce: it.drainAtOnce }
    return { action: { kind: 'scale', direction: 'in' }, scope, spec, ...atOnce }
  }
  const whole = (it.groups ?? []).reduce(withGroup, was)
  const spec = it.add.reduce((next, { group, nodes }) => withNodes(next, group, nodes), whole)
  const [first] = it.add
  const scope =
    it.add.length === 1 && first
      ? ({ of: 'group', group: first.group } as const)
      : ({ of: 'nodes', nodes: it.add.flatMap(({ nodes }) => nodes.map(({ id }) => id)) } as const)
  return { action: { kind: 'scale', direction: 'out' }, scope, spec }
}
