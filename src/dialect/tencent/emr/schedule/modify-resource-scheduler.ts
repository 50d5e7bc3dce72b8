/** ModifyResourceScheduler: another scheduler with the next deployment (reference: api.json, appendix B). */
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { invalid } from '../refusal.ts'
import { latestScheduler, requireYarn, withScheduler } from './schedule.ts'
import { schedulerName, yarnCluster } from './shape.ts'

export const modifyResourceScheduler = action({
  name: 'ModifyResourceScheduler',
  input: { InstanceId: yarnCluster, OldValue: schedulerName, NewValue: schedulerName },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, OldValue: old, NewValue: scheduler }) {
    await core.clusters.setExtension(call, id, {
      verb: 'draft-schedule',
      extension(was) {
        requireYarn(was)
        const latest = latestScheduler(was)
        if (latest === old) return withScheduler(was, scheduler)
        const rule = `the latest scheduler is ${latest}`
        throw invalid({ name: 'OldValue', code: 'InvalidParameter', rule, value: old })
      },
    })
    return {}
  },
})
