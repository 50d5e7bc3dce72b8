/** ResetYarnConfig: what was drafted of the resource schedule is dropped (reference: api.json, appendix B). */
import { choice, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { drafted, fileOf, requireYarn, withoutDraft } from './schedule.ts'
import { yarnCluster } from './shape.ts'

export const resetYarnConfig = action({
  name: 'ResetYarnConfig',
  input: {
    InstanceId: yarnCluster,
    Key: optional(choice(['capacityLabel', 'fair', 'capacity'])),
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Key: key }) {
    await core.clusters.setExtension(call, id, {
      verb: 'draft-schedule',
      extension(was) {
        requireYarn(was)
        // Nodes have no labels, so that nothing of them is drafted.
        if (key === 'capacityLabel') return withoutDraft(was, [])
        return withoutDraft(was, key === undefined ? drafted(was) : [fileOf[key]])
      },
    })
    return {}
  },
})
