/** ModifyResourceScheduleConfig: the older ModifyYarnQueueV2, with all queues at once (reference: api.json, examples.json, appendix B). */
import { choice, flag, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { checkQueues } from './queue-change.ts'
import { refusePlan, withDocument } from './queue-document.ts'
import { queueTree } from './queue-view.ts'
import { drafted, fileOf, latest, requireYarn, withDraft, type Scheduler } from './schedule.ts'
import { yarnCluster } from './shape.ts'

const VALUE_MAX = 256 * 1024

export const modifyResourceScheduleConfig = action({
  name: 'ModifyResourceScheduleConfig',
  input: {
    InstanceId: yarnCluster,
    Key: choice(['fair', 'fairPlan', 'capacity'], { code: 'InvalidParameter' }),
    Value: text({ max: VALUE_MAX }),
  },
  output: { IsDraft: flag(), ErrorMsg: text(), Data: text() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Key: key, Value: value }) {
    refusePlan(key)
    const scheduler = key as Scheduler
    const file = fileOf[scheduler]
    await core.clusters.setExtension(call, id, {
      verb: 'draft-schedule',
      extension(was) {
        requireYarn(was)
        const next = withDocument(latest(was, file), scheduler, value)
        checkQueues(next, scheduler)
        return withDraft(was, file, next)
      },
    })
    const cluster = await core.clusters.get(call, id)
    const queue = queueTree(latest(cluster, file), scheduler)
    return {
      IsDraft: drafted(cluster).includes(file),
      ErrorMsg: '',
      Data: JSON.stringify({ queue }),
    }
  },
})
