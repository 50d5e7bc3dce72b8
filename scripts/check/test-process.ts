/** One process for test files (`test-worker.ts`), as its parent sees it. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endStarted } from './started-process.ts'
import type { FileJob, Message, Result } from './test-worker.ts'

export interface TestProcess {
  /** Never throws: what happens to the process is a fault of the file. Afterwards it may have ended. */
  run(job: FileJob, listener: FileListener): Promise<void>
  hasEnded(): boolean
  /** Ends it under its file. */
  kill(): void
  /** With all that its files have left. */
  end(): Promise<void>
}

export interface FileListener {
  onResult(result: Result): void
  /** Of the file itself; `running` are the tests that had begun and were not over. */
  onFault(cause: string, running: readonly string[]): void
  /** Of the file and the processes that it started and ended. */
  onEnd(processorMs: number): void
}

export interface ProcessOptions {
  readonly root: string
  /** A file that takes longer is ended, with its process. */
  readonly fileMsMax: number
  /** Where its files make their directories, if not where the system says. */
  readonly directory?: string
}

/** Others than its owner come through it, but see nothing of it. */
const THROUGH = 0o711

export function startTestProcess({ root, fileMsMax, directory }: ProcessOptions): TestProcess {
  const own = mkdtempSync(join(directory ?? tmpdir(), 'emrys-'))
  chmodSync(own, THROUGH)
  const child = fork(join(import.meta.dirname, 'test-worker.ts'), {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, TMPDIR: own },
  })
  // Its last messages may come after "exit", and none after "disconnect".
  const closed = Promise.all([once(child, 'exit'), once(child, 'disconnect')])
  let ended = false
  void closed.then(() => (ended = true))
  return {
    hasEnded: () => ended,
    kill: () => void child.kill('SIGKILL'),
    async run(job, listener) {
      await runFile(child, { job, listener, fileMsMax, closed })
    },
    async end() {
      if (child.connected) child.disconnect()
      await closed
      await endStarted(own)
      rmSync(own, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

interface FileRun {
  readonly job: FileJob
  readonly listener: FileListener
  readonly fileMsMax: number
  readonly closed: Promise<unknown>
}

/** Until its end, or that of its process. */
async function runFile(
  child: ChildProcess,
  { job, listener, fileMsMax, closed }: FileRun,
): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<'over'>()
  const running = new Map<number, string>()
  let hasFault = false
  const fault = (cause: string) => {
    hasFault = true
    listener.onFault(cause, [...running.values()])
  }
  const onMessage = (message: Message) => {
    if (message.kind === 'begun') running.set(message.id, message.name)
    else if (message.kind === 'over') running.delete(message.id)
    else if (message.kind === 'result') listener.onResult(message)
    else if (message.kind === 'fault') fault(message.cause)
    else if (message.kind === 'end') {
      listener.onEnd(message.processorMs)
      resolve('over')
    }
  }
  const timer = setTimeout(() => {
    fault(`it took more than ${fileMsMax / 1000} s`)
    child.kill('SIGKILL')
  }, fileMsMax)
  child.on('message', onMessage)
  child.send(job)
  const how = await Promise.race([over, closed])
  clearTimeout(timer)
  child.off('message', onMessage)
  if (how !== 'over' && !hasFault)
    fault(`its process ended with ${child.signalCode ?? `exit code ${child.exitCode}`}`)
}
