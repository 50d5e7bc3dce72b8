/**
 * Another performance level for the disks of a group. There is no way down to the lowest one, and the higher ones need disks that are
 * large enough. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 4.2.
 */
import { choice } from '../../../../shape/shape.ts'
import { levelsFor, type NodeGroup } from '../../catalogue/node-group.ts'
import { notIn } from '../../catalogue/problem.ts'
import type { GroupResize } from './resize.ts'
import { refuseProblems, requireCloudDisks, type ChangeableGroup } from './rules.ts'

export const levelText = choice(levelsFor('BE'), {
  label: 'Storage performance level',
  ignoreCase: true,
  example: 'pl1',
})

export const levelTarget = { Target: levelText }

export const diskPerformanceLevel: GroupResize<string> = {
  aspect: 'disk-level',
  what: 'Storage performance level',
  restarts: false,
  next: withLevel,
  shown: (target) => target,
}

const LOWEST = 'pl0'

export function withLevel(it: ChangeableGroup, target: string): NodeGroup {
  const { now, place, label } = it
  requireCloudDisks(it, 'Changing the performance level of disks')
  const reachable = levelsFor(place.component).filter((level) => level !== LOWEST)
  if (target === LOWEST && now.storagePerformanceLevel !== LOWEST)
    refuseProblems(notIn(`Storage performance level of ${label}`, target, reachable))
  return { ...now, storagePerformanceLevel: target }
}
