/**
 * Ends statements before the process takes the host's memory. DuckDB counts what it computes with against its own limit, but
 * not what its planner takes, nor what a statement's text and tree take here.
 *
 * DuckDB does not say which statement holds how much, so the one that has run longest goes first, one at each look. Memory
 * that was returned to the allocator and not to the system still counts as resident: only while it grows, anything is
 * ended. A planner that hears no interrupt is not ended by this; what is known to make it so is refused while it is read.
 *
 * When it grows no more, what the allocator keeps is released: after one load it may be more than DuckDB's whole limit.
 */
import type { EngineContext } from '../execution/engine-context.ts'
import type { Duck } from '../storage/duck.ts'
import { memoryError } from '../storage/duck-error.ts'

const LOOK_EVERY_MS = 250

/** Node with its code, sessions and texts under way, beside what DuckDB may hold. */
const OVERHEAD_BYTES = 1024 ** 3

/** The allocator keeps some of what DuckDB gave back. */
const ALLOCATOR_SHARE = 1.25

/** Releasing takes milliseconds: only when it may be this much. */
const RELEASE_BYTES = 64 * 1024 ** 2

export const residentLimit = (memoryBytes: number): number =>
  Math.ceil(memoryBytes * ALLOCATOR_SHARE) + OVERHEAD_BYTES

type Watched = Pick<EngineContext, 'clock' | 'limits' | 'log' | 'sessions'> & {
  readonly duck: Pick<Duck, 'releaseMemory'>
}

export function memoryWatchdog(engine: Watched, residentBytes: () => number): { stop(): void } {
  let before = 0
  let cancelTimer: () => void
  const releaseMemory = releasing(engine, residentBytes)
  const look = () => {
    const used = residentBytes()
    if (used <= before) releaseMemory(used)
    const limit = residentLimit(engine.limits.memoryBytes)
    if (used > limit && used > before) endLongest(engine, used, limit)
    before = used
    cancelTimer = engine.clock.at(engine.clock.now() + LOOK_EVERY_MS, look)
  }
  look()
  return { stop: () => cancelTimer() }
}

/** What stays resident although it was asked for is in use; only what comes on top of that is asked for again. */
function releasing(
  engine: Pick<Watched, 'duck' | 'log'>,
  residentBytes: () => number,
): (used: number) => void {
  let settled = residentBytes()
  let isUnderWay = false
  const ask = async () => {
    isUnderWay = true
    try {
      await engine.duck.releaseMemory()
      settled = residentBytes()
    } catch (error) {
      engine.log.warn({ reason: String(error) }, 'memory could not be released')
    } finally {
      isUnderWay = false
    }
  }
  return (used) => {
    settled = Math.min(settled, used)
    if (!isUnderWay && used > settled + RELEASE_BYTES) void ask()
  }
}

function endLongest(engine: Watched, used: number, limit: number): void {
  const [first] = [...engine.sessions.values()]
    .flatMap((session) => (session.running ? [{ session, ...session.running }] : []))
    .filter(({ guard }) => !guard.cancelled)
    .sort((a, b) => a.startMs - b.startMs)
  if (!first) return
  engine.log.warn(
    { session: first.session.state.id, query: first.queryId, usedBytes: used, limitBytes: limit },
    'a statement is ended: the process holds too much memory',
  )
  first.session.cancel(memoryError(used, limit))
}
