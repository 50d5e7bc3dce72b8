/**
 * `emrys test-servers`: servers for test suites, begun and ended by lines of JSON on standard input and answered on standard output,
 * as `emrys/testing` and the plugins of other languages (clients/) ask for them. Each server has a data directory and a port of its
 * own. All end with the input: a suite that is killed leaves neither a process nor a directory.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { ADMIN_TOKEN_FILE } from '../admin/admin-token.ts'
import { ConfigProblem, loadConfig } from '../config/config.ts'
import {
  DEVELOPMENT_KEY_ID,
  DEVELOPMENT_SECRET,
  developmentAccounts,
} from '../gateway/development.ts'
import type { Server } from '../server/server.ts'
import { openDataDirectory } from '../store/data-directory.ts'
import type { ServerAnswer, TestServer, TestServerRequest } from '../testing/protocol.ts'
import { startProblem } from './start-problem.ts'

const DESCRIPTION = `Servers for test suites. Reads a line of JSON for each request and answers with one:

  {"id":1,"start":{"settings":{"simulation.default":"time:1"}}}
    {"id":1,"server":{"url":"http://127.0.0.1:40001","adminToken":"…","alibaba":{…},"tencent":{…}}}
  {"id":2,"end":"http://127.0.0.1:40001"}
    {"id":2}
  what goes wrong: {"id":1,"problem":"…"}

Every server is empty and has a directory of its own, which goes with it. All end when the input does.`

export function testServersCommand(): Command {
  return new Command('test-servers')
    .summary('servers for test suites, by lines on standard input')
    .description(DESCRIPTION)
    .action(testServers)
}

/** What suites want unless they say something else: clusters are there at once, nothing runs beside the server, nothing is counted. */
const DEFAULTS = {
  'log-level': 'error',
  'simulation.default': 'immediate',
  'substrate.starrocks': 'simulation',
  'requests-per-second': '0',
  console: 'false',
}

/** What follows from being a server of a suite. */
const FIXED = { 'allow-reset': 'true', 'local.keep-running': 'false' }

/** What such a server does not have. */
const REFUSED = [
  'data-dir',
  'init',
  'store',
  'store-password-file',
  'drain-seconds',
  'tls.cert',
  'tls.key',
  'tls.generate',
  ...Object.keys(FIXED),
]

const DIRECTORY = 'emrys-test-servers'
const STOP_MS = 4_500
/** So long the process waits for the next server, which then starts at once. */
const IDLE_MS = 10_000

interface Running {
  readonly server: Server
  readonly dataDir: string
}

async function testServers(): Promise<void> {
  removeLeft()
  const all = new Set<Promise<Running>>()
  const end = async () => {
    setTimeout(() => process.exit(0), STOP_MS).unref()
    await Promise.all([...all].map((each) => each.then(close, () => {})))
    process.exit(0)
  }
  let idle = setTimeout(() => void end(), IDLE_MS)
  const handle = async (request: TestServerRequest): Promise<Omit<ServerAnswer, 'id'>> => {
    clearTimeout(idle)
    try {
      if ('start' in request) return { server: described(await kept(all, request.start)) }
      for (const each of all) {
        const running = await each.catch(() => undefined)
        if (running?.server.url !== request.end) continue
        all.delete(each)
        await close(running)
      }
      return {}
    } finally {
      clearTimeout(idle)
      if (all.size === 0) idle = setTimeout(() => void end(), IDLE_MS)
    }
  }
  process.stdout.on('error', () => {})
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())
  createInterface({ input: process.stdin })
    .on('close', () => void end())
    .on('line', (line) => {
      const request = requestIn(line)
      const answer = (it: Omit<ServerAnswer, 'id'>) =>
        process.stdout.write(`${JSON.stringify({ id: request?.id ?? 0, ...it })}\n`)
      if (request)
        handle(request).then(answer, (problem) => answer({ problem: sentenceOf(problem) }))
      else answer({ problem: 'that is no request; `emrys test-servers --help` shows them' })
    })
}

/** Kept from its beginning, so that it ends with the input even while it starts. */
async function kept(
  running: Set<Promise<Running>>,
  { settings = {} }: { readonly settings?: Readonly<Record<string, unknown>> },
): Promise<Running> {
  const starting = start(settings)
  running.add(starting)
  return starting.catch((problem: unknown) => {
    running.delete(starting)
    throw problem
  })
}

function requestIn(line: string): TestServerRequest | undefined {
  try {
    const value = JSON.parse(line) as TestServerRequest
    return Number.isSafeInteger(value.id) && ('start' in value || 'end' in value)
      ? value
      : undefined
  } catch {
    return undefined
  }
}

async function start(settings: Readonly<Record<string, unknown>>): Promise<Running> {
  const refused = Object.keys(settings).filter((name) => REFUSED.includes(name))
  if (refused.length > 0)
    throw new Error(`a server for tests has no setting ${refused.join(', ')} of its own`)
  const dataDir = mkdtempSync(join(tmpdir(), `${DIRECTORY}-${process.pid}-`))
  try {
    const { config, inForce } = loadConfig({
      file: JSON.stringify({ ...DEFAULTS, port: 0, ...settings }),
      flags: { ...FIXED, 'data-dir': dataDir },
    })
    const { logger } = await import('../kernel/log.ts')
    const { startServer } = await import('../server/server.ts')
    const server = await startServer({ config, inForce, log: logger(config.logLevel) }).catch(
      (problem: unknown) => {
        throw startProblem(problem, config)
      },
    )
    return { server, dataDir }
  } catch (problem) {
    rmSync(dataDir, { recursive: true, force: true })
    throw problem
  }
}

async function close({ server, dataDir }: Running): Promise<void> {
  await server.close()
  rmSync(dataDir, { recursive: true, force: true })
}

function described({ server, dataDir }: Running): TestServer {
  const { host: endpoint, protocol } = new URL(server.url)
  const cloud = (name: string, region: string) => ({
    endpoint,
    protocol: protocol.replace(':', ''),
    region,
    account: developmentAccounts[name]?.account ?? '',
    keyId: DEVELOPMENT_KEY_ID,
    secret: DEVELOPMENT_SECRET,
  })
  return {
    url: server.url,
    adminToken: readFileSync(join(dataDir, ADMIN_TOKEN_FILE), 'utf8').trim(),
    alibaba: cloud('alibaba', 'cn-hangzhou'),
    tencent: cloud('tencent', 'ap-guangzhou'),
  }
}

/** Directories of such processes that were killed: nobody is there any more who has the number, and nobody holds the lock. */
function removeLeft(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^emrys-test-servers-(\d+)-/.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    const directory = join(tmpdir(), name)
    try {
      openDataDirectory(directory).release()
      rmSync(directory, { recursive: true, force: true })
    } catch {
      // Somebody else's.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function sentenceOf(problem: unknown): string {
  if (problem instanceof ConfigProblem) return problem.problems.join('; ')
  return problem instanceof Error ? problem.message : String(problem)
}
