/**
 * Disks of another type and performance level for a group. All cloud disks that are sold are of one type, so that it is the level that
 * changes, by the level's rules. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 6.9 (ZoneSupportedEedTypes).
 */
import { choice } from '../../../../shape/shape.ts'
import { cloudDiskType } from '../../catalogue/spec-type.ts'
import { levelText, withLevel } from './disk-performance-level.ts'
import type { GroupResize } from './resize.ts'

export const diskTypeTarget = {
  TargetDiskType: choice([cloudDiskType], { label: 'Disk type', ignoreCase: true }),
  TargetPerformanceLevel: levelText,
}

export const diskType: GroupResize<string> = {
  aspect: 'disk-level',
  what: 'Disk type',
  restarts: false,
  next: withLevel,
  shown: (target) => `${cloudDiskType} ${target}`,
}
