/**
 * Which process is ours. A process id is used again once its process is gone, so an id alone could point at a stranger: a pid
 * file holds the time the process was started as well, by the kernel's account, and only a process that has both is ever
 * signalled.
 *
 * A starter that dies between the start and the pid file leaves a process without one. Such a process is found by what it was
 * started with: the name of its directory in its environment, which nothing else has.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { writeWhole } from './whole-file.ts'

export interface PidRecord {
  readonly pid: number
  /** The boot's id, and field 22 of /proc/PID/stat: clock ticks since then. Empty where there is no /proc. */
  readonly started: string
}

/** Undefined when there is no such process, by now. */
export function pidRecordOf(pid: number): PidRecord | undefined {
  const started = HAS_PROC ? startOf(pid) : ''
  if (started === undefined || (started === '' && !canSignal(pid))) return undefined
  return { pid, started }
}

/** What a process's environment says of whose it is. */
export const DIRECTORY_VARIABLE = 'EMRYS_ENGINE_DIRECTORY'

/** The same of what such a process starts in sessions of its own: it ends with it, and is not taken for it. */
export function containerMark(directory: string): string {
  return `${DIRECTORY_VARIABLE}=${directory}#container`
}

/** Every process that one of this directory has started so. */
export function containersOf(directory: string): readonly PidRecord[] {
  return startedWith(containerMark(directory))
}

/** Every process that was started for this directory; none where there is no /proc to look in. */
export function startedFor(directory: string): readonly PidRecord[] {
  return startedWith(`${DIRECTORY_VARIABLE}=${directory}`)
}

function startedWith(variable: string): readonly PidRecord[] {
  if (!HAS_PROC) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(variable))
    .map((name) => pidRecordOf(Number(name)))
    .filter((record) => record !== undefined)
}

/** Whether this process was; taken as given where there is no /proc to look in. */
export function wasStartedFor(pid: number, directory: string): boolean {
  return !HAS_PROC || environmentOf(String(pid)).includes(`${DIRECTORY_VARIABLE}=${directory}`)
}

/** Empty for processes of other users, and for those that have just ended. */
export function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}

export function writePidFile(file: string, record: PidRecord): void {
  writeWhole(file, JSON.stringify(record))
}

export function readPidFile(file: string): PidRecord | undefined {
  if (!existsSync(file)) return undefined
  return JSON.parse(readFileSync(file, 'utf8')) as PidRecord
}

export function removePidFile(file: string): void {
  rmSync(file, { force: true })
}

/** Whether the very process of the record is still there. A zombie is not. */
export function isAlive(record: PidRecord): boolean {
  if (record.started === '') return canSignal(record.pid)
  return startOf(record.pid) === record.started
}

/** Signals the process and all it started: it leads a group of its own. Gone already is no error. */
export function signalGroup(record: PidRecord, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (!isAlive(record)) return
  try {
    process.kill(-record.pid, signal)
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ESRCH') throw problem
  }
}

/** Whether this machine says of a process when it was started, and with what. */
export const HAS_PROC = existsSync('/proc/self/stat')
/** Ids and ticks start over with every boot. */
const BOOT = HAS_PROC ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : ''

function startOf(pid: number): string | undefined {
  const fields = fieldsOf(pid)
  return fields && `${BOOT} ${fields[19]}`
}

/** The kernel counts in these for all programs. */
const TICKS_PER_SECOND = 100

/** That a process has had for itself and in the kernel; undefined where there is none, or no /proc. */
export function processorSeconds(pid: number): number | undefined {
  const fields = fieldsOf(pid)
  return fields && (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

const PAGE_BYTES = 4_096

/** Resident memory of a process in bytes; undefined where there is none, or no /proc. */
export function residentBytes(pid: number): number | undefined {
  const fields = fieldsOf(pid)
  return fields && Number(fields[21]) * PAGE_BYTES
}

/** Those of its state behind its name, from the third on. A zombie has none. */
function fieldsOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command's name may hold spaces and parentheses; the fields behind its last parenthesis may not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields
  } catch {
    return undefined // There is no such process, or no /proc.
  }
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
