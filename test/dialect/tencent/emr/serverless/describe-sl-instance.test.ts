import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

test('a cluster of EMR is no instance, and an unknown one is not found', async (t) => {
  const cloud = await startCloud(t)
  const cluster = await create(cloud)
  for (const InstanceId of [cluster, 'emr-00000000']) {
    const { code } = await ask(cloud, 'DescribeSLInstance', { InstanceId })
    assert.equal(code, 'ResourceNotFound.InstanceNotFound')
  }
  const { code } = await ask(cloud, 'DescribeSLInstance', { InstanceId: 'sl-1' })
  assert.equal(code, 'InvalidParameter.InvalidClusterId')
})
