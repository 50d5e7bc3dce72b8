/** Analyses of tables: those that run, for those who list or kill them, and those that the engine does by itself, one after the other. */
import type { AnalysisSchedule, AnalysisType } from '../catalog/record-kind.ts'
import { SqlError } from '../session.ts'
import type { EngineContext } from './engine-context.ts'
import type { Execution } from './execution.ts'
import { AS_ROOT, internalExecution } from './internal-execution.ts'

export interface RunningAnalysis {
  readonly tableId: number
  readonly columns: readonly string[]
  readonly type: AnalysisType
  readonly schedule: AnalysisSchedule
  readonly properties: Readonly<Record<string, string>>
  readonly startMs: number
  cancel(): void
}

export interface AnalysisQueue {
  readonly running: Map<number, RunningAnalysis>
  /** Does it when those before it are done; what goes wrong is logged. Throws when too many wait. */
  enqueue(work: (execution: Execution) => Promise<void>): void
  /** Resolves when nothing runs any more; nothing starts afterwards. */
  stop(): Promise<void>
}

/** StarRocks: statistic_analyze_task_pool_size and its queue. */
const WAITING_MAX = 100

export function analysisQueue(engineOf: () => EngineContext): AnalysisQueue {
  const running = new Map<number, RunningAnalysis>()
  let last = Promise.resolve()
  let waiting = 0
  let stopped = false
  const runOne = async (work: (execution: Execution) => Promise<void>): Promise<void> => {
    waiting -= 1
    if (stopped) return
    const engine = engineOf()
    const { execution, end } = await internalExecution(engine, AS_ROOT)
    try {
      await work(execution)
    } catch (error) {
      engine.log.warn({ reason: String(error) }, 'an analysis failed')
    } finally {
      end()
    }
  }
  return {
    running,
    enqueue(work) {
      if (waiting >= WAITING_MAX)
        throw new SqlError('The statistics tasks running concurrently exceed the upper limit')
      waiting += 1
      last = last.then(() => runOne(work))
    },
    async stop() {
      stopped = true
      for (const { cancel } of running.values()) cancel()
      await last
    },
  }
}
