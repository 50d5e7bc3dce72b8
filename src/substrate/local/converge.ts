/**
 * Brings the processes of an instance to what its note says: ends what shall end, starts what shall run, removes what is not
 * wanted. Each pass does what can be done now and waits for nothing; passes follow until nothing is left to do. All that a pass
 * needs is on the disk, so that any driver can continue where another one was cut off.
 */
import { backoffMs } from '../../kernel/backoff.ts'
import { inSpan } from '../../kernel/trace.ts'
import { healthOf, isDrainedOf } from './check.ts'
import type { Component } from './component.ts'
import {
  afterAlive,
  afterBlock,
  afterEnd,
  afterStart,
  afterStop,
  soonMs,
  waitMs,
  type Condition,
} from './condition.ts'
import { isLeftAlone } from './daemon-order.ts'
import { roleOf, type Driver } from './driver.ts'
import { instanceFolder, type InstanceFolder } from './instance.ts'
import { endJobs } from './job.ts'
import { isDraining, withProcess, withProcessIncident } from './instance-note.ts'
import type { InstanceNote, ProcessNote } from './instance-note.ts'
import { roleProcess } from './role-process.ts'
import { runProcesses } from './script-run.ts'
import { seed } from './seed.ts'

/** A process starts or ends in well under a second; this is how soon it is looked at again. */
const AGAIN_MS = 50
const WAIT_MS_MAX = 1_000

interface Pass {
  readonly driver: Driver
  readonly component: Component
  readonly folder: InstanceFolder
  note: InstanceNote
  started: number
  adopted: number
}

export interface Convergence {
  /** When to continue; undefined when nothing is left to do. */
  readonly againInMs: number | undefined
  readonly started: number
  readonly adopted: number
}

/** One pass. To be called with the instance's lock. */
export async function converge(driver: Driver, id: string): Promise<Convergence> {
  const folder = instanceFolder(driver.root, id)
  const note = folder.read()
  if (!note) return { againInMs: undefined, started: 0, adopted: 0 }
  const component = driver.component(note.family)
  const pass: Pass = { driver, component, folder, note, started: 0, adopted: 0 }
  const waits =
    note.endingMs === undefined ? await convergeAll(pass) : [endAll(pass, note.endingMs)]
  const due = waits.filter((ms) => ms !== undefined)
  const againInMs = due.length === 0 ? undefined : Math.min(...due)
  return { againInMs, started: pass.started, adopted: pass.adopted }
}

/** Whether a pass would do anything, from what is on the disk alone. */
export function isConverged({ root, conditions }: Driver, note: InstanceNote): boolean {
  if (note.endingMs !== undefined) return false
  const folder = instanceFolder(root, note.id)
  return note.processes.every((process) => {
    const { name, stop, revision, order } = process
    const isThere = roleProcess(folder.files(name)).pid() !== undefined
    if (isThere && order?.alone && conditions.of(note.id, name).answered) return false
    if (stop) return stop.next === 'rest' && !isThere && (stop.ended || !order?.stopped)
    const waits = isHeld(note, process) || isLeftAlone(process)
    return isThere || !note.running || revision === 0 || waits
  })
}

function isHeld({ held }: InstanceNote, { started }: Pick<ProcessNote, 'started'>): boolean {
  return held === true && started !== true
}

async function convergeAll(pass: Pass): Promise<readonly (number | undefined)[]> {
  const waits: (number | undefined)[] = []
  const rank = ({ role }: ProcessNote) =>
    pass.component.roles.findIndex(({ name }) => name === role)
  const inOrder = [...pass.note.processes].sort((one, other) => rank(one) - rank(other))
  for (const process of inOrder) {
    const ending = process.stop && endProcess(pass, process)
    waits.push(ending ?? (await startProcess(pass, process.name)))
  }
  return waits
}

/** Undefined once it has ended and what follows is done. */
function endProcess(pass: Pass, process: ProcessNote): number | undefined {
  const { driver, folder, note } = pass
  const { id } = note
  const { name, stop, ...rest } = process
  if (!stop) return undefined
  const files = folder.files(name)
  const handle = roleProcess(files)
  if (!handle.isGone()) {
    const overdue = driver.now().ms - stop.sinceMs > driver.supervision.graceMs
    handle.signal(overdue ? 'SIGKILL' : 'SIGTERM')
    return AGAIN_MS
  }
  driver.conditions.set(id, name, afterStop(driver.conditions.of(id, name)))
  if (stop.next === 'rest') {
    if (stop.ended) return undefined
    const ended = {
      ...rest,
      name,
      sinceMs: driver.clock.now(),
      stop: { ...stop, ended: true as const },
    }
    pass.note = withProcess(note, ended)
    folder.write(pass.note)
    return undefined
  }
  if (stop.next === 'remove') {
    folder.removeProcess(name)
    driver.conditions.forget(id, name)
    pass.note = { ...note, processes: note.processes.filter((each) => each.name !== name) }
  } else {
    const restarts = stop.restarts ?? rest.restarts
    pass.note = withProcess(note, { ...rest, name, restarts })
  }
  folder.write(pass.note)
  return undefined
}

