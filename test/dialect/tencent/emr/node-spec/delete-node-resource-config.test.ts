import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { named, scaledOut, specs } from '../../../../support/fixture/emr-node-spec.ts'

test('a role without a default specification has no more nodes, and those that are there stay', async (t) => {
  const it = await startEmr(t)
  const [core] = await specs(it, 'CORE')
  const request = { ResourceConfigId: core!.ResourceConfigId, ResourceType: 'CORE' }
  await it.refused('DeleteNodeResourceConfig', [
    [
      { ...request, ResourceConfigId: 1 },
      'ResourceUnavailable.ResourceSpecNotExist',
      'ResourceConfigId',
    ],
    [
      { ...request, ResourceType: 'TASK' },
      'ResourceUnavailable.ResourceSpecNotExist',
      'ResourceConfigId',
    ],
    [
      { ...request, ResourceBaseType: 'ComputeResource' },
      'UnsupportedOperation',
      'ResourceBaseType',
    ],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
  await it.answer('DeleteNodeResourceConfig', request)
  assert.deepEqual(await named(it, 'CORE'), [])
  const more = { PayMode: 0, TimeUnit: 's', TimeSpan: 3600, CoreCount: 1 }
  const refused = await it.ask('ScaleOutInstance', more)
  assert.equal(refused.code, 'ResourceUnavailable.ResourceSpecNotDefaultSpec')
  const ResourceConfig = { InstanceType: 'S5.LARGE16' }
  const add = { ResourceType: 'CORE', ResourceConfig, PayMode: 0, IsDefault: 'DEFAULT' }
  await it.answer('AddNodeResourceConfig', add)
  assert.equal((await scaledOut(it, 'Core')).length, 3)
})
