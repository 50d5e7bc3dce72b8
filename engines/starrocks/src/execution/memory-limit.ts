/**
 * The memory that statements may take, by themselves (query_mem_limit, a group's big_query_mem_limit) and together with others of their
 * group (mem_limit); what takes more is ended.
 *
 * DuckDB tells the memory of all that runs together, and of one query only when it is over. So nothing is said against a statement
 * but while it runs alone, or with others of its group only; and what counts is what memory has grown by since, for what was there may be
 * another's that has just ended. Where it is not certain whose memory it is, nobody is ended.
 * reference: StarRocks 3.3.7, QueryContext::init_mem_tracker, MemTracker::err_msg
 */
import type { ResourceGroupEntry } from '../catalog/resource-group.ts'
import { SqlError } from '../session.ts'
import type { Link } from '../storage/link.ts'
import type { EngineContext } from './engine-context.ts'
import type { Execution } from './execution.ts'
import type { Guard } from './guard.ts'
import { DEFAULT_GROUP } from './resource-group.ts'
import { variableOf } from './statement-context.ts'

export interface MemoryLimits {
  /** Until its guard's end. Cancels it at once where a limit is below what any statement takes. */
  follow(execution: Execution, group: ResourceGroupEntry | undefined): void
  /** Of all that ran when it was last asked for. */
  bytes(): number
  stop(): Promise<void>
}

interface Limit {
  readonly bytes: number
  /** Whose memory it is, and what limits it, in StarRocks' words. */
  readonly label: string
  readonly reason: string
}

interface Followed {
  readonly guard: Guard
  readonly startMs: number
  readonly group: string | undefined
  readonly own: Limit | undefined
  readonly shared: Limit | undefined
}

/** A vector of DuckDB has 2 048 values, and a value takes a byte: no result has less. */
const LEAST_BYTES = 2048

/** What a statement takes counts from the first look on; those that are over sooner cost none. */
const FIRST_LOOK_MS = 10
const LOOK_MS = 100

/** Of DuckDB's kinds of memory, what is the data's and not a statement's. */
const DATA_TAGS = `'BASE_TABLE', 'IN_MEMORY_TABLE', 'METADATA', 'EXTENSION', 'ART_INDEX', 'EXTERNAL_FILE_CACHE'`
const MEMORY_SQL = `SELECT coalesce(sum(memory_usage_bytes), 0) FROM duckdb_memory() WHERE tag NOT IN (${DATA_TAGS})`

type Engine = Pick<EngineContext, 'clock' | 'duck' | 'guards' | 'log'>

export function memoryLimits(engine: Engine): MemoryLimits {
  const { guards, clock } = engine
  const followed = new Map<Guard, Followed>()
  const memory = memoryOf(engine)
  /** What there was at the first look at those that run now. */
  let first: { readonly changes: number; readonly bytes: number } | undefined
  let cancelTimer: (() => void) | undefined
  let looking: Promise<void> | undefined
  const arm = (ms: number) => {
    cancelTimer ??= clock.at(clock.now() + ms, () => {
      cancelTimer = undefined
      looking = look().finally(() => {
        looking = undefined
        if (followed.size > 0) arm(LOOK_MS)
      })
    })
  }
  const look = async () => {
    const { changes } = guards
    const running = [...guards.all].map((guard) => followed.get(guard))
    if (!areOneGroup(running)) return
    const bytes = await memory.ask()
    if (bytes === undefined || guards.changes !== changes) return
    if (first?.changes === changes) endLongest(running, bytes - first.bytes)
    else first = { changes, bytes }
  }
  return {
    follow(execution, group) {
      const limits = limitsOf(execution, group)
      const { guard, startMs } = execution
      const tooSmall = [limits.own, limits.shared].find(
        (limit) => limit && limit.bytes < LEAST_BYTES,
      )
      if (tooSmall) return end(guard, tooSmall, LEAST_BYTES)
      if (!limits.own && !limits.shared) return
      // What statements had that have ended is nothing to those that come.
      if (followed.size === 0) memory.forget()
      followed.set(guard, { guard, startMs, group: group?.name, ...limits })
      guard.onEnd(() => followed.delete(guard))
      if (!looking) arm(FIRST_LOOK_MS)
    },
    bytes: memory.last,
    async stop() {
      cancelTimer?.()
      await looking
      await memory.stop()
    },
  }
}

