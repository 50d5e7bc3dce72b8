/** Moving a cluster that spans zones into another one of them; what was there takes its place. Its endpoints stay. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { withZonesSwitched, type ClusterSpec } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import { changeCluster, type ChangeParts, type ChangeStarted, type ChangeTerms } from './change.ts'

export interface ZoneSwitch {
  readonly zone: string
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly terms: (was: Cluster, next: ClusterSpec) => ChangeTerms
}

/** Throws what `changeCluster` and `terms` throw. */
export function switchZone(
  parts: ChangeParts,
  call: Call,
  id: string,
  { zone, terms }: ZoneSwitch,
): Promise<ChangeStarted> {
  return changeCluster(parts, {
    call,
    id,
    propose(was) {
      const spec = withZonesSwitched(was.spec, zone)
      const action = { kind: 'switch-zone' } as const
      return { action, scope: { of: 'cluster' }, spec, terms: terms(was, spec) }
    },
  })
}
