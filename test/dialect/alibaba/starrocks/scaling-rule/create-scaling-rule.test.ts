import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Cluster } from '../../../../../src/domain/cluster/cluster.ts'
import { amountOf } from '../../../../../src/domain/money.ts'
import { merged } from '../../../../../src/domain/supply.ts'
import {
  startInstance,
  type InstanceOptions,
} from '../../../../support/fixture/alibaba-instance.ts'
import { HOUR_MS, money, stillClock, sumOf } from '../../../../support/fixture/money.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { alibabaClient, createBody } from '../../../../support/http/alibaba-client.ts'

/** 08:00 in UTC+8, on a Sunday. */
const START = '2026-03-01T00:00:00Z'
const startMs = Date.parse(START)

const at = (hour: number, more: Readonly<Record<string, unknown>> = {}) => ({
  year: 2026,
  month: 3,
  day: 1,
  hour,
  minute: 0,
  second: 0,
  recurrenceInterval: 1,
  recurrenceType: 'DAILY',
  recurrenceValues: null,
  ...more,
})

const rule = (more: Readonly<Record<string, unknown>> = {}) => ({
  nodeNumber: 2,
  scalingRuleName: 'day',
  scalingOutRule: at(9),
  scalingInRule: at(18),
  ...more,
})

async function start(t: TestContext, { body = {}, cloud = {} }: InstanceOptions = {}) {
  const it = await startInstance(t, { body, cloud: { clock: stillClock(START), ...cloud } })
  const query = (of: object) => ({ TriggerType: 'TIME_TRIGGER', Rule: JSON.stringify(of) })
  const rules = async () => (await it.send('DescribeTimeTriggerScalingRules', {}, 'CN')).body.Data
  return {
    ...it,
    ...money(it.cloud),
    rules,
    create: (of: object = rule()) => it.send('CreateScalingRule', query(of), 'CN'),
    refused: (of: object, component = 'CN') =>
      it.refusal('CreateScalingRule', query(of), component),
    numbers: async () => {
      const { ResidentNodeNumber, ElasticNodeNumber, TargetElasticNodeNumber, Status } =
        await it.group('CN')
      return [ResidentNodeNumber, ElasticNodeNumber, TargetElasticNodeNumber, Status]
    },
  }
}

test('nodes come and go by the clock, and are paid for as long as they are there', async (t) => {
  const it = await start(t)
  assert.equal((await it.create()).body.Data, true)
  const sent = {
    Day: 1,
    Hour: 9,
    Minute: 0,
    Month: 3,
    RecurrenceInterval: 1,
    RecurrenceType: 'DAILY',
    RecurrenceValues: [],
    Second: 0,
    Year: 2026,
  }
  const [shown] = await it.rules()
  const { ScalingRuleId, ...members } = shown
  assert.match(ScalingRuleId, /^r-[0-9a-f]{16}$/)
  assert.deepEqual(members, {
    NodeNumber: '2',
    ScalingRuleName: 'day',
    Status: 'INACTIVE',
    ScalingOutRule: sent,
    ScalingInRule: { ...sent, Hour: 18 },
  })
  await it.passUntil(startMs + HOUR_MS - 1)
  assert.deepEqual(await it.numbers(), [3, 0, 0, 'RUNNING'])
  await it.passUntil(startMs + HOUR_MS)
  await it.cloud.settle()
  assert.deepEqual(await it.numbers(), [3, 2, 2, 'RUNNING'])
  assert.equal((await it.rules())[0].Status, 'ACTIVE')
  const elastic = (await it.document()).spec.groups[1]!.nodes.slice(3)
  const seen = await it.cloud.substrates.get('simulation')!.observe(it.id)
  for (const { id } of elastic)
    assert.ok(
      seen.groups.some(({ nodes }) =>
        nodes.some((node) => node.id === id && node.phase === 'serving'),
      ),
    )

  await it.passUntil(startMs + 10 * HOUR_MS)
  await it.cloud.settle()
  assert.deepEqual(await it.numbers(), [3, 0, 0, 'RUNNING'])
  assert.equal((await it.rules())[0].Status, 'INACTIVE')
  const types = (await it.history()).map(({ OperationType, OperationStatus }) => [
    OperationType,
    OperationStatus,
  ])
  assert.deepEqual(types.slice(0, 2), [
    ['elastic_scale_in_cn', 'COMPLETED'],
    ['elastic_scale_out_cn', 'COMPLETED'],
  ])
  // The next day again, at the same times.
  await it.passUntil(startMs + 25 * HOUR_MS)
  await it.cloud.settle()
  assert.deepEqual(await it.numbers(), [3, 2, 2, 'RUNNING'])
})

