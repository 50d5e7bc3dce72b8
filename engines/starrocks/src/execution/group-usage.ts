/**
 * What the running statements of resource groups take, and the end of those that take more than their group's big queries may.
 * The process knows its processor time as a whole, and DuckDB its memory: both are counted in equal shares to the statements that run.
 */
import type { ResourceGroupEntry } from '../catalog/resource-group.ts'
import { SqlError } from '../session.ts'
import type { Link } from '../storage/link.ts'
import type { EngineContext } from './engine-context.ts'
import type { Execution } from './execution.ts'

export interface GroupUsage {
  /** Counts it to the group until its guard's end. */
  follow(execution: Execution, group: ResourceGroupEntry): void
  /** Of a statement that runs in one. */
  groupOf(queryId: string): ResourceGroupEntry | undefined
  of(name: string): { readonly running: number; readonly cores: number; readonly bytes: number }
  stop(): Promise<void>
}

interface Followed {
  readonly execution: Execution
  readonly group: ResourceGroupEntry
  nanoseconds: number
}

const LOOK_MS = 100

/** Of DuckDB's kinds of memory, what is the data's and not a statement's. */
const DATA_TAGS = ['BASE_TABLE', 'IN_MEMORY_TABLE', 'METADATA', 'EXTENSION', 'ART_INDEX']
const MEMORY_SQL = `SELECT coalesce(sum(memory_usage_bytes), 0) FROM duckdb_memory() WHERE tag NOT IN (${DATA_TAGS.map((tag) => `'${tag}'`).join(', ')})`

export function groupUsage(
  engine: Pick<EngineContext, 'clock' | 'duck' | 'log'>,
  processMicros: () => number = () => process.cpuUsage().user + process.cpuUsage().system,
): GroupUsage {
  const followed = new Set<Followed>()
  const memory = memoryOf(engine)
  let before = processMicros()
  let beforeMs = engine.clock.now()
  let cores = 0
  let cancelTimer: (() => void) | undefined
  const arm = () => {
    cancelTimer = engine.clock.at(engine.clock.now() + LOOK_MS, look)
  }
  const look = () => {
    cancelTimer = undefined
    if (followed.size === 0) return
    const used = processMicros()
    const nowMs = engine.clock.now()
    const share = ((used - before) * 1000) / followed.size
    cores = (used - before) / 1000 / Math.max(1, nowMs - beforeMs)
    before = used
    beforeMs = nowMs
    if ([...followed].some(({ group }) => Number(group.limits.bigQueryMemLimit ?? 0) > 0))
      memory.ask()
    for (const each of followed) {
      each.nanoseconds += share
      judge(each, memory.bytes() / followed.size)
    }
    arm()
  }
  return {
    follow(execution, group) {
      const it: Followed = { execution, group, nanoseconds: 0 }
      if (followed.size === 0) {
        before = processMicros()
        beforeMs = engine.clock.now()
        cores = 0
        memory.forget()
      }
      followed.add(it)
      execution.guard.onEnd(() => followed.delete(it))
      if (!cancelTimer) arm()
    },
    groupOf: (queryId) =>
      [...followed].find(({ execution }) => execution.queryId === queryId)?.group,
    of(name) {
      const all = Math.max(1, followed.size)
      const running = [...followed].filter(({ group }) => group.name === name).length
      return { running, cores: (cores * running) / all, bytes: (memory.bytes() * running) / all }
    },
    async stop() {
      cancelTimer?.()
      await memory.stop()
    },
  }
}

function judge({ execution, group, nanoseconds }: Followed, bytes: number): void {
  const { bigQueryCpuSecondLimit = '0', bigQueryMemLimit = '0' } = group.limits
  const end = (text: string) => execution.guard.cancel('interrupt', new SqlError(text))
  const most = BigInt(bigQueryCpuSecondLimit) * 1_000_000_000n
  if (most > 0n && BigInt(Math.round(nanoseconds)) > most)
    end(
      `exceed big query cpu limit: current is ${Math.round(nanoseconds)}ns but limit is ${most}ns`,
    )
  const limit = Number(bigQueryMemLimit)
  if (limit > 0 && bytes > limit)
    end(
      `Memory of ${group.name} exceed limit. Backend: local, Used: ${Math.round(bytes)}, Limit: ${bigQueryMemLimit}. Mem usage has exceed the big query limit of the resource group [${group.name}]. You can change the limit by modifying [big_query_mem_limit] of this group`,
    )
}

/** One question at a time, on a connection of its own. */
function memoryOf({ duck, log }: Pick<EngineContext, 'duck' | 'log'>) {
  let bytes = 0
  let link: Link | undefined
  let asking: Promise<void> | undefined
  const ask = async () => {
    try {
      link ??= await duck.connect()
      const [row] = await link.rows(MEMORY_SQL)
      bytes = Number(row?.[0] ?? 0)
    } catch (error) {
      log.warn({ reason: String(error) }, 'the memory of statements is not known')
    } finally {
      asking = undefined
    }
  }
  return {
    bytes: () => bytes,
    /** What statements had that have ended is nothing to those that come. */
    forget: () => void (bytes = 0),
    ask: () => void (asking ??= ask()),
    async stop() {
      await asking
      await link?.close()
    },
  }
}
