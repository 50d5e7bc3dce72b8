import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startContainers } from '../../../../support/fixture/emr-container.ts'
import {
  cloudRequest,
  makeRay,
  rayCloudRequest,
  rayForm,
} from '../../../../support/http/tencent-container.ts'

test('Ray clusters are listed, the oldest first; a cluster without any has none', async (t) => {
  const it = await startContainers(t, { request: rayCloudRequest() })
  assert.deepEqual((await it.answer('DescribeDynamicInstanceList'))['DynamicInstanceList'], [])
  await makeRay(it.cloud, it.id)
  await makeRay(it.cloud, it.id, rayForm({ DynamicInstanceName: 'ray-2' }))
  const { DynamicInstanceList, WebUIInfos } = await it.answer('DescribeDynamicInstanceList')
  const names = (DynamicInstanceList as { RayClusterName: string }[]).map(
    (each) => each.RayClusterName,
  )
  assert.deepEqual([names, WebUIInfos], [['ray-1', 'ray-2'], []])
  const plain = await startContainers(t, { request: cloudRequest() })
  assert.deepEqual((await plain.answer('DescribeDynamicInstanceList'))['DynamicInstanceList'], [])
  await it.refused('DescribeDynamicInstanceList', [
    [{ InstanceId: 'emr-0' }, 'InvalidParameter.InvalidClusterId', 'emr-0'],
  ])
})
