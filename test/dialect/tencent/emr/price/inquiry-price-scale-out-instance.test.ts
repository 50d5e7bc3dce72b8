import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { amountOf } from '../../../../../src/domain/money.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import {
  environmentCloud,
  type CloudEnvironment,
} from '../../../../support/fixture/environment-cloud.ts'
import { DAY_MS, money, stillClock } from '../../../../support/fixture/money.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { withTask } from '../../../../support/http/tencent-request.ts'

const HOURLY = { PayMode: 0, TimeUnit: 's', TimeSpan: 3600 }
const MONTHLY = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }

async function start(
  t: TestContext,
  { created = {}, environment }: { created?: object; environment?: CloudEnvironment } = {},
) {
  const clock = stillClock('2026-04-01T00:00:00Z')
  const cloud = environment
    ? await environmentCloud(t, environment)
    : await startCloud(t, { clock })
  const id = await create(cloud, { ...withTask(), ...created })
  await cloud.settle()
  const asking = { port: cloud.port, language: 'en-US' as const }
  const usual = { InstanceId: id, ZoneId: 100_003, CoreCount: 1, TaskCount: 0, Currency: 'CNY' }
  const inquire = (members: object) =>
    ask(asking, 'InquiryPriceScaleOutInstance', { ...usual, ...HOURLY, ...members })
  const scale = (members: object) =>
    ask(asking, 'ScaleOutInstance', { InstanceId: id, ...HOURLY, ...members })
  return { cloud, id, inquire, scale, ...money(cloud) }
}

const cents = (amount: string | undefined) => Math.round((amountOf(amount ?? '') ?? NaN) / 100)

test('a subscription costs what its order takes for the rest of the term, and its ledger says the same', async (t) => {
  const { cloud, id, inquire, scale, ledger, orders, pass } = await start(t, { created: MONTHLY })
  await pass(10 * DAY_MS)
  const { response, message } = await inquire({ ...MONTHLY, CoreCount: 2 })
  assert.equal(message, '')
  assert.equal((await scale({ ...MONTHLY, CoreCount: 2 })).message, '')
  await cloud.settle()
  const [order] = await orders(id)
  const charged = (await ledger(id)).find((entry) => entry.order === order?.order)
  assert.equal(order?.kind, 'change')
  assert.ok(cents(order.total) > 0)
  assert.equal(cents(String(response['OriginalCost'])), cents(order.total))
  assert.equal(cents(charged?.amount), -cents(order.total))
  assert.equal(response['OriginalCost'], response['DiscountCost'])
})

test('of pay as you go it is what an hour costs more, of the role that grows', async (t) => {
  const { cloud, id, inquire, scale, orders } = await start(t)
  const { response } = await inquire({ CoreCount: 0, TaskCount: 3 })
  assert.equal((await scale({ TaskCount: 3 })).message, '')
  await cloud.settle()
  const [after, before] = await orders(id)
  const more = cents(after?.listPrice) - cents(before?.listPrice)
  assert.ok(Math.abs(cents(String(response['OriginalCost'])) - more) <= 1)
  assert.ok(more > 0)
  assert.equal(response['Unit'], 's')
  const spec = response['PriceSpec'] as Record<string, unknown>
  assert.deepEqual([spec['Cpu'], spec['MemSize'], spec['DiskSize']], [4, 8192, 100])
  const [only, ...others] = response['MultipleEmrPrice'] as Record<string, unknown>[]
  assert.deepEqual(others, [])
  assert.equal(only?.['OriginalCost'], response['OriginalCost'])
})

const REFUSALS: readonly (readonly [object, string, string])[] = [
  [{ CoreCount: 0 }, 'InvalidParameter.InvalidCount', 'CoreCount'],
  [{ TaskCount: 1 }, 'InvalidParameter.InvalidCountNum', 'TaskCount'],
  [{ CoreCount: 21 }, 'InvalidParameter.InvalidCoreCount', 'CoreCount'],
  [
    { CoreCount: 0, RouterCount: 1 },
    'ResourceUnavailable.ResourceSpecNotDefaultSpec',
    'RouterCount',
  ],
  [MONTHLY, 'InvalidParameter.InvalidPaymode', 'PayMode'],
  [{ TimeUnit: 'm' }, 'InvalidParameter.InvalidTimeUnit', 'TimeUnit'],
  [{ TimeSpan: 1 }, 'InvalidParameter.InvalidTimeSpan', 'TimeSpan'],
  [{ ZoneId: 1 }, 'InvalidParameterValue', 'ZoneId'],
  [{ Currency: 'USD' }, 'InvalidParameterValue', 'Currency'],
  [{ HardwareResourceType: 'POD' }, 'FailedOperation.NotSupportPod', 'HardwareResourceType'],
  [{ HardwareResourceType: 'MNode' }, 'UnsupportedOperation', 'HardwareResourceType'],
  [{ ResourceBaseType: 'ComputeResource' }, 'UnsupportedOperation', 'ResourceBaseType'],
  [{ ComputeResourceId: 'emr-cr-1' }, 'UnsupportedOperation', 'ComputeResourceId'],
]

test('what could not be added has no price, and asking changes nothing', async (t) => {
  const { cloud, id, inquire } = await start(t)
  const look = () => cloud.store.read((tx) => tx.findById('cluster', id))
  const before = await look()
  for (const [members, code, name] of REFUSALS) {
    const answer = await inquire(members)
    assert.equal(answer.code, code, JSON.stringify(members))
    assert.ok(answer.message.includes(`\`${name}\``), answer.message)
  }
  assert.equal((await inquire({})).code, '')
  assert.deepEqual(await look(), before)
  assert.equal(
    (await inquire({ InstanceId: 'emr-00000000' })).code,
    'ResourceNotFound.InstanceNotFound',
  )
})

test('stock and quotas are asked, a busy cluster is refused, and funds are not asked', async (t) => {
  const text = `tencent:
  quotas: [{ of: machine, amount: 5 }]
  stock: [{ of: machine, type: S5.LARGE8, amount: 5 }]
`
  const { cloud, id, inquire, put } = await start(t, { environment: { text } })
  assert.equal((await inquire({ CoreCount: 2 })).code, 'InternalError.CheckQuotaErr')
  assert.equal((await inquire({ CoreCount: 3 })).code, 'ResourceInsufficient.InstanceInsufficient')
  await put('funds/100000000001', { credit: '0' })
  assert.equal((await inquire({ CoreCount: 1 })).code, '')
  await cloud.store.write(async (tx) => {
    const found = (await tx.findById('cluster', id))!
    const status = { ...found.document.status, state: 'impaired' } as const
    await tx.save('cluster', found, { ...found.document, status })
  })
  assert.equal((await inquire({})).code, 'ResourceInUse.InstanceInProcess')
})
