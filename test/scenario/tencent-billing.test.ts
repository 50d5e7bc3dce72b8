/** Paying for clusters: subscriptions that end, are renewed, isolated and released, arrears, and orders that were placed twice. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { amountOf } from '../../src/domain/money.ts'
import { startCloud, type CloudOptions } from '../support/fixture/cloud.ts'
import { DAY_MS, HOUR_MS, money, stillClock, sumOf } from '../support/fixture/money.ts'
import { ask, create, machine, sampleCreateRequest } from '../support/http/tencent-client.ts'

const ACCOUNT = '100000000001'
const PREPAID = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }
const RUNNING = 2
const ISOLATED = 201

async function start(t: TestContext, options: CloudOptions = {}) {
  const cloud = await startCloud(t, { clock: stillClock('2026-01-31T04:05:06Z'), ...options })
  const asking = { port: cloud.port }
  const make = async (members: Readonly<Record<string, unknown>> = {}) => {
    const id = await create(asking, members)
    await cloud.loop.drain()
    return id
  }
  const describe = async (id: string) => {
    const parameters = { DisplayStrategy: 'clusterList', InstanceIds: [id] }
    const { response } = await ask(asking, 'DescribeInstances', parameters)
    return (response['ClusterList'] as Record<string, unknown>[])[0]
  }
  const node = async (id: string, flag = 'core') => {
    const { response } = await ask(asking, 'DescribeClusterNodes', {
      InstanceId: id,
      NodeFlag: flag,
    })
    return (response['NodeList'] as Record<string, unknown>[])[0]
  }
  return { cloud, asking, make, describe, node, ...money(cloud) }
}

test('a subscription ends at the same second a month on, is isolated, and released after seven days', async (t) => {
  const { make, describe, node, passUntil, orders } = await start(t)
  const id = await make(PREPAID)
  const bought = await node(id)
  // In UTC+8, and on the last day of the shorter month.
  assert.equal(bought?.['ExpireTime'], '2026-02-28 12:05:06')
  assert.equal(bought?.['FreeTime'], '0000-00-00 00:00:00')
  assert.notEqual((await describe(id))?.['ResourceOrderId'], 0)
  const endMs = Date.parse((await orders(id))[0]!.until!)
  assert.equal(endMs, Date.parse('2026-02-28T04:05:06Z'))
  await passUntil(endMs - 1000)
  assert.equal((await describe(id))?.['Status'], RUNNING)
  await passUntil(endMs)
  assert.equal((await describe(id))?.['Status'], ISOLATED)
  assert.equal((await node(id, 'recyle'))?.['FreeTime'], '2026-03-07 12:05:06')
  await passUntil(endMs + 7 * DAY_MS)
  assert.equal(await describe(id), undefined)
})

test('a subscription that renews itself keeps its day of the month', async (t) => {
  const { make, node, passUntil, orders } = await start(t)
  const id = await make({ ...PREPAID, AutoRenew: 1 })
  const ends: unknown[] = []
  for (let term = 1; term <= 3; term++) {
    ends.push((await node(id))?.['ExpireTime'])
    await passUntil(Date.parse((await orders(id))[0]!.until!))
  }
  assert.deepEqual(ends, ['2026-02-28 12:05:06', '2026-03-31 12:05:06', '2026-04-30 12:05:06'])
  assert.deepEqual(
    (await orders(id)).map(({ kind }) => kind),
    ['renew', 'renew', 'renew', 'buy'],
  )
})

test('a cluster that its owner isolated can be restored for seven days, and goes then', async (t) => {
  const { asking, cloud, make, describe, pass, post } = await start(t)
  const kept = await make(PREPAID)
  const lost = await make({ ...PREPAID, InstanceName: 'another-cluster' })
  for (const InstanceId of [kept, lost]) await ask(asking, 'TerminateInstance', { InstanceId })
  await pass(6 * DAY_MS)
  assert.equal((await describe(kept))?.['Status'], ISOLATED)
  await post(`clusters/${kept}/renew`)
  await cloud.loop.drain()
  await pass(DAY_MS)
  assert.equal((await describe(kept))?.['Status'], RUNNING)
  assert.equal(await describe(lost), undefined)
})

test('in arrears a cluster runs for two hours, is isolated, and released 15 days later', async (t) => {
  const { make, describe, pass, put, ledger, funds, orders, post } = await start(t)
  const id = await make()
  const anHour = amountOf((await orders(id))[0]!.total)!
  await put(`funds/${ACCOUNT}`, { credit: '0.00' })
  // On the hour: 54 minutes and 54 seconds after it began.
  await pass(HOUR_MS - (5 * 60 + 6) * 1000)
  assert.equal(sumOf(await ledger(id)), -Math.round((anHour * 3294) / 3600))
  assert.equal((await describe(id))?.['Status'], RUNNING)
  await pass(2 * HOUR_MS - 1000)
  assert.equal((await describe(id))?.['Status'], RUNNING)
  await pass(1000)
  assert.equal((await describe(id))?.['Status'], ISOLATED)
  const owed = sumOf(await ledger(id))
  assert.equal(owed, -Math.round((anHour * (3294 + 7200)) / 3600))
  await pass(15 * DAY_MS - 1000)
  assert.equal((await describe(id))?.['Status'], ISOLATED)
  await pass(1000)
  assert.equal(await describe(id), undefined)
  assert.equal(sumOf(await ledger(id)), owed)
  assert.equal(amountOf((await funds(ACCOUNT)).balance), owed)
  await post(`funds/${ACCOUNT}/pay`, { amount: '1.00', reference: 'r' })
})

test('two hours of pay as you go must be at hand', async (t) => {
  const { asking, make, put, post, orders } = await start(t)
  const anHour = amountOf((await orders(await make()))[0]!.total)!
  await put(`funds/${ACCOUNT}`, { credit: ((anHour * 2 - 1) / 10_000).toFixed(4) })
  const refused = await ask(asking, 'CreateInstance', sampleCreateRequest())
  assert.equal(refused.code, 'FailedOperation')
  assert.match(refused.message, /balance is insufficient/)
  await post(`funds/${ACCOUNT}/pay`, { amount: '0.0001', reference: 'r' })
  assert.equal((await ask(asking, 'CreateInstance', sampleCreateRequest())).code, '')
})

test('the same subscription without a token is refused while it is being made, and not later', async (t) => {
  const { asking, cloud, orders } = await start(t)
  const same = sampleCreateRequest(PREPAID)
  const first = await ask(asking, 'CreateInstance', same)
  const twice = await ask(asking, 'CreateInstance', same)
  assert.equal(twice.code, 'FailedOperation.DuplicateOrderNotAllowed')
  assert.match(twice.message, new RegExp(String(first.response['InstanceId'])))
  for (const other of [
    { ...same, InstanceName: 'another-cluster' },
    { ...same, ClientToken: 'one' },
    { ...same, ClientToken: 'two' },
    sampleCreateRequest(),
    sampleCreateRequest(),
  ])
    assert.equal((await ask(asking, 'CreateInstance', other)).code, '')
  await cloud.settle()
  assert.equal((await ask(asking, 'CreateInstance', same)).code, '')
  assert.equal((await orders()).length, 7)
})

test('a cluster that cannot be made is paid back', async (t) => {
  const { cloud, asking, orders, ledger } = await start(t, {
    config: { progressions: { default: { mode: 'time', seconds: 60 } } },
  })
  const id = await create(asking, PREPAID)
  await cloud.loop.drain()
  const { document } = (await cloud.store.read((tx) => tx.findById('cluster', id)))!
  await cloud.store.write(async (tx) => {
    const found = (await tx.findById('cluster', id))!
    await tx.save('cluster', found, {
      ...document,
      status: { ...document.status, denied: 'there is no room' },
    })
    await tx.enqueue('cluster', id, cloud.clock.now())
  })
  await cloud.loop.drain()
  assert.equal((await orders(id))[0]?.state, 'refunded')
  assert.equal(sumOf(await ledger(id)), 0)
  assert.deepEqual(
    (await ledger(id)).map(({ kind }) => kind),
    ['refund', 'charge'],
  )
})

test('whatever is ordered costs what the inquiry said, to the cent', async (t) => {
  const { asking, make, orders } = await start(t)
  const machines = fc.constantFrom(machine(4, 16), machine(8, 32), machine(16, 64, 'CLOUD_SSD'))
  const sized = fc.tuple(machines, fc.integer({ min: 10, max: 200 })).map(([it, tens]) => {
    return { ...it, DiskSize: tens * 10 }
  })
  const request = fc.record({
    master: sized,
    core: sized,
    task: sized,
    cores: fc.integer({ min: 2, max: 20 }),
    tasks: fc.integer({ min: 0, max: 20 }),
    months: fc.constantFrom(0, 1, 2, 5, 12, 36),
    hive: fc.boolean(),
  })
  let said = 0
  const check = async (it: typeof request extends fc.Arbitrary<infer V> ? V : never) => {
    const base = sampleCreateRequest()
    const { ProductId, VPCSettings, SupportHA, Placement } = base
    const term =
      it.months === 0
        ? { PayMode: 0, TimeUnit: 's', TimeSpan: 3600 }
        : { PayMode: 1, TimeUnit: 'm', TimeSpan: it.months }
    const order = {
      ProductId,
      VPCSettings,
      SupportHA,
      Placement,
      ...term,
      Software: it.hive ? [...base.Software, 'hive'] : base.Software,
      ResourceSpec: {
        MasterResourceSpec: it.master,
        CoreResourceSpec: it.core,
        ...(it.tasks > 0 ? { TaskResourceSpec: it.task } : {}),
        MasterCount: 1,
        CoreCount: it.cores,
        TaskCount: it.tasks,
      },
    }
    const inquiry = { ...order, Currency: 'CNY' }
    const { response, code, message } = await ask(asking, 'InquiryPriceCreateInstance', inquiry)
    assert.equal(code, '', message)
    const [bought] = await orders(await make(order))
    assert.equal(Math.round(amountOf(bought!.listPrice)! / 100) / 100, response['OriginalCost'])
    assert.equal(Math.round(amountOf(bought!.total)! / 100) / 100, response['DiscountCost'])
    said++
  }
  await fc.assert(fc.asyncProperty(request, check), { numRuns: 40 })
  assert.ok(said >= 40)
})
