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
  const modify = {
    ScalingRuleId,
    OldTriggerType: 'TIME_TRIGGER',
    NewTriggerType: 'TIME_TRIGGER',
  }
  return {
    ...it,
    ...money(it.cloud),
    rules,
    ScalingRuleId,
    modify: (Rule: string) => it.send('ModifyScalingRule', { ...modify, Rule }, 'CN'),
    refused: (more: Readonly<Record<string, string>>) =>
      it.refusal('ModifyScalingRule', { ...modify, Rule: rule([9, 18]), ...more }, 'CN'),
    elastic: async () => (await it.group('CN')).ElasticNodeNumber,
  }
}

test('a rule comes at its new times with its new number', async (t) => {
  const it = await start(t)
  assert.equal((await it.modify(rule([11, 12], 4))).body.Data, true)
  const [shown] = await it.rules()
  assert.deepEqual(
    [shown.ScalingRuleName, shown.NodeNumber, shown.ScalingOutRule.Hour, shown.ScalingRuleId],
    ['from 11', '4', 11, it.ScalingRuleId],
  )
  assert.deepEqual(shown.ScalingOutRule.RecurrenceValues, ['7'])
  await it.passUntil(startMs + 2 * HOUR_MS)
  assert.equal(await it.elastic(), 0)
  await it.passUntil(startMs + 3 * HOUR_MS)
  await it.cloud.settle()
  assert.equal(await it.elastic(), 4)
})

test('while its nodes are there another number is taken over at once, in both directions', async (t) => {
  const it = await start(t)
  await it.passUntil(startMs + HOUR_MS)
  await it.cloud.settle()
  for (const count of [5, 1]) {
    await it.modify(rule([9, 18], count))
    await it.cloud.loop.drain()
    await it.cloud.settle()
    assert.equal(await it.elastic(), count)
  }
  await it.passUntil(startMs + 10 * HOUR_MS)
  await it.cloud.settle()
  assert.equal(await it.elastic(), 0)
})

test('what is not there, or of another kind, is refused', async (t) => {
  const it = await start(t)
  const { NodeGroupId } = await it.group('FE')
  for (const [more, code] of [
    [{ ScalingRuleId: 'r-0' }, 'ScalingRule.NotFound'],
    [{ NodeGroupId: 'ng-0' }, 'NodeGroup.NotFound'],
    [{ NodeGroupId }, 'ScalingRule.NotFound'],
    [{ NewTriggerType: 'LOAD_TRIGGER' }, 'InvalidParams'],
    [{ Rule: '{' }, 'InvalidParameter'],
  ] as const)
    assert.equal((await it.refused(more)).code, code)
})
