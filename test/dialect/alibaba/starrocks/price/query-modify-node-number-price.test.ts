import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInquiry } from '../../../../support/fixture/alibaba-inquiry.ts'

test('an hour of more nodes costs their CUs and disks, and of fewer as much less', async (t) => {
  const { more, refused } = await startInquiry(t, 'QueryModifyNodeNumberPrice')
  // 8 CUs of 0.277083 and 500 GiB of 0.002083; what is rounded is the sum of an hour.
  assert.deepEqual(await more({ Target: 4 }), { cu_num: 22_166, disk: 10_415 })
  assert.deepEqual(await more({ Target: 2 }), { cu_num: -22_167, disk: -10_415 })
  assert.match(await refused({ Target: 0 }), /^InvalidParams.*Number of be should be in range/)
})
