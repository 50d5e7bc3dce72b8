/** What the engine of a cluster says of its work, as it is seen and day by day as it was recorded. Pure. */

/** Counted by an engine for a day at most; no text of a client's is in it but names and words of SQL. */
export interface Workload {
  /** When it began to count, by its own clock: another number starts over. */
  readonly sinceMs: number
  readonly slowStatements: number
  /** The longest of the slow ones: how long it took, and its text without literals. */
  readonly slowestMs: number
  readonly slowest: string
  readonly failedLoads: number
  /** The table that the last one was for. */
  readonly failedTable: string
}

/** What of it fell on one day, UTC. */
export interface WorkloadDay extends Omit<Workload, 'sinceMs'> {
  readonly date: string
  readonly atMs: number
}

export interface WorkloadRecord {
  readonly last: Workload
  /** Days of which there is something to say, the latest last. */
  readonly days: readonly WorkloadDay[]
}

/** A month. */
const DAYS_MAX = 31

export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** The same record when nothing is new. */
export function withWorkload(
  was: WorkloadRecord | undefined,
  seen: Workload,
  nowMs: number,
): WorkloadRecord {
  const { last, days = [] } = was ?? {}
  if (was && isSame(was.last, seen)) return was
  const before = last?.sinceMs === seen.sinceMs ? last : undefined
  const slowStatements = Math.max(0, seen.slowStatements - (before?.slowStatements ?? 0))
  const failedLoads = Math.max(0, seen.failedLoads - (before?.failedLoads ?? 0))
  if (slowStatements + failedLoads === 0) return { last: seen, days }
  const date = dateOf(nowMs)
  const today = days.find((day) => day.date === date) ?? { date, ...nothing }
  const isLongest = slowStatements > 0 && seen.slowestMs > today.slowestMs
  const next: WorkloadDay = {
    ...today,
    atMs: nowMs,
    slowStatements: today.slowStatements + slowStatements,
    ...(isLongest ? { slowestMs: seen.slowestMs, slowest: seen.slowest } : {}),
    failedLoads: today.failedLoads + failedLoads,
    ...(failedLoads > 0 ? { failedTable: seen.failedTable } : {}),
  }
  const others = days.filter((day) => day.date !== date)
  return { last: seen, days: [...others, next].slice(-DAYS_MAX) }
}

const nothing: Omit<WorkloadDay, 'date'> = {
  atMs: 0,
  slowStatements: 0,
  slowestMs: 0,
  slowest: '',
  failedLoads: 0,
  failedTable: '',
}

function isSame(one: Workload, other: Workload): boolean {
  return (
    one.sinceMs === other.sinceMs &&
    one.slowStatements === other.slowStatements &&
    one.slowestMs === other.slowestMs &&
    one.failedLoads === other.failedLoads
  )
}
