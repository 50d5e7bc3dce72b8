/**
 * Looks at every instance each second for as long as the server runs: adopts processes that run, starts again those that died, and
 * ends those that do not answer, each with a growing pause. Looks at many instances continue side by side, a bounded number at a
 * time; one that hangs delays no other. Each instance that looks different from before is reported.
 */
import { backoffMs } from '../../kernel/backoff.ts'
import { checkAll, type ProcessCheck } from './check.ts'
import { afterEnd, afterLook, isOverdue } from './condition.ts'
import { converge, isConverged } from './converge.ts'
import { moveAway } from './drain.ts'
import { roleOf, type Driver } from './driver.ts'
import { instanceFolder, instancesIn } from './instance.ts'
import { withProcess, withProcessIncident, type InstanceNote } from './instance-note.ts'
import { seenOf } from './observe.ts'
import { pool } from './pool.ts'
import { endOverdue } from './script-run.ts'

export interface Supervisor {
  /** Looks at once and then every second, until `stop`. The first look reports every instance, and logs what it found. */
  start(changed: (id: string) => void): void
  stop(): void
}

/** Far more than a machine runs; a bound all the same. */
const LOOKS_AT_ONCE = 32

interface Look {
  /** Of all that was seen; differs when anything of it does. */
  readonly signature: string
  readonly started: number
  readonly running: number
}

export function supervisor(driver: Driver, enqueue: (id: string) => void): Supervisor {
  const { clock, log, root, supervision } = driver
  const signatures = new Map<string, string>()
  const pending = new Set<string>()
  const bounded = pool(LOOKS_AT_ONCE)
  let report: ((id: string) => void) | undefined
  let cancel = () => {}

  const look = async (id: string): Promise<Look | undefined> => {
    if (!report) return undefined
    try {
      const seen = await lookAt(driver, id, { enqueue, isOn: () => report !== undefined })
      if (signatures.get(id) === seen.signature) return seen
      signatures.set(id, seen.signature)
      report?.(id)
      return seen
    } catch (problem) {
      log.error({ id, err: problem }, 'an instance could not be looked at')
      return undefined
    }
  }

  const round = (): Promise<readonly (Look | undefined)[]> => {
    cancel = clock.at(clock.now() + supervision.lookMs, () => void round())
    const ids = instancesIn(root).map(({ id }) => id)
    const known = new Set(ids)
    driver.conditions.keepOnly(known)
    driver.storageKeys.keepOnly(known)
    driver.data.keepOnly(known)
    for (const id of signatures.keys()) if (!known.has(id)) signatures.delete(id)
    const due = ids.filter((id) => !pending.has(id))
    for (const id of due) pending.add(id)
    return Promise.all(due.map((id) => bounded(() => look(id)).finally(() => pending.delete(id))))
  }

  const first = async (): Promise<void> => {
    const looks = (await round()).filter((each) => each !== undefined)
    const sum = (of: (each: Look) => number) => looks.reduce((total, each) => total + of(each), 0)
    const [found, running, started] = [
      looks.length,
      sum((each) => each.running),
      sum((each) => each.started),
    ]
    log.info(
      { found, adopted: running, started },
      `${found} instances on this machine: ${running} processes were running and are adopted, ${started} were started`,
    )
  }

  return {
    start(changed) {
      report = changed
      void first()
    },
    stop() {
      report = undefined
      cancel()
    },
  }
}

interface Means {
  readonly enqueue: (id: string) => void
  /** False once nothing may be started or ended any more. */
  readonly isOn: () => boolean
}

const nothing: Look = { signature: '', started: 0, running: 0 }

async function lookAt(driver: Driver, id: string, { enqueue, isOn }: Means): Promise<Look> {
  const folder = instanceFolder(driver.root, id)
  const note = folder.read()
  if (!note) return nothing
  const checks = await checkAll(driver, note)
  if (!isOn()) return nothing
  for (const check of checks.values()) {
    await judge(driver, note, check)
    await giveStorageKey(driver, note, check)
  }
  await moveAway(driver, note, checks)
  endOverdue(driver, note)
  const rest = { againInMs: undefined, started: 0, adopted: 0 }
  const result = isConverged(driver, note)
    ? rest
    : await driver.withLock(id, async () => (isOn() ? converge(driver, id) : rest))
  if (result.againInMs !== undefined) enqueue(id)
  const pids = [...checks.values()].map(({ pid }) => pid ?? 0)
  const seen = seenOf(driver, folder.read() ?? note, checks)
  return {
    signature: JSON.stringify({ seen, pids }),
    started: result.started,
    running: pids.filter((pid) => pid > 0).length + result.adopted,
  }
}

async function giveStorageKey(
  { root, component, storageKeys }: Driver,
  { id, family }: InstanceNote,
  { process: { name, role }, pid, health }: ProcessCheck,
): Promise<void> {
  if (pid === undefined || health?.objectStorageKey === undefined) return
  const { setObjectStorageKey } = roleOf(component(family), role)
  const { directory } = instanceFolder(root, id).files(name)
  await storageKeys.give({
    id,
    name,
    pid,
    hasKey: health.objectStorageKey,
    take: async (key) => setObjectStorageKey?.(directory, key),
  })
}

/** Notes how a process is doing, and has it ended when it has not answered for too long. */
async function judge(driver: Driver, note: InstanceNote, check: ProcessCheck): Promise<void> {
  const { conditions, supervision } = driver
  const { process, pid, health } = check
  if (pid === undefined || process.stop || note.endingMs !== undefined) return
  if (process.order?.maintenance) return
  const now = driver.now()
  const timeouts = {
    ...supervision,
    ...roleOf(driver.component(note.family), process.role).timeouts,
  }
  const problem = health?.answering
    ? undefined
    : (health?.reason ??
      (health ? 'its clients get no answer' : 'it does not answer its health check'))
  const was = conditions.of(note.id, process.name)
  const condition = afterLook(was, { pid, problem }, { now, timeouts })
  conditions.set(note.id, process.name, condition)
  if (!health?.waiting && isOverdue(condition, now, timeouts))
    await endUnresponsive(driver, note.id, process.name)
}

function endUnresponsive(driver: Driver, id: string, name: string): Promise<void> {
  return driver.withLock(id, async () => {
    const folder = instanceFolder(driver.root, id)
    const note = folder.read()
    const process = note?.processes.find((each) => each.name === name)
    if (!note || !process || process.stop || note.endingMs !== undefined) return
    const now = driver.now()
    const { restarts } = process
    const stop = { next: 'start', sinceMs: now.ms, restarts } as const
    const stopped = withProcess(note, { ...process, stop })
    const incident = { kind: 'node-unresponsive', atMs: now.ms } as const
    folder.write(withProcessIncident(stopped, process, incident))
    const pauseMs = (count: number) => backoffMs(count, driver.random.fraction())
    const was = driver.conditions.of(id, name)
    driver.conditions.set(id, name, afterEnd(was, 'unresponsive', { now, pauseMs }))
    driver.log.warn({ id, process: name }, 'a process does not answer and is ended')
  })
}
