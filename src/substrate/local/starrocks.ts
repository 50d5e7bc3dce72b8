/** The StarRocks-compatible engine of Emrys as the local substrate runs it: `engine.json`, a verifier, a control socket. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineControl } from '../../../engines/starrocks/src/process/control-client.ts'
import {
  configurationFile,
  verifierFile,
  type EngineConfiguration,
} from '../../../engines/starrocks/src/process/configuration.ts'
import type { EngineHealth, EngineNode, EngineWanted, LocalEngine } from './engine.ts'
import { writeWhole } from './whole-file.ts'

/** Built, the program is JavaScript beside us; in a checkout it is TypeScript. */
const PROGRAM = fileURLToPath(
  new URL(`../../../engines/starrocks/src/main${extname(import.meta.filename)}`, import.meta.url),
)
/** MySQL, HTTP of the front end, HTTP of the back end. */
const STANDARD_PORTS = [9030, 8030, 8040] as const
/** A greeting comes at once or the engine is not well. */
const GREETING_MS = 2_000
const METRICS_MS = 2_000
/** Far above what the engine has to tell. */
const METRICS_LENGTH = 262_144
const BYTES_PER_MIB = 1024 ** 2

/**
 * Node runs native work on four threads unless told otherwise, before it starts: four long statements would hold up every
 * other client. Threads that wait cost little; DuckDB's own limit says how many work.
 */
const STATEMENTS_AT_ONCE = 64

/** `compiled`: a folder that all engines share, where the first leaves what it compiled; the others start in half the time. */
export function starrocksEngine(compiled?: string): LocalEngine {
  return {
    family: 'starrocks',
    workers: ['be', 'cn'],
    standardPorts: STANDARD_PORTS,
    logFile: 'engine.log',
    prepare(wanted) {
      writeWhole(join(wanted.directory, verifierFile), verifierOf(wanted))
      writeWhole(join(wanted.directory, configurationFile), textOf(wanted))
    },
    command: (directory) => ({
      program: PROGRAM,
      args: [directory],
      env: {
        UV_THREADPOOL_SIZE: String(STATEMENTS_AT_ONCE),
        ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }),
      },
    }),
    isPrepared(wanted) {
      const holds = (name: string, text: string) => {
        const file = join(wanted.directory, name)
        return existsSync(file) && readFileSync(file, 'utf8') === text
      }
      return holds(configurationFile, textOf(wanted)) && holds(verifierFile, verifierOf(wanted))
    },
    async update(directory) {
      try {
        await engineControl(directory).reload()
        return true
      } catch {
        return false // What it cannot change while it runs it takes over when it starts.
      }
    },
    health,
    metrics,
  }
}

function textOf(wanted: EngineWanted): string {
  const [queryPort = 0, frontPort = 0, backPort = 0] = wanted.ports
  const configuration: EngineConfiguration = {
    instance: wanted.id,
    generation: wanted.generation,
    version: wanted.version,
    host: wanted.host,
    queryPort,
    frontPort,
    backPort,
    ...(wanted.advertisedHost === undefined ? {} : { advertisedHost: wanted.advertisedHost }),
    threads: wanted.threads,
    memoryBytes: wanted.memoryMib * BYTES_PER_MIB,
    storageBytes: wanted.quotaBytes,
    nodes: wanted.nodes.flatMap((node) => {
      const role = roleOf(node)
      const { id: name, host, group, zone } = node
      return role === undefined ? [] : [{ name, role, host, group, zone, version: wanted.version }]
    }),
  }
  return `${JSON.stringify(configuration, null, 2)}\n`
}

type Role = EngineConfiguration['nodes'][number]['role']
const ROLES: readonly Role[] = ['fe', 'be', 'cn', 'observer']

/** Agents are none of StarRocks' own nodes and show in none of its listings. */
function roleOf(node: EngineNode): Role | undefined {
  return ROLES.find((role) => role === node.role)
}

/** What mysql_native_password keeps instead of the password: SHA1(SHA1(password)). */
function verifierOf(wanted: EngineWanted): string {
  const password = wanted.reveal('adminPassword')
  if (password === undefined || password === '') return ''
  const once = createHash('sha1').update(password).digest()
  return createHash('sha1').update(once).digest('hex')
}

interface Told {
  readonly pid: number
  readonly generation: number
  readonly ports: { readonly query: number; readonly front: number; readonly back: number }
}

async function health(directory: string): Promise<EngineHealth | undefined> {
  let told: Told
  try {
    told = (await engineControl(directory).health()) as unknown as Told
  } catch {
    return undefined // Nobody is there, or not yet.
  }
  const { host, advertisedHost } = JSON.parse(
    readFileSync(join(directory, configurationFile), 'utf8'),
  ) as EngineConfiguration
  const shown = advertisedHost ?? host
  const { query, front, back } = told.ports
  return {
    pid: told.pid,
    generation: told.generation,
    answering: await greets(host, query),
    endpoints: [
      { name: 'mysql', host: shown, port: query },
      { name: 'fe-http', host: shown, port: front },
      { name: 'be-http', host: shown, port: back },
    ],
  }
}

/** The data plane's own sign of life: a MySQL server greets whoever connects. */
function greets(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: GREETING_MS })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}

/** Of both ports. A metric that both have is the process' own, and is told once. */
async function metrics(directory: string): Promise<string> {
  try {
    const { ports } = (await engineControl(directory, METRICS_MS).health()) as unknown as Told
    const { host } = JSON.parse(
      readFileSync(join(directory, configurationFile), 'utf8'),
    ) as EngineConfiguration
    const [front, back] = await Promise.all(
      [ports.front, ports.back].map((port) => page(`http://${host}:${port}/metrics`)),
    )
    return `${front}\n${back}`
  } catch {
    return ''
  }
}

async function page(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(METRICS_MS) })
  if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`)
  const decoder = new TextDecoder()
  let text = ''
  for await (const piece of answer.body) {
    text += decoder.decode(piece as Uint8Array, { stream: true })
    if (text.length > METRICS_LENGTH) throw new Error(`${url} tells too much`)
  }
  return text
}
