/** CreateSLInstance: a serverless HBase instance, in one zone or three (reference: tencent-emr.md 1, 4.1, appendix B; api.json). */
import { text } from '../../../../shape/shape.ts'
import { creationFaults } from '../cluster/creation.ts'
import { checkToken } from '../cluster/option.ts'
import { prerequisitesOf } from '../cluster/prerequisites.ts'
import { action } from './action.ts'
import { newInstance, readPlan } from './new-instance.ts'
import { creation } from './shape.ts'

export const createSLInstance = action({
  name: 'CreateSLInstance',
  input: creation,
  output: { InstanceId: text() },
  faults: creationFaults,
  async run(core, call, input) {
    const { ClientToken, ...members } = input
    const parameters = { ...members, Region: call.region }
    const token = checkToken(ClientToken)
    const earlier = await core.clusters.created(call, { parameters, token })
    if (earlier) return { InstanceId: earlier.cluster }
    const plan = readPlan(input, call.region)
    const around = prerequisitesOf(core, call)
    await around.account()
    await around.product()
    for (const [at, { vpc, subnet, zone }] of plan.zones.entries())
      await around.network({ vpc, subnet }, { zone, prefix: `ZoneSettings.${at}.` })
    await around.tags(plan.tags)
    await around.roles('')
    const tagged = plan.tags.length > 0
    await around.order({
      metadataBought: false,
      securityGroupMade: false,
      encrypted: false,
      tagged,
    })
    const created = await core.clusters.create(call, {
      parameters,
      token,
      rejectDuplicate: token === undefined && plan.term.payMode === 'prepaid',
      newCluster: () =>
        newInstance(plan, { random: core.random, nowMs: core.clock.now(), uses: around.uses }),
    })
    return { InstanceId: created.cluster }
  },
})
