/**
 * `npm run demo`: a server of its own, and each cloud's official client, unmodified but for its endpoint, that creates a
 * cluster, watches it become running, reads it back and releases it. The StarRocks instance runs on this machine and is used
 * meanwhile; the Hadoop cluster is simulated. It ends by itself, with exit code 0 when all of that happened, and leaves neither
 * process nor directory behind.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { terminal } from '../src/cli/terminal.ts'
import { table } from '../src/cli/table.ts'
import { loadConfig } from '../src/config/config.ts'
import { startServer } from '../src/server/server.ts'
import { endpointsOf } from './demo/endpoint.ts'
import { hadoopCluster } from './demo/hadoop-cluster.ts'
import { useInstance } from './demo/starrocks-data.ts'
import { starrocksInstance } from './demo/starrocks-instance.ts'
import type { Act, Progress } from './demo/act.ts'

/** Seconds for each step of the simulated clusters: long enough to be seen. */
const PACE = 'time:2'
const LOOK_EVERY_MS = 250
const PATIENCE_MS = 50_000

const out = terminal()

async function demo(dataDir: string): Promise<void> {
  const server = await startServer({ config: loadConfig({ flags: flagsFor(dataDir) }).config })
  endServer = server.close
  try {
    out.line(`${out.paint('bold', 'Emrys')} listens at ${server.url}, its data is in ${dataDir}`)
    const acts = [starrocksInstance(server.port), hadoopCluster(server.port)]
    const ids: string[] = []
    for (const act of acts) {
      const id = await act.create()
      ids.push(id)
      out.line(`${out.paint('cyan', act.client)} created ${act.what} ${id}`)
    }
    await follow(acts, 'running')
    out.line('')
    for (const line of await summary(acts)) out.line(line)
    out.line('')
    const endpoints = await endpointsOf(server, ids[0] ?? '')
    await useInstance(endpoints, { line: out.line, dim: (text) => out.paint('dim', text) })
    out.line('')
    for (const act of acts) await act.release()
    out.line('both are being released')
    await follow(acts, 'gone')
  } finally {
    await server.close()
  }
}

function flagsFor(dataDir: string): Readonly<Record<string, string>> {
  return {
    port: '0',
    'data-dir': dataDir,
    'simulation.default': PACE,
    'local.keep-running': 'false',
  }
}

/** Shows how far every act is, until all have come where they should. */
async function follow(acts: readonly Act[], goal: Progress['phase']): Promise<void> {
  const show = shower()
  const startedAt = Date.now()
  for (;;) {
    const progress = await Promise.all(acts.map((act) => act.look()))
    show(acts.map((act, at) => `${lineOf(act, progress[at]!)}${sinceText(startedAt)}`))
    if (progress.every((each) => each.phase === goal)) return
    const failed = acts.find((_, at) => progress[at]?.phase === 'failed')
    if (failed) throw new Error(`${failed.what} failed`)
    if (Date.now() > startedAt + PATIENCE_MS)
      throw new Error(`after ${PATIENCE_MS / 1000} s not every cluster is ${goal}`)
    await wait(LOOK_EVERY_MS)
  }
}

/** In place on a terminal, else every line that is new. */
function shower(): (lines: readonly string[]) => void {
  const live = terminal()
  const before = new Map<number, string>()
  return (lines) => {
    if (live.live) return live.redraw(lines)
    for (const [at, line] of lines.entries()) if (before.get(at) !== line) out.line(line)
    for (const [at, line] of lines.entries()) before.set(at, line)
  }
}

/** Where lines are shown in place; elsewhere each second would be a new line. */
function sinceText(startedAt: number): string {
  return out.live ? out.paint('dim', `  ${((Date.now() - startedAt) / 1000).toFixed(1)} s`) : ''
}

function lineOf(act: Act, { phase, said, done, all }: Progress): string {
  const style = phase === 'running' ? 'green' : phase === 'gone' ? 'dim' : 'yellow'
  const bar = all > 0 ? `${'■'.repeat(done)}${'□'.repeat(all - done)} ${done}/${all} nodes` : ''
  return `  ${act.what.padEnd(20)} ${out.paint(style, said.padEnd(17))} ${bar}`.trimEnd()
}

async function summary(acts: readonly Act[]): Promise<readonly string[]> {
  const rows = (await Promise.all(acts.map((act) => act.describe()))).flat()
  const column = (title: string, at: number) => ({
    title,
    text: (row: readonly string[]) => row[at] ?? '',
  })
  const titles = ['CLOUD', 'ID', 'NAME', 'VERSION', 'STATE', 'NODES', 'REGION']
  return table(rows, titles.map(column), {
    width: out.columns,
    title: (text) => out.paint('dim', text),
  })
}

const dataDir = mkdtempSync(join(tmpdir(), 'emrys-demo-'))
const clean = () => rmSync(dataDir, { recursive: true, force: true })
let endServer = async () => {}
let interrupted = false
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => {
    interrupted = true
    // Engines end with their server; only then is nobody left who would write into the directory.
    void endServer().finally(() => {
      clean()
      process.exit(code)
    })
  })
}
const startedMs = Date.now()
try {
  await demo(dataDir)
  out.line(`done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s; nothing is left behind`)
} catch (problem) {
  const sentence = problem instanceof Error ? problem.message : String(problem)
  if (!interrupted) process.stderr.write(`the demo failed: ${sentence}\n`)
  process.exitCode = 1
} finally {
  clean()
}
