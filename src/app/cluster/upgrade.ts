/**
 * Another version for the whole cluster: new processes for all nodes, those that hold and read data first, those that clients ask
 * last. One that cannot be completed leads back to the version that it had.
 */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { withRestart, withVersion } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import type { ChangeCall } from './change.ts'

export interface UpgradeRequest {
  /** One node after the other, where the substrate can. */
  readonly rolling: boolean
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly target: (was: Cluster) => UpgradeTarget
}

export interface UpgradeTarget {
  readonly version: string
  /** The groups that come last. */
  readonly last: readonly string[]
}

/** The change as `changeCluster` takes it. */
export function upgradeCall(
  call: Call,
  id: string,
  { rolling, target }: UpgradeRequest,
): ChangeCall {
  return {
    call,
    id,
    propose(was) {
      const { version, last } = target(was)
      const scope = { of: 'cluster' } as const
      const spec = withVersion(withRestart(was.spec, scope), version)
      return {
        action: { kind: 'upgrade', direction: 'up' },
        scope,
        rolling,
        last,
        spec,
        values: { before: was.spec.software.version, after: version },
      }
    },
  }
}