test('elastic nodes cost what nodes cost, to the cent, for the hours that they are there', async (t) => {
  const paidFor = async (withRule: boolean) => {
    const it = await start(t)
    if (withRule) await it.create()
    await it.passUntil(startMs + 20 * HOUR_MS)
    await it.cloud.settle()
    // What the order that runs has cost is charged for later.
    const accrued = amountOf((await it.funds('1000000000000001')).accrued) ?? NaN
    return { spent: accrued - sumOf(await it.ledger(it.id)), document: await it.document() }
  }
  const plain = await paidFor(false)
  const elastic = await paidFor(true)
  // Two nodes of 8 CUs and 100 GiB for nine hours.
  assert.equal(elastic.spent - plain.spent, 9 * (await priceOfTwoNodes(t)))
  const held = ({ reservations = [] }: Cluster) =>
    merged(reservations).map(({ measure, amount }) => `${measure} ${amount}`)
  assert.deepEqual(held(elastic.document).toSorted(), held(plain.document).toSorted())
})

/** An hour of two compute nodes more, by the price that the service itself tells. */
async function priceOfTwoNodes(t: TestContext): Promise<number> {
  const call = alibabaClient((await startCloud(t)).port)
  const [backend] = createBody().BackendNodeGroups
  const hour = async (residentNodeNumber: number) => {
    const { RegionId, PackageType, PayType, RunMode, FrontendNodeGroups } = createBody()
    const price = await call('QueryPriceV1', {
      body: {
        RegionId,
        PackageType,
        PayType,
        RunMode,
        FrontendNodeGroups,
        BackendNodeGroups: [{ ...backend, residentNodeNumber }],
      },
    })
    return Math.round(Number(price.body.Data.OriginalAmount) * 10_000)
  }
  return (await hour(5)) - (await hour(3))
}

test('the states in between are passed through, and a scale-in takes the elastic nodes only', async (t) => {
  const it = await start(t)
  const simulation = it.cloud.substrates.get('simulation')!
  await it.create()
  simulation.pacing!.set('starrocks', 'manual:1000')
  await it.passUntil(startMs + HOUR_MS)
  assert.deepEqual(await it.numbers(), [3, 0, 2, 'ELASTIC_SCALING_OUT'])
  assert.equal((await it.describe()).InstanceStatus, 'scaling_out')
  simulation.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  const residents = (await it.document()).spec.groups[1]!.nodes.slice(0, 3)
  // More of its own meanwhile stand behind the elastic ones, and stay.
  await it.send('ModifyNodeNumber', { Target: 4 }, 'CN')
  await it.cloud.settle()
  assert.deepEqual(await it.numbers(), [4, 2, 2, 'RUNNING'])
  simulation.pacing!.set('starrocks', 'manual:1000')
  await it.passUntil(startMs + 10 * HOUR_MS)
  assert.deepEqual(await it.numbers(), [4, 2, 0, 'ELASTIC_SCALING_IN'])
  simulation.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  assert.deepEqual(await it.numbers(), [4, 0, 0, 'RUNNING'])
  const left = (await it.document()).spec.groups[1]!.nodes
  assert.deepEqual(left.slice(0, 3), residents)
  assert.ok(left.every(({ elastic }) => elastic === undefined))
})

test('its own nodes are changed beside the elastic ones', async (t) => {
  const it = await start(t)
  await it.create()
  await it.passUntil(startMs + HOUR_MS)
  await it.cloud.settle()
  assert.match((await it.refusal('ModifyNodeNumber', { Target: 3 }, 'CN')).message, /is 3 already/)
  await it.send('ModifyNodeNumber', { Target: 1 }, 'CN')
  await it.cloud.settle()
  assert.deepEqual(await it.numbers(), [1, 2, 2, 'RUNNING'])
})

test('a rule that is due while the instance is busy waits for it', async (t) => {
  const it = await start(t)
  await it.create()
  const simulation = it.cloud.substrates.get('simulation')!
  await it.passUntil(startMs + HOUR_MS - 60_000)
  simulation.pacing!.set('starrocks', 'manual:1000')
  await it.send('RestartInstance', { FastMode: true })
  await it.passUntil(startMs + HOUR_MS + 60_000)
  assert.equal((await it.describe()).InstanceStatus, 'restarting')
  assert.equal((await it.rules())[0].Status, 'ACTIVE')
  simulation.pacing!.set('starrocks', 'immediate')
  await it.pass(60_000)
  await it.cloud.settle()
  assert.deepEqual(await it.numbers(), [3, 2, 2, 'RUNNING'])
})

test('a rule that passed by unseen asks for nothing', async (t) => {
  const it = await start(t)
  await it.create()
  const simulation = it.cloud.substrates.get('simulation')!
  simulation.pacing!.set('starrocks', 'manual:1000')
  await it.send('RestartInstance', { FastMode: true })
  // From before it begins until after it has ended.
  it.cloud.clock.advance(11 * HOUR_MS)
  simulation.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  assert.deepEqual(await it.numbers(), [3, 0, 0, 'RUNNING'])
  assert.ok((await it.history()).every(({ OperationType }) => !OperationType.startsWith('elastic')))
})

