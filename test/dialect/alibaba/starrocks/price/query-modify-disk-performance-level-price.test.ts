import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInquiry } from '../../../../support/fixture/alibaba-inquiry.ts'

test('an hour of faster disks costs the difference of the levels', async (t) => {
  const { more, refused } = await startInquiry(t, 'QueryModifyDiskPerformanceLevelPrice')
  // 1500 GiB of PL2 less PL1.
  assert.deepEqual(await more({ Target: 'pl2' }), { disk: 31_260 })
  assert.match(await refused({ Target: 'pl0' }), /^InvalidParams.*Storage performance level of be/)
})
