/** Snapshots of the engine as its control socket has them: what is refused is a refusal there too. */
import type { Snapshots } from '../engine/snapshot.ts'
import { SqlError } from '../session.ts'
import { ConfigurationError } from './configuration.ts'
import type { SnapshotVerbs } from './control.ts'

export function snapshotVerbs(snapshots: Snapshots): SnapshotVerbs {
  return {
    ...snapshots,
    begin(name) {
      try {
        snapshots.begin(name)
      } catch (error) {
        throw error instanceof SqlError ? new ConfigurationError(error.message) : error
      }
    },
  }
}
