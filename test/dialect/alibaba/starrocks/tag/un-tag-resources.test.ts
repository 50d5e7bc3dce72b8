import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

const tagging = { RegionId: 'cn-hangzhou', ResourceType: 'instance' }

test('named keys go, all keys go when none is named, and what is gone already is no error', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const Tags = ['a', 'b', 'c'].map((Key) => ({ Key, Value: '1' }))
  const created = await call('CreateInstanceV1', { body: createBody({ Tags }) })
  const id = created.body.Data.InstanceId as string
  const keys = async () => {
    const found = await call('DescribeInstances', { query: { InstanceId: id } })
    return found.body.Data[0].Tags.map((tag: { Key: string }) => tag.Key) as string[]
  }
  const query = { ...tagging, ResourceId: JSON.stringify([id]) }
  for (let time = 0; time < 2; time++) {
    const answer = await call('UnTagResources', { query: { ...query, TagKey: '["b","x"]' } })
    assert.deepEqual(Object.keys(answer.body), ['RequestId'])
  }
  assert.deepEqual(await keys(), ['a', 'c'])
  await call('UnTagResources', { query: { ...query, All: 'true' } })
  assert.deepEqual(await keys(), [])
})

test('neither keys nor All is refused, and so is an instance that does not exist', async (t) => {
  const call = alibabaClient((await startCloud(t)).port)
  const query = { ...tagging, ResourceId: '["c-0000000000000000"]' }
  assert.equal((await refusalOf(call('UnTagResources', { query }))).code, 'MissingTagKey')
  assert.equal(
    (await refusalOf(call('UnTagResources', { query: { ...query, All: 'true' } }))).code,
    'Instance.NotFound',
  )
})
