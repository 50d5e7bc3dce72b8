/**
 * `kill -9` of the server while an instance on this machine is changed, before and after its engine was ended; then the truth: the
 * next server brings the change to its end, a restart is one new process and everything else none, every node is in the engine's own
 * listing, every row is there, and a release leaves nothing. Each kind of change once, or ten times with `npm run test:long`.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import { engineControl } from '../../engines/starrocks/src/process/control-client.ts'
import type { ClusterRow } from '../../src/admin/cluster.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { random } from '../../src/kernel/random.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startChildServer, type ChildServer } from '../support/process/child-server.ts'
import { client } from '../support/http/client.ts'
import {
  createInstance,
  directoriesOf,
  enginesOf,
  localDataDirectory,
  logIn,
  settled,
} from '../support/engine/local-instances.ts'

const CYCLES = process.env['EMRYS_LONG'] === '1' ? 10 : 1
const PACE = 'immediate'
const ROWS = 1_000
/** Engines are looked for this often: far more often than one can start. */
const WATCH_MS = 20
const KILL_WITHIN_MS = 200
const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'

interface Wanted {
  nodes: number
  cpu: number
  restarts: number
  /** Of the engine's memory, by its own account before the first change; it stays what it is. */
  readonly bytesPerCpu: number
}

/** Of `instanceBody`. */
const FIRST = { nodes: 3, cpu: 8, restarts: 0 }

interface LocalChange {
  readonly path: string
  /** Changes what is wanted, and says what is sent. */
  readonly request: (wanted: Wanted) => Readonly<Record<string, string>>
  readonly verb: string
  /** How many new processes it takes. */
  readonly processes: number
}

const changes: readonly LocalChange[] = [
  {
    path: '/webapi/starrocks/restartCluster',
    request(wanted) {
      wanted.restarts++
      return {}
    },
    verb: 'restart',
    processes: 1,
  },
  {
    path: '/webapi/resourceChange/modifyCu',
    request(wanted) {
      wanted.cpu = 2 * FIRST.cpu + FIRST.cpu - wanted.cpu
      return { Target: String(wanted.cpu) }
    },
    verb: 'resize',
    processes: 0,
  },
  {
    path: '/webapi/resourceChange/modifyNodeNumber',
    request(wanted) {
      wanted.nodes = 2 * FIRST.nodes + 1 - wanted.nodes
      return { Target: String(wanted.nodes) }
    },
    verb: 'scale',
    processes: 0,
  },
]

test(
  'a change of an instance on this machine is brought to its end after the server was killed',
  { skip },
  async (t) => {
    const seed = process.env['CRASH_SEED'] ?? random().hex(8)
    t.diagnostic(`seed ${seed}`)
    const { fraction } = random(seed)
    const dataDir = localDataDirectory(t)
    const start = () => startChildServer(t, dataDir, PACE, 'local')
    let server = await start()
    const { id } = await createInstance(server.port)
    await fill(await only(server))
    const bytes = await memoryOf(dataDir, id)
    const wanted = { ...FIRST, bytesPerCpu: bytes / (FIRST.nodes * FIRST.cpu) }
    const verbs: string[] = []
    let interrupted = 0
    for (const change of Array.from({ length: CYCLES }, () => changes).flat()) {
      const watch = watchEngines(dataDir)
      await send(server, change.path, { id, members: change.request(wanted) })
      verbs.push(change.verb)
      const isLate = fraction() < 0.5
      if (isLate && change.processes > 0) await watch.changed()
      await delay(fraction() * KILL_WITHIN_MS)
      await server.kill()
      if (isUnderWay(dataDir)) interrupted++
      server = await start()
      const row = await only(server)
      const { before, since } = watch.end()
      const where = `${change.path}, killed ${isLate ? 'late' : 'early'}`
      assert.equal(before.length, 1, where)
      assert.equal(since.length, change.processes, `${where}: ${since.length} new processes`)
      await isAsWanted(server, row, wanted)
      const memory = wanted.nodes * wanted.cpu * wanted.bytesPerCpu
      assert.equal(await memoryOf(dataDir, id), memory, where)
      await hasHistory(server, id, verbs)
    }
    await leavesNothing(server, dataDir, id)
    t.diagnostic(`${interrupted} of ${verbs.length} changes were under way at the kill`)
    assert.ok(interrupted > 0, 'no change was interrupted')
  },
)

/** By the store of a server that is gone. */
function isUnderWay(dataDir: string): boolean {
  const database = new DatabaseSync(join(dataDir, 'emrys.db'), { readOnly: true })
  const open = database
    .prepare(`select 1 from document where kind = 'operation' and state = 'running'`)
    .get()
  database.close()
  return open !== undefined
}

/** The settled instance; there is one. */
async function only(server: ChildServer): Promise<ClusterRow> {
  const [row, ...others] = await settled(server.port)
  assert.ok(row)
  assert.deepEqual(others, [])
  return row
}

