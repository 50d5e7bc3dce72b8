import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { amountOf } from '../../../../../src/domain/money.ts'
import { recount } from '../../../../support/fixture/recount.ts'
import { money, stillClock } from '../../../../support/fixture/money.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { refusalOf } from '../../../../support/http/alibaba-client.ts'

const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }
const SECOND = [{ vswId: 'vsw-second', zoneId: 'cn-hangzhou-h' }]

async function start(t: TestContext, body: Record<string, unknown> = {}) {
  const clock = stillClock('2026-03-01T00:00:00Z')
  const it = await startInstance(t, { body, cloud: { clock } })
  const ask = (action: string, more: Record<string, unknown> = {}) =>
    it.call(action, { body: { instanceId: it.id, observers: SECOND, ...more } })
  const pace = (how: string) => it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', how)
  return {
    ...it,
    ask,
    pace,
    refused: (more: object) => refusalOf(ask('EnableMultiAz', { ...more })),
  }
}

test('observers like the frontends stand in the other zone, on a vSwitch there', async (t) => {
  const it = await start(t)
  assert.equal((await it.describe()).EnableMultiAz, false)
  it.pace('manual:1000')
  const { NodeGroupId, OrderId } = (await it.ask('EnableMultiAz')).body.Data
  assert.equal(OrderId, 0)
  assert.equal((await it.describe()).InstanceStatus, 'scaling_out')
  assert.equal((await it.refused({})).code, 'OperationDenied.InstanceStatus')
  it.pace('immediate')
  await it.cloud.settle()
  const observer = await it.group('OBSERVER')
  const frontend = await it.group('FE')
  assert.deepEqual(
    [observer.NodeGroupId, observer.ZoneId, observer.ResidentNodeNumber, observer.Status],
    [NodeGroupId, 'cn-hangzhou-h', 1, 'RUNNING'],
  )
  assert.deepEqual(
    [observer.Cu, observer.StorageSize, observer.SpecType],
    [frontend.Cu, frontend.StorageSize, frontend.SpecType],
  )
  const { EnableMultiAz, InstanceStatus, VSwitches } = await it.describe()
  assert.deepEqual([EnableMultiAz, InstanceStatus], [true, 'running'])
  assert.deepEqual(VSwitches.at(-1), {
    Primary: false,
    VswId: 'vsw-second',
    ZoneId: 'cn-hangzhou-h',
  })
  const [latest] = await it.history({ OperationType: 'enable_ha_cluster' })
  assert.equal(latest.OperationStatus, 'COMPLETED')
  const { spec } = await it.document()
  const address = (role: string) =>
    spec.groups.find((each) => each.role === role)?.nodes[0]?.address
  assert.ok(address('observer'))
  assert.notEqual(
    address('observer')?.split('.').slice(0, 2).join('.'),
    address('fe')?.split('.').slice(0, 2).join('.'),
  )
  await recount(it.cloud.store, `${it.cloud.dataDir}/emrys.db`)
  // A third zone may follow; then there is none left.
  await it.ask('EnableMultiAz', { observers: [{ vswId: 'vsw-third', zoneId: 'cn-hangzhou-j' }] })
  await it.cloud.settle()
  const names = (await it.groups()).map(({ NodeGroupName }) => NodeGroupName)
  assert.deepEqual(names.slice(-2), ['observer_1', 'observer_2'])
  assert.match((await it.refused({})).message, /Number of observers should be in range \[0, 0\]/)
})

test('it costs what the inquiry said: the observers, and the second zone for every CU', async (t) => {
  const it = await start(t, MONTHLY)
  const { orders, post } = money(it.cloud)
  await post('coupons', { code: 'third', percent: 33 })
  const more = { promotionOptionNo: 'third' }
  const quoted = (await it.ask('QueryEnableMultiAzPrice', more)).body.Data
  const { OrderId } = (await it.ask('EnableMultiAz', more)).body.Data
  await it.cloud.settle()
  const [order] = await orders(it.id)
  assert.equal(order?.order, String(OrderId))
  assert.deepEqual(
    [quoted.OriginalAmount, quoted.TradeAmount].map((yuan) => Math.round(yuan * 10_000)),
    [amountOf(order.listPrice), amountOf(order.total)],
  )
  const codes = quoted.ModuleInstance.map(({ ModuleCode }: { ModuleCode: string }) => ModuleCode)
  assert.ok(codes.includes('multi-zone') && codes.includes('cu_num'), codes.join())
  await recount(it.cloud.store, `${it.cloud.dataDir}/emrys.db`)
  const { BillingInstanceId } = await it.group('OBSERVER')
  const term = { BillingInstanceIds: `${it.id},${BillingInstanceId}`, PricingCycle: 'Month' }
  const renewal = (await it.send('QueryRenewPrice', { ...term, Duration: 1 })).body.Data
  const sum = renewal.reduce(
    (all: number, each: { StandPrice: number }) => all + each.StandPrice,
    0,
  )
  await it.send('RenewInstance', { ...term, Duration: 1 })
  assert.equal(amountOf((await orders(it.id))[0]!.total), Math.round(sum * 10_000))
})

test('what cannot span zones, and zones that cannot be one more, are refused', async (t) => {
  const it = await start(t)
  const said = async (more: object) => {
    const { code, message } = await it.refused(more)
    return `${code} ${message}`
  }
  const observers = (zoneId: string, vswId = 'vsw-other') => ({ observers: [{ vswId, zoneId }] })
  assert.match(await said({ instanceId: 'c-0' }), /^Instance\.NotFound/)
  assert.match(await said(observers('cn-hangzhou-i')), /^InvalidParams.*Zone id of observer should/)
  assert.match(await said(observers('cn-beijing-a')), /^InvalidParams/)
  assert.match(await said({ observers: [] }), /^(MissingObservers|InvalidParams)/)
  assert.match(
    await said({ observers: [...SECOND, ...SECOND] }),
    /^InvalidParams.*Zone id of observer should/,
  )
  const { VSwitches } = await it.describe()
  assert.match(
    await said(observers('cn-hangzhou-h', VSwitches[0].VswId)),
    /^InvalidParams.*is in zone cn-hangzhou-i, not in cn-hangzhou-h/,
  )
  assert.equal((await it.document()).spec.generation, 1)
  const alone = await start(t, { RunMode: 'shared_nothing' })
  assert.match(
    (await alone.refused({})).message,
    /recovery is not supported: run mode is shared_noth/,
  )
  const trial = await start(t, {
    PackageType: 'trial',
    FrontendNodeGroups: [],
    BackendNodeGroups: [],
  })
  assert.equal((await trial.refused({})).code, 'UnsupportedOperation')
})