async function startProcess(pass: Pass, name: string): Promise<number | undefined> {
  const { driver, component, folder, note } = pass
  const { conditions, log } = driver
  const { id } = note
  const process = note.processes.find((each) => each.name === name)
  if (!process || process.stop || !note.running || process.revision === 0) return undefined
  if (isHeld(note, process)) return undefined
  const files = folder.files(name)
  const handle = roleProcess(files)
  const role = roleOf(component, process.role)
  const now = driver.now()
  const was = conditions.of(id, name)
  const pid = handle.pid()
  if (pid !== undefined) {
    const alive = afterAlive(was, pid, now)
    conditions.set(id, name, alive)
    if (process.order?.alone && alive.answered) noteArrived(pass, process)
    return undefined
  }
  if (process.started && handle.adopt(await healthOf(driver, role, files.directory))) {
    log.info({ id, process: name }, 'a process that was started before is adopted')
    pass.adopted++
    conditions.set(id, name, afterAlive(was, handle.pid() ?? -1, now))
    return undefined
  }
  if (isLeftAlone(process)) return undefined
  // What is to go may end when nothing is left for it to do.
  const isLeaving = isDraining(note, process)
  if (isLeaving && (await isDrainedOf(driver, role, { directory: files.directory, runs: false }))) {
    conditions.set(id, name, afterStop(was))
    return undefined
  }
  const pauseMs = (count: number) => backoffMs(count, driver.random.fraction())
  const ended = was.pid === undefined ? was : afterEnd(was, 'crash', { now, pauseMs })
  if (was.pid !== undefined && !isLeaving) {
    pass.note = withProcessIncident(note, process, { kind: 'node-ended', atMs: now.ms })
    folder.write(pass.note)
  }
  conditions.set(id, name, ended)
  const wait = waitMs(ended, now)
  if (wait > 0) return Math.min(wait, WAIT_MS_MAX)
  const absent = role.absent?.(files.directory)
  if (absent !== undefined) {
    conditions.set(id, name, afterBlock(ended, absent, now))
    return WAIT_MS_MAX
  }
  const preceding = await precedingInMs(pass, process)
  if (preceding !== undefined) return preceding
  const data = process.started ? 'yes' : hasOrigin(pass, files.directory)
  if (data !== 'yes') return data === 'later' ? AGAIN_MS : undefined
  const secrets = await secretsOf(pass, process, ended)
  if (secrets === 'blocked') return WAIT_MS_MAX
  noteStart(pass, process)
  const count = ended.ends?.count ?? 0
  if (count > 0)
    log.warn({ id, process: name, ends: count }, 'a process ended and is started again')
  await inSpan('engine start', { 'emrys.process': name, 'emrys.role': process.role }, () =>
    handle.start(role.command(files.directory), secrets),
  )
  pass.started++
  const started = handle.pid()
  // One that has ended already is found to have by the next look.
  conditions.set(id, name, afterStart(ended, started ?? -1))
  return undefined
}

/** Before it is started: of one that nobody started, nothing is adopted. */
function noteStart(pass: Pass, { order, ...process }: ProcessNote): void {
  const { due: _done, ...left } = order ?? {}
  const kept = order ? { order: left } : {}
  const sinceMs = pass.driver.clock.now()
  pass.note = withProcess(pass.note, { ...process, ...kept, started: true, sinceMs })
  pass.folder.write(pass.note)
}

/** It has answered since it was started alone: from now on its node needs it. */
function noteArrived(pass: Pass, { order, ...process }: ProcessNote): void {
  const { alone: _done, ...left } = order ?? {}
  const kept = Object.keys(left).length > 0 ? { order: left } : {}
  pass.note = withProcess(pass.note, { ...process, ...kept })
  pass.folder.write(pass.note)
}

/**
 * What its process reads when it starts. Asked for at every start, and kept nowhere: a key that was disabled meanwhile keeps the process
 * from starting.
 */
