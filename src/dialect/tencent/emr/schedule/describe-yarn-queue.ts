/** DescribeYarnQueue: the queues of a scheduler, with what waits for a deployment (reference: api.json, examples.json). */
import { text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { queueTree } from './queue-view.ts'
import { fileOf, latest, requireYarn } from './schedule.ts'
import { schedulerName, yarnCluster } from './shape.ts'

/** Of the form of the answer, in the documents' example. */
const VERSION = 'v3'

export const describeYarnQueue = action({
  name: 'DescribeYarnQueue',
  input: { InstanceId: yarnCluster, Scheduler: schedulerName },
  output: { Queue: text(), Version: text() },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Scheduler: scheduler }) {
    const cluster = await core.clusters.get(call, id)
    requireYarn(cluster)
    const tree = queueTree(latest(cluster, fileOf[scheduler]), scheduler)
    return { Queue: JSON.stringify(tree), Version: VERSION }
  },
})
