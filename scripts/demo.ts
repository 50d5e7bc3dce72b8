/**
 * `npm run demo`: a server of its own, and each cloud's official client, unmodified but for its endpoint, that creates a
 * cluster, watches it become running, reads it back and releases it. The StarRocks instance runs on this machine and is used
 * meanwhile; the Hadoop cluster is simulated. It ends by itself, with exit code 0 when all of that happened, and leaves neither
 * process nor directory behind.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { terminal } from '../src/cli/terminal.ts'
import { table } from '../src/cli/table.ts'
import { loadConfig } from '../src/config/config.ts'
import { startServer } from '../src/server/server.ts'
import { endpointsOf } from './demo/endpoint.ts'
import { hadoopCluster } from './demo/hadoop-cluster.ts'
import { useInstance } from './demo/starrocks-data.ts'
import { starrocksInstance } from './demo/starrocks-instance.ts'
import { emrDemo, emrFlags, unmetEmr } from './demo/emr.ts'
import { follow } from './demo/progress.ts'
import type { Act } from './demo/act.ts'

/** Seconds for each step of the simulated clusters: long enough to be seen. */
const PACE = 'time:2'
const TIMEOUT_MS = 50_000
/** `npm run demo -- emr`: an EMR cluster that really runs on this machine, and nothing else. */
const ONLY_EMR = process.argv.includes('emr')

const out = terminal()

async function demo(dataDir: string): Promise<void> {
  const more = ONLY_EMR ? emrFlags : {}
  const flags = { ...flagsFor(dataDir), ...more }
  const server = await startServer({ config: loadConfig({ flags }).config })
  endServer = server.close
  try {
    out.line(`${out.paint('bold', 'Emrys')} listens at ${server.url}, its data is in ${dataDir}`)
    if (ONLY_EMR) return await emrDemo(server, { out, dataDir })
    const acts = [starrocksInstance(server.port), hadoopCluster(server.port)]
    const ids: string[] = []
    for (const act of acts) {
      const id = await act.create()
      ids.push(id)
      out.line(`${out.paint('cyan', act.client)} created ${act.what} ${id}`)
    }
    await follow(out, acts, { phase: 'running', timeoutMs: TIMEOUT_MS })
    out.line('')
    for (const line of await summary(acts)) out.line(line)
    out.line('')
    const endpoints = await endpointsOf(server, ids[0] ?? '')
    await useInstance(endpoints, { line: out.line, dim: (text) => out.paint('dim', text) })
    out.line('')
    for (const act of acts) await act.release()
    out.line('both are being released')
    await follow(out, acts, { phase: 'gone', timeoutMs: TIMEOUT_MS })
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
  const unmet = ONLY_EMR ? unmetEmr() : undefined
  if (unmet !== undefined) throw new Error(unmet)
  await demo(dataDir)
  out.line(`done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s; nothing is left behind`)
} catch (problem) {
  const sentence = problem instanceof Error ? problem.message : String(problem)
  if (!interrupted) process.stderr.write(`the demo failed: ${sentence}\n`)
  process.exitCode = 1
} finally {
  clean()
}
