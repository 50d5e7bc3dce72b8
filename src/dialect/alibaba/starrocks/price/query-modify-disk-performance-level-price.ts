/** QueryModifyDiskPerformanceLevelPrice: what another performance level of disks would cost. Facts: reference alibaba-starrocks.md 3.2 (Billing), 6.11. */
import { action } from '../action.ts'
import { groupMembers, inquiryFaults, promotionMember } from '../node-group/change.ts'
import { diskPerformanceLevel, levelTarget } from '../node-group/disk-performance-level.ts'
import { resizeOf } from '../node-group/resize.ts'
import { instanceResources } from '../shape.ts'
import { inquire, inquiryOutput } from './inquiry.ts'

export const queryModifyDiskPerformanceLevelPrice = action({
  name: 'QueryModifyDiskPerformanceLevelPrice',
  input: { ...groupMembers, ...promotionMember, ...levelTarget },
  output: inquiryOutput,
  faults: inquiryFaults,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) =>
    inquire(core, call, resizeOf(diskPerformanceLevel, input.Target, input)),
})
