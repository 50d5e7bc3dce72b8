import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addSpec, named, specs } from '../../../../support/fixture/emr-node-spec.ts'

test('one of a role is the default, until it is said again', async (t) => {
  const it = await startEmr(t)
  await addSpec(it, 'S5.2XLARGE32', { IsDefault: 'DEFAULT' })
  await addSpec(it, 'S5.4XLARGE64')
  const [, second] = await specs(it, 'TASK')
  const request = { ResourceConfigId: second!.ResourceConfigId, ResourceBaseType: 'EMR' }
  await it.answer('SetNodeResourceConfigDefault', { ...request, ResourceType: 'TASK' })
  assert.deepEqual(await named(it, 'TASK'), ['S5.2XLARGE32 BACKUP', 'S5.4XLARGE64 DEFAULT'])
  await it.answer('SetNodeResourceConfigDefault', request)
  assert.deepEqual(await named(it, 'TASK'), ['S5.2XLARGE32 BACKUP', 'S5.4XLARGE64 BACKUP'])
  assert.deepEqual(await named(it, 'CORE'), ['S5.LARGE8 DEFAULT'])
  await it.refused('SetNodeResourceConfigDefault', [
    [{ ResourceConfigId: 7 }, 'ResourceUnavailable.ResourceSpecNotExist', 'ResourceConfigId'],
    [{ ...request, HardwareResourceType: 'POD' }, 'UnsupportedOperation', 'HardwareResourceType'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
