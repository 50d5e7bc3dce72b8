/** ModifyYarnDeploy: the older DeployYarnConf, which says what scheduler it expects (reference: api.json, appendix B). */
import { flag, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { invalid } from '../refusal.ts'
import { deploy } from './deployment.ts'
import { schedulerName, yarnCluster } from './shape.ts'

export const modifyYarnDeploy = action({
  name: 'ModifyYarnDeploy',
  input: {
    InstanceId: yarnCluster,
    NewScheduler: schedulerName,
    OldScheduler: optional(schedulerName),
  },
  output: { IsDraft: flag(), ErrorMsg: text() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, NewScheduler: wanted }) {
    await deploy(core, call, id, (scheduler) => {
      if (scheduler === wanted) return
      const rule = `the latest scheduler is ${scheduler}`
      throw invalid({ name: 'NewScheduler', code: 'InvalidParameter', rule, value: wanted })
    })
    return { IsDraft: false, ErrorMsg: '' }
  },
})
