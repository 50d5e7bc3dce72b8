/**
 * ReleaseNodeGroup: removes a group of compute nodes, or of agents. The groups that an instance was made with as its frontends and
 * its default warehouse stay, and a subscription is unsubscribed. Facts: reference alibaba-starrocks.md 3.2 (its end), 9.3, 11.6.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { groupIn } from '../../../../domain/cluster/spec.ts'
import { Fault } from '../../../../domain/fault.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { groupExtension } from '../instance/extension.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { nodeGroupId } from './change.ts'
import { termsOf } from './terms.ts'

export const releaseNodeGroup = action({
  name: 'ReleaseNodeGroup',
  input: { InstanceId: instanceId, NodeGroupId: nodeGroupId, RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'NodeGroupNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['identity', 'compute', 'trade'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, NodeGroupId: group }) {
    await core.clusters.removeGroup(call, InstanceId, {
      group,
      require: (instance) => requireReleasable(instance, group),
      terms: termsOf(core, undefined),
    })
    return { Data: true }
  },
})

function requireReleasable({ charge, spec }: Cluster, id: string): void {
  const { component, defaultGroup } = groupExtension(groupIn(spec.groups, id))
  if (defaultGroup || component === 'FE' || component === 'BE' || component === 'OBSERVER')
    throw new Fault('NotSupported', {
      what: `Releasing node group ${id}`,
      detail: 'it belongs to its instance and goes with it',
    })
  if (charge.mode === 'prepaid')
    throw new Fault('NotSupported', {
      what: 'Releasing a prePaid node group',
      detail: 'a subscription has to be unsubscribed',
    })
}
