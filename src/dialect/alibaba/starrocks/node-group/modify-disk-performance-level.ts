/**
 * ModifyDiskPerformanceLevel: another performance level for the disks of a group.
 * Facts: reference alibaba-starrocks.md 3.2 (Resource change).
 */
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import { changeAsks, changeFaults, groupMembers, orderMembers, orderOutput } from './change.ts'
import { diskPerformanceLevel, levelTarget } from './disk-performance-level.ts'
import { modify } from './modification.ts'
import { resizeOf } from './resize.ts'

export const modifyDiskPerformanceLevel = action({
  name: 'ModifyDiskPerformanceLevel',
  input: { ...groupMembers, ...orderMembers, ...levelTarget },
  output: orderOutput,
  faults: changeFaults,
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) =>
    modify(core, call, resizeOf(diskPerformanceLevel, input.Target, input)),
})