async function secretsOf(
  { driver, component, note }: Pass,
  { name, loads }: ProcessNote,
  was: Condition,
): Promise<Uint8Array | 'blocked' | undefined> {
  const { conditions, log } = driver
  const { id } = note
  const hasVolume = loads.at(-1)?.objectStorage?.volume !== undefined
  if (!note.encrypted && !hasVolume) return undefined
  try {
    const dataKey = note.encrypted ? await dataKeyOf(driver, component, id) : new Uint8Array()
    if (!hasVolume) return dataKey
    if (!driver.objectStorageKey) throw new Error('nobody knows the key of its object storage')
    const key = JSON.stringify(await driver.objectStorageKey(id))
    return Buffer.concat([dataKey, Buffer.from(key)])
  } catch (problem) {
    const reason = (problem as Error).message
    if (was.blocked?.reason !== reason)
      log.warn({ id, process: name, reason }, 'an instance cannot start without its keys')
    conditions.set(id, name, afterBlock(was, reason, driver.now()))
    return 'blocked'
  }
}

async function dataKeyOf(driver: Driver, component: Component, id: string): Promise<Uint8Array> {
  const unmet = component.unmetEncryption?.()
  if (unmet !== undefined) throw new Error(unmet)
  if (!driver.dataKey) throw new Error('nobody knows its data key')
  return driver.dataKey(id)
}

/** Whether its data are there, before its first start. Not for ever once they are refused, which `observe` reports. */
function hasOrigin(pass: Pass, directory: string): 'yes' | 'no' | 'later' {
  const { driver, folder, note } = pass
  const { origin } = note
  if (!origin || origin.seeded) return 'yes'
  if (origin.refused) return 'no'
  const outcome = driver.seeds.outcome(note.id, (signal) =>
    seed({ root: driver.root, signal }, origin, directory),
  )
  if (!outcome) return 'later'
  const { reason } = outcome
  const sinceMs = driver.clock.now()
  const end =
    reason === undefined
      ? ({ seeded: true } as const)
      : { refused: { kind: 'storage', reason, sinceMs } as const }
  pass.note = { ...note, origin: { ...origin, ...end } }
  folder.write(pass.note)
  if (reason === undefined) return 'yes'
  driver.log.warn({ id: note.id, reason }, 'an instance cannot begin with the data that it should')
  return 'no'
}

/**
 * How soon those that it waits for are looked at again; of its own role those before it, until it was started once. Undefined once all do
 * their work.
 */
async function precedingInMs(
  { driver, component, folder, note }: Pass,
  { name: own, role, started }: ProcessNote,
): Promise<number | undefined> {
  const nowMs = driver.clock.now()
  const at = component.roles.findIndex(({ name }) => name === role)
  const after = component.roles[at]?.after
  const preceding = after
    ? component.roles.filter(({ name }) => after.includes(name))
    : component.roles.slice(0, at)
  const place = note.processes.findIndex(({ name }) => name === own)
  const waits = note.processes.map(async (process, index) => {
    const before = preceding.find(({ name }) => name === process.role)
    if (!before || process.stop?.next === 'remove') return []
    if (process.role === role && (started || index >= place)) return []
    if (process.order?.stopped || isLeftAlone(process)) return []
    const { directory } = folder.files(process.name)
    if ((await healthOf(driver, before, directory))?.answering === true) return []
    // One that waits itself is looked at when what it waits for is.
    const wait = process.started ? soonMs(process.sinceMs, nowMs) : WAIT_MS_MAX
    if (!isDraining(note, process)) return wait
    const runs = roleProcess(folder.files(process.name)).pid() !== undefined
    const isDrained = await isDrainedOf(driver, before, { directory, runs })
    return isDrained === true ? [] : wait
  })
  const all = (await Promise.all(waits)).flat()
  return all.length === 0 ? undefined : Math.min(...all)
}

/** Ends all processes, kills those that do not, and removes the directory once they are gone. */
function endAll({ driver, folder, note }: Pass, endingMs: number): number | undefined {
  driver.seeds.forget(note.id)
  endJobs(folder)
  const handles = [
    ...note.processes.map(({ name }) => roleProcess(folder.files(name))),
    ...runProcesses(folder, note),
  ]
  const left = handles.filter((handle) => !handle.isGone())
  if (left.length === 0) {
    folder.remove()
    driver.conditions.forget(note.id)
    return undefined
  }
  const overdue = driver.now().ms - endingMs > driver.supervision.graceMs
  for (const handle of left) handle.signal(overdue ? 'SIGKILL' : 'SIGTERM')
  return AGAIN_MS
}
