/** QueryModifySpecTypePrice: what another kind of machine would cost. Facts: reference alibaba-starrocks.md 3.2 (Billing), 6.11. */
import { action } from '../action.ts'
import { groupMembers, inquiryFaults, promotionMember } from '../node-group/change.ts'
import { resizeOf } from '../node-group/resize.ts'
import { specType, specTypeTarget } from '../node-group/spec-type.ts'
import { instanceResources } from '../shape.ts'
import { inquire, inquiryOutput } from './inquiry.ts'

export const queryModifySpecTypePrice = action({
  name: 'QueryModifySpecTypePrice',
  input: { ...groupMembers, ...promotionMember, ...specTypeTarget },
  output: inquiryOutput,
  faults: inquiryFaults,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => inquire(core, call, resizeOf(specType, input.TargetSpecType, input)),
})
