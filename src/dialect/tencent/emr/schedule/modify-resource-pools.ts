/** ModifyResourcePools: the older DeployYarnConf, of one scheduler's queues (reference: api.json, appendix B). */
import { flag, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { invalid } from '../refusal.ts'
import { deploy } from './deployment.ts'
import { schedulerName, yarnCluster } from './shape.ts'

export const modifyResourcePools = action({
  name: 'ModifyResourcePools',
  input: { InstanceId: yarnCluster, Key: schedulerName },
  output: { IsDraft: flag(), ErrorMsg: text() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Key: wanted }) {
    await deploy(core, call, id, (scheduler) => {
      if (scheduler === wanted) return
      const rule = `the latest scheduler is ${scheduler}`
      throw invalid({ name: 'Key', code: 'InvalidParameter', rule, value: wanted })
    })
    return { IsDraft: false, ErrorMsg: '' }
  },
})
