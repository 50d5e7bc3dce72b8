/** The StarRocks-compatible engine of Emrys as the local substrate runs it: `engine.json`, a verifier, a control socket. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineControl } from '../../engine/starrocks/process/control-client.ts'
import {
  configurationFile,
  verifierFile,
  type EngineConfiguration,
} from '../../engine/starrocks/process/configuration.ts'
import type { EngineHealth, EngineNode, EngineWanted, LocalEngine } from './engine.ts'
import { writeWhole } from './whole-file.ts'

/** Built, the program is JavaScript beside us; in a checkout it is TypeScript. */
const PROGRAM = fileURLToPath(
  new URL(`../../engine/starrocks/main${extname(import.meta.filename)}`, import.meta.url),
)
const STANDARD_PORTS = { queryPort: 9030, frontPort: 8030, backPort: 8040 }
const FREE_PORTS = { queryPort: 0, frontPort: 0, backPort: 0 }
/** A greeting comes at once or the engine is not well. */
const GREETING_MS = 2_000
const METRICS_MS = 2_000
const BYTES_PER_MIB = 1024 ** 2

export function starrocksEngine(): LocalEngine {
  return {
    family: 'starrocks',
    workers: ['be', 'cn'],
    prepare(wanted) {
      writeWhole(join(wanted.directory, verifierFile), verifierOf(wanted))
      writeWhole(join(wanted.directory, configurationFile), textOf(wanted))
      return { program: PROGRAM, args: [wanted.directory] }
    },
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
  const configuration: EngineConfiguration = {
    instance: wanted.id,
    generation: wanted.generation,
    version: wanted.version,
    host: wanted.host,
    ...(wanted.ports === 'standard' ? STANDARD_PORTS : FREE_PORTS),
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

async function metrics(directory: string): Promise<string> {
  const seen = await health(directory)
  const front = seen?.endpoints.find((endpoint) => endpoint.name === 'fe-http')
  if (!front) return ''
  const { host } = JSON.parse(
    readFileSync(join(directory, configurationFile), 'utf8'),
  ) as EngineConfiguration
  try {
    const answer = await fetch(`http://${host}:${front.port}/metrics`, {
      signal: AbortSignal.timeout(METRICS_MS),
    })
    return answer.ok ? await answer.text() : ''
  } catch {
    return ''
  }
}
