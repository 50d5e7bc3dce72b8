import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create, REGION } from '../../../../support/http/tencent-client.ts'

const ACTION = 'DescribeResourceTagsByResourceIds'
const asked = { ServiceType: 'emr', ResourcePrefix: 'emr-instance', ResourceRegion: REGION }

function named(count: number) {
  return Array.from({ length: count }, (_, at) => ({ TagKey: `k${at}`, TagValue: `v${at}` }))
}

test('the tags of clusters are listed as the provider pages through them, and none of what is not there', async (t) => {
  const cloud = await startCloud(t)
  const ids = [await create(cloud, { Tags: named(5) }), await create(cloud, { Tags: named(2) })]
  const page = (members: object) =>
    ask(cloud, ACTION, { ...asked, ResourceIds: [...ids, 'emr-00000000'], ...members })
  const { response } = await page({ Limit: 4 })
  assert.deepEqual([response['TotalCount'], response['Offset'], response['Limit']], [7, 0, 4])
  const rows = (await page({ Offset: 4, Limit: 4 })).response['Tags'] as Record<string, string>[]
  assert.deepEqual(
    rows.map((row) => [row['ResourceId'], row['TagKey'], row['TagValue']]),
    [
      [ids[0], 'k4', 'v4'],
      [ids[1], 'k0', 'v0'],
      [ids[1], 'k1', 'v1'],
    ],
  )
  assert.deepEqual(rows[1], {
    TagKey: 'k0',
    TagValue: 'v0',
    ResourceId: ids[1],
    // As md5sum has them.
    TagKeyMd5: '28d61f7b1f07d88c18f1068410d140b5',
    TagValueMd5: '9abcde3c584628a02620bf796dee1204',
    ServiceType: 'emr',
    Category: 'Custom',
  })
  assert.equal((await page({ Category: 'System' })).response['TotalCount'], 0)
  assert.equal((await page({ ResourceRegion: 'ap-shanghai' })).response['TotalCount'], 0)
  assert.equal((await page({ ResourceRegion: 'gz' })).response['TotalCount'], 7)
  assert.equal((await page({ Offset: 3, Limit: 4 })).code, 'InvalidParameterValue.OffsetInvalid')
  assert.equal(
    (await page({ ResourceRegion: 'ap-atlantis' })).code,
    'InvalidParameterValue.RegionInvalid',
  )
})

test('a cluster that is gone has no tags', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, { Tags: named(1) })
  await cloud.settle()
  await ask(cloud, 'TerminateInstance', { InstanceId: id })
  await cloud.settle()
  const { response } = await ask(cloud, ACTION, { ...asked, ResourceIds: [id] })
  assert.deepEqual([response['TotalCount'], response['Tags']], [0, []])
})
