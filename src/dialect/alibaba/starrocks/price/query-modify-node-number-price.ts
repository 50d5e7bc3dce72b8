/** QueryModifyNodeNumberPrice: what more nodes or fewer would cost. Facts: reference alibaba-starrocks.md 3.2 (Billing), 6.11. */
import { action } from '../action.ts'
import { groupMembers, inquiryFaults, numberTarget, promotionMember } from '../node-group/change.ts'
import { nodeNumberOf } from '../node-group/node-number.ts'
import { instanceResources } from '../shape.ts'
import { inquire, inquiryOutput } from './inquiry.ts'

export const queryModifyNodeNumberPrice = action({
  name: 'QueryModifyNodeNumberPrice',
  input: { ...groupMembers, ...promotionMember, ...numberTarget },
  output: inquiryOutput,
  faults: inquiryFaults,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => inquire(core, call, nodeNumberOf(core, input)),
})
