import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addSpec } from '../../../../support/fixture/emr-node-spec.ts'

test('each role shows what its nodes are made in, in the words of a resource', async (t) => {
  const it = await startEmr(t)
  const ask = (ResourceType: string, members: object = {}) =>
    it.answer('DescribeNodeResourceConfigFast', { ResourceType, PayMode: 0, ...members })
  const { Data } = await ask('ALL')
  const roles = Data as { ResourceType: string; ResourceData: Record<string, unknown>[] }[]
  assert.deepEqual(
    roles.map(({ ResourceType, ResourceData }) => [ResourceType, ResourceData.length]),
    [
      ['CORE', 1],
      ['TASK', 0],
      ['ROUTER', 0],
    ],
  )
  const resource = roles[0]!.ResourceData[0]!['Resource'] as Record<string, unknown>
  const { Spec, StorageType, DiskType, MemSize, Cpu, DiskSize, RootSize, InstanceType } = resource
  assert.deepEqual(
    [Spec, StorageType, DiskType, MemSize, Cpu, DiskSize, RootSize, InstanceType],
    ['CVM.S5', 5, 'CLOUD_PREMIUM', 8192, 4, 100, 50, 'S5.LARGE8'],
  )
  const prepaid = await ask('CORE', { PayMode: 1 })
  assert.deepEqual(prepaid['Data'], [{ ResourceType: 'CORE', ResourceData: [] }])
  const elsewhere = await ask('CORE', { ZoneId: 100004 })
  assert.deepEqual(elsewhere['Data'], [{ ResourceType: 'CORE', ResourceData: [] }])
  const MultiDisks = [{ DiskType: 'CLOUD_SSD', Volume: 400, Count: 2 }]
  const ResourceConfig = {
    InstanceType: 'S5.LARGE8',
    DiskType: 'CLOUD_PREMIUM',
    DiskSize: 100,
    MultiDisks,
  }
  await addSpec(it, '', { ResourceConfig })
  const [task] = (await ask('TASK'))['Data'] as typeof roles
  const shown = task!.ResourceData[0]!['Resource'] as Record<string, unknown>
  assert.deepEqual(shown['MultiDisks'], MultiDisks)
  await it.refused('DescribeNodeResourceConfigFast', [
    [
      { ResourceType: 'X', PayMode: 0 },
      'ResourceUnavailable.NotSupportResourceType',
      'ResourceType',
    ],
    [
      { ResourceType: 'ALL', PayMode: 0, InstanceId: 'emr-0' },
      'ResourceNotFound.InstanceNotFound',
      'emr-0',
    ],
  ])
})
