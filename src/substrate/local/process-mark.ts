/**
 * Which process is ours. A process id is used again once its process is gone, so an id alone could point at a stranger: the mark
 * holds the time the process was started as well, as the kernel tells it, and only a process that has both is ever signalled.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { writeWhole } from './whole-file.ts'

export interface ProcessMark {
  readonly pid: number
  /** Field 22 of /proc/PID/stat: clock ticks since boot; empty where there is no /proc. */
  readonly started: string
}

export function markOf(pid: number): ProcessMark {
  return { pid, started: startOf(pid) ?? '' }
}

export function writeMark(file: string, mark: ProcessMark): void {
  writeWhole(file, JSON.stringify(mark))
}

export function readMark(file: string): ProcessMark | undefined {
  if (!existsSync(file)) return undefined
  return JSON.parse(readFileSync(file, 'utf8')) as ProcessMark
}

export function dropMark(file: string): void {
  rmSync(file, { force: true })
}

/** Whether the very process that was marked is still there. A zombie is not. */
export function isAlive(mark: ProcessMark): boolean {
  if (mark.started === '') return canSignal(mark.pid)
  return startOf(mark.pid) === mark.started
}

/** Signals the process and all it started: it leads a group of its own. Gone already is no error. */
export function signalGroup(mark: ProcessMark, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (!isAlive(mark)) return
  try {
    process.kill(-mark.pid, signal)
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ESRCH') throw problem
  }
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command's name may hold spaces and parentheses; the fields behind its last parenthesis may not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
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
