/**
 * Larger disks for every node of a group, in GiB for each disk; they never shrink. Disks that come with their machine cannot be
 * changed. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 4.2, 10 (C13).
 */
import { storageRange } from '../../catalogue/node-group.ts'
import type { GroupResize } from './resize.ts'
import { refuseProblems, requireCloudDisks } from './rules.ts'

export const diskSize: GroupResize<number> = {
  aspect: 'disk-size',
  what: 'Storage size',
  restarts: false,
  next(it, target) {
    const { now, place, label } = it
    requireCloudDisks(it, 'Changing the size of disks')
    const range = storageRange(place.component, now.storagePerformanceLevel)
    if (range && target < now.storageSize) {
      const what = `Storage size of ${label}`
      refuseProblems([{ what, rule: 'range', min: now.storageSize, max: range.max }])
    }
    return { ...now, storageSize: target }
  },
  shown: (target) => target,
}
