/** ModifyDiskType: disks of another type for a group. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 6.9. */
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import { changeAsks, changeFaults, groupMembers, orderMembers, orderOutput } from './change.ts'
import { diskType, diskTypeTarget } from './disk-type.ts'
import { modify } from './modification.ts'
import { resizeOf } from './resize.ts'

export const modifyDiskType = action({
  name: 'ModifyDiskType',
  input: { ...groupMembers, ...orderMembers, ...diskTypeTarget },
  output: orderOutput,
  faults: changeFaults,
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) =>
    modify(core, call, resizeOf(diskType, input.TargetPerformanceLevel, input)),
})
