/** ModifyCuPreCheck: whether ModifyCu would be taken now, and if not why. Facts: reference alibaba-starrocks.md 3.2, 7. */
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import { groupMembers, numberTarget, preCheckAsks, preCheckOutput } from './change.ts'
import { cu } from './cu.ts'
import { preCheck } from './modification.ts'
import { resizeOf } from './resize.ts'

export const modifyCuPreCheck = action({
  name: 'ModifyCuPreCheck',
  input: { ...groupMembers, ...numberTarget },
  output: preCheckOutput,
  faults: ['ClusterNotFound'],
  asks: preCheckAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => preCheck(core, call, resizeOf(cu, input.Target, input)),
})
