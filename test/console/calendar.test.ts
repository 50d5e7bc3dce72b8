/** What a page reads of what is due by the calendar: scaling rules, strategies of the other cloud, backups, for those who may read them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daily, startBackedUp } from '../support/fixture/alibaba-backup.ts'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { addStrategy, once, startScalable } from '../support/fixture/emr-strategy.ts'
import { stillClock } from '../support/fixture/money.ts'
import { consoleBrowser, rootOf } from '../support/http/console.ts'

/** 08:00 in UTC+8, on a Sunday. */
const START = '2026-03-01T00:00:00Z'
const DAY_MS = 86_400_000

const page = { type: 'text/html', bytes: Buffer.from('<p>page</p>'), packed: Buffer.from('') }
const frontEnd = async () => new Map([['index.html', page]])

const at = (hour: number) => ({
  year: 2026,
  month: 3,
  day: 1,
  hour,
  minute: 0,
  second: 0,
  recurrenceInterval: 1,
  recurrenceType: 'DAILY',
})

test('nodes that come and go by a rule are there for each day of two weeks, until the rule is removed', async (t) => {
  const it = await startInstance(t, { cloud: { clock: stillClock(START), frontEnd } })
  const browser = consoleBrowser(it.cloud.port)
  await browser.signIn()
  const calendar = async () => (await browser.ask(`/api/clusters/${it.id}`)).body.calendar
  assert.deepEqual((await calendar()).plans, [])
  const Rule = JSON.stringify({
    nodeNumber: 2,
    scalingRuleName: 'day',
    scalingOutRule: at(9),
    scalingInRule: at(18),
  })
  await it.send('CreateScalingRule', { TriggerType: 'TIME_TRIGGER', Rule }, 'CN')
  const { plans, fromMs, untilMs } = await calendar()
  assert.equal(untilMs - fromMs, 14 * DAY_MS)
  assert.deepEqual([plans.length, plans[0].kind, plans[0].name], [1, 'rule', 'day'])
  assert.equal(plans[0].events.length, 28)
  assert.deepEqual(plans[0].events.slice(0, 2), [
    { atMs: Date.parse('2026-03-01T01:00:00Z'), nodes: 2 },
    { atMs: Date.parse('2026-03-01T10:00:00Z'), nodes: -2 },
  ])
  const ScalingRuleId = plans[0].id
  await it.send('DeleteScalingRule', { TriggerType: 'TIME_TRIGGER', ScalingRuleId }, 'CN')
  assert.deepEqual((await calendar()).plans, [])
})

test('a strategy of the other cloud is there once, and one that rests has no times', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it)
  await addStrategy(it, {
    StrategyName: 'rests',
    StrategyStatus: 3,
    RepeatStrategy: once(it, 2),
  })
  const browser = consoleBrowser(it.cloud.port)
  await browser.signIn(rootOf('tencent'))
  const { plans } = (await browser.ask(`/api/clusters/${it.id}`)).body.calendar
  assert.deepEqual(
    plans.map(({ name, kind, enabled, events }: Record<string, unknown>) => [
      name,
      kind,
      enabled,
      (events as { nodes: number }[]).map(({ nodes }) => nodes),
    ]),
    [
      ['more', 'strategy', true, [2]],
      ['rests', 'strategy', false, []],
    ],
  )
})

test('backups are there; who may not read policies and rules is told so, and sees none', async (t) => {
  const it = await startBackedUp(t, { cloud: { frontEnd } })
  await it.ask('AddBackupPolicy', daily)
  const root = consoleBrowser(it.cloud.port)
  await root.signIn()
  const shown = (await root.ask(`/api/clusters/${it.id}`)).body.calendar
  assert.deepEqual(
    [shown.denied, shown.plans[0].kind, shown.plans[0].events.length],
    [false, 'backup', 14],
  )
  const account = '1000000000000001'
  const statement = { Effect: 'Allow', Action: 'sr:DescribeInstances', Resource: '*' }
  const text = JSON.stringify({ Version: '1', Statement: [statement] })
  const { identity } = it.cloud
  await identity.users.add({ account, name: 'alice' })
  await identity.policies.add({ account, name: 'only', text })
  await identity.users.attach({ account, name: 'alice', policy: 'only' })
  const { key, secret } = await identity.keys.add({ account, user: 'alice' })
  const user = consoleBrowser(it.cloud.port)
  await user.signIn({ cloud: 'alibaba', keyId: key.id, secret })
  const seen = (await user.ask(`/api/clusters/${it.id}`)).body.calendar
  assert.deepEqual([seen.denied, seen.plans], [true, []])
})
