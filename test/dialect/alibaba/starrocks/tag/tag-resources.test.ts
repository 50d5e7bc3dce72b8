import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

const kind = { RegionId: 'cn-hangzhou', ResourceType: 'instance' }

async function twoInstances(t: Parameters<typeof startCloud>[0]) {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const create = async () =>
    (await call('CreateInstanceV1', { body: createBody() })).body.Data.InstanceId as string
  const ids = [await create(), await create()]
  await cloud.settle()
  const tag = (ResourceId: readonly string[], Tag: object[]) =>
    call('TagResources', { body: { ...kind, ResourceId, Tag } })
  const tagsOf = async (InstanceId: string | undefined) =>
    (await call('DescribeInstances', { query: { InstanceId: InstanceId ?? '' } })).body.Data[0].Tags
  return { call, ids, tag, tagsOf }
}

test('tags are added to every instance that is named, and replaced by key', async (t) => {
  const { ids, tag, tagsOf } = await twoInstances(t)
  await tag(ids, [{ Key: 'a', Value: '1' }, { Key: 'b' }])
  await tag([...ids, ...ids], [{ Key: 'a', Value: '2' }])
  for (const id of ids)
    assert.deepEqual(await tagsOf(id), [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '' },
    ])
})

test('all instances are tagged or none', async (t) => {
  const { ids, tag, tagsOf } = await twoInstances(t)
  const refusal = await refusalOf(tag([...ids, 'c-0'], [{ Key: 'a', Value: '1' }]))
  assert.equal(refusal.code, 'Instance.NotFound')
  // Tagging answers in the gateway's words alone.
  assert.equal(refusal.data['ErrCode'], undefined)
  for (const id of ids) assert.deepEqual(await tagsOf(id), [])
})

test('an instance has at most 20 tags, however they were added', async (t) => {
  const { ids, tag, tagsOf } = await twoInstances(t)
  const numbered = Array.from({ length: 20 }, (_, at) => ({ Key: `k${at}`, Value: 'v' }))
  await tag(ids.slice(0, 1), numbered)
  const refusal = await refusalOf(tag(ids.slice(0, 1), [{ Key: 'more', Value: 'v' }]))
  assert.equal(refusal.code, 'InvalidParams')
  assert.match(refusal.message, /Number of tags should be in range \[0, 20\]/)
  assert.equal((await tagsOf(ids[0])).length, 20)
})

test('keys of the cloud itself are refused', async (t) => {
  const { ids, tag } = await twoInstances(t)
  for (const Key of ['aliyun.x', 'acs:x', 'see http://x', 'https://x'])
    assert.match((await refusalOf(tag(ids, [{ Key, Value: 'v' }]))).message, /Tag key should/)
  const value = { Key: 'k', Value: 'http://x' }
  assert.match((await refusalOf(tag(ids, [value]))).message, /Tag value should/)
})

test('tags are removed by key, or all of them, but never by accident', async (t) => {
  const { call, ids, tag, tagsOf } = await twoInstances(t)
  const named = { ...kind, ResourceId: JSON.stringify(ids) }
  const untag = (query: Record<string, string>) =>
    call('UnTagResources', { query: { ...named, ...query } })
  await tag(
    ids,
    ['a', 'b', 'c'].map((Key) => ({ Key, Value: 'v' })),
  )
  await untag({ TagKey: '["a","absent"]', All: 'true' })
  assert.equal((await tagsOf(ids[0])).length, 2)
  assert.equal((await refusalOf(untag({}))).code, 'MissingTagKey')
  assert.equal((await refusalOf(untag({ TagKey: '[]' }))).code, 'MissingTagKey')
  assert.equal((await tagsOf(ids[1])).length, 2)
  await untag({ All: 'true' })
  assert.deepEqual(await tagsOf(ids[1]), [])
  await untag({ All: 'true' })
})
