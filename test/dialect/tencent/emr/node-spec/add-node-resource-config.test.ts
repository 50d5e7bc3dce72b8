import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addition, addSpec, named, scaledOut } from '../../../../support/fixture/emr-node-spec.ts'

test('a role that was made without nodes gets them in the specification that it is given', async (t) => {
  const it = await startEmr(t)
  const none = { PayMode: 0, TimeUnit: 's', TimeSpan: 3600, TaskCount: 1 }
  const before = await it.ask('ScaleOutInstance', none)
  assert.equal(before.code, 'ResourceUnavailable.ResourceSpecNotDefaultSpec')
  await addSpec(it, 'S5.2XLARGE32', { IsDefault: 'DEFAULT', ZoneId: 100003 })
  assert.deepEqual(await named(it, 'TASK'), ['S5.2XLARGE32 DEFAULT'])
  assert.deepEqual(await scaledOut(it, 'Task'), ['task.0 CVM.S5 8 200.00 GB'])
})

test('nodes that come later have the default of their role, and those that are there keep theirs', async (t) => {
  const it = await startEmr(t)
  const Disks = { DiskType: 'CLOUD_SSD', DiskSize: 300 }
  const ResourceConfig = { InstanceType: 'S5.2XLARGE32', ...Disks }
  await addSpec(it, '', { ResourceType: 'CORE', ResourceConfig, IsDefault: 'DEFAULT' })
  assert.deepEqual(await named(it, 'CORE'), ['S5.LARGE8 BACKUP', 'S5.2XLARGE32 DEFAULT'])
  assert.deepEqual(await scaledOut(it, 'Core'), [
    'core.0 CVM.S5 4 100.00 GB',
    'core.1 CVM.S5 4 100.00 GB',
    'core.2 CVM.S5 8 300.00 GB',
  ])
})

test('several are added in one request, three of a role at most, none twice', async (t) => {
  const it = await startEmr(t)
  const more = [{ InstanceType: 'S5.4XLARGE64' }]
  await addSpec(it, 'S5.2XLARGE32', { MultipleResourceConfig: more })
  assert.deepEqual(await named(it, 'TASK'), ['S5.2XLARGE32 BACKUP', 'S5.4XLARGE64 BACKUP'])
  await it.refused('AddNodeResourceConfig', [
    [addition('S5.2XLARGE32'), 'ResourceUnavailable.RepeatSpec', '`ResourceConfig`'],
    [
      addition('S5.LARGE8', { MultipleResourceConfig: [{ InstanceType: 'S5.LARGE16' }] }),
      'InvalidParameter',
      '`MultipleResourceConfig.0`',
    ],
  ])
  assert.equal((await named(it, 'TASK')).length, 2)
})

test('what cannot be a specification is refused by name', async (t) => {
  const it = await startEmr(t)
  const good = addition('S5.2XLARGE32')
  await it.refused('AddNodeResourceConfig', [
    [addition('S5.TINY1'), 'InvalidParameter.InvalidResourceSpec', 'ResourceConfig.InstanceType'],
    [
      addition('', { ResourceConfig: { Spec: 'CVM.S5' } }),
      'MissingParameter',
      'ResourceConfig.StorageType',
    ],
    [
      addition('SA5.LARGE8'),
      'ResourceUnavailable.ResourceSpecNotExist',
      'ResourceConfig.InstanceType',
    ],
    [{ ...good, ZoneId: 100004 }, 'UnsupportedOperation', '`ZoneId`'],
    [{ ...good, ResourceBaseType: 'ComputeResource' }, 'UnsupportedOperation', 'ResourceBaseType'],
    [{ ...good, ComputeResourceId: 'emr-cr-1' }, 'UnsupportedOperation', 'ComputeResourceId'],
    [{ ...good, HardwareResourceType: 'POD' }, 'UnsupportedOperation', 'HardwareResourceType'],
    [{ ...good, InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
