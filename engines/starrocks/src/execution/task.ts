/**
 * Tasks of SUBMIT TASK: statements that run once, by themselves, some at a time and the others in turn. They are kept in memory
 * for a day, as StarRocks keeps a task without a schedule; the engine's end is theirs.
 * reference: StarRocks FE, TaskManager.java; its configuration task_ttl_second, task_runs_concurrency, task_runs_max_history_number
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import { SqlError } from '../session.ts'

export interface TaskFacts {
  readonly name: string
  readonly queryId: string
  readonly user: string
  readonly userId: number
  readonly database: string
  readonly definition: string
}

export interface Task extends TaskFacts {
  readonly createdMs: number
  readonly expiresMs: number
  state: 'PENDING' | 'RUNNING' | 'SUCCESS' | 'FAILED'
  finishedMs: number | undefined
  error: SqlError | undefined
}

/** `run` does the work; `cancel` makes it end, for a reason that somebody gave or another one, also before it began. */
export interface TaskWork {
  run(): Promise<void>
  cancel(why?: SqlError): void
}

export interface TaskQueue {
  list(): readonly Task[]
  /** Throws when the name is taken, or too many wait. */
  submit(facts: TaskFacts, work: TaskWork): void
  /** Ends a task, which stays in the list with `why`. False when there is none, or it ended by itself before. */
  cancel(name: string, why: SqlError): Promise<boolean>
  /** Forgets a task; one that runs is cancelled. False when there is none. */
  drop(name: string): boolean
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>
  /** Something that runs by itself and is listed like a task: a refresh. What is answered says that it ended, and how. */
  begin(facts: TaskFacts): (error?: unknown) => void
  /** What `begin` began, the oldest first. */
  runs(): readonly Task[]
}

const KEEP_MS = 86_400_000
const RUNNING_MAX = 4
/** StarRocks: task_runs_queue_length is 500, and its history 10,000; every one holds its text. */
const TASKS_MAX = 1000

interface Entry {
  readonly task: Task
  readonly work: TaskWork
}

export function taskQueue(clock: Clock): TaskQueue {
  const entries = new Map<string, Entry>()
  const waiting: Entry[] = []
  const running = new Map<Entry, Promise<void>>()
  const begun: Task[] = []
  let stopped = false

  const next = (): void => {
    if (stopped) return
    for (const entry of waiting.splice(0, RUNNING_MAX - running.size))
      running.set(entry, follow(entry))
  }
  const follow = async (entry: Entry): Promise<void> => {
    await runEntry(entry, clock)
    running.delete(entry)
    next()
  }
  const leaveQueue = (entry: Entry): boolean => {
    const at = waiting.indexOf(entry)
    if (at >= 0) waiting.splice(at, 1)
    return at >= 0
  }
  return {
    list() {
      return [...entries.values()]
        .map(({ task }) => task)
        .filter(({ finishedMs, expiresMs }) => finishedMs === undefined || expiresMs > clock.now())
    },
    submit(facts, work) {
      forget(entries, clock)
      if (entries.has(facts.name)) throw new SqlError(`Task [${facts.name}] already exists`)
      if (entries.size >= TASKS_MAX) throw new SqlError(`More than ${TASKS_MAX} tasks wait or run`)
      const task = newTask(facts, clock, 'PENDING')
      const entry = { task, work }
      entries.set(task.name, entry)
      waiting.push(entry)
      next()
    },
    async cancel(name, why) {
      const entry = entries.get(name)
      if (!entry || entry.task.finishedMs !== undefined) return false
      if (leaveQueue(entry)) Object.assign(entry.task, { state: 'FAILED', finishedMs: clock.now() })
      entry.work.cancel(why)
      await running.get(entry)
      if (entry.task.state === 'FAILED') entry.task.error = why
      return entry.task.state === 'FAILED'
    },
    drop(name) {
      const entry = entries.get(name)
      if (!entry) return false
      entries.delete(name)
      leaveQueue(entry)
      entry.work.cancel()
      return true
    },
    async stop() {
      stopped = true
      for (const { work } of entries.values()) work.cancel()
      await Promise.all(running.values())
    },
    begin(facts) {
      const task = newTask(facts, clock, 'RUNNING')
      begun.push(task)
      if (begun.length > TASKS_MAX) begun.shift()
      return (error) => finish(task, clock, error)
    },
    runs: () => begun.filter(({ expiresMs }) => expiresMs > clock.now()),
  }
}

function newTask(facts: TaskFacts, clock: Clock, state: Task['state']): Task {
  const createdMs = clock.now()
  return {
    ...facts,
    createdMs,
    expiresMs: createdMs + KEEP_MS,
    state,
    finishedMs: undefined,
    error: undefined,
  }
}

function finish(task: Task, clock: Clock, error: unknown): void {
  task.state = error === undefined ? 'SUCCESS' : 'FAILED'
  if (error !== undefined)
    task.error = error instanceof SqlError ? error : new SqlError('Internal error', 1105, 'HY000')
  task.finishedMs = clock.now()
}

function forget(entries: Map<string, Entry>, clock: Clock): void {
  const over = [...entries.values()].filter(({ task }) => task.finishedMs !== undefined)
  const surplus = entries.size - TASKS_MAX + 1
  over.forEach(({ task }, index) => {
    if (task.expiresMs <= clock.now() || index < surplus) entries.delete(task.name)
  })
}

async function runEntry({ task, work }: Entry, clock: Clock): Promise<void> {
  task.state = 'RUNNING'
  try {
    await work.run()
    finish(task, clock, undefined)
  } catch (error) {
    finish(task, clock, error)
  }
}
