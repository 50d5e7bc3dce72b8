/** QueryModifyDiskNumberPrice: what more disks would cost. Facts: reference alibaba-starrocks.md 3.2 (Billing), 6.11. */
import { action } from '../action.ts'
import { groupMembers, inquiryFaults, numberTarget, promotionMember } from '../node-group/change.ts'
import { diskNumber } from '../node-group/disk-number.ts'
import { resizeOf } from '../node-group/resize.ts'
import { instanceResources } from '../shape.ts'
import { inquire, inquiryOutput } from './inquiry.ts'

export const queryModifyDiskNumberPrice = action({
  name: 'QueryModifyDiskNumberPrice',
  input: { ...groupMembers, ...promotionMember, ...numberTarget },
  output: inquiryOutput,
  faults: inquiryFaults,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => inquire(core, call, resizeOf(diskNumber, input.Target, input)),
})
