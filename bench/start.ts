/**
 * How long a server takes until it is ready, and what is resident then: from a checkout and as the published package has it, empty and with many
 * clusters, in rounds in which each has its turn; Node itself beside them, which is what no program in it can do without.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { builtPackage } from './built-package.ts'
import type { DocumentRow } from './document.ts'
import { runLoad } from './process.ts'
import { processorMs } from './processor.ts'
import { wireRequest } from './request.ts'
import { seededDirectory } from './seed.ts'
import { spread, spreadText } from './spread.ts'

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const CLUSTERS = Number(process.env['BENCH_CLUSTERS'] ?? 100_000)
const FOR_MS = Number(process.env['BENCH_MS'] ?? 4000)
/** By then a server has released what only its start needed (src/cli/idle-memory.ts). */
const IDLE_MS = 4_000
const CHECKOUT = join(import.meta.dirname, '..', 'src', 'cli', 'start.ts')
const PAGE = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }

interface Place {
  readonly what: string
  readonly program: string
  readonly dataDir: string
  readonly aim: string
  readonly clusters: number
}

interface Start {
  readonly readyMs: number
  readonly processorMs: number
  readonly residentMiB: number
  /** After pages were asked for. */
  readonly loadedMiB: number
}

/** `dataDir` is new, and lies below this checkout. */
export async function startCost(dataDir: string): Promise<readonly DocumentRow[]> {
  const { command: program } = await builtPackage(join(dataDir, 'package'))
  const [empty, full] = [join(dataDir, 'empty'), join(dataDir, 'full')]
  await seededDirectory(full, CLUSTERS)
  const many = `with ${CLUSTERS} clusters`
  const places: readonly Place[] = [
    { what: 'package, empty', program, dataDir: empty, aim: '350 ms, 90 MiB', clusters: 0 },
    {
      what: `package, ${many}`,
      program,
      dataDir: full,
      aim: '600 ms, 140 MiB',
      clusters: CLUSTERS,
    },
    { what: 'checkout, empty', program: CHECKOUT, dataDir: empty, aim: '450 ms', clusters: 0 },
    {
      what: `checkout, ${many}`,
      program: CHECKOUT,
      dataDir: full,
      aim: '600 ms',
      clusters: CLUSTERS,
    },
  ]
  const starts = places.map((): Start[] => [])
  const bare: { readonly ms: number; readonly processorMs: number }[] = []
  // The first round fills caches of files and of compiled code, and does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    const node = nodeItself()
    if (round > 0) bare.push(node)
    for (const [at, place] of places.entries()) {
      const started = await startOf(place)
      if (round > 0) starts[at]!.push(started)
    }
  }
  const own = {
    'What is started': '`node -e 0`',
    'Ready, ms': spreadText(spread(bare.map(({ ms }) => ms)), 0),
    'Processor time, ms': spreadText(spread(bare.map(({ processorMs: ms }) => ms)), 0),
    'Resident, MiB': '–',
    'After load, MiB': '–',
    Aim: '–',
  }
  return [own, ...places.map((place, at) => rowOf(place, starts[at]!))]
}

function nodeItself(): { readonly ms: number; readonly processorMs: number } {
  const [startedMs, before] = [performance.now(), processorMs([process.pid])]
  spawnSync(process.execPath, ['-e', '0'])
  // Of this process and of its children that have ended, of which this is one.
  return { ms: performance.now() - startedMs, processorMs: processorMs([process.pid]) - before }
}

async function startOf({ program, dataDir, clusters }: Place): Promise<Start> {
  const flags = ['--port', '0', '--data-dir', dataDir, '--requests-per-second', '0']
  const startedMs = performance.now()
  const child = spawn(process.execPath, [program, 'serve', ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const port = await portOf(child)
    const readyMs = performance.now() - startedMs
    const usedMs = processorMs([child.pid!])
    await pause(IDLE_MS)
    const residentMiB = residentOf(child.pid!)
    const requests = [wireRequest(port, 'DescribeInstances', PAGE)]
    const mode = { each: 'again', forMs: FOR_MS } as const
    const expect = `"TotalCnt":${clusters}`
    await runLoad({ port, connections: 16, requests, mode, expect })
    return { readyMs, processorMs: usedMs, residentMiB, loadedMiB: residentOf(child.pid!) }
  } finally {
    const exited = once(child, 'exit')
    child.kill()
    await exited
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  const lines = createInterface({ input: child.stdout! })
  const ended = once(child, 'exit').then(() => {
    throw new Error('the server ended before it was ready')
  })
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  return Number(/:(\d+)$/.exec(line)?.[1])
}

function residentOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

function rowOf({ what, aim }: Place, starts: readonly Start[]): DocumentRow {
  const of = (member: keyof Start) => spreadText(spread(starts.map((it) => it[member])), 0)
  return {
    'What is started': what,
    'Ready, ms': of('readyMs'),
    'Processor time, ms': of('processorMs'),
    'Resident, MiB': of('residentMiB'),
    'After load, MiB': of('loadedMiB'),
    Aim: aim,
  }
}
