import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cluster } from '../../../../../src/domain/cluster/cluster.ts'
import { termsOf } from '../../../../../src/dialect/tencent/emr/node/terms.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

/** As versions made it that knew one type of system disk. */
function asBefore(cluster: Cluster): Cluster {
  const groups = cluster.spec.groups.map((group) => ({
    ...group,
    disks: group.disks.map((disk) =>
      disk.use === 'system' ? { ...disk, type: 'CLOUD_SSD' } : disk,
    ),
  }))
  return { ...cluster, spec: { ...cluster.spec, groups } }
}

test('nodes that an earlier version made keep their system disk, in what is shown and counted', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  await cloud.settle()
  const before = await cloud.store.write(async (tx) => {
    const row = await tx.findById('cluster', id)
    assert.ok(row)
    const cluster = asBefore(row.document)
    await tx.save('cluster', row, cluster)
    return cluster
  })
  const nodes = await ask(cloud, 'DescribeClusterNodes', { InstanceId: id, NodeFlag: 'all' })
  const list = nodes.response['NodeList'] as { RootStorageType: number; StorageType: number }[]
  assert.deepEqual([...new Set(list.map((node) => node.RootStorageType))], [4])
  assert.deepEqual([...new Set(list.map((node) => node.StorageType))], [5])
  const { reservations } = termsOf(cloud.core)(before, before.spec)
  const disks = reservations?.filter(({ measure }) => measure === 'disk')
  assert.deepEqual(
    disks?.map(({ type, amount }) => [type, amount]),
    [
      ['CLOUD_SSD', 3],
      ['CLOUD_PREMIUM', 3],
    ],
  )
})
