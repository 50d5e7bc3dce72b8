import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { amountOf } from '../../../../../src/domain/money.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { DAY_MS, money, stillClock } from '../../../../support/fixture/money.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { withTask } from '../../../../support/http/tencent-request.ts'

const HOURLY = { PayMode: 0, TimeUnit: 's', TimeSpan: 3600 }
const MONTHLY = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }

interface Price {
  readonly OriginalCost: number
  readonly DiscountCost: number
  readonly PriceDetail: readonly {
    readonly ResourceId: string
    readonly Formula: string
    readonly OriginalCost: number
  }[]
  readonly NewConfigPrice: { readonly OriginalCost: number }
}

async function start(t: TestContext, created: object = {}) {
  const cloud = await startCloud(t, { clock: stillClock('2026-04-01T00:00:00Z') })
  const id = await create(cloud, { ...withTask(), ...created })
  await cloud.settle()
  const { response } = await ask(cloud, 'DescribeClusterNodes', {
    InstanceId: id,
    NodeFlag: 'core',
  })
  const nodes = (response['NodeList'] as { EmrResourceId: string }[]).map((it) => it.EmrResourceId)
  const [ResourceId = '', other = ''] = nodes
  const spec = { Memory: 32, CPUCores: 8, ResourceId }
  const asking = { port: cloud.port, language: 'en-US' as const }
  const inquire = async (members: object) => {
    const request = { ...HOURLY, UpdateSpec: spec, ...members }
    const {
      code,
      message,
      response: said,
    } = await ask(asking, 'InquiryPriceUpdateInstance', request)
    return { code, message, price: said as unknown as Price }
  }
  const modify = (members: object) =>
    ask(cloud, 'ModifyResource', { InstanceId: id, NewCpu: 8, NewMem: 32, ...members })
  return { cloud, id, spec, other, inquire, modify, ...money(cloud) }
}

const cents = (amount: string | number | undefined) =>
  Math.round((amountOf(String(amount ?? '')) ?? NaN) / 100)

test('a subscription costs what ModifyResource charges, node by node, and the ledger says the same', async (t) => {
  const { cloud, id, spec, other, inquire, modify, ledger, orders, pass } = await start(t, MONTHLY)
  await pass(7 * DAY_MS)
  const { price, message } = await inquire({ ...MONTHLY, ResourceIdList: [other] })
  assert.equal(message, '')
  const both = { PayMode: 1, ResourceIdList: [spec.ResourceId, other] }
  assert.equal((await modify(both)).message, '')
  await cloud.settle()
  const [order] = await orders(id)
  const charged = (await ledger(id)).find((entry) => entry.order === order?.order)
  assert.equal(cents(price.OriginalCost), cents(order?.total))
  assert.equal(cents(charged?.amount), -cents(order?.total))
  const details = price.PriceDetail
  assert.deepEqual(
    details.map(({ ResourceId }) => ResourceId),
    [spec.ResourceId, other],
  )
  const sum = details.reduce((all, { OriginalCost }) => all + OriginalCost, 0)
  assert.ok(Math.abs(sum - price.OriginalCost) < 0.02)
  assert.match(details[0]!.Formula, /^\(1\)\.变配订单金额：.*时长:0\.\d+月$/)
  assert.ok(price.NewConfigPrice.OriginalCost > price.OriginalCost)
})

test('of pay as you go it is what an hour costs more or less', async (t) => {
  const { cloud, id, spec, inquire, modify, orders } = await start(t)
  const { price } = await inquire({})
  const less = { ...spec, Memory: 4, CPUCores: 2 }
  assert.ok((await inquire({ UpdateSpec: less })).price.OriginalCost < 0)
  assert.equal((await modify({ PayMode: 0, ResourceIdList: [spec.ResourceId] })).message, '')
  await cloud.settle()
  const [after, before] = await orders(id)
  assert.equal(cents(price.OriginalCost), cents(after?.listPrice) - cents(before?.listPrice))
})

test('what could not be exchanged has no price', async (t) => {
  const { spec, inquire } = await start(t)
  const refusals: readonly (readonly [object, string, string])[] = [
    [{ UpdateSpec: undefined }, 'MissingParameter', 'UpdateSpec'],
    [{ Currency: 'EUR' }, 'InvalidParameterValue', 'Currency'],
    [MONTHLY, 'InvalidParameter.InvalidPaymode', 'PayMode'],
    [{ TimeUnit: 'm' }, 'InvalidParameter.InvalidTimeUnit', 'TimeUnit'],
    [{ TimeSpan: 2 }, 'InvalidParameter.InvalidTimeSpan', 'TimeSpan'],
    [
      { UpdateSpec: { ...spec, CPUCores: 5 } },
      'InvalidParameter.InvalidModifySpec',
      'UpdateSpec.CPUCores',
    ],
    [
      { UpdateSpec: { ...spec, ResourceId: 'emr-vm-00000000' } },
      'ResourceNotFound.ResourceNotFound',
      'UpdateSpec.ResourceId',
    ],
    [{ ResourceIdList: ['emr-vm-0'] }, 'ResourceNotFound.ResourceNotFound', 'ResourceIdList.0'],
    [
      { Placement: { Zone: 'ap-guangzhou-4' } },
      'InvalidParameter.ZoneResourceNotMatch',
      'Placement.Zone',
    ],
    [
      { Placement: { Zone: '100003', ProjectId: 7 } },
      'InvalidParameter.ProjectResourceNotMatch',
      'Placement.ProjectId',
    ],
  ]
  for (const [members, code, name] of refusals) {
    const answer = await inquire(members)
    assert.equal(answer.code, code, JSON.stringify(members))
    assert.ok(answer.message.includes(`\`${name}\``), answer.message)
  }
})

test('a term is that of the cluster, as its nodes end with it', async (t) => {
  const { inquire } = await start(t, MONTHLY)
  const { code } = await inquire({ ...MONTHLY, TimeSpan: 2 })
  assert.equal(code, 'InvalidParameter.InvalidTimeSpan')
})
