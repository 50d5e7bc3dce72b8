import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { amountOf } from '../../../../../src/domain/money.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { DAY_MS, HOUR_MS, money, stillClock, sumOf } from '../../../../support/fixture/money.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { withDatabase } from '../../../../support/http/tencent-request.ts'

const MONTHLY = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }
const ACCOUNT = '100000000001'

async function start(t: TestContext, created: object = MONTHLY, text?: string) {
  const cloud =
    text === undefined
      ? await startCloud(t, { clock: stillClock('2026-04-01T00:00:00Z') })
      : await environmentCloud(t, { text })
  const InstanceId = await create(cloud, { ...withDatabase(), ...created })
  await cloud.settle()
  const convert = (members: object = {}) =>
    ask({ port: cloud.port, language: 'en-US' }, 'ConvertPreToPostCluster', {
      InstanceId,
      ...members,
    })
  const charge = async () => {
    const { response } = await ask(cloud, 'DescribeInstances', {
      DisplayStrategy: 'clusterList',
      InstanceIds: [InstanceId],
    })
    const [row] = response['ClusterList'] as Record<string, unknown>[]
    return [row?.['Status'], row?.['ChargeType']]
  }
  return { cloud, InstanceId, convert, charge, ...money(cloud) }
}

test('the rest of the term is paid back, and use is charged by the hour from then on', async (t) => {
  const { InstanceId, convert, charge, orders, ledger, pass, put } = await start(t)
  const [bought] = await orders(InstanceId)
  await put(`funds/${ACCOUNT}`, { credit: '1000000' })
  // A third of April's 30 days.
  await pass(10 * DAY_MS)
  assert.equal((await convert({ ClientToken: 'once' })).message, '')
  assert.equal((await convert({ ClientToken: 'once' })).message, '')
  assert.deepEqual(await charge(), [2, 0])
  const [hourly, refund, ...others] = await orders(InstanceId)
  assert.equal(others.length, 1)
  assert.deepEqual([hourly?.kind, refund?.kind, others[0]?.state], ['buy', 'refund', 'refunded'])
  const paid = amountOf(bought!.total)!
  const kept = -sumOf(await ledger(InstanceId))
  assert.ok(Math.abs(kept - paid / 3) <= 1, `${kept} of ${paid}`)
  await pass(5 * HOUR_MS)
  const used = -sumOf(await ledger(InstanceId)) - kept
  assert.equal(used, 5 * amountOf(hourly!.listPrice)!)
})

test('it shows nodes without an end, can be scaled by the hour, and nothing is renewed any more', async (t) => {
  const { cloud, InstanceId, convert, pass, charge, orders } = await start(t, {
    ...MONTHLY,
    AutoRenew: 1,
  })
  assert.equal((await convert()).code, '')
  const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId, NodeFlag: 'all' })
  for (const node of response['NodeList'] as Record<string, unknown>[]) {
    assert.equal(node['ExpireTime'], '0000-00-00 00:00:00')
    assert.deepEqual([node['ChargeType'], node['IsAutoRenew']], [0, 0])
  }
  const hourly = { PayMode: 0, TimeUnit: 's', TimeSpan: 3600 }
  const more = await ask(cloud, 'ScaleOutInstance', { InstanceId, ...hourly, CoreCount: 1 })
  assert.equal(more.message, '')
  await cloud.settle()
  await pass(40 * DAY_MS)
  assert.deepEqual(await charge(), [2, 0])
  assert.ok((await orders(InstanceId)).every(({ kind }) => kind !== 'renew'))
})

test('what cannot be converted is refused', async (t) => {
  const { cloud, convert } = await start(t, {})
  assert.equal((await convert()).code, 'FailedOperation')
  const unknown = await convert({ InstanceId: 'emr-00000000' })
  assert.equal(unknown.code, 'ResourceNotFound.InstanceNotFound')
  assert.equal((await convert({ ClientToken: 'a b' })).code, 'InvalidParameter.InvalidClientToken')
  const other = await create(cloud, { ...MONTHLY, InstanceName: 'second-one' })
  assert.equal((await convert({ InstanceId: other })).code, 'ResourceInUse.InstanceInProcess')
  await cloud.settle()
  assert.equal((await convert({ InstanceId: other, ClientToken: 'mine' })).code, '')
  const third = await create(cloud, { ...MONTHLY, InstanceName: 'third-one' })
  await cloud.settle()
  const again = await convert({ InstanceId: third, ClientToken: 'mine' })
  assert.equal(again.code, 'FailedOperation.DuplicateOrderNotAllowed')
})

test('stock that is sold by the hour, its quota and the funds for two hours must be there', async (t) => {
  const stock = 'tencent:\n  stock: [{ of: machine, charge: postpaid, amount: 1 }]\n'
  const { convert } = await start(t, MONTHLY, stock)
  assert.equal((await convert()).code, 'ResourceInsufficient.InstanceInsufficient')
  const quota = 'tencent:\n  quotas: [{ of: machine, charge: postpaid, amount: 1 }]\n'
  const { convert: again, charge } = await start(t, MONTHLY, quota)
  assert.equal((await again()).code, 'InternalError.CheckQuotaErr')
  assert.deepEqual(await charge(), [2, 1])
  const { convert: paying, put, pass, cloud } = await start(t)
  await put(`funds/${ACCOUNT}`, { credit: '0' })
  await pass(DAY_MS)
  await cloud.settle()
  assert.equal((await paying()).code, 'FailedOperation')
})
