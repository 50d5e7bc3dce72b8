/**
 * Instances on this machine as a test sees them from outside: their directories, their processes by command line, their clusters by
 * the admin pages, their rows by MySQL. Nothing of the substrate's own bookkeeping is believed but its notes of addresses.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { createConnection, type Connection } from 'mysql2/promise'
import type { ClusterPage, ClusterRow } from '../../../src/admin/cluster.ts'
import { askAdmin } from '../http/admin.ts'
import { instanceBody } from '../http/body.ts'
import { client } from '../http/client.ts'
import { cleanUp } from '../process/clean-up.ts'
import { temporaryDirectory } from '../process/directory.ts'

export interface EngineProcess {
  readonly pid: number
  /** The directory below the data directory's `local` that its command line names. */
  readonly id: string
}

/** Every process whose command line names an instance of the data directory. Only where there is a /proc. */
export function enginesOf(dataDir: string): readonly EngineProcess[] {
  const inside = `${join(dataDir, 'local')}/`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const argument = commandLine(name).find((each) => each.startsWith(inside))
      const [id = ''] = argument?.slice(inside.length).split('/') ?? []
      return argument === undefined ? [] : [{ pid: Number(name), id }]
    })
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return [] // It has just ended.
  }
}

/** A data directory whose engines are ended with the test, each by its own id, before the directory goes. */
export function localDataDirectory(t: TestContext): string {
  const path = temporaryDirectory(t)
  cleanUp(t, () => {
    for (const { pid } of enginesOf(path)) kill(pid)
  })
  return path
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

export function directoriesOf(dataDir: string): readonly string[] {
  const root = join(dataDir, 'local')
  return existsSync(root) ? readdirSync(root).toSorted() : []
}

export function hostsOf(dataDir: string): readonly string[] {
  return directoriesOf(dataDir).map((id) => {
    const note = readFileSync(join(dataDir, 'local', id, 'instance.json'), 'utf8')
    return (JSON.parse(note) as { host: string }).host
  })
}

async function clustersOf(port: number): Promise<readonly ClusterRow[]> {
  const { body } = await askAdmin(port, 'clusters?limit=1000')
  return (body as ClusterPage).clusters
}

export const ADMIN_PASSWORD = '1qaz@QAZ'

/** Creates one and waits until it runs. */
export async function createInstance(port: number, name = 'here'): Promise<ClusterRow> {
  const api = client(port)
  const { status, body } = await api.alibaba('/webapi/cluster/createV1', {
    body: instanceBody(name),
  })
  api.close()
  if (status !== 200) throw new Error(JSON.stringify(body))
  const { InstanceId } = body['Data'] as { InstanceId: string }
  const found = (await settled(port)).find(({ id }) => id === InstanceId)
  if (!found) throw new Error(`${InstanceId} is not there`)
  return found
}

/** How often a server is asked before it is given up, every 50 ms: a busy machine takes a minute to start a few engines. */
const LOOKS_MAX = 1800

/** Waits until nothing is in transition, and every instance that runs takes connections. */
export async function settled(port: number): Promise<readonly ClusterRow[]> {
  let rows: readonly ClusterRow[] = []
  for (let look = 0; look < LOOKS_MAX; look++) {
    rows = await clustersOf(port)
    if (rows.every(({ state }) => state === 'running') && (await allAnswer(rows))) return rows
    await pause(50)
  }
  throw new Error(`not settled: ${rows.map(({ id, state }) => `${id} ${state}`).join(', ')}`)
}

async function allAnswer(rows: readonly ClusterRow[]): Promise<boolean> {
  for (const row of rows) {
    try {
      const connection = await logIn(row)
      await connection.end()
    } catch {
      return false
    }
  }
  return true
}

export function logIn({ id, endpoints }: ClusterRow): Promise<Connection> {
  const sql = endpoints.find(({ name }) => name === 'mysql')
  if (!sql) throw new Error(`${id} has no endpoint for SQL`)
  const { host, port } = sql
  return createConnection({ host, port, user: 'admin', password: ADMIN_PASSWORD })
}

/** Settings of a server whose StarRocks instances run on this machine, as small as they can be, and end with it. */
export const smallEngines = {
  substrates: { default: 'simulation', starrocks: 'local' },
  local: { threadsPerCpu: 0.125, memoryMibPerCpu: 64, advertisedHost: '', keepRunning: false },
}
