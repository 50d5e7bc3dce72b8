/** ModifySpecType: another kind of machine for the nodes of a group. Facts: reference alibaba-starrocks.md 3.2 (Resource change). */
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import {
  changeAsks,
  changeFaults,
  fastModeMember,
  groupMembers,
  orderMembers,
  orderOutput,
} from './change.ts'
import { specType, specTypeTarget } from './spec-type.ts'
import { modify } from './modification.ts'
import { resizeOf } from './resize.ts'

export const modifySpecType = action({
  name: 'ModifySpecType',
  input: { ...fastModeMember, ...groupMembers, ...orderMembers, ...specTypeTarget },
  output: orderOutput,
  faults: changeFaults,
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => modify(core, call, resizeOf(specType, input.TargetSpecType, input)),
})
