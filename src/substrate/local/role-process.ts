/** Starting and ending one process: a process group of its own that outlives its starter, found again by its pid file. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { once } from 'node:events'
import type { RoleCommand, RoleHealth } from './component.ts'
import type { ProcessFiles } from './instance.ts'
import {
  containersOf,
  DIRECTORY_VARIABLE,
  isAlive,
  pidRecordOf,
  readPidFile,
  removePidFile,
  signalGroup,
  startedFor,
  writePidFile,
} from './pid-file.ts'

export interface RoleProcess {
  /** The id of the process of the pid file, if that is there. */
  pid(): number | undefined
  /** Whether no process of the directory is left, with a pid file or not. Looks through all processes: not for every moment. */
  isGone(): boolean
  /** `input` is all that it finds on its standard input. */
  start(command: RoleCommand, input?: Uint8Array): Promise<void>
  /** To every process of the directory. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
  /**
   * Takes a process for ours whose starter died before it could write the pid file: the one that answers from the directory, or
   * one that was started for it and does not answer yet. False when there is none.
   */
  adopt(health: RoleHealth | undefined): boolean
}

export function roleProcess({ directory, pidFile, startLog }: ProcessFiles): RoleProcess {
  const recorded = () => {
    const record = readPidFile(pidFile)
    return record && isAlive(record) ? record : undefined
  }
  const all = () => {
    const record = recorded()
    const others = [...startedFor(directory), ...containersOf(directory)].filter(
      ({ pid }) => pid !== record?.pid,
    )
    return record ? [record, ...others] : others
  }
  return {
    pid: () => recorded()?.pid,
    isGone: () => all().length === 0,
    async start({ runtime = process.execPath, program, args, env: more }, input) {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      // Of one that died: nobody looks after them any more.
      for (const left of containersOf(directory)) signalGroup(left, 'SIGKILL')
      const output = openSync(startLog, 'w', 0o600)
      try {
        // Nothing else of this server's environment is the engine's business; its secrets lie in its own directory.
        const env = {
          PATH: process.env['PATH'] ?? '',
          TZ: process.env['TZ'] ?? '',
          ...more,
          [DIRECTORY_VARIABLE]: directory,
        }
        const stdio = [input ? 'pipe' : 'ignore', output, output] as ('pipe' | 'ignore' | number)[]
        const child = spawn(runtime, [program, ...args], {
          cwd: directory,
          detached: true,
          stdio,
          env,
        })
        const failed = once(child, 'error').then(([problem]) => Promise.reject(problem as Error))
        await Promise.race([once(child, 'spawn'), failed])
        failed.catch(() => {})
        // One that has ended already is found by whoever looks next.
        child.stdin?.on('error', () => {})
        child.stdin?.end(input)
        child.unref()
        const record = child.pid === undefined ? undefined : pidRecordOf(child.pid)
        // One that has ended already has left nothing to record: whoever looks next finds nobody.
        if (record) writePidFile(pidFile, record)
      } finally {
        closeSync(output)
      }
    },
    signal(signal) {
      for (const record of all()) signalGroup(record, signal)
    },
    adopt(health) {
      const record = (health && pidRecordOf(health.pid)) ?? startedFor(directory)[0]
      if (!record) return false
      removePidFile(pidFile)
      writePidFile(pidFile, record)
      return true
    },
  }
}
