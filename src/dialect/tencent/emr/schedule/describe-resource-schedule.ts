/** DescribeResourceSchedule: the older DescribeYarnQueue, of both schedulers at once (reference: api.json, examples.json). */
import { flag, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { queueTree } from './queue-view.ts'
import { activeScheduler, fileOf, isEnabled, latest, requireYarn } from './schedule.ts'
import { yarnCluster } from './shape.ts'

export const describeResourceSchedule = action({
  name: 'DescribeResourceSchedule',
  input: { InstanceId: yarnCluster },
  output: { OpenSwitch: flag(), Scheduler: text(), FSInfo: text(), CSInfo: text() },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id }) {
    const cluster = await core.clusters.get(call, id)
    requireYarn(cluster)
    const info = (scheduler: 'capacity' | 'fair') => {
      const queue = queueTree(latest(cluster, fileOf[scheduler]), scheduler)
      return JSON.stringify({ schedulerInfo: { queueMappings: null, queue } })
    }
    return {
      OpenSwitch: isEnabled(cluster),
      Scheduler: activeScheduler(cluster),
      FSInfo: info('fair'),
      CSInfo: info('capacity'),
    }
  },
})
