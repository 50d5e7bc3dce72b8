/**
 * Warehouses: groups of workers, by whose share statements run side by side. One process answers for all of them, with one DuckDB
 * whose threads and memory nobody divides; what is divided is how many statements it works on at once. A statement beyond its
 * warehouse's share waits for one of that warehouse to end, and no other warehouse's statements wait with it.
 */
import { SqlError } from '../session.ts'
import type { EngineIdentity, NodeDescription, WarehouseDescription } from './engine-context.ts'
import type { Execution } from './execution.ts'
import { variableOf } from './statement-context.ts'

const DEFAULT_WAREHOUSE = 'default_warehouse'

/** As they are declared; else all workers are the default one. */
export function warehousesOf({ warehouses }: EngineIdentity): readonly WarehouseDescription[] {
  return warehouses ?? [{ name: DEFAULT_WAREHOUSE, statements: Infinity }]
}

/** The nodes of a warehouse. */
export function workersOf(
  { nodes }: EngineIdentity,
  { group }: WarehouseDescription,
): readonly NodeDescription[] {
  return nodes.filter(
    (node) =>
      (node.role === 'be' || node.role === 'cn') && (group === undefined || node.group === group),
  )
}

/** Throws SqlError 5901. */
export function warehouseNamed(identity: EngineIdentity, name: string): WarehouseDescription {
  const found = warehousesOf(identity).find((each) => each.name === name)
  if (!found) throw new SqlError(`Warehouse name: ${name} not exist.`, 5901, '42000')
  return found
}

export interface Admission {
  /**
   * Resolves when the statement may run in its session's warehouse; its place is free again with its guard's end. Throws SqlError
   * when there is none, it has no nodes, or too many wait or too long.
   */
  enter(execution: Execution): Promise<void>
  /** To be called when warehouses have changed: those that wait are judged anew. */
  changed(): void
  load(warehouse: string): { readonly running: number; readonly queued: number }
  isPending(queryId: string): boolean
}

interface Waiting {
  readonly execution: Execution
  readonly name: string
  /** Runs it, refuses it, or leaves it where it is; true when it waits no longer. */
  judge(): boolean
}

/** A statement that is cancelled while it waits hears of it after so long. */
const LOOK_MS = 50

export function admission(identity: () => EngineIdentity): Admission {
  const running = new Map<string, number>()
  let queue: readonly Waiting[] = []
  const runningIn = (name: string) => running.get(name) ?? 0
  const queuedIn = (name: string) => queue.filter((each) => each.name === name)
  const isFree = (warehouse: WarehouseDescription) =>
    runningIn(warehouse.name) < warehouse.statements
  const start = ({ guard }: Execution, name: string) => {
    running.set(name, runningIn(name) + 1)
    guard.onEnd(() => {
      running.set(name, runningIn(name) - 1)
      judgeAll()
    })
  }
  const judge = (it: Waiting) => {
    if (it.judge()) queue = queue.filter((other) => other !== it)
  }
  const judgeAll = () => {
    for (const each of queue) judge(each)
  }
  const wait = (execution: Execution, name: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const { clock } = execution.engine
      const seconds = Number(variableOf(execution, PENDING_TIMEOUT))
      const deadlineMs = clock.now() + seconds * 1000
      const decide = () => {
        try {
          execution.guard.check()
          if (isFree(usable(identity(), name))) {
            start(execution, name)
            resolve()
            return true
          }
          if (clock.now() < deadlineMs) return false
          throw pendingTimeout(seconds)
        } catch (problem) {
          reject(problem)
          return true
        }
      }
      const waiting = { execution, name, judge: decide }
      const look = () => {
        if (!queue.includes(waiting)) return
        judge(waiting)
        clock.at(clock.now() + LOOK_MS, look)
      }
      queue = [...queue, waiting]
      clock.at(clock.now() + LOOK_MS, look)
    })
  return {
    async enter(execution) {
      const name = variableOf(execution, 'warehouse')
      const warehouse = usable(identity(), name)
      if (isFree(warehouse) && queuedIn(name).length === 0) return start(execution, name)
      const most = Number(variableOf(execution, MAX_QUEUED))
      if (queuedIn(name).length >= most) throw tooManyPending(most)
      return wait(execution, name)
    },
    changed: judgeAll,
    load: (name) => ({ running: runningIn(name), queued: queuedIn(name).length }),
    isPending: (queryId) => queue.some(({ execution }) => execution.queryId === queryId),
  }
}

const PENDING_TIMEOUT = 'query_queue_pending_timeout_second'
const MAX_QUEUED = 'query_queue_max_queued_queries'

/** Throws SqlError 5901, and 5905 for one without nodes. */
function usable(identity: EngineIdentity, name: string): WarehouseDescription {
  const warehouse = warehouseNamed(identity, name)
  if (identity.warehouses && workersOf(identity, warehouse).length === 0)
    throw new SqlError(`No alive backend or compute node in warehouse ${name}.`, 5905, '42000')
  return warehouse
}

function pendingTimeout(seconds: number): SqlError {
  return new SqlError(
    `Failed to allocate resource to query: pending timeout [${seconds}], you could modify the session variable [${PENDING_TIMEOUT}] to pending more time`,
  )
}

function tooManyPending(most: number): SqlError {
  return new SqlError(
    `Resource is not enough and the number of pending queries exceeds capacity [${most}], you could modify the session variable [${MAX_QUEUED}] to make more query can be queued`,
  )
}
