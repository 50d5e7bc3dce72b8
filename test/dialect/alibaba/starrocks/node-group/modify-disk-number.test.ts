import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

const LOCAL = {
  BackendNodeGroups: [
    {
      cu: 16,
      specType: 'localSSD',
      residentNodeNumber: 3,
      localStorageInstanceType: 'local_ssd_2g_4xlarge',
    },
  ],
}

test('the nodes of a group get more disks, which the account holds', async (t) => {
  const { cloud, send, group, history, document } = await startInstance(t)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  assert.equal((await send('ModifyDiskNumber', { Target: 2 }, 'CN')).body.Data, 0)
  assert.equal((await group('CN')).Status, 'SCALING_UP')
  assert.equal((await document()).change?.rolling, true)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await cloud.settle()
  const { DiskNumber, StorageSize, Status } = await group('CN')
  assert.deepEqual([DiskNumber, StorageSize, Status], [2, 100, 'RUNNING'])
  assert.equal((await group('FE')).DiskNumber, 1)
  const { reservations = [] } = await document()
  const held = (measure: string) =>
    reservations.filter((it) => it.measure === measure).reduce((sum, it) => sum + it.amount, 0)
  assert.deepEqual([held('disk'), held('storage')], [3 + 6, 300 + 600])
  const [latest] = await history({ OperationType: 'increase_cn_disk_number' })
  assert.equal(latest.OperationStatus, 'COMPLETED')
})

test('FastMode changes all nodes at once, whatever the run mode', async (t) => {
  const { cloud, send, document } = await startInstance(t, { body: { RunMode: 'shared_nothing' } })
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('ModifyDiskNumber', { Target: 2, FastMode: true }, 'BE')
  assert.equal((await document()).change?.rolling, false)
})

test('disks never become fewer, are ten at most, and of a frontend one', async (t) => {
  const { refusal, send, cloud } = await startInstance(t)
  await send('ModifyDiskNumber', { Target: 3 }, 'CN')
  await cloud.settle()
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ['CN', 2, /Disk number of be should be in range \[3, 10\]/],
    ['CN', 3, /Disk number of be is 3 already/],
    ['CN', 11, /Disk number of be should be in range \[1, 10\]/],
    ['FE', 2, /Disk number of fe should be select from set \[1\]/],
  ]
  for (const [component, target, says] of cases) {
    const it = await refusal('ModifyDiskNumber', { Target: target }, component)
    assert.equal(it.code, 'InvalidParams')
    assert.match(it.message, says)
  }
})

test('disks that come with their machine keep their number', async (t) => {
  const { refusal } = await startInstance(t, { body: LOCAL })
  const it = await refusal('ModifyDiskNumber', { Target: 2 }, 'CN')
  assert.equal(it.code, 'UnsupportedOperation')
  assert.match(it.message, /Changing the number of disks .*localSSD come with their machine/)
})
