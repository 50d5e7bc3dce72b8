import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

test('an instance may be released while it is being created, and twice is once', async (t) => {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'manual', every: 1000 } } },
  })
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', { body: createBody() })
  const query = { InstanceId: created.body.Data.InstanceId as string }
  assert.equal((await call('ReleaseInstance', { query })).body.Data, true)
  assert.equal((await refusalOf(call('ReleaseInstance', { query }))).code, 'Instance.NotFound')
})

test('an instance of another region is not found', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', { body: createBody() })
  const query = { InstanceId: created.body.Data.InstanceId as string, RegionId: 'cn-beijing' }
  assert.equal((await refusalOf(call('ReleaseInstance', { query }))).code, 'Instance.NotFound')
  await call('ReleaseInstance', { query: { ...query, RegionId: 'cn-hangzhou' } })
})
