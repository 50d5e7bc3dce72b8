import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startInstance } from '../../support/fixture/alibaba-instance.ts'
import { HOUR_MS, money, stillClock } from '../../support/fixture/money.ts'

/** 08:00 in UTC+8. */
const START = '2026-03-01T00:00:00Z'
const startMs = Date.parse(START)

const at = (hour: number, recurrenceType: string) => ({
  year: 2026,
  month: 3,
  day: 1,
  hour,
  minute: 0,
  second: 0,
  recurrenceInterval: 1,
  recurrenceType,
  recurrenceValues: null,
})

/** An instance with a rule from 09:00 to 18:00. */
async function start(t: TestContext, recurrenceType: string) {
  const it = await startInstance(t, { cloud: { clock: stillClock(START) } })
  const rule = {
    nodeNumber: 2,
    scalingRuleName: 'day',
    scalingOutRule: at(9, recurrenceType),
    scalingInRule: at(18, recurrenceType),
  }
  const about = { TriggerType: 'TIME_TRIGGER' }
  await it.send('CreateScalingRule', { ...about, Rule: JSON.stringify(rule) }, 'CN')
  await it.cloud.loop.drain()
  return {
    ...it,
    ...money(it.cloud),
    about,
    rule,
    rules: async () =>
      (await it.send('DescribeTimeTriggerScalingRules', {}, 'CN')).body.Data as readonly {
        readonly ScalingRuleId: string
      }[],
    elastic: async () => (await it.group('CN')).ElasticNodeNumber as number,
  }
}

test('a rule without a work item is found, and its nodes come', async (t) => {
  const it = await start(t, 'DAILY')
  const { store, loop } = it.cloud
  await store.write(async (tx) => {
    const lease = { nowMs: Number.MAX_SAFE_INTEGER, wallMs: Date.now(), leaseMs: 1, limit: 100 }
    for (const item of await tx.lease(lease))
      if (item.kind === 'scalingRule') await tx.complete(item)
  })
  assert.equal(await loop.sweep(), 1)
  await it.passUntil(startMs + HOUR_MS)
  await it.cloud.settle()
  assert.equal(await it.elastic(), 2)
})

test('a rule that has nothing to come is kept and is not taken for lost', async (t) => {
  const it = await start(t, 'ONCE')
  await it.passUntil(startMs + 11 * HOUR_MS)
  await it.cloud.settle()
  assert.equal(await it.elastic(), 0)
  assert.equal((await it.rules()).length, 1)
  assert.equal(
    await it.cloud.store
      .read((tx) => tx.unqueued('scalingRule', ['over'], 9))
      .then((ids) => ids.length),
    1,
  )
  assert.equal(await it.cloud.loop.sweep(), 0)
})

test('a rule that was over is one again when it is modified, and goes when it is deleted', async (t) => {
  const it = await start(t, 'ONCE')
  await it.passUntil(startMs + 11 * HOUR_MS)
  await it.cloud.settle()
  const [{ ScalingRuleId } = { ScalingRuleId: '' }] = await it.rules()
  const next = { ...it.rule, scalingOutRule: at(9, 'DAILY'), scalingInRule: at(18, 'DAILY') }
  const types = { OldTriggerType: 'TIME_TRIGGER', NewTriggerType: 'TIME_TRIGGER' }
  await it.send('ModifyScalingRule', { ...types, ScalingRuleId, Rule: JSON.stringify(next) }, 'CN')
  await it.passUntil(startMs + 25 * HOUR_MS)
  await it.cloud.settle()
  assert.equal(await it.elastic(), 2)
  await it.send('DeleteScalingRule', { ...it.about, ScalingRuleId }, 'CN')
  await it.pass(120_000)
  await it.cloud.settle()
  assert.deepEqual([await it.elastic(), await it.rules()], [0, []])
})
