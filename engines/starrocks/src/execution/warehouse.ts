/**
 * Warehouses: groups of workers, by whose share statements run side by side. One process answers for all of them, with one DuckDB
 * whose threads and memory nobody divides; what is divided is how many statements it works on at once. A statement beyond its
 * warehouse's share waits for one of that warehouse to end, and no other warehouse's statements wait with it.
 *
 * A resource group's `concurrency_limit` bounds its own statements in the same way, in every warehouse together. As in StarRocks, one too
 * many fails at once, unless queries of groups are to be queued (`enable_group_level_query_queue`).
 */
import { SqlError } from '../session.ts'
import type { ResourceGroupEntry } from '../catalog/resource-group.ts'
import type { EngineIdentity, NodeDescription, WarehouseDescription } from './engine-context.ts'
import type { Execution } from './execution.ts'
import { resourceGroups, shownId } from './resource-group.ts'
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
   * Resolves when the statement may run in its session's warehouse and its group; its place is free again with its guard's end. Throws
   * SqlError when there is no such warehouse, it has no nodes, or too many wait or too long.
   */
  enter(execution: Execution, what: AdmittedStatement): Promise<void>
  /** To be called when warehouses or groups have changed: those that wait are judged again. */
  changed(): void
  load(warehouse: string): { readonly running: number; readonly queued: number }
  isPending(queryId: string): boolean
}

export interface AdmittedStatement {
  readonly group: ResourceGroupEntry | undefined
  /** It writes what it reads: other variables say whether it may wait for its group. */
  readonly writes: boolean
}

/** Where a statement runs: in a warehouse, and in a group by its id. */
interface Place {
  readonly name: string
  readonly group: number | undefined
}

interface Waiting extends Place {
  readonly execution: Execution
  /** Runs it, refuses it, or leaves it where it is; true when it waits no longer. */
  judge(): boolean
}

/** A statement that is cancelled while it waits learns of it after so long. */
const LOOK_MS = 50

/** How many run where. */
function occupancy(identity: () => EngineIdentity) {
  const running = new Map<string, number>()
  // No warehouse's name begins with a blank.
  const keyOf = (group: number) => ` ${group}`
  const runningIn = (key: string) => running.get(key) ?? 0
  const isFull = ({ engine }: Execution, { group }: Place) => {
    if (group === undefined) return undefined
    const entry = resourceGroups(engine).find((each) => shownId(each) === group)
    const limit = entry?.limits.concurrencyLimit ?? 0
    return limit > 0 && runningIn(keyOf(group)) >= limit ? limit : undefined
  }
  return {
    runningIn,
    /** The limit of a group that has no place left. */
    isFull,
    /** Throws SqlError when the warehouse cannot be used. */
    isFree(execution: Execution, place: Place): boolean {
      const warehouse = usable(identity(), place.name)
      return runningIn(place.name) < warehouse.statements && isFull(execution, place) === undefined
    },
    count({ name, group }: Place, by: number): void {
      for (const key of [name, ...(group === undefined ? [] : [keyOf(group)])])
        running.set(key, runningIn(key) + by)
    },
  }
}

export function admission(identity: () => EngineIdentity): Admission {
  const { runningIn, isFull, isFree, count } = occupancy(identity)
  let queue: readonly Waiting[] = []
  const queuedIn = (name: string) => queue.filter((each) => each.name === name)
  const start = ({ guard }: Execution, place: Place) => {
    count(place, 1)
    guard.onEnd(() => {
      count(place, -1)
      judgeAll()
    })
  }
  const judge = (it: Waiting) => {
    if (it.judge()) queue = queue.filter((other) => other !== it)
  }
  const judgeAll = () => {
    for (const each of queue) judge(each)
  }
  const wait = (execution: Execution, place: Place): Promise<void> =>
    new Promise((resolve, reject) => {
      const { clock } = execution.engine
      const seconds = Number(variableOf(execution, PENDING_TIMEOUT))
      const deadlineMs = clock.now() + seconds * 1000
      const decide = () => {
        try {
          execution.guard.check()
          if (isFree(execution, place)) {
            start(execution, place)
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
      const waiting = { execution, ...place, judge: decide }
      const look = () => {
        if (!queue.includes(waiting)) return
        judge(waiting)
        clock.at(clock.now() + LOOK_MS, look)
      }
      queue = [...queue, waiting]
      clock.at(clock.now() + LOOK_MS, look)
    })
  return {
    async enter(execution, { group, writes }) {
      const name = variableOf(execution, 'warehouse')
      const place = { name, group: group && shownId(group) }
      const waiting = queuedIn(name)
      const isFirst = !waiting.some((each) => each.group === place.group)
      if (isFree(execution, place) && isFirst) return start(execution, place)
      const limit = isFull(execution, place)
      if (limit !== undefined && !mayWait(execution, writes))
        throw new SqlError(`Exceed concurrency limit: ${limit}`)
      const most = Number(variableOf(execution, MAX_QUEUED))
      if (waiting.length >= most) throw tooManyPending(most)
      return wait(execution, place)
    },
    changed: judgeAll,
    load: (name) => ({ running: runningIn(name), queued: queuedIn(name).length }),
    isPending: (queryId) => queue.some(({ execution }) => execution.queryId === queryId),
  }
}

function mayWait(execution: Execution, writes: boolean): boolean {
  const kind = writes ? 'enable_query_queue_load' : 'enable_query_queue_select'
  return ['enable_group_level_query_queue', kind].every(
    (name) => variableOf(execution, name) === 'true',
  )
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
