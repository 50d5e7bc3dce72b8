/**
 * What test files have started and left: one that is killed cannot end it. It is known by the directory that its process was given for
 * its files, which stands in the environment of all that it starts, of engines too, which lead groups of their own.
 */
import { readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import {
  environmentOf,
  HAS_PROC,
  isAlive,
  pidRecordOf,
} from '../../src/substrate/local/pid-file.ts'

const LOOK_MS = 20
/** What is killed may have started something a moment before. */
const LOOKS_MAX = 250

export async function endStarted(directory: string): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const left = startedIn(directory).filter(isAlive)
    if (left.length === 0) return
    for (const { pid } of left) kill(pid)
    await pause(LOOK_MS)
  }
}

function startedIn(directory: string) {
  if (!HAS_PROC) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isIn(directory, environmentOf(name)))
    .map((name) => pidRecordOf(Number(name)))
    .filter((record) => record !== undefined)
}

function isIn(directory: string, environment: readonly string[]): boolean {
  return environment.some((each) => {
    const value = each.slice(each.indexOf('=') + 1)
    return value === directory || value.startsWith(`${directory}/`)
  })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ESRCH') throw problem
  }
}
