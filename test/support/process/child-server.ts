/** Starts, questions and kills a server process. Every process started here is ended with its test, by its own id. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { programFile } from '../../../src/kernel/place.ts'
import type { LoopCounts } from '../../../src/reconcile/loop.ts'
import type { KeptInstance } from '../fixture/instance-shape.ts'
import { keepDataDirectory } from '../http/admin.ts'
import { cleanUp } from './clean-up.ts'
import { memoryDirectory } from './directory.ts'

const PROGRAM = programFile('test/support/process/server-process')

export interface ChildServer {
  readonly port: number
  counts(): Promise<LoopCounts>
  /** Every instance that is there, the oldest first. */
  kept(): Promise<readonly KeptInstance[]>
  /** What it has worked since it was started; waiting for a processor is not part of it. */
  cpuMs(): Promise<number>
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>
  /** Stands still, and continues. */
  pause(): void
  resume(): void
}

export async function startChildServer(
  t: TestContext,
  dataDir: string,
  pace = 'time:0.05',
  starrocks: 'simulation' | 'local' = 'simulation',
): Promise<ChildServer> {
  return startServerProcess(t, [dataDir, pace, starrocks])
}

/** One of several of a database; its clock may be wrong. */
export function startStoreServer(
  t: TestContext,
  dataDir: string,
  { store, wrongByMs = 0 }: { readonly store: string; readonly wrongByMs?: number },
): Promise<ChildServer> {
  const substrates = ['time:0.05', 'simulation', 'simulation', ''] as const
  return startServerProcess(t, [dataDir, ...substrates, store, String(wrongByMs)])
}

/** One whose EMR clusters really run, of the files of engines that are there. */
export async function startEmrServer(
  t: TestContext,
  dataDir: string,
  cache: string,
): Promise<ChildServer> {
  return startServerProcess(t, [dataDir, 'immediate', 'simulation', 'local', cache])
}

async function startServerProcess(
  t: TestContext,
  args: readonly [dataDir: string, ...more: string[]],
): Promise<ChildServer> {
  const [dataDir] = args
  const child: ChildProcess = fork(PROGRAM, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCacheOf(t) },
  })
  const exited = once(child, 'exit')
  cleanUp(t, async () => {
    child.kill('SIGKILL')
    await exited
  })
  const ready = (await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => [{ code }]),
  ])) as [{ port?: number; code?: number }]
  if (ready[0].port === undefined)
    throw new Error(`the server did not start (${String(ready[0].code)})`)
  keepDataDirectory(ready[0].port, dataDir)
  const ask = async (what: string): Promise<unknown> => {
    const answer = once(child, 'message')
    child.send(what)
    return (await answer)[0] as unknown
  }
  return {
    port: ready[0].port,
    counts: () => ask('counts') as Promise<LoopCounts>,
    kept: () => ask('kept') as Promise<readonly KeptInstance[]>,
    async cpuMs() {
      const { user, system } = (await ask('cpu')) as NodeJS.CpuUsage
      return (user + system) / 1000
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

const compileCaches = new WeakMap<TestContext, string>()

/** The servers of a test, one after the other, are the same program; those of `npm test` all are. */
function compileCacheOf(t: TestContext): string {
  const cache = process.env['NODE_COMPILE_CACHE'] ?? compileCaches.get(t) ?? memoryDirectory(t)
  compileCaches.set(t, cache)
  return cache
}
