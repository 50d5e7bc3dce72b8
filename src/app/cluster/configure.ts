/** Other settings for a running cluster; new processes for the nodes that need them. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import {
  withConfiguration,
  withRestart,
  type ConfigurationFile,
} from '../../domain/cluster/spec.ts'
import type { OperationValues } from '../../journal/history.ts'
import type { Call } from '../call.ts'
import type { ChangeCall } from './change.ts'

export interface WantedConfiguration {
  /** All of it, as it is from now on. */
  readonly configuration: readonly ConfigurationFile[]
  /** Nodes that start anew. */
  readonly restart: readonly string[]
  /** One node after the other, where the substrate can. */
  readonly rolling: boolean
  readonly values: OperationValues
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
        spec: withRestart(spec, { of: 'nodes', nodes: restart }),
        rolling,
        values,
      }
    },
  }
}
