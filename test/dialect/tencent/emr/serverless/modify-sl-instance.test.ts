import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { money } from '../../../../support/fixture/money.ts'
import { ask } from '../../../../support/http/tencent-client.ts'
import { slCreateRequest } from '../../../../support/http/tencent-request.ts'

const ZONE = 'ap-guangzhou-3'

async function start(t: TestContext, text?: string, members: object = {}) {
  // Nothing is done before time passes.
  const more = { progressions: { default: { mode: 'time', seconds: 60 } } } as const
  const cloud = await environmentCloud(t, text === undefined ? { more } : { more, text })
  const { response } = await ask(cloud, 'CreateSLInstance', slCreateRequest({ ...members }))
  const InstanceId = String(response['InstanceId'])
  await cloud.settle()
  const asking = { port: cloud.port, language: 'en-US' as const }
  const resize = (NodeNum: number, extra: object = {}) =>
    ask(asking, 'ModifySLInstance', { InstanceId, Zone: ZONE, NodeNum, ...extra })
  const seen = async () => {
    const { response: it } = await ask(cloud, 'DescribeSLInstance', { InstanceId })
    return [it['Status'], it['NodeNum']]
  }
  const serving = async () => {
    const found = await cloud.store.read((tx) => tx.findById('cluster', InstanceId))
    return Object.values(found!.document.status.nodes).filter(({ ready }) => ready).length
  }
  return { cloud, InstanceId, resize, seen, serving, ...money(cloud) }
}

test('nodes come and go in a zone, are seen to serve, and cost what they are', async (t) => {
  const { cloud, InstanceId, resize, seen, serving, orders } = await start(t)
  assert.equal((await resize(6)).message, '')
  assert.deepEqual(await seen(), [22, 6])
  await cloud.settle()
  assert.deepEqual([await seen(), await serving()], [[2, 6], 6])
  assert.equal((await resize(4)).message, '')
  await cloud.settle()
  assert.deepEqual([await seen(), await serving()], [[2, 4], 4])
  const [four, six, three] = (await orders(InstanceId)).map(({ listPrice }) => Number(listPrice))
  const close = (one: number, other: number) => Math.abs(one - other) < 0.001
  assert.ok(close(six! / 6, three! / 3) && close(four! / 4, three! / 3))
})

test('a token is good for one change; what cannot be is refused by name', async (t) => {
  const { cloud, resize } = await start(t)
  const token = { ClientToken: 'once' }
  assert.equal((await resize(4, token)).code, '')
  assert.equal((await resize(4, token)).code, '')
  assert.equal((await resize(5)).code, 'ResourceInUse.InstanceInProcess')
  await cloud.settle()
  assert.equal((await resize(5, token)).code, 'FailedOperation.DuplicateOrderNotAllowed')
  const refusals: readonly (readonly [number, object, string, string])[] = [
    [4, {}, 'InvalidParameter.InvalidNodeCount', 'NodeNum'],
    [2, {}, 'InvalidParameter.InvalidNodeCount', 'NodeNum'],
    [51, {}, 'InvalidParameter.InvalidNodeCount', 'NodeNum'],
    [5, { Zone: 'ap-guangzhou-4' }, 'InvalidParameter.InvalidZone', 'Zone'],
    [5, { InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ]
  for (const [count, members, code, name] of refusals) {
    const answer = await resize(count, members)
    assert.equal(answer.code, code, JSON.stringify([count, members]))
    assert.ok(answer.message.includes(`\`${name}\``), answer.message)
  }
})

test('more storage must be in stock and quota, and be paid for', async (t) => {
  const text =
    'tencent:\n  quotas: [{ of: storage, amount: 400 }]\n  stock: [{ of: disk, type: CLOUD_HSSD, amount: 5 }]\n'
  const prepaid = {
    PayMode: 1,
    PrePaySetting: { Period: { TimeSpan: 1, TimeUnit: 'm' }, AutoRenewFlag: 0 },
  }
  const { resize, put } = await start(t, text, prepaid)
  assert.equal((await resize(6)).code, 'ResourceInsufficient.DiskInsufficient')
  assert.equal((await resize(5)).code, 'InternalError.CheckQuotaErr')
  await put('funds/100000000001', { credit: '0' })
  assert.equal((await resize(4)).code, 'FailedOperation')
})
