import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInquiry } from '../../../../support/fixture/alibaba-inquiry.ts'

test('an hour of other machines costs the difference of their CUs', async (t) => {
  const { more, refused } = await startInquiry(t, 'QueryModifySpecTypePrice')
  // 24 CUs of RAM less standard.
  assert.deepEqual(await more({ TargetSpecType: 'ramEnhanced' }), { cu_num: 33_250 })
  assert.match(
    await refused({ TargetSpecType: 'bigData' }),
    /^InvalidParams.*Spec type of be should/,
  )
})
