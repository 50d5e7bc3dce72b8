import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInquiry } from '../../../../support/fixture/alibaba-inquiry.ts'

test('an hour of more CUs costs what the CUs cost', async (t) => {
  const { more, refused } = await startInquiry(t, 'QueryModifyCuPrice')
  // 24 CUs of 0.277083.
  assert.deepEqual(await more({ Target: 16 }), { cu_num: 66_500 })
  assert.match(await refused({ Target: 12 }), /^InvalidParams.*Cu of be should be select from set/)
})
