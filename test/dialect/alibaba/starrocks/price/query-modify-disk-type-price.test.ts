import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInquiry } from '../../../../support/fixture/alibaba-inquiry.ts'

test('an hour of disks of another type costs the difference of the levels', async (t) => {
  const { more, refused } = await startInquiry(t, 'QueryModifyDiskTypePrice')
  const essd = { TargetDiskType: 'essd', TargetPerformanceLevel: 'pl2' }
  // 1500 GiB of PL2 less PL1.
  assert.deepEqual(await more(essd), { disk: 31_260 })
  assert.match(
    await refused({ ...essd, TargetDiskType: 'cloud' }),
    /^InvalidParams.*Disk type should be/,
  )
})