/** By the engine's own account. */
async function memoryOf(dataDir: string, id: string): Promise<number> {
  return Number((await engineControl(join(dataDir, 'local', id, 'engine')).health()).memoryBytes)
}

async function fill(row: ClusterRow): Promise<void> {
  const connection = await logIn(row)
  try {
    await connection.query('create database shop')
    await connection.query(
      'create table shop.seen (n bigint) duplicate key(n) distributed by hash(n)',
    )
    const values = Array.from({ length: ROWS }, (_, n) => `(${n})`).join(',')
    await connection.query(`insert into shop.seen values ${values}`)
  } finally {
    await connection.end()
  }
}

interface EngineWatch {
  /** Resolves when there is a process that was not there before. */
  changed(): Promise<void>
  /** The processes that were there at first, and those that were seen since. */
  end(): { readonly before: readonly number[]; readonly since: readonly number[] }
}

function watchEngines(dataDir: string): EngineWatch {
  const before = enginesOf(dataDir).map(({ pid }) => pid)
  const seen = new Set(before)
  const first = Promise.withResolvers<void>()
  const look = () => {
    for (const { pid } of enginesOf(dataDir)) seen.add(pid)
    if (seen.size > before.length) first.resolve()
  }
  const timer = setInterval(look, WATCH_MS)
  return {
    changed: () => first.promise,
    end() {
      clearInterval(timer)
      look()
      return { before, since: [...seen].slice(before.length) }
    },
  }
}

async function send(
  { port }: ChildServer,
  path: string,
  { id, members }: { readonly id: string; readonly members: Readonly<Record<string, string>> },
): Promise<void> {
  const connection = client(port)
  const about = { RegionId: 'cn-hangzhou', InstanceId: id }
  const { body: groups } = await connection.alibaba('/webapi/nodegroup/describeNodeGroups', {
    query: { RegionId: 'cn-hangzhou', ClusterId: id },
  })
  const compute = (groups['Data'] as readonly Record<string, unknown>[]).find(
    (group) => group['ComponentType'] === 'CN',
  )
  const whole = Object.keys(members).length === 0
  const group = whole ? {} : { NodeGroupId: String(compute?.['NodeGroupId']) }
  const { status, body } = await connection.alibaba(path, {
    query: { ...about, ...group, ...members },
  })
  connection.close()
  assert.equal(status, 200, JSON.stringify(body))
}

async function isAsWanted(server: ChildServer, row: ClusterRow, wanted: Wanted): Promise<void> {
  const { body } = await askAdmin(server.port, `clusters/${row.id}`)
  const { spec, status, change } = (body as { cluster: Cluster }).cluster
  assert.equal(change, undefined)
  assert.equal(status.observedGeneration, spec.generation)
  const [front, compute] = spec.groups
  assert.equal(front?.nodes[0]?.restarts, wanted.restarts)
  assert.equal(compute?.cpu, wanted.cpu)
  assert.equal(compute.nodes.length, wanted.nodes)
  const connection = await logIn(row)
  try {
    const [nodes] = await connection.query<RowDataPacket[]>('show compute nodes')
    assert.deepEqual(
      nodes.map((node) => String(node['Name'])).toSorted(),
      compute.nodes.map(({ id }) => id).toSorted(),
    )
    for (const node of nodes) assert.equal(Number(node['CpuCores']), wanted.cpu)
    const [rows] = await connection.query<RowDataPacket[]>(
      'select count(*) as n, count(distinct n) as d, sum(n) as s from shop.seen',
    )
    const [found] = rows
    assert.deepEqual([found?.['n'], found?.['d'], found?.['s']].map(Number), [
      ROWS,
      ROWS,
      (ROWS * (ROWS - 1)) / 2,
    ])
  } finally {
    await connection.end()
  }
}

/** Every change once, the latest last, and each is completed. */
async function hasHistory(
  { port }: ChildServer,
  id: string,
  verbs: readonly string[],
): Promise<void> {
  const { body } = await askAdmin(port, `operations?cluster=${id}&limit=1000`)
  const { operations } = body as { operations: readonly { verb: string; status: string }[] }
  const found = operations.map(({ verb, status }) => `${verb.split('-')[0]} ${status}`)
  const expected = ['create', ...verbs].map((verb) => `${verb} completed`)
  assert.deepEqual(found.toReversed(), expected)
}

async function leavesNothing(server: ChildServer, dataDir: string, id: string): Promise<void> {
  const connection = client(server.port)
  const query = { RegionId: 'cn-hangzhou', InstanceId: id }
  const { status } = await connection.alibaba('/webapi/cluster/release', { query })
  connection.close()
  assert.equal(status, 200)
  assert.deepEqual(await settled(server.port), [])
  assert.deepEqual([enginesOf(dataDir), directoriesOf(dataDir)], [[], []])
  await server.kill()
}