/** One alone, or all of one group. */
function areOneGroup(running: readonly (Followed | undefined)[]): running is readonly Followed[] {
  const [one, ...others] = running
  if (!one) return false
  return others.every((other) => one.group !== undefined && other?.group === one.group)
}

/** Nobody knows which one of a group takes it: the one that has run longest goes first, one at each look. */
function endLongest(running: readonly Followed[], bytes: number): void {
  const [one, ...others] = running.toSorted((a, b) => a.startMs - b.startMs)
  if (!one) return
  const limit = [others.length === 0 ? one.own : undefined, one.shared].find(
    (each) => each && bytes > each.bytes,
  )
  if (limit) end(one.guard, limit, bytes)
}

const end = (guard: Guard, { bytes, label, reason }: Limit, used: number): void =>
  guard.cancel(
    'interrupt',
    new SqlError(
      `Memory of ${label} exceed limit. Backend: local, Used: ${used}, Limit: ${bytes}. ${reason}`,
    ),
  )

type Limits = Pick<Followed, 'own' | 'shared'>

function limitsOf(execution: Execution, group: ResourceGroupEntry | undefined): Limits {
  // StarRocks' statement would spill before it is ended; DuckDB's does when all memory is taken.
  if (variableOf(execution, 'enable_spill') === 'true') return { own: undefined, shared: undefined }
  const { memLimit = 1 } = group?.limits ?? {}
  const bytes = Math.floor(execution.engine.limits.memoryBytes * memLimit)
  const big = group && bigQueryLimit(group, bytes)
  const query = queryLimit(execution)
  return {
    own: big && query ? (big.bytes < query.bytes ? big : query) : (big ?? query),
    // All of it is DuckDB's own limit.
    shared: group && memLimit < 1 ? groupLimit(group, bytes) : undefined,
  }
}

/** One above the group's is none. */
function bigQueryLimit({ name, limits }: ResourceGroupEntry, most: number): Limit | undefined {
  const bytes = Number(limits.bigQueryMemLimit ?? 0)
  if (bytes === 0 || bytes > most) return undefined
  const reason = `Mem usage has exceed the big query limit of the resource group [${name}]. You can change the limit by modifying [big_query_mem_limit] of this group`
  return { bytes, label: name, reason }
}

function queryLimit(execution: Execution): Limit | undefined {
  const bytes = Number(variableOf(execution, 'query_mem_limit'))
  if (bytes === 0) return undefined
  const reason =
    'Mem usage has exceed the limit of single query, You can change the limit by set session variable query_mem_limit.'
  return { bytes, label: `Query${execution.queryId}`, reason }
}

function groupLimit({ name }: ResourceGroupEntry, bytes: number): Limit {
  const reason =
    name === DEFAULT_GROUP
      ? 'Mem usage has exceed the limit of query pool'
      : `Mem usage has exceed the limit of the resource group [${name}]. You can change the limit by modifying [mem_limit] of this group`
  return { bytes, label: name, reason }
}

/** On a connection of its own. */
function memoryOf({ duck, log }: Pick<Engine, 'duck' | 'log'>) {
  let bytes = 0
  let link: Link | undefined
  return {
    last: () => bytes,
    forget: () => void (bytes = 0),
    async ask(): Promise<number | undefined> {
      try {
        link ??= await duck.connect()
        const [row] = await link.rows(MEMORY_SQL)
        bytes = Number(row?.[0] ?? 0)
        return bytes
      } catch (error) {
        log.warn({ reason: String(error) }, 'the memory of statements is not known')
        return undefined
      }
    },
    stop: async () => link?.close(),
  }
}
