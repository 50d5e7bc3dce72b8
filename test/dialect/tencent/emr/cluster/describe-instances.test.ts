import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

test('a cluster is described from its creation on, and no more once it is terminated', async (t) => {
  const cloud = await startCloud(t)
  const InstanceIds = [await create(cloud)]
  const statuses = async () => {
    const { response } = await ask(cloud, 'DescribeInstances', {
      DisplayStrategy: 'clusterList',
      InstanceIds,
    })
    return (response['ClusterList'] as { Status: number }[]).map((it) => it.Status)
  }
  await cloud.settle()
  assert.deepEqual(await statuses(), [2])
  await ask(cloud, 'TerminateInstance', { InstanceId: InstanceIds[0] })
  await cloud.settle()
  assert.deepEqual(await statuses(), [])
})

test('ids with stray white space are found, unknown ones are none, and an unknown strategy is refused', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  const total = async (InstanceIds: readonly string[]) =>
    (await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList', InstanceIds }))
      .response['TotalCnt']
  assert.equal(await total([`${id}\r\n`]), 1)
  assert.equal(await total(['emr-00000000']), 0)
  const refused = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'all' })
  assert.equal(refused.code, 'InvalidParameter.DisplayStrategyNotMatch')
})
