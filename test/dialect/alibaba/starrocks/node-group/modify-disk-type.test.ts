import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('the one type that is sold takes another level, by the rules of levels', async (t) => {
  const [backend] = createBody().BackendNodeGroups
  const body = { BackendNodeGroups: [{ ...backend, storageSize: 500 }] }
  const { cloud, send, group, document, history, refusal } = await startInstance(t, { body })
  const essd = (TargetPerformanceLevel: string) => ({
    TargetDiskType: 'essd',
    TargetPerformanceLevel,
  })
  await send('ModifyDiskType', essd('PL2'), 'CN')
  await cloud.settle()
  assert.equal((await group('CN')).StoragePerformanceLevel, 'pl2')
  assert.equal((await document()).spec.groups[1]?.disks[0]?.type, 'essd')
  assert.equal((await history())[0].OperationType, 'upgrade_cn_disk_performance')
  const cases = [
    [essd('pl2'), /Disk type of be is essd pl2 already/],
    [essd('pl3'), /Storage size of be should be in range \[1500, 65000\]/],
    [essd('pl0'), /Storage performance level of be should be select from set \[pl1, pl2, pl3\]/],
    [
      { ...essd('pl1'), TargetDiskType: 'elastic_ephemeral_disk_standard' },
      /Disk type should be select from set \[essd\]/,
    ],
  ] as const
  for (const [query, says] of cases) {
    const it = await refusal('ModifyDiskType', query, 'CN')
    assert.equal(it.code, 'InvalidParams')
    assert.match(it.message, says)
  }
})
