import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

test('every region has its id and its names in both languages', async (t) => {
  const call = alibabaClient((await startCloud(t)).port)
  const { Data } = (await call('DescribeRegions', {})).body
  assert.equal(Data.length, 13)
  for (const region of Data) {
    for (const name of ['RegionId', 'RegionName', 'Description', 'DescriptionEn'])
      assert.ok(region[name], `${region.RegionId} ${name}`)
  }
})
