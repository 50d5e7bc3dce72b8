/** CreateInstance: a cluster, by the founding schema (reference: tencent-emr.md 2). */
import { text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { readBlueprint } from './blueprint.ts'
import { creation } from './create-shape.ts'
import { newClusterOf } from './new-cluster.ts'
import { prerequisitesOf } from './prerequisites.ts'

export const createInstance = action({
  name: 'CreateInstance',
  input: creation,
  output: { InstanceId: text() },
  faults: [
    'IdempotencyConflict',
    'OrderRepeated',
    'BalanceShort',
    'NotSupported',
    'ResourceMissing',
    'ResourceMismatch',
    'ResourceUnfit',
    'ResourceFull',
    'ResourceShort',
    'QuotaExceeded',
    'LimitReached',
  ],
  async run(core, call, input) {
    const { ClientToken: token, ...parameters } = input
    const same = { parameters: { ...parameters, Region: call.region } }
    const earlier = await core.clusters.created(call, { ...same, token })
    if (earlier) return { InstanceId: earlier.cluster }
    const blueprint = await readBlueprint(input, call.region, prerequisitesOf(core, call))
    const created = await core.clusters.create(call, {
      ...same,
      token: blueprint.token,
      // Two subscriptions alike, ordered without a token, are one that was ordered twice (2.9).
      rejectDuplicate: blueprint.token === undefined && blueprint.term.payMode === 'prepaid',
      newCluster: () =>
        newClusterOf({ blueprint, input, random: core.random, nowMs: core.clock.now() }),
    })
    return { InstanceId: created.cluster }
  },
})
