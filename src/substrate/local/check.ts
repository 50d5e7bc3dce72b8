/** Asks the processes of an instance how they are, side by side and bounded in time: one that hangs delays no answer but its own. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Component, Role, RoleHealth } from './component.ts'
import { roleOf, type Driver } from './driver.ts'
import { instanceFolder } from './instance.ts'
import { isDraining, type InstanceNote, type ProcessNote } from './instance-note.ts'
import { roleProcess } from './role-process.ts'

export interface ProcessCheck {
  readonly process: ProcessNote
  /** Its id; absent when it is not there. */
  readonly pid: number | undefined
  /** Its answer; absent when there was none in time. */
  readonly health: RoleHealth | undefined
  /** Whether nothing would be lost with it, by its own account, or that of others while it gives none; absent where nobody says. */
  readonly drained: boolean | undefined
  /** It does not do its work, as somebody has stopped what it needs for that. */
  readonly deprived?: true
}

/** By the process's name, in the order of the note. */
export type Checks = ReadonlyMap<string, ProcessCheck>

export async function checkAll(driver: Driver, note: InstanceNote): Promise<Checks> {
  const folder = instanceFolder(driver.root, note.id)
  const component = driver.component(note.family)
  const checks = note.processes.map(async (process): Promise<[string, ProcessCheck]> => {
    const files = folder.files(process.name)
    const pid = roleProcess(files).pid()
    const role = roleOf(component, process.role)
    const { directory } = files
    const health = pid === undefined ? undefined : await healthOf(driver, role, directory)
    const asksOthers = isDraining(note, process) && health?.drained === undefined
    const drained = asksOthers
      ? await isDrainedOf(driver, role, { directory, runs: pid !== undefined })
      : health?.drained
    return [process.name, { process, pid, health, drained }]
  })
  const all = new Map(await Promise.all(checks))
  const said = [...all.values()].flatMap(({ process: { role }, health }) =>
    health?.copies === undefined ? [] : [{ role, copies: health.copies }],
  )
  driver.data.noteCopies(note.id, said)
  return withDeprived(component, all)
}

/** What needs a process that is deprived itself is so too. */
function withDeprived(component: Component, checks: Checks): Checks {
  let all = checks
  for (let found = true; found;) {
    found = false
    for (const [name, check] of all) {
      const { process } = check
      if (isAway(check) || isUp(check)) continue
      const { needs = [] } = roleOf(component, process.role)
      if (!needs.some((role) => isWithout(all, role))) continue
      all = new Map(all).set(name, { ...check, deprived: true })
      found = true
    }
  }
  return all
}

/** Of a role that the instance has, no process is to do its work. */
function isWithout(checks: Checks, role: string): boolean {
  const own = [...checks.values()].filter(({ process }) => process.role === role)
  return own.length > 0 && own.every(isAway)
}

function isAway({ process: { order }, deprived }: ProcessCheck): boolean {
  return order?.stopped === true || deprived === true
}

/** Those of a node; a process without a node of its own serves all of them. */
export function servingIt(checks: Checks, id: string): readonly ProcessCheck[] {
  return [...checks.values()].filter(
    ({ process: { node, stop } }) => (node ?? id) === id && stop?.next !== 'remove',
  )
}

/** Undefined when there is no answer in time. */
export async function healthOf(
  driver: Driver,
  role: Role,
  directory: string,
): Promise<RoleHealth | undefined> {
  return inTime(driver, directory, role.health(directory))
}

/** What others say of one that gives no account; undefined when nobody does in time. */
export async function isDrainedOf(
  driver: Driver,
  role: Role,
  { directory, runs }: { readonly directory: string; readonly runs: boolean },
): Promise<boolean | undefined> {
  return inTime(driver, directory, role.drained?.(directory, runs))
}

async function inTime<T>(
  { supervision, log }: Driver,
  directory: string,
  asked: Promise<T | undefined> | undefined,
): Promise<T | undefined> {
  const answered = new AbortController()
  const late = pause(supervision.answerMs, undefined, { ref: false, signal: answered.signal })
  const answer = asked?.catch((problem: unknown) => {
    log.debug({ directory, err: problem }, 'a health check failed')
    return undefined
  })
  try {
    return await Promise.race([answer, late.catch(() => undefined)])
  } finally {
    answered.abort()
  }
}

/** Whether it has ended, and nothing of it is left to drain: some daemons end by themselves then. */
export function isDone({ pid, drained }: ProcessCheck): boolean {
  return pid === undefined && drained === true
}

/** Whether it does its work, and shall continue with it. */
export function isUp({ process, pid, health }: ProcessCheck): boolean {
  return pid !== undefined && process.stop === undefined && health?.answering === true
}
