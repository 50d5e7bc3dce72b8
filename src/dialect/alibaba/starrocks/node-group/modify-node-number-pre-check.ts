/** ModifyNodeNumberPreCheck: whether ModifyNodeNumber would be taken now, and if not why. Facts: reference alibaba-starrocks.md 3.2, 7. */
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import { groupMembers, numberTarget, preCheckAsks, preCheckOutput } from './change.ts'
import { preCheck } from './modification.ts'
import { nodeNumberOf } from './node-number.ts'

export const modifyNodeNumberPreCheck = action({
  name: 'ModifyNodeNumberPreCheck',
  input: { ...groupMembers, ...numberTarget },
  output: preCheckOutput,
  faults: ['ClusterNotFound'],
  asks: preCheckAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => preCheck(core, call, nodeNumberOf(core, input)),
})
