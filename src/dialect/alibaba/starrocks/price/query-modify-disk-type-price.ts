/** QueryModifyDiskTypePrice: what disks of another type would cost. Facts: reference alibaba-starrocks.md 3.2 (Billing), 6.11. */
import { action } from '../action.ts'
import { groupMembers, inquiryFaults, promotionMember } from '../node-group/change.ts'
import { diskType, diskTypeTarget } from '../node-group/disk-type.ts'
import { resizeOf } from '../node-group/resize.ts'
import { instanceResources } from '../shape.ts'
import { inquire, inquiryOutput } from './inquiry.ts'

export const queryModifyDiskTypePrice = action({
  name: 'QueryModifyDiskTypePrice',
  input: { ...groupMembers, ...promotionMember, ...diskTypeTarget },
  output: inquiryOutput,
  faults: inquiryFaults,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) =>
    inquire(core, call, resizeOf(diskType, input.TargetPerformanceLevel, input)),
})
