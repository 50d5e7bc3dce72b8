/**
 * `npm run bench -- emr` (`emr kafka` for one of them alone): the time from CreateInstance until an EMR cluster on this machine has done
 * its first work for a client, beside the same daemons started by hand: the same files, scripts and addresses, all at once, and again
 * where one ended for lack of another. Each round does one after the other; medians, and the median of the rounds' ratios. What each
 * daemon keeps in memory then stands below.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { hadoopCluster, type HadoopCluster } from '../scripts/demo/hadoop-cluster.ts'
import { loadConfig } from '../src/config/config.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { startServer } from '../src/server/server.ts'
import { instanceFolder, instancesIn } from '../src/substrate/local/instance.ts'
import { serviceLocks } from '../src/substrate/local/lock.ts'
import { cachedModules } from '../src/substrate/local/module.ts'
import { roleProcess } from '../src/substrate/local/role-process.ts'
import { subjects, type Addresses, type Subject } from './emr-subject.ts'
import { median } from './spread.ts'

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3)
const LOOK_MS = 50
/** Of a client of the cloud: its requests are this process's work as well, which would be measured instead. */
const STATUS_LOOK_MS = 500
const TIMEOUT_MS = 10 * 60_000
/** What configures a daemon is text; what is larger it has written itself. */
const FILE_BYTES_MAX = 256 * 1024

interface Round {
  readonly createdMs: number
  readonly runningMs: number
  readonly handMs: number
  /** MiB by daemon. */
  readonly memory: ReadonlyMap<string, number>
}

/** `dataDir` is new. */
export async function emrCost(dataDir: string): Promise<void> {
  const modules = cachedModules(loadConfig({}).config.engines.cache, ...serviceLocks)
  const all = subjects()
  const named = all.filter(({ name }) => process.argv.includes(name))
  for (const subject of named.length > 0 ? named : all) {
    const absent = subject.parts.filter((part) => modules.unmet(part) !== undefined)
    if (absent.length > 0) {
      console.log(`- ${subject.what}: not measured, as ${absent.join(' and ')} is not fetched`)
      continue
    }
    const rounds: Round[] = []
    try {
      subject.open?.()
      for (let round = 0; round < ROUNDS; round++)
        rounds.push(await measured(join(dataDir, String(rounds.length)), subject))
    } finally {
      subject.close?.()
    }
    report(subject, rounds)
  }
}

async function measured(dataDir: string, subject: Subject): Promise<Round> {
  mkdirSync(dataDir, { recursive: true })
  const flags = {
    port: '0',
    'data-dir': dataDir,
    'requests-per-second': '0',
    'substrate.emr': 'local',
    'local.memory-per-cpu': '64',
    'local.keep-running': 'false',
  }
  const server = await startServer({ config: loadConfig({ flags }).config, log: silentLogger() })
  try {
    const cluster = hadoopCluster(server.port, subject.creation)
    const startedMs = performance.now()
    await cluster.create()
    await untilPhase(cluster, 'running')
    const runningMs = performance.now() - startedMs
    const addresses = {
      master: await cluster.addresses('master'),
      core: await cluster.addresses('core'),
    }
    await untilDone(subject, addresses)
    const createdMs = performance.now() - startedMs
    const recipes = recipesIn(join(dataDir, 'local'))
    const memory = memoryOf(recipes)
    await cluster.release()
    await untilPhase(cluster, 'gone')
    const handMs = await byHand(recipes, () => untilDone(subject, addresses))
    return { createdMs, runningMs, handMs, memory }
  } finally {
    await server.close()
  }
}

async function untilPhase(cluster: HadoopCluster, phase: string): Promise<void> {
  const endMs = performance.now() + TIMEOUT_MS
  for (;;) {
    const { phase: seen, said } = await cluster.look()
    if (seen === phase) return
    if (seen === 'failed' || performance.now() > endMs)
      throw new Error(`the cluster is ${said}, not ${phase}`)
    await pause(STATUS_LOOK_MS)
  }
}

