import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { DAY_MS, money, stillClock } from '../../../../support/fixture/money.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

const MONTHLY = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }

async function start(t: TestContext, created: object = MONTHLY) {
  const cloud = await startCloud(t, { clock: stillClock('2026-04-01T00:00:00Z') })
  const InstanceId = await create(cloud, { ...created })
  await cloud.settle()
  const nodes = async () => {
    const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId, NodeFlag: 'all' })
    return response['NodeList'] as { EmrResourceId: string; IsAutoRenew: number }[]
  }
  const ResourceIds = (await nodes()).map(({ EmrResourceId }) => EmrResourceId)
  const flag = (RenewFlag: string, members: object = {}) =>
    ask({ port: cloud.port, language: 'en-US' }, 'ModifyAutoRenewFlag', {
      InstanceId,
      ResourceIds,
      RenewFlag,
      ...members,
    })
  const status = async () => {
    const request = { DisplayStrategy: 'clusterList', InstanceIds: [InstanceId] }
    const { response } = await ask(cloud, 'DescribeInstances', request)
    return (response['ClusterList'] as { Status: number }[])[0]?.Status
  }
  return { cloud, ResourceIds, nodes, flag, status, ...money(cloud) }
}

test('a subscription is renewed at its end as long as the flag says so', async (t) => {
  const { flag, nodes, status, pass } = await start(t)
  const shown = async () => [...new Set((await nodes()).map(({ IsAutoRenew }) => IsAutoRenew))]
  assert.equal((await flag('NOTIFY_AND_AUTO_RENEW')).message, '')
  assert.deepEqual(await shown(), [1])
  await pass(45 * DAY_MS)
  assert.equal(await status(), 2)
  assert.equal((await flag('DISABLE_NOTIFY_AND_MANUAL_RENEW')).message, '')
  assert.deepEqual(await shown(), [0])
  await pass(18 * DAY_MS)
  assert.equal(await status(), 201)
})

test('one that has ended comes back when it is to be renewed', async (t) => {
  const { cloud, flag, status, pass } = await start(t)
  await pass(32 * DAY_MS)
  assert.equal(await status(), 201)
  assert.equal((await flag('NOTIFY_AND_AUTO_RENEW')).message, '')
  await cloud.settle()
  assert.equal(await status(), 2)
})

test('what has no renewal of its own is refused by name', async (t) => {
  const { ResourceIds, flag } = await start(t)
  const AUTO = 'NOTIFY_AND_AUTO_RENEW'
  const some = { ResourceIds: ResourceIds.slice(1) }
  const unknown = { ResourceIds: [...ResourceIds, 'emr-vm-00000000'] }
  const refusals: readonly (readonly [string, object, string, string])[] = [
    [AUTO, some, 'UnsupportedOperation', 'ResourceIds'],
    [AUTO, unknown, 'ResourceNotFound.ResourceNotFound', 'ResourceIds.3'],
    [AUTO, { ComputeResourceId: 'emr-cr-1' }, 'UnsupportedOperation', 'ComputeResourceId'],
    ['ALWAYS', {}, 'InvalidParameter', 'RenewFlag'],
    [AUTO, { InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ]
  for (const [renew, members, code, name] of refusals) {
    const answer = await flag(renew, members)
    assert.equal(answer.code, code, JSON.stringify(members))
    assert.ok(answer.message.includes(`\`${name}\``), answer.message)
  }
  const { flag: hourly } = await start(t, {})
  assert.equal((await hourly(AUTO)).code, 'InvalidParameter')
})
