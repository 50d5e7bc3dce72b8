import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInquiry } from '../../../../support/fixture/alibaba-inquiry.ts'

test('an hour of larger disks costs what the GiB cost', async (t) => {
  const { more, refused } = await startInquiry(t, 'QueryModifyDiskSizePrice')
  // 300 GiB of 0.002083.
  assert.deepEqual(await more({ Target: 600 }), { disk: 6_249 })
  assert.match(
    await refused({ Target: 400 }),
    /^InvalidParams.*Storage size of be should be in range \[500/,
  )
})
