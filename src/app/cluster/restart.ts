/** Restarting a cluster, a group of it, or single nodes: new processes for the same nodes, on the same data. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { withRestart, type Scope } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import { changeCluster, type ChangeParts, type ChangeStarted } from './change.ts'
import type { Requirement } from './modify.ts'

export interface RestartRequest {
  /** Decided on the cluster as it is in the transaction, where it depends on it; may throw a Fault. */
  readonly scope: Scope | ((was: Cluster) => Scope)
  /** One node after the other, where the substrate can. */
  readonly rolling: boolean
  readonly require?: Requirement
}

/** Throws ClusterNotFound, NodeGroupNotFound, NodeNotFound, ClusterBusy, NotSupported. */
export function restartCluster(
  parts: ChangeParts,
  call: Call,
  id: string,
  { scope: wanted, rolling, require }: RestartRequest,
): Promise<ChangeStarted> {
  return changeCluster(parts, {
    call,
    id,
    propose(was) {
      require?.(was)
      const scope = typeof wanted === 'function' ? wanted(was) : wanted
      return { action: { kind: 'restart' }, scope, rolling, spec: withRestart(was.spec, scope) }
    },
  })
}
