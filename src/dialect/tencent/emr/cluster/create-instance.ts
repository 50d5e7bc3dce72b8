/** CreateInstance: a cluster, by the founding schema (reference: tencent-emr.md 2). */
import { text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { creation } from './create-shape.ts'
import { createFrom, creationFaults } from './creation.ts'

export const createInstance = action({
  name: 'CreateInstance',
  input: creation,
  output: { InstanceId: text() },
  faults: creationFaults,
  async run(core, call, input) {
    const { ClientToken: token, ...parameters } = input
    const earlier = await core.clusters.created(call, {
      parameters: { ...parameters, Region: call.region },
      token,
    })
    if (earlier) return { InstanceId: earlier.cluster }
    return { InstanceId: await createFrom(core, call, { input, parameters }) }
  },
})
