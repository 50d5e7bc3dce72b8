/**
 * ReleaseInstance: deletes a pay-as-you-go instance with its data. A subscription is not released here but unsubscribed; one that
 * was never paid, or was paid back because it could not be made, has nothing to unsubscribe. Facts: reference alibaba-starrocks.md 3.2, 5.1.
 */
import { Fault } from '../../../../domain/fault.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

export const releaseInstance = action({
  name: 'ReleaseInstance',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['identity', 'compute', 'trade'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    await core.clusters.release(call, input.InstanceId, requireReleasable)
    return { Data: true }
  },
})

function requireReleasable({ charge, status: { state } }: Cluster): void {
  if (charge.mode !== 'prepaid' || state === 'unpaid' || state === 'failed') return
  throw new Fault('NotSupported', {
    what: 'Releasing a prePaid instance',
    detail: 'a subscription has to be unsubscribed',
  })
}
