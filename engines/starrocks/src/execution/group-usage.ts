/**
 * What the running statements of resource groups take, and the end of those that take more processor time than their group's big queries
 * may. The process knows its processor time as a whole, and DuckDB its memory: both are counted in equal shares to the statements that run.
 */
import type { ResourceGroupEntry } from '../catalog/resource-group.ts'
import { SqlError } from '../session.ts'
import type { EngineContext } from './engine-context.ts'
import type { Execution } from './execution.ts'

export interface GroupUsage {
  /** Counts it to the group until its guard's end. */
  follow(execution: Execution, group: ResourceGroupEntry): void
  /** Of a statement that runs in one. */
  groupOf(queryId: string): ResourceGroupEntry | undefined
  of(name: string): { readonly running: number; readonly cores: number; readonly bytes: number }
  stop(): void
}

interface Followed {
  readonly execution: Execution
  readonly group: ResourceGroupEntry
  nanoseconds: number
}

const LOOK_MS = 100

export function groupUsage(
  engine: Pick<EngineContext, 'clock' | 'memoryLimits'>,
  processMicros: () => number = () => process.cpuUsage().user + process.cpuUsage().system,
): GroupUsage {
  const followed = new Set<Followed>()
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
    for (const each of followed) {
      each.nanoseconds += share
      judge(each)
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
      return {
        running,
        cores: (cores * running) / all,
        bytes: (engine.memoryLimits.bytes() * running) / all,
      }
    },
    stop: () => cancelTimer?.(),
  }
}

function judge({ execution, group, nanoseconds }: Followed): void {
  const { bigQueryCpuSecondLimit = '0' } = group.limits
  const end = (text: string) => execution.guard.cancel('interrupt', new SqlError(text))
  const most = BigInt(bigQueryCpuSecondLimit) * 1_000_000_000n
  if (most > 0n && BigInt(Math.round(nanoseconds)) > most)
    end(
      `exceed big query cpu limit: current is ${Math.round(nanoseconds)}ns but limit is ${most}ns`,
    )
}
