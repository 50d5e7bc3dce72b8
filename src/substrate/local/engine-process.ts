/** Starting and ending one engine: a process group of its own that outlives its starter, found again by its mark. */
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import type { LocalEngine } from './engine.ts'
import type { InstanceFolder } from './instance.ts'
import { dropMark, isAlive, markOf, readMark, signalGroup, writeMark } from './process-mark.ts'

/** An engine that has not ended by itself by then is killed. */
export const GRACE_MS = 5_000

export interface EngineProcess {
  isAlive(): boolean
  start(command: { readonly program: string; readonly args: readonly string[] }): Promise<void>
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
}

export function engineProcess(folder: InstanceFolder): EngineProcess {
  const marked = () => readMark(folder.mark)
  return {
    isAlive() {
      const mark = marked()
      return mark !== undefined && isAlive(mark)
    },
    async start({ program, args }) {
      const output = openSync(join(folder.path, 'start.log'), 'w', 0o600)
      try {
        // Nothing of this server's environment is the engine's business; its secrets lie in its own directory.
        const env = { PATH: process.env['PATH'] ?? '', TZ: process.env['TZ'] ?? '' }
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
        writeMark(folder.mark, markOf(child.pid ?? 0))
      } finally {
        closeSync(output)
      }
    },
    signal(signal) {
      const mark = marked()
      if (mark) signalGroup(mark, signal)
    },
  }
}

/** Takes an engine for ours that answers from the directory although its starter died before it could mark it. */
export async function adopt(folder: InstanceFolder, engine: LocalEngine): Promise<boolean> {
  const health = await engine.health(folder.engine)
  if (!health) return false
  dropMark(folder.mark)
  writeMark(folder.mark, markOf(health.pid))
  return true
}
