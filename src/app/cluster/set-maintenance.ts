/** When a cluster is looked after, and whether new minor versions come by themselves. The reconciler looks at it again. */
import { setMaintenance as withMaintenance, type Cluster } from '../../domain/cluster/cluster.ts'
import type { Maintenance } from '../../domain/cluster/maintenance.ts'
import type { Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { modifyCluster, type OperationParts } from './modify.ts'

export interface MaintenanceParts extends OperationParts {
  readonly store: Store
}

/** What is decided on the cluster as it is in the transaction may throw a Fault. */
export type MaintenanceRequest = (was: Cluster) => Maintenance

/** Throws ClusterNotFound, also for one that is going or gone. */
export async function setMaintenance(
  parts: MaintenanceParts,
  call: Call,
  id: string,
  decide: MaintenanceRequest,
): Promise<void> {
  await parts.store.write(async (tx) => {
    const modify = (was: Cluster) => withMaintenance(was, decide(was))
    await modifyCluster(tx, parts, { call, id, verb: 'set-maintenance', modify })
    await tx.enqueue('cluster', id, parts.clock.now())
  })
}
