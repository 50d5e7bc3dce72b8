/**
 * `kill -9` of the server at random moments while it makes and releases instances on this machine, and of engines meanwhile; then
 * the truth: every engine process is a listed instance's and the only one of it, every directory too, no address is held twice, and
 * every acknowledged row is there once. 3 rounds, or 30 with `npm run test:long`; CRASH_KILLS says otherwise.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { ClusterRow } from '../../src/admin/cluster.ts'
import { random } from '../../src/kernel/random.ts'
import { instanceBody } from '../support/http/body.ts'
import { startChildServer } from '../support/process/child-server.ts'
import { client, type Client } from '../support/http/client.ts'
import {
  directoriesOf,
  enginesOf,
  hostsOf,
  kill,
  localDataDirectory,
  logIn,
  settled,
} from '../support/engine/local-instances.ts'

const KILLS = Number(process.env['CRASH_KILLS'] ?? (process.env['EMRYS_LONG'] === '1' ? 30 : 3))
const ROUNDS_MAX = 10 * KILLS
/** More would only make a machine with two cores wait for itself. */
const INSTANCES_MAX = 3
const PACE = 'immediate'
const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'

/** Acknowledged rows by instance; one whose release was asked for is taken out, answered or not. */
type Rows = Map<string, Set<number>>

test(
  `killed ${KILLS} times while instances come and go, no process, directory, address or row is lost or left`,
  { skip },
  async (t) => {
    const seed = process.env['CRASH_SEED'] ?? random().hex(8)
    t.diagnostic(`seed ${seed}`)
    const { fraction } = random(seed)
    const dataDir = localDataDirectory(t)
    const rows: Rows = new Map()
    let enginesKilled = 0
    let numbered = 0
    // On a machine that is busy with other things it takes more of them until a row is written.
    const goesOn = (round: number) => round < KILLS || (numbered === 0 && round < ROUNDS_MAX)
    for (let round = 0; goesOn(round); round++) {
      const server = await startChildServer(t, dataDir, PACE, 'local')
      const clusters = await holdsTogether(server.port, dataDir, rows)
      const api = client(server.port)
      const over = new AbortController()
      const work = [
        comeAndGo(api, clusters, { round, fraction, rows }),
        ...clusters.map((row) => write(row, { rows, over: over.signal, next: () => ++numbered })),
      ]
      await delay(fraction() * 700)
      for (const { pid } of enginesOf(dataDir).filter(() => fraction() < 0.5)) {
        kill(pid)
        enginesKilled++
      }
      await delay(fraction() * 1500)
      await server.kill()
      api.close()
      // Engines outlive the server, and so would those who write to them.
      await delay(fraction() * 300)
      over.abort()
      await Promise.all(work)
    }
    await leavesNothing(await startChildServer(t, dataDir, PACE, 'local'), dataDir, rows)
    const kept = [...rows.values()].reduce((sum, each) => sum + each.size, 0)
    t.diagnostic(
      `${numbered} rows written, ${kept} kept to the end, ${enginesKilled} engines killed`,
    )
    assert.ok(numbered > 0, 'too little happened to prove anything')
  },
)

interface Round {
  readonly round: number
  readonly fraction: () => number
  readonly rows: Rows
}

/** Until the server is gone: releases one if there are many, and creates one. */
async function comeAndGo(api: Client, clusters: readonly ClusterRow[], it: Round): Promise<void> {
  const { round, fraction, rows } = it
  const release = async (id: string) => {
    rows.delete(id)
    const query = { RegionId: 'cn-hangzhou', InstanceId: id }
    const { status, body } = await api.alibaba('/webapi/cluster/release', { query })
    assert.equal(status, 200, JSON.stringify(body))
  }
  const create = async (name: string) => {
    const { status, body } = await api.alibaba('/webapi/cluster/createV1', {
      body: instanceBody(name),
    })
    assert.equal(status, 200, JSON.stringify(body))
  }
  const drawn = Math.floor(fraction() * INSTANCES_MAX)
  const going = clusters.filter((_, at) => at === drawn)
  const coming = Math.min(2, INSTANCES_MAX - clusters.length + going.length)
  const acts = [
    ...going.map(
      ({ id }) =>
        () =>
          release(id),
    ),
    ...Array.from({ length: coming }, (_, at) => () => create(`i${round}x${at}`)),
  ]
  await Promise.all(
    acts.map(async (act) => {
      await delay(fraction() * 400)
      await act().catch((problem: unknown) => {
        if (problem instanceof assert.AssertionError) throw problem
      })
    }),
  )
}

interface WriteLoad {
  readonly rows: Rows
  readonly over: AbortSignal
  /** A number that no row has yet, nor one in doubt. */
  readonly next: () => number
}

/** One row after the other, each noted once it is acknowledged, until it is over or the engine or the instance is gone. */
async function write(row: ClusterRow, { rows, over, next }: WriteLoad): Promise<void> {
  const noted = rows.get(row.id) ?? new Set<number>()
  rows.set(row.id, noted)
  let connection: Connection | undefined
  try {
    connection = await logIn(row)
    connection.on('error', () => {})
    await connection.query('create database if not exists shop')
    await connection.query(
      'create table if not exists shop.seen (n bigint) duplicate key(n) distributed by hash(n)',
    )
    while (!over.aborted) {
      const n = next()
      await connection.query(`insert into shop.seen values (${n})`)
      noted.add(n)
    }
  } catch {
    // The engine was killed, or its instance released.
  } finally {
    connection?.destroy()
  }
}

/** The server's settled world, after it was held to what those before acknowledged. */
async function holdsTogether(
  port: number,
  dataDir: string,
  rows: Rows,
): Promise<readonly ClusterRow[]> {
  const clusters = await settled(port)
  const ids = clusters.map(({ id }) => id).toSorted()
  assert.deepEqual(directoriesOf(dataDir), ids, 'directories and listed instances')
  const engines = enginesOf(dataDir).map(({ id }) => id)
  assert.deepEqual(engines.toSorted(), ids, 'processes and listed instances')
  const hosts = hostsOf(dataDir)
  assert.equal(new Set(hosts).size, hosts.length, `addresses: ${hosts.join(', ')}`)
  for (const id of rows.keys()) assert.ok(ids.includes(id), `${id} is gone`)
  for (const row of clusters) await hasRows(row, rows.get(row.id) ?? new Set())
  return clusters
}

async function hasRows(row: ClusterRow, noted: ReadonlySet<number>): Promise<void> {
  if (noted.size === 0) return
  const connection = await logIn(row)
  try {
    const [found] = await connection.query('select n, count(*) as times from shop.seen group by n')
    const times = new Map(
      (found as RowDataPacket[]).map((each) => [Number(each['n']), Number(each['times'])]),
    )
    for (const n of noted) assert.equal(times.get(n), 1, `row ${n} of ${row.id}`)
  } finally {
    await connection.end()
  }
}

async function leavesNothing(
  server: Awaited<ReturnType<typeof startChildServer>>,
  dataDir: string,
  rows: Rows,
): Promise<void> {
  const api = client(server.port)
  for (const { id } of await holdsTogether(server.port, dataDir, rows)) {
    const query = { RegionId: 'cn-hangzhou', InstanceId: id }
    await api.alibaba('/webapi/cluster/release', { query })
  }
  assert.deepEqual(await settled(server.port), [])
  assert.deepEqual(directoriesOf(dataDir), [])
  assert.deepEqual(enginesOf(dataDir), [])
  api.close()
  await server.kill()
}
