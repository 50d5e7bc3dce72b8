/** The guards of all that runs on DuckDB for somebody: statements, results that are still read, loads and refreshes. */
import type { Guard } from './guard.ts'

export interface RunningGuards {
  readonly all: ReadonlySet<Guard>
  /** How often one began or ended: the same number before and after a question means that the same ones ran all the while. */
  readonly changes: number
  began(guard: Guard): void
  ended(guard: Guard): void
}

export function runningGuards(): RunningGuards {
  const all = new Set<Guard>()
  let changes = 0
  return {
    all,
    get changes() {
      return changes
    },
    began(guard) {
      all.add(guard)
      changes++
    },
    ended(guard) {
      if (all.delete(guard)) changes++
    },
  }
}
