import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

test('clusters are listed by id, name and status, alternatives within a filter and all filters together', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, { InstanceName: 'orders-one' })
  await create(cloud, { InstanceName: 'orders-two' })
  await cloud.settle()
  const total = async (...Filters: readonly { Name: string; Values: readonly string[] }[]) =>
    (await ask(cloud, 'DescribeInstancesList', { DisplayStrategy: 'clusterList', Filters }))
      .response['TotalCnt']
  assert.equal(await total(), 2)
  assert.equal(await total({ Name: 'ClusterId', Values: [id, 'emr-00000000'] }), 1)
  assert.equal(await total({ Name: 'ClusterName', Values: ['orders-one', 'orders-two'] }), 2)
  assert.equal(await total({ Name: 'ClusterStatus', Values: ['3'] }), 0)
  assert.equal(
    await total(
      { Name: 'ClusterStatus', Values: ['2'] },
      { Name: 'ClusterName', Values: ['orders-two'] },
    ),
    1,
  )
})

test('clusters of containers are none', async (t) => {
  const cloud = await startCloud(t)
  await create(cloud)
  const list = await ask(cloud, 'DescribeInstancesList', {
    DisplayStrategy: 'clusterList',
    ClusterType: 2,
  })
  assert.equal(list.response['TotalCnt'], 0)
})
