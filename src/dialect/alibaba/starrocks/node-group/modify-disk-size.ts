/** ModifyDiskSize: larger disks for every node of a group. Facts: reference alibaba-starrocks.md 3.2 (Resource change). */
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
import { diskSize } from './disk-size.ts'
import { modify } from './modification.ts'
import { resizeOf } from './resize.ts'

export const modifyDiskSize = action({
  name: 'ModifyDiskSize',
  input: { ...fastModeMember, ...groupMembers, ...orderMembers, ...numberTarget },
  output: orderOutput,
  faults: changeFaults,
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => modify(core, call, resizeOf(diskSize, input.Target, input)),
})
