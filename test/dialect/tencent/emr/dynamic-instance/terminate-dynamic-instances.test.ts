import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startContainers } from '../../../../support/fixture/emr-container.ts'
import { makeRay, rayCloudRequest, rayForm } from '../../../../support/http/tencent-container.ts'

test('Ray clusters go with their pods, and what they held comes back', async (t) => {
  const it = await startContainers(t, { request: rayCloudRequest(), seconds: 60 })
  const held = async () => {
    const found = await it.cloud.store.read((tx) => tx.findById('cluster', it.id))
    return found!.document.reservations?.find(({ measure }) => measure === 'pod-cpu')?.amount
  }
  const first = await makeRay(it.cloud, it.id)
  const second = await makeRay(it.cloud, it.id, rayForm({ DynamicInstanceName: 'ray-2' }))
  assert.equal(await held(), 8)
  const request = (...DynamicInstanceIds: number[]) => {
    return { DynamicInstanceType: 'RayCluster', DynamicInstanceIds }
  }
  const { FlowId } = await it.answer('TerminateDynamicInstances', request(first))
  assert.equal(await it.status(), 24)
  // They stand there until they are gone.
  assert.equal((await it.pods()).length, 8)
  await it.cloud.settle()
  const flow = await it.answer('DescribeClusterFlowStatusDetail', {
    FlowParam: { FKey: 'FlowId', FValue: String(FlowId) },
  })
  assert.equal(flow['FlowTotalStatus'], 2)
  assert.deepEqual([(await it.pods()).length, await held()], [5, 5])
  const { DynamicInstanceList } = await it.answer('DescribeDynamicInstanceList')
  assert.deepEqual(
    (DynamicInstanceList as { RayClusterId: number }[]).map(({ RayClusterId }) => RayClusterId),
    [second],
  )
  await it.refused('TerminateDynamicInstances', [
    [request(first), 'FailedOperation', 'DynamicInstanceIds.0'],
    [
      { ...request(second), DynamicInstanceType: 'X' },
      'InvalidParameter.InvalidDynamicInstanceType',
      'X',
    ],
    [{ ...request(second), InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})
