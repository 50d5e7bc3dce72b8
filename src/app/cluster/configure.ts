/** Other settings for a running cluster; new processes for the nodes that need them. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import {
  withDaemonOrders,
  type DaemonPlacement,
  type DaemonRequest,
} from '../../domain/cluster/daemon.ts'
import {
  withConfiguration,
  withRestart,
  type ClusterSpec,
  type ConfigurationFile,
} from '../../domain/cluster/spec.ts'
import type { OperationValues } from '../../journal/history.ts'
import type { Call } from '../call.ts'
import type { ChangeCall } from './change.ts'

export interface WantedConfiguration {
  /** All of it, as it is from now on. */
  readonly configuration: readonly ConfigurationFile[]
  /** Nodes that start again; or daemons, beside which their nodes continue, and of which those that are stopped stay so. */
  readonly restart: readonly string[] | Restarted
  /** One node after the other, where the substrate can. */
  readonly rolling: boolean
  readonly values: OperationValues
}

interface Restarted extends Pick<DaemonRequest, 'chosen'> {
  /** What runs on the nodes of a cluster whose spec does not say it. */
  readonly daemons: readonly DaemonPlacement[]
}

/** Decides on the cluster as it is in the transaction; may throw a Fault. */
export type ConfigurationRequest = (was: Cluster) => WantedConfiguration

export function configureCall(call: Call, id: string, request: ConfigurationRequest): ChangeCall {
  return {
    call,
    id,
    propose(was) {
      const { configuration, restart, rolling, values } = request(was)
      const spec = withConfiguration(was.spec, configuration)
      return {
        action: { kind: 'configure' },
        scope: { of: 'cluster' },
        spec: restarted(spec, restart),
        rolling,
        values,
      }
    },
  }
}

function restarted(spec: ClusterSpec, restart: WantedConfiguration['restart']): ClusterSpec {
  if (!('chosen' in restart)) return withRestart(spec, { of: 'nodes', nodes: restart })
  const named = { ...spec, daemons: spec.daemons ?? restart.daemons }
  return withDaemonOrders(named, { act: 'renew', chosen: restart.chosen })
}