async function untilDone({ work }: Subject, addresses: Addresses): Promise<void> {
  const endMs = performance.now() + TIMEOUT_MS
  for (;;) {
    try {
      return await work(addresses)
    } catch (problem) {
      if (performance.now() > endMs) throw problem
      await pause(LOOK_MS)
    }
  }
}

/** What starts a daemon: its directory with its files, its environment. */
interface Recipe {
  readonly role: string
  readonly pid: number
  readonly directory: string
  readonly files: ReadonlyMap<string, Buffer>
  readonly env: Readonly<Record<string, string>>
}

function recipesIn(root: string): readonly Recipe[] {
  return instancesIn(root).flatMap(({ id, processes }) =>
    processes.map(({ name, role }) => {
      const { directory, ...rest } = instanceFolder(root, id).files(name)
      const pid = roleProcess({ directory, ...rest }).pid() ?? 0
      const names = readdirSync(directory).filter((each) => {
        const found = statSync(join(directory, each))
        return found.isFile() && found.size < FILE_BYTES_MAX && !each.includes('.log')
      })
      const files = new Map(names.map((each) => [each, readFileSync(join(directory, each))]))
      const env = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
      const pairs = env.map((each) => each.split(/=(.*)/s) as [string, string?])
      return {
        role,
        pid,
        directory,
        files,
        env: Object.fromEntries(pairs.map(([key, value = '']) => [key, value])),
      }
    }),
  )
}

function memoryOf(recipes: readonly Recipe[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>()
  for (const { role, pid } of recipes) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(status) ?? []
    all.set(role, Math.max(all.get(role) ?? 0, Number(kib) / 1024))
  }
  return all
}

/** The time from the first start until the work is done. Nothing is left of it. */
async function byHand(recipes: readonly Recipe[], work: () => Promise<void>): Promise<number> {
  for (const { directory, files } of recipes) {
    mkdirSync(directory, { recursive: true })
    for (const [name, bytes] of files) writeFileSync(join(directory, name), bytes)
  }
  const running = new Map<string, ChildProcess>()
  let over = false
  const start = (recipe: Recipe) => {
    const { directory: cwd, env } = recipe
    const child = spawn('/bin/sh', ['start.sh'], { cwd, env, stdio: 'ignore', detached: true })
    running.set(cwd, child)
    // What came too early for another one.
    child.once('exit', () => setTimeout(() => over || start(recipe), LOOK_MS))
  }
  const startedMs = performance.now()
  try {
    recipes.forEach(start)
    await work()
    return performance.now() - startedMs
  } finally {
    over = true
    for (const child of running.values()) {
      if (child.pid === undefined || (child.exitCode ?? child.signalCode) !== null) continue
      const ended = once(child, 'exit')
      // Its own group: what it started goes with it.
      process.kill(-child.pid, 'SIGKILL')
      await ended
    }
    for (const { directory } of recipes) rmSync(directory, { recursive: true, force: true })
  }
}

function report({ what }: Subject, rounds: readonly Round[]): void {
  const seconds = (of: (round: Round) => number) => (median(rounds.map(of)) / 1000).toFixed(1)
  const ratios = rounds.map(({ createdMs, handMs }) => createdMs / handMs)
  const range = [Math.min(...ratios), Math.max(...ratios)].map((each) => each.toFixed(2))
  console.table([
    {
      'until the first work': what,
      'running s': seconds(({ runningMs }) => runningMs),
      'created s': seconds(({ createdMs }) => createdMs),
      'by hand s': seconds(({ handMs }) => handMs),
      ratio: `${median(ratios).toFixed(2)} x (${range.join(' to ')}, ${rounds.length} rounds)`,
    },
  ])
  const roles = [...(rounds[0]?.memory.keys() ?? [])]
  const memory = (role: string) => median(rounds.map((round) => round.memory.get(role) ?? 0))
  const parts = roles.map((role) => `${role} ${memory(role).toFixed(0)}`)
  console.log(`- MiB resident then, the largest of each: ${parts.join(', ')}`)
}
