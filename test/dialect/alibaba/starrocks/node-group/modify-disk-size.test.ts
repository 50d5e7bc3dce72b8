import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('the disks of a group grow', async (t) => {
  const { cloud, send, group, history, document } = await startInstance(t)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  assert.equal((await send('ModifyDiskSize', { Target: 500 }, 'CN')).body.Data, 0)
  assert.equal((await group('CN')).Status, 'SCALING_UP')
  assert.equal((await document()).change?.rolling, true)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await cloud.settle()
  assert.equal((await group('CN')).StorageSize, 500)
  assert.equal((await group('FE')).StorageSize, 100)
  const [latest] = await history({ OperationType: 'increase_cn_disk_size' })
  assert.equal(latest.OperationStatus, 'COMPLETED')
})

test('FastMode changes all nodes at once', async (t) => {
  const { cloud, send, document } = await startInstance(t)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('ModifyDiskSize', { Target: 200, FastMode: true }, 'FE')
  assert.equal((await document()).change?.rolling, false)
})

test('disks never shrink, and grow within the limits and the steps of their level', async (t) => {
  const { refusal, send, cloud } = await startInstance(t)
  await send('ModifyDiskSize', { Target: 300 }, 'CN')
  await cloud.settle()
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ['CN', 200, /Storage size of be should be in range \[300, 65000\]/],
    ['CN', 300, /Storage size of be is 300 already/],
    ['CN', 65_010, /Storage size of be should be in range \[100, 65000\]/],
    ['CN', 305, /Storage size of be should be 100 plus a multiple of 10/],
    ['FE', 5_100, /Storage size of fe should be in range \[100, 5000\]/],
  ]
  for (const [component, target, says] of cases) {
    const it = await refusal('ModifyDiskSize', { Target: target }, component)
    assert.equal(it.code, 'InvalidParams')
    assert.match(it.message, says)
  }
})

test('disks that come with their machine keep their size', async (t) => {
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
  const it = await refusal('ModifyDiskSize', { Target: 2_000 }, 'CN')
  assert.equal(it.code, 'UnsupportedOperation')
  assert.match(it.message, /localSSD come with their machine/)
})

test('the observers go with the frontends', async (t) => {
  const { ObserverNodeGroups } = createBody()
  const { cloud, send, group } = await startInstance(t, { body: { ObserverNodeGroups } })
  await send('ModifyDiskSize', { Target: 400 }, 'FE')
  await cloud.settle()
  assert.equal((await group('OBSERVER')).StorageSize, 400)
})
