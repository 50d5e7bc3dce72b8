import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

test('the nodes of a subscription are listed, isolated or not; others have none to renew', async (t) => {
  const cloud = await startCloud(t)
  const monthly = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }
  const tags = { Tags: [{ TagKey: 'team', TagValue: 'a' }] }
  const id = await create(cloud, { ...monthly, ...tags })
  const hourly = await create(cloud, { InstanceName: 'by-the-hour' })
  await cloud.settle()
  const list = async (InstanceId: string) =>
    (await ask(cloud, 'DescribeInstanceRenewNodes', { InstanceId })).response
  const running = await list(id)
  const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId: id, NodeFlag: 'all' })
  const nodes = response['NodeList'] as Record<string, unknown>[]
  const [first] = running['NodeList'] as Record<string, unknown>[]
  for (const [name, value] of Object.entries(first ?? {})) assert.deepEqual(value, nodes[0]?.[name])
  assert.equal(running['TotalCnt'], 3)
  assert.deepEqual(running['MetaInfo'], ['team'])
  await ask(cloud, 'TerminateInstance', { InstanceId: id })
  await cloud.settle()
  assert.equal((await list(id))['TotalCnt'], 3)
  for (const other of [hourly, 'emr-00000000']) {
    const { RequestId: _, ...answer } = await list(other)
    assert.deepEqual(answer, { TotalCnt: 0, NodeList: [], MetaInfo: [], RedisInfo: [] })
  }
})
