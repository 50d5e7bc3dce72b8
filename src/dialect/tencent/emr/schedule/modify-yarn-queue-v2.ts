/** ModifyYarnQueueV2: queues as they shall be with the next deployment (reference: api.json, appendix B). */
import { list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { changedQueues, queueEdit } from './queue-change.ts'
import { fileOf, latest, requireYarn, withDraft } from './schedule.ts'
import { schedulerName, yarnCluster } from './shape.ts'

export const modifyYarnQueueV2 = action({
  name: 'ModifyYarnQueueV2',
  input: {
    InstanceId: yarnCluster,
    Scheduler: schedulerName,
    ConfigModifyInfoList: list(queueEdit, { min: 1, max: 100 }),
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Scheduler: scheduler, ConfigModifyInfoList: edits }) {
    await core.clusters.setExtension(call, id, {
      verb: 'draft-schedule',
      extension(was) {
        requireYarn(was)
        const file = fileOf[scheduler]
        const next = edits.reduce(
          (it, edit, at) =>
            changedQueues(it, { scheduler, edit, path: `ConfigModifyInfoList.${at}` }),
          latest(was, file),
        )
        return withDraft(was, file, next)
      },
    })
    return {}
  },
})
