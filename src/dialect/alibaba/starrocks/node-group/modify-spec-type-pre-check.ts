/**
 * ModifySpecTypePreCheck: whether ModifySpecType would be taken now, and if not why; without a target, whether for any at all.
 * Facts: reference alibaba-starrocks.md 3.2, 7.
 */
import { optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import { groupMembers, preCheckAsks, preCheckOutput } from './change.ts'
import { preCheck } from './modification.ts'
import { resizeOf } from './resize.ts'
import { specType, specTypeText } from './spec-type.ts'

export const modifySpecTypePreCheck = action({
  name: 'ModifySpecTypePreCheck',
  input: { ...groupMembers, TargetSpecType: optional(specTypeText) },
  output: preCheckOutput,
  faults: ['ClusterNotFound'],
  asks: preCheckAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => preCheck(core, call, resizeOf(specType, input.TargetSpecType, input)),
})
