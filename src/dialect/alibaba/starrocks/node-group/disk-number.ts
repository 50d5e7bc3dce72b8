/** More disks for every node of a group, of the size of those that it has; they never become fewer. Facts: reference alibaba-starrocks.md 3.2. */
import { nodeGroupData } from '../../catalogue/node-group.ts'
import type { GroupResize } from './resize.ts'
import { refuseProblems, requireCloudDisks } from './rules.ts'

export const diskNumber: GroupResize<number> = {
  aspect: 'disk-count',
  what: 'Disk number',
  restarts: false,
  next(it, target) {
    const { now, label } = it
    requireCloudDisks(it, 'Changing the number of disks')
    const { max } = nodeGroupData.diskNumber
    if (target < now.diskNumber)
      refuseProblems([{ what: `Disk number of ${label}`, rule: 'range', min: now.diskNumber, max }])
    return { ...now, diskNumber: target }
  },
  shown: (target) => target,
}
