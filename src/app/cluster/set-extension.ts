/** What only its dialect knows of a cluster, changed without anything that runs. */
import { withExtension, type Cluster } from '../../domain/cluster/cluster.ts'
import type { Extension } from '../../domain/cluster/extension.ts'
import type { Verb } from '../../domain/operation.ts'
import type { Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { modifyCluster, type OperationParts } from './modify.ts'

export interface ExtensionRequest {
  /** What its history calls it. */
  readonly verb: Verb
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly extension: (was: Cluster) => Extension
}

/** Returns the flow number. Throws ClusterNotFound, ClusterBusy for one that is going. */
export async function setExtension(
  parts: OperationParts & { readonly store: Store },
  call: Call,
  id: string,
  { verb, extension }: ExtensionRequest,
): Promise<number> {
  const modify = (was: Cluster) => withExtension(was, extension(was))
  const { flow } = await parts.store.write((tx) =>
    modifyCluster(tx, parts, { call, id, verb, modify }),
  )
  return flow
}
