/** Restarting a cluster, a group of it, or single nodes: new processes for the same nodes, on the same data. */
import { withRestart, type Scope } from '../../domain/cluster/spec.ts'
import type { Call } from '../call.ts'
import { changeCluster, type ChangeParts, type ChangeStarted } from './change.ts'
import type { Requirement } from './modify.ts'

export interface RestartRequest {
  readonly scope: Scope
  /** One node after the other, where the substrate can. */
  readonly rolling: boolean
  readonly require?: Requirement
}

/** Throws ClusterNotFound, NodeGroupNotFound, NodeNotFound, ClusterBusy, NotSupported. */
export function restartCluster(
  parts: ChangeParts,
  call: Call,
  id: string,
  { scope, rolling, require }: RestartRequest,
): Promise<ChangeStarted> {
  return changeCluster(parts, {
    call,
    id,
    propose(was) {
      require?.(was)
      return { action: { kind: 'restart' }, scope, rolling, spec: withRestart(was.spec, scope) }
    },
  })
}