test('what cannot be had is in the history, and the next day is another one', async (t) => {
  const it = await start(t)
  await it.create(rule({ nodeNumber: 98 }))
  await it.passUntil(startMs + HOUR_MS + 60_000)
  await it.cloud.settle()
  const [failed, ...others] = await it.history()
  assert.deepEqual(
    [failed.OperationType, failed.OperationStatus],
    ['elastic_scale_out_cn', 'TERMINATED'],
  )
  assert.match(failed.OperationDetail, /the scaling rule day was refused.*Number of be/)
  assert.equal(others.length, 1)
  await it.pass(2 * HOUR_MS)
  assert.equal((await it.history()).length, 2)
  await it.passUntil(startMs + 26 * HOUR_MS)
  assert.equal((await it.history()).length, 3)
})

test('in arrears a rule is disabled and brings nothing', async (t) => {
  const it = await start(t)
  await it.create(rule({ scalingOutRule: at(10) }))
  await it.put('funds/1000000000000001', { credit: '0.00' })
  await it.passUntil(startMs + 2 * HOUR_MS + 60_000)
  assert.equal((await it.describe()).InstanceStatus, 'disable')
  assert.equal((await it.rules())[0].Status, 'DISABLED')
  assert.deepEqual((await it.numbers()).slice(0, 3), [3, 0, 0])
})

test('rules outlive the server', async (t) => {
  const it = await start(t)
  await it.create()
  await it.cloud.close()
  const clock = stillClock(new Date(startMs + HOUR_MS).toISOString())
  const cloud = await startCloud(t, { dataDir: it.cloud.dataDir, clock })
  await cloud.settle()
  await cloud.loop.drain()
  await cloud.settle()
  const call = alibabaClient(cloud.port)
  const { body } = await call('DescribeNodeGroups', { query: { ClusterId: it.id } })
  assert.equal(body.Data[1].ElasticNodeNumber, 2)
})

test('a rule goes with its group and with its instance', async (t) => {
  const it = await start(t)
  const { NodeGroupId } = (await it.call('CreateNodeGroup', { body: { instanceId: it.id } })).body
    .Data
  await it.cloud.settle()
  await it.create()
  await it.send('CreateScalingRule', {
    NodeGroupId,
    TriggerType: 'TIME_TRIGGER',
    Rule: JSON.stringify(rule()),
  })
  const kept = () => it.cloud.store.read((tx) => tx.tally('scalingRule'))
  const count = async () => (await kept()).reduce((sum, each) => sum + each.count, 0)
  assert.equal(await count(), 2)
  await it.send('ReleaseNodeGroup', { NodeGroupId })
  await it.cloud.settle()
  assert.equal(await count(), 1)
  await it.send('ReleaseInstance')
  await it.cloud.settle()
  assert.equal(await count(), 0)
})

const REFUSED: readonly (readonly [Parameters<typeof rule>[0], RegExp])[] = [
  [{ nodeNumber: 0 }, /Node number should be in range \[1, 100\]/],
  [{ scalingRuleName: '' }, /scalingRuleName/],
  [{ scalingOutRule: at(9, { day: 31, month: 2 }) }, /Day of scaling out rule should be a day/],
  [{ scalingOutRule: at(24) }, /Hour of scaling out rule should be in range \[0, 23\]/],
  [
    { scalingOutRule: at(9, { recurrenceType: 'WEEKLY', recurrenceValues: ['8'] }) },
    /Recurrence value of scaling out rule should be in range \[1, 7\]/,
  ],
  [{ scalingOutRule: at(9, { recurrenceValues: ['1'] }) }, /are for WEEKLY and MONTHLY/],
  [
    { scalingOutRule: at(7, { recurrenceType: 'ONCE' }) },
    /Scaling out rule should come to pass in the future/,
  ],
  [
    { scalingInRule: at(8, { recurrenceType: 'ONCE' }) },
    /Scaling in rule should come to pass after scaling out rule/,
  ],
]
test('what never comes to pass, or never ends, is refused', async (t) => {
  const it = await start(t)
  for (const [more, says] of REFUSED) {
    const refusal = await it.refused(rule(more))
    assert.match(refusal.message, says)
    assert.equal(refusal.statusCode, 400)
  }
  assert.equal((await it.refused(rule(), 'FE')).code, 'UnsupportedOperation')
  const unknown = { TriggerType: 'TIME_TRIGGER', Rule: JSON.stringify(rule()), NodeGroupId: 'ng-0' }
  assert.equal((await it.refusal('CreateScalingRule', unknown)).code, 'NodeGroup.NotFound')
  assert.deepEqual(await it.rules(), [])
  const prepaid = await start(t, { body: { PayType: 'prePaid' } })
  assert.match((await prepaid.refused(rule())).message, /paid for by the hour/)
  for (let count = 0; count < 20; count++) await it.create()
  assert.match((await it.refused(rule())).message, /Number of scaling rules/)
})
