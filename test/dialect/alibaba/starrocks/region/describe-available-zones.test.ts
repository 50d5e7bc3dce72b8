import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

test('a region answers with the zones of each edition', async (t) => {
  const call = alibabaClient((await startCloud(t)).port)
  const { Data } = (await call('DescribeAvailableZones', { query: { RegionId: 'cn-hangzhou' } }))
    .body
  assert.ok(Data.OfficialAvailableZones.includes('cn-hangzhou-i'))
  assert.ok(Data.TrialAvailableZones.every((zone: string) => zone.startsWith('cn-hangzhou-')))
})

test('a region that is not offered is refused with those that are', async (t) => {
  const call = alibabaClient((await startCloud(t)).port)
  const refusal = await refusalOf(
    call('DescribeAvailableZones', { query: { RegionId: 'cn-nowhere' } }),
  )
  assert.match(refusal.message, /Region id should be select from set \[.*cn-hangzhou.*\]/)
})
