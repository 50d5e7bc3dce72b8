/**
 * `npm run test:clients`: every scenario of test/client with the vendors' own clients of other languages, each against a
 * server of its own; clients of SQL get an instance that runs on this machine. What a client needs is fetched once into .cache/, which git ignores. A client whose tool this machine
 * lacks is SKIPPED, loudly; where CI is set, that fails. Names as arguments choose: `npm run test:clients -- go/tencent`.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ADMIN_TOKEN_FILE } from '../src/admin/admin-token.ts'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../src/gateway/development.ts'
import { loadConfig } from '../src/config/config.ts'
import { knownActions } from '../src/dialect/tencent/wire/known-actions.ts'
import { startServer, type Server } from '../src/server/server.ts'
import { BUCKET, bucketEnvironment, serverHere, withInstance } from './client/instance.ts'
import { scenarios } from './client/scenario.ts'
import type { Prepared, Scenario } from './client/tool.ts'

type Outcome = 'passed' | 'FAILED' | 'SKIPPED'

const SCENARIO_MS_MAX = 10 * 60_000

/** For test suites, which start servers of their own. */
const EMRYS_COMMAND = `${process.execPath} ${join(import.meta.dirname, '../src/cli/main.ts')}`

/** Each client finds its key where it looks for one. */
const KEYS = {
  EMRYS_KEY_ID: DEVELOPMENT_KEY_ID,
  EMRYS_KEY_SECRET: DEVELOPMENT_SECRET,
  ALIBABA_CLOUD_ACCESS_KEY_ID: DEVELOPMENT_KEY_ID,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: DEVELOPMENT_SECRET,
  TENCENTCLOUD_SECRET_ID: DEVELOPMENT_KEY_ID,
  TENCENTCLOUD_SECRET_KEY: DEVELOPMENT_SECRET,
}

const chosen = process.argv.slice(2)
const all = scenarios().filter(({ name }) => chosen.length === 0 || chosen.includes(name))
const unknown = chosen.filter((each) => all.every(({ name }) => name !== each))
if (unknown.length > 0) {
  const names = scenarios().map(({ name }) => name)
  process.stderr.write(
    `no scenario is called ${unknown.join(', ')}; there are:\n  ${names.join('\n  ')}\n`,
  )
  process.exit(1)
}
const ended = new AbortController()
/** Node would end at once, and leave clients running that lead process groups of their own. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => ended.abort(signal))
const counts: Record<Outcome, number> = { passed: 0, FAILED: 0, SKIPPED: 0 }
/** Actions of EMR that a server of a scenario in Python has done. */
const done = new Set<string>()
for (const scenario of all) {
  counts[await judge(scenario)]++
  if (ended.signal.aborted) process.kill(process.pid, ended.signal.reason as NodeJS.Signals)
}
const undone = await undoneActions()
if (undone.length > 0) {
  counts.FAILED++
  process.stdout.write(`FAILED  no scenario in Python has: ${undone.join(', ')}\n`)
}
process.stdout.write(
  `clients ${all.length}  passed ${counts.passed}  failed ${counts.FAILED}  skipped ${counts.SKIPPED}\n`,
)
const forbidden = process.env['CI'] ? counts.SKIPPED : 0
process.exitCode = all.length === 0 || counts.FAILED + forbidden > 0 ? 1 : 0

/** Those that no scenario has a server do, once all have run. */
async function undoneActions(): Promise<readonly string[]> {
  const own = scenarios().filter(isOfEmr)
  const wereRun = own.every(({ name }) => all.some((each) => each.name === name))
  if (!wereRun || counts.SKIPPED + counts.FAILED > 0) return []
  return [...knownActions].filter((action) => !done.has(action))
}

function isOfEmr({ name }: Scenario): boolean {
  return /^python\/(?:terraform-)?tencent.*\.py$/.test(name)
}

/** By the server's own account. */
async function noteDone(url: string, token: string): Promise<void> {
  const answer = await fetch(`${url}/_emrys/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const text = await answer.text()
  const counted = /^emrys_requests_total\{dialect="tencent",action="(\w+)",outcome="ok"\}/gm
  for (const [, action = ''] of text.matchAll(counted)) done.add(action)
}

async function judge(scenario: Scenario): Promise<Outcome> {
  const startedMs = performance.now()
  const tell = (outcome: Outcome, why = ''): Outcome => {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    process.stdout.write(`${outcome}  ${scenario.name}  ${seconds} s${why && `  ${why}`}\n`)
    return outcome
  }
  const lacking = scenario.lacks()
  if (lacking !== undefined) return tell('SKIPPED', lacking)
  try {
    const prepared = await scenario.prepare()
    const { code, output } = scenario.startsServers
      ? await execute(prepared, [], { EMRYS_COMMAND })
      : await withServer(scenario, async (server, dataDir) => {
          if (scenario.wantsInstance)
            return withInstance(serverHere(server), async (instance) => {
              // The store starts with the first instance.
              const bucket = scenario.wantsBucket ? await bucketEnvironment(server) : {}
              return execute(prepared, [], { ...instance, ...bucket })
            })
          const token = readFileSync(join(dataDir, ADMIN_TOKEN_FILE), 'utf8').trim()
          const outcome = await execute(prepared, [server.url], {
            ...KEYS,
            EMRYS_ADMIN_TOKEN: token,
          })
          if (isOfEmr(scenario)) await noteDone(server.url, token)
          return outcome
        })
    if (code === 0) return tell('passed', `${output.trim().split('\n').length} steps`)
    process.stdout.write(output)
    return tell('FAILED', `exit code ${code}`)
  } catch (problem) {
    return tell('FAILED', (problem as Error).message)
  }
}

async function withServer<T>(
  { wantsBucket }: Scenario,
  work: (server: Server, dataDir: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'emrys-clients-'))
  const dataDir = join(directory, 'data')
  const environment = join(directory, 'environment.yaml')
  writeFileSync(
    environment,
    `alibaba:\n  object-storage: { endpoint: local }\n  buckets: [{ id: ${BUCKET} }]\n`,
  )
  const flags = {
    port: '0',
    'data-dir': dataDir,
    'simulation.default': 'time:0.3',
    'requests-per-second': '0',
    // What a client leaves running ends with the server.
    'local.keep-running': 'false',
    ...(wantsBucket ? { 'environment.file': environment } : {}),
  }
  try {
    const server = await startServer({ config: loadConfig({ flags }).config })
    try {
      return await work(server, dataDir)
    } finally {
      await server.close()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function execute(
  { command, args, cwd, env }: Prepared,
  more: readonly string[],
  environment: object,
): Promise<{ code: number; output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>()
  // A group of its own, so that a client that hangs is ended with whatever it started.
  const child = spawn(command, [...args, ...more], {
    cwd,
    env: { ...process.env, ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const kill = () => {
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    if (child.pid !== undefined && !hasEnded) process.kill(-child.pid, 'SIGKILL')
  }
  const late = setTimeout(kill, SCENARIO_MS_MAX)
  ended.signal.addEventListener('abort', kill)
  if (ended.signal.aborted) kill()
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.on('error', reject)
  child.on('close', (code) => {
    clearTimeout(late)
    ended.signal.removeEventListener('abort', kill)
    resolve({ code: code ?? 1, output })
  })
  return promise
}
