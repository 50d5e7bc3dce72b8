/** CreateInstance: a cluster, by the founding schema (reference: tencent-emr.md 2). */
import { action } from '../../../gateway/action.ts'
import { text } from '../../../shape/shape.ts'
import { readBlueprint } from './blueprint.ts'
import { creation } from './creation-shape.ts'
import { draftOf } from './draft.ts'

export const createInstance = action({
  product: 'emr',
  version: '2019-01-03',
  name: 'CreateInstance',
  permission: { action: 'emr:CreateInstance' },
  input: creation,
  output: { InstanceId: text() },
  faults: ['IdempotencyConflict', 'NotSupported'],
  async run(core, call, input) {
    const blueprint = readBlueprint(input, call.region)
    const { ClientToken: _, ...parameters } = input
    const created = await core.clusters.create(call, {
      token: blueprint.token,
      parameters: { ...parameters, Region: call.region },
      draft: () => draftOf({ blueprint, input, random: core.random, nowMs: core.clock.now() }),
    })
    return { InstanceId: created.cluster }
  },
})
