/** DeployYarnConf: what was drafted of the resource schedule comes into force (reference: api.json, appendix B). */
import { integer } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { deploy } from './deployment.ts'
import { yarnCluster } from './shape.ts'

export const deployYarnConf = action({
  name: 'DeployYarnConf',
  input: { InstanceId: yarnCluster },
  output: { FlowId: integer() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  run: async (core, call, { InstanceId: id }) => ({ FlowId: await deploy(core, call, id) }),
})
