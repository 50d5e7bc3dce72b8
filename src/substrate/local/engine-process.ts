/** Starting and ending one engine: a process group of its own that outlives its starter, found again by its mark. */
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import type { EngineCommand, LocalEngine } from './engine.ts'
import type { InstanceFolder } from './instance.ts'
import {
  DIRECTORY_VARIABLE,
  dropMark,
  isAlive,
  markOf,
  readMark,
  signalGroup,
  startedFor,
  writeMark,
} from './pid-file.ts'

/** An engine that has not ended by itself by then is killed. */
export const GRACE_MS = 5_000

export interface EngineProcess {
  isAlive(): boolean
  /** Whether no process of the directory is left, marked or not. Looks through all processes: not for every moment. */
  isGone(): boolean
  start(command: EngineCommand): Promise<void>
  /** To every process of the directory. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
}

export function engineProcess(folder: InstanceFolder): EngineProcess {
  const marked = () => {
    const mark = readMark(folder.mark)
    return mark && isAlive(mark) ? mark : undefined
  }
  const all = () => {
    const mark = marked()
    const others = startedFor(folder.engine).filter(({ pid }) => pid !== mark?.pid)
    return mark ? [mark, ...others] : others
  }
  return {
    isAlive: () => marked() !== undefined,
    isGone: () => all().length === 0,
    async start({ program, args, env: more }) {
      const output = openSync(join(folder.path, 'start.log'), 'w', 0o600)
      try {
        // Nothing else of this server's environment is the engine's business; its secrets lie in its own directory.
        const env = {
          PATH: process.env['PATH'] ?? '',
          TZ: process.env['TZ'] ?? '',
          ...more,
          [DIRECTORY_VARIABLE]: folder.engine,
        }
        const stdio = ['ignore', output, output] as ('ignore' | number)[]
        const child = spawn(process.execPath, [program, ...args], {
          cwd: folder.engine,
          detached: true,
          stdio,
          env,
        })
        const failed = once(child, 'error').then(([problem]) => Promise.reject(problem as Error))
        await Promise.race([once(child, 'spawn'), failed])
        failed.catch(() => {})
        child.unref()
        const mark = child.pid === undefined ? undefined : markOf(child.pid)
        // One that has ended already has left no mark to make: whoever looks next finds nobody.
        if (mark) writeMark(folder.mark, mark)
      } finally {
        closeSync(output)
      }
    },
    signal(signal) {
      for (const mark of all()) signalGroup(mark, signal)
    },
  }
}

/**
 * Takes a process for ours whose starter died before it could mark it: the one that answers from the directory, or one that was
 * started for it and does not answer yet.
 */
export async function adopt(folder: InstanceFolder, engine: LocalEngine): Promise<boolean> {
  const health = await engine.health(folder.engine)
  const mark = (health && markOf(health.pid)) ?? startedFor(folder.engine)[0]
  if (!mark) return false
  dropMark(folder.mark)
  writeMark(folder.mark, mark)
  return true
}
