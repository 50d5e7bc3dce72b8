import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { HOUR_MS, money, stillClock } from '../../../../support/fixture/money.ts'

/** 08:00 in UTC+8. */
const START = '2026-03-01T00:00:00Z'
const startMs = Date.parse(START)
const TIMED = { TriggerType: 'TIME_TRIGGER' }

const at = (hour: number) => ({
  year: 2026,
  month: 3,
  day: 1,
  hour,
  minute: 0,
  second: 0,
  recurrenceType: 'WEEKLY',
  recurrenceValues: ['7'],
})

const rule = (hours: readonly [number, number], nodeNumber = 2) =>
  JSON.stringify({
    nodeNumber,
    scalingRuleName: `from ${hours[0]}`,
    scalingOutRule: at(hours[0]),
    scalingInRule: at(hours[1]),
  })

async function start(t: TestContext) {
  const it = await startInstance(t, { cloud: { clock: stillClock(START) } })
  await it.send('CreateScalingRule', { ...TIMED, Rule: rule([9, 18]) }, 'CN')
  const rules = async () => (await it.send('DescribeTimeTriggerScalingRules', {}, 'CN')).body.Data
  const [{ ScalingRuleId }] = await rules()
  return {
    ...it,
    ...money(it.cloud),
    rules,
    ScalingRuleId,
    elastic: async () => (await it.group('CN')).ElasticNodeNumber,
  }
}

test('a rule that is removed takes its nodes away, and no other one does', async (t) => {
  const it = await start(t)
  await it.send('CreateScalingRule', { ...TIMED, Rule: rule([9, 19], 1) }, 'CN')
  await it.passUntil(startMs + HOUR_MS)
  await it.cloud.settle()
  await it.pass(60_000)
  await it.cloud.settle()
  assert.equal(await it.elastic(), 3)
  const { ScalingRuleId } = it
  const removed = await it.send('DeleteScalingRule', { ...TIMED, ScalingRuleId }, 'CN')
  assert.equal(removed.body.Data, true)
  assert.equal((await it.rules()).length, 1)
  const again = await it.refusal('DeleteScalingRule', { ...TIMED, ScalingRuleId }, 'CN')
  assert.deepEqual([again.statusCode, again.code], [404, 'ScalingRule.NotFound'])
  await it.cloud.loop.drain()
  await it.cloud.settle()
  assert.equal(await it.elastic(), 1)
  await it.pass(10 * 60_000)
  const rules = await it.cloud.store.read((tx) => tx.tally('scalingRule'))
  assert.equal(
    rules.reduce((sum, { count }) => sum + count, 0),
    1,
  )
})

test('a group that is not there has no rule to delete', async (t) => {
  const it = await start(t)
  const strange = { ...TIMED, ScalingRuleId: it.ScalingRuleId, NodeGroupId: 'ng-0' }
  assert.equal((await it.refusal('DeleteScalingRule', strange)).code, 'NodeGroup.NotFound')
})
