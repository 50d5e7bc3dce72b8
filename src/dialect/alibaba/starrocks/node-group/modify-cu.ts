/**
 * ModifyCu: another number of CUs for every node of a group, and with them of memory. The answer is the id of the order by which a
 * subscription pays for it. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 5.2, 11.6 (FastMode).
 */
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import {
  changeAsks,
  changeFaults,
  fastModeMember,
  groupMembers,
  numberTarget,
  orderMembers,
  orderOutput,
} from './change.ts'
import { cu } from './cu.ts'
import { modify } from './modification.ts'
import { resizeOf } from './resize.ts'

export const modifyCu = action({
  name: 'ModifyCu',
  input: { ...fastModeMember, ...groupMembers, ...orderMembers, ...numberTarget },
  output: orderOutput,
  faults: changeFaults,
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => modify(core, call, resizeOf(cu, input.Target, input)),
})
