import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInquiry } from '../../../../support/fixture/alibaba-inquiry.ts'

test('an hour of more disks costs what their GiB cost', async (t) => {
  const { more, refused } = await startInquiry(t, 'QueryModifyDiskNumberPrice')
  // 3000 GiB of 0.002083.
  assert.deepEqual(await more({ Target: 3 }), { disk: 62_490 })
  assert.match(
    await refused({ Target: 11 }),
    /^InvalidParams.*Disk number of be should be in range/,
  )
})
