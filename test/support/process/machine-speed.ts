/** How fast this machine works now, beside the ordinary one that bounds in milliseconds of processor time are meant for. */

/** Processor time of `piece` on an idle core of 2 to 3 GHz. */
const ORDINARY_MS = 5
const ROWS = 4_000
/** Until it is compiled. */
const WARM_RUNS = 6

let warm = false

/**
 * Processor time as an ordinary machine would have taken for it: what one here, which shares its cores with others, took in the
 * moment before this is called. Never more than was measured.
 */
export function ordinaryMs(measuredMs: number): number {
  return measuredMs / Math.max(1, piece() / ORDINARY_MS)
}

/** What this process has worked since `before`, as `ordinaryMs` gives it. */
export function ordinaryMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return ordinaryMs((user + system) / 1000)
}

/** Processor time of this thread for what a server does most: objects, strings, maps, sorting and JSON. */
function piece(): number {
  if (!warm) for (let run = 0; run < WARM_RUNS; run += 1) work()
  warm = true
  const runs = [work(), work(), work()].toSorted((one, other) => one - other)
  return runs[1] ?? ORDINARY_MS
}

function work(): number {
  const before = process.threadCpuUsage()
  const rows = Array.from({ length: ROWS }, (_, n) => ({
    id: `c-${((n * 2_654_435_761) % 2 ** 32).toString(16)}`,
    n,
    tags: ['a', 'b', String(n)],
  })).toSorted((one, other) => (one.id < other.id ? -1 : 1))
  JSON.parse(JSON.stringify([...new Map(rows.map((row) => [row.id, row])).values()]))
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
