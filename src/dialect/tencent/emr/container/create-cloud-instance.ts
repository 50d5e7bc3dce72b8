/** CreateCloudInstance: a cluster whose nodes are pods of a container cluster (reference: tencent-emr.md 1, appendix B; api.json). */
import { text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { creationFaults } from '../cluster/creation.ts'
import { prerequisitesOf } from '../cluster/prerequisites.ts'
import { newCloudCluster } from './new-cluster.ts'
import { readCloudPlan } from './plan.ts'
import { cloudCreation } from './shape.ts'

export const createCloudInstance = action({
  name: 'CreateCloudInstance',
  input: cloudCreation,
  output: { InstanceId: text() },
  faults: creationFaults,
  async run(core, call, input) {
    const { ClientToken: token, ...members } = input
    const parameters = { ...members, Region: call.region }
    const earlier = await core.clusters.created(call, { parameters, token })
    if (earlier) return { InstanceId: earlier.cluster }
    const around = prerequisitesOf(core, call)
    const plan = await readCloudPlan(input, call.region, around)
    const created = await core.clusters.create(call, {
      parameters,
      token: plan.token,
      newCluster: () =>
        newCloudCluster({
          plan,
          tenant: call.principal.tenant,
          uses: around.uses,
          random: core.random,
          nowMs: core.clock.now(),
        }),
    })
    return { InstanceId: created.cluster }
  },
})
