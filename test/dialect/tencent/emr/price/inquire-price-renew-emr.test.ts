import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { amountOf } from '../../../../../src/domain/money.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { DAY_MS, money, stillClock } from '../../../../support/fixture/money.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { withDatabase } from '../../../../support/http/tencent-request.ts'

const MONTHLY = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }

async function start(t: TestContext, created: object) {
  const cloud = await startCloud(t, { clock: stillClock('2026-04-01T00:00:00Z') })
  const id = await create(cloud, { ...withDatabase(), ...created })
  await cloud.settle()
  const asking = { port: cloud.port, language: 'en-US' as const }
  const Placement = { Zone: 'ap-guangzhou-3' }
  const inquire = (members: object = {}) =>
    ask(asking, 'InquirePriceRenewEmr', { ...MONTHLY, InstanceId: id, Placement, ...members })
  return { cloud, id, inquire, ...money(cloud) }
}

interface NodePart {
  readonly NodeType: string
  readonly Ip: string
  readonly ExpireTime: string
  readonly OriginalCost: number
  readonly RenewPriceDetails: readonly { readonly OriginalCost: number }[]
}

test('one more term costs what the renewal orders and the ledger takes, node by node with the database', async (t) => {
  const { id, inquire, orders, ledger, pass } = await start(t, { ...MONTHLY, AutoRenew: 1 })
  const { response, message } = await inquire()
  assert.equal(message, '')
  await pass(31 * DAY_MS)
  const [order] = await orders(id)
  assert.equal(order?.kind, 'renew')
  const charged = (await ledger(id)).find((entry) => entry.order === order.order)
  const total = Number(response['OriginalCost'])
  assert.equal(amountOf(String(total)), amountOf(order.total))
  assert.equal(amountOf(charged!.amount), -amountOf(order.total)!)
  const parts = response['NodeRenewPriceDetails'] as NodePart[]
  assert.deepEqual(
    parts.map(({ NodeType }) => NodeType),
    ['Master', 'Core', 'Core', 'MySQL'],
  )
  const sum = (all: readonly { readonly OriginalCost: number }[]) =>
    Math.round(all.reduce((so, { OriginalCost }) => so + OriginalCost, 0) * 100)
  assert.equal(sum(parts), Math.round(total * 100))
  for (const part of parts) assert.equal(sum(part.RenewPriceDetails), sum([part]))
  assert.equal(parts[0]?.ExpireTime, '2026-05-01 08:00:00')
  assert.match(parts[0]?.Ip ?? '', /^10\./)
})

test('twelve months cost twelve times as much; what cannot be renewed is refused by name', async (t) => {
  const { inquire } = await start(t, MONTHLY)
  const costOf = async (TimeSpan: number) =>
    Number((await inquire({ TimeSpan })).response['OriginalCost'])
  assert.equal(Math.round((await costOf(12)) * 100), Math.round((await costOf(1)) * 1200))
  const refusals: readonly (readonly [object, string])[] = [
    [{ TimeSpan: 13 }, 'InvalidParameter.InvalidTimeSpan'],
    [{ TimeUnit: 's' }, 'InvalidParameter.InvalidTimeUnit'],
    [{ PayMode: 0 }, 'InvalidParameter.InvalidPaymode'],
    [{ Currency: 'USD' }, 'InvalidParameterValue'],
    [{ InstanceId: 'emr-00000000' }, 'InvalidParameter.InvalidClusterId'],
    [{ InstanceId: 'emr-vm-jv1s4zas' }, 'InvalidParameter.InvalidClusterId'],
    [{ Placement: { Zone: 'ap-guangzhou-4' } }, 'InvalidParameter.ZoneResourceNotMatch'],
    [
      { Placement: { Zone: 'ap-guangzhou-3', ProjectId: 1 } },
      'InvalidParameter.ProjectResourceNotMatch',
    ],
  ]
  for (const [members, code] of refusals)
    assert.equal((await inquire(members)).code, code, JSON.stringify(members))
})

test('a cluster that is paid for as it is used has no renewal, and one that is changing no price', async (t) => {
  const { inquire } = await start(t, {})
  assert.equal((await inquire()).code, 'InvalidParameter.PayModeResourceNotMatch')
  const { cloud, id, inquire: again } = await start(t, MONTHLY)
  await ask(cloud, 'ScaleOutInstance', { InstanceId: id, ...MONTHLY, CoreCount: 1 })
  assert.equal((await again()).code, 'ResourceInUse.InstanceInProcess')
})
