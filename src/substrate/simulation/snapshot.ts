/** Snapshots of simulated clusters: copies of nothing, which take as long as any other step of their cluster. */
import type { SnapshotKey } from '../../domain/cluster/spec.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { SeenSnapshot, Snapshots } from '../port.ts'
import { doneInMs, isDone, type Progression } from './progression.ts'
import type { World } from './world.ts'
import type { WorldSnapshot } from './world-cluster.ts'

export interface SnapshotParts {
  readonly world: World
  readonly clock: Clock
  readonly paceOf: (it: Pick<WorldSnapshot, 'family'>) => Progression
}

export function snapshots({ world, clock, paceOf }: SnapshotParts): Snapshots {
  return {
    async observe(key) {
      const found = world.findSnapshot(key)
      return found ? seenOf(found, paceOf(found), clock.now()) : { phase: 'absent' }
    },
    async take(key) {
      if (world.findSnapshot(key)) return
      const { cluster, snapshot } = key
      const found = world.find(cluster)
      if (!found || found.removal) throw new Error(`${cluster} is not there to be copied`)
      const { family } = found
      world.putSnapshot({ cluster, snapshot, family, sinceMs: clock.now(), looks: 0 })
    },
    async discard(key) {
      if (world.findSnapshot(key)) world.removeSnapshot(key)
    },
    list: async () =>
      world.snapshots().map(({ cluster, snapshot }): SnapshotKey => ({ cluster, snapshot })),
  }
}

function seenOf(it: WorldSnapshot, pace: Progression, nowMs: number): SeenSnapshot {
  if (isDone(pace, it, nowMs)) return { phase: 'taken', bytes: 0, tables: [] }
  const inMs = doneInMs(pace, it, nowMs)
  return { phase: 'taking', ...(inMs === undefined ? {} : { changesInMs: inMs }) }
}

/** Counts a look at those of the cluster that are being taken; whether one is taken by it. */
export function lookAtSnapshots({ world, clock, paceOf }: SnapshotParts, cluster: string): boolean {
  let ended = false
  for (const it of world.snapshots()) {
    const pace = paceOf(it)
    if (it.cluster !== cluster || isDone(pace, it, clock.now())) continue
    const looked = { ...it, looks: it.looks + 1 }
    world.putSnapshot(looked)
    ended ||= isDone(pace, looked, clock.now())
  }
  return ended
}
