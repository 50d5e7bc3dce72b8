/** The guards of all that runs on DuckDB for somebody: statements, results that are still read, loads and refreshes. */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Guard } from './guard.ts'

export interface RunningGuards {
  readonly all: ReadonlySet<Guard>
  /** How often one began or ended: the same number before and after a question means that the same ones ran all the while. */
  readonly changes: number
  began(guard: Guard): void
  ended(guard: Guard): void
}

/** What DuckDB plans and computes in one piece takes seconds, and what it asks of an object storage half a minute. */
const STUCK_MS = 120_000

/**
 * Why DuckDB has to be opened again although it answers: a call that was cancelled hears nothing, keeps one of its threads, and maybe a
 * transaction that writers wait for. Whoever supervises the process ends it then, which loses nothing that was acknowledged.
 */
export function stuckReason(guards: RunningGuards, clock: Clock): string | undefined {
  const isStuck = [...guards.all].some(({ leftMs = Infinity }) => clock.now() - leftMs >= STUCK_MS)
  if (!isStuck) return undefined
  return `a statement that was ended has not left it for ${STUCK_MS / 1000} seconds`
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
