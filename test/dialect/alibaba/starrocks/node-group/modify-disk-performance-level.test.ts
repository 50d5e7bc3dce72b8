import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

/** Large enough for the higher levels. */
function disks(storagePerformanceLevel: string, storageSize: number, RunMode = 'shared_data') {
  const [backend] = createBody().BackendNodeGroups
  return { RunMode, BackendNodeGroups: [{ ...backend, storagePerformanceLevel, storageSize }] }
}

test('the disks of a group get another performance level, and it reads back in lower case', async (t) => {
  const body = disks('pl1', 1500, 'shared_nothing')
  const { cloud, send, group, history } = await startInstance(t, { body })
  for (const [Target, level, type] of [
    ['PL3', 'pl3', 'upgrade_be_disk_performance_level'],
    ['pl2', 'pl2', 'downgrade_be_disk_performance_level'],
  ] as const) {
    assert.equal((await send('ModifyDiskPerformanceLevel', { Target }, 'BE')).body.Data, 0)
    await cloud.settle()
    const { StoragePerformanceLevel, Status } = await group('BE')
    assert.deepEqual([StoragePerformanceLevel, Status], [level, 'RUNNING'])
    assert.equal((await history())[0].OperationType, type)
  }
  assert.equal((await group('FE')).StoragePerformanceLevel, 'pl1')
})

test('of compute nodes the history has another word', async (t) => {
  const { cloud, send, history, describe } = await startInstance(t, { body: disks('pl0', 100) })
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('ModifyDiskPerformanceLevel', { Target: 'pl1' }, 'CN')
  assert.equal((await describe()).InstanceStatus, 'scaling_up')
  const [latest] = await history({ OperationType: 'upgrade_cn_disk_performance' })
  assert.equal(latest.OperationStatus, 'RUNNING')
})

test('a level that is none, too high for the disks, the lowest one, or the present one is refused', async (t) => {
  const { refusal } = await startInstance(t)
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['CN', 'pl4', /Storage performance level should be select from set \[pl0, pl1, pl2, pl3\]/],
    ['CN', 'pl2', /Storage size of be should be in range \[500, 65000\]/],
    ['CN', 'pl0', /Storage performance level of be should be select from set \[pl1, pl2, pl3\]/],
    ['CN', 'pl1', /Storage performance level of be is pl1 already/],
    ['FE', 'pl2', /Storage performance level of fe should be select from set \[pl1\]/],
  ]
  for (const [component, Target, says] of cases) {
    const it = await refusal('ModifyDiskPerformanceLevel', { Target }, component)
    assert.equal(it.code, 'InvalidParams')
    assert.match(it.message, says)
  }
})

test('disks that come with their machine keep their level', async (t) => {
  const { refusal } = await startInstance(t, {
    body: {
      BackendNodeGroups: [
        {
          cu: 16,
          specType: 'localSSD',
          residentNodeNumber: 3,
          localStorageInstanceType: 'local_ssd_2g_4xlarge',
        },
      ],
    },
  })
  const it = await refusal('ModifyDiskPerformanceLevel', { Target: 'pl2' }, 'CN')
  assert.equal(it.code, 'UnsupportedOperation')
  assert.match(it.message, /performance level of disks .*localSSD come with their machine/)
})
