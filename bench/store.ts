/**
 * What a store of several servers costs and brings: the embedded store, then one server on PostgreSQL, two and three, one after the other.
 * BENCH_CLUSTERS=1000000 measures beside as many clusters, which servers on PostgreSQL share: filling the database with them takes longer than
 * everything else.
 */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { postgresAddress } from '../src/store/postgres/address.ts'
import { openPostgresStore } from '../src/store/postgres/store.ts'
import { startPostgres } from '../test/support/engine/postgres.ts'
import type { Measured } from './load.ts'
import { runLoad, startChild, type Child } from './process.ts'
import { processorMs } from './processor.ts'
import { createBody, wireRequest } from './request.ts'
import { seedClusters, seedStore } from './seed.ts'

const CONNECTIONS = 64
const CREATES = Number(process.env['BENCH_CREATES'] ?? 3000)
const FOR_MS = Number(process.env['BENCH_MS'] ?? 4000)

const CLUSTERS = Number(process.env['BENCH_CLUSTERS'] ?? 0)

/** With the processor time of each request, in microseconds: of the servers, and of the database. */
export type Cost = Measured & { readonly serverMicros: number; readonly databaseMicros: number }

export interface StoreCost {
  readonly what: string
  readonly creates: Cost
  readonly describes: Cost
}

interface Place {
  readonly what: string
  readonly servers: readonly Child[]
  /** Of the database; none for the embedded one, which is part of the server. */
  readonly database: readonly number[]
  /** What its creations are counted from: none is made twice in one database. */
  readonly from: number
}

/** The requests of one kind, over all servers at once. */
async function over(
  servers: readonly Child[],
  requestsOf: (port: number, n: number) => readonly Uint8Array[],
  mode: { readonly each: 'once' } | { readonly each: 'again'; readonly forMs: number },
  expect: string,
): Promise<Measured> {
  const connections = Math.floor(CONNECTIONS / servers.length)
  const all = await Promise.all(
    servers.map(({ port }, n) =>
      runLoad({ port, connections, requests: requestsOf(port, n), mode, expect }),
    ),
  )
  const [first] = all
  if (!first) throw new Error('no server')
  return {
    ...first,
    count: all.reduce((sum, { count }) => sum + count, 0),
    perSecond: all.reduce((sum, { perSecond }) => sum + perSecond, 0),
    p50Ms: Math.max(...all.map(({ p50Ms }) => p50Ms)),
    p99Ms: Math.max(...all.map(({ p99Ms }) => p99Ms)),
  }
}

/** What it costs the processors. */
async function timed({ servers, database }: Place, act: () => Promise<Measured>): Promise<Cost> {
  const pids = servers.map(({ pid }) => pid)
  const before = [processorMs(pids), processorMs(database)] as const
  const measured = await act()
  const each = (usedMs: number) => (usedMs * 1000) / measured.count
  return {
    ...measured,
    serverMicros: each(processorMs(pids) - before[0]),
    databaseMicros: each(processorMs(database) - before[1]),
  }
}

async function costOf(place: Place): Promise<StoreCost> {
  const { what, servers, from } = place
  const each = Math.floor(CREATES / servers.length)
  const creates = await timed(place, () =>
    over(
      servers,
      (port, n) =>
        Array.from({ length: each }, (_, at) =>
          wireRequest(port, 'CreateInstance', createBody(from + n * each + at)),
        ),
      { each: 'once' },
      '"InstanceId"',
    ),
  )
  const page = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }
  const describes = await timed(place, () =>
    over(
      servers,
      (port) => [wireRequest(port, 'DescribeInstances', page)],
      { each: 'again', forMs: FOR_MS },
      '"ClusterList"',
    ),
  )
  return { what, creates, describes }
}

/** With copies of a cluster that the server makes. */
async function fill(server: Child, place: string, address: string): Promise<void> {
  const requests = [wireRequest(server.port, 'CreateInstance', createBody(0))]
  const { port } = server
  await runLoad({ port, connections: 1, requests, mode: { each: 'once' }, expect: '"InstanceId"' })
  await server.stop()
  if (address === 'embedded') return seedClusters(place, CLUSTERS)
  const store = await openPostgresStore({ address: postgresAddress(address), password: undefined })
  await seedStore(store, CLUSTERS)
  await store.close()
}

export async function storeCost(dataDir: string): Promise<readonly StoreCost[]> {
  const undos: (() => Promise<void>)[] = []
  const ending = { after: (undo: unknown) => void undos.push(undo as () => Promise<void>) }
  const costs: StoreCost[] = []
  /** By store: the data directory that has its key, and is filled where it shall be. */
  const keys = new Map<string, string>()
  const measure = async (what: string, stores: readonly string[], database: readonly number[]) => {
    const [store = ''] = stores
    const place = (n: number) => join(dataDir, `${what.replaceAll(' ', '-')}-${n}`)
    const start = async (n: number) => {
      const key = keys.get(store) ?? place(0)
      mkdirSync(place(n), { recursive: true })
      if (place(n) !== key) copyFileSync(join(key, 'key'), join(place(n), 'key'))
      return startChild('server.ts', [place(n), 'time:30', store])
    }
    if (CLUSTERS > 0 && !keys.has(store)) await fill(await start(0), place(0), store)
    const servers: Child[] = []
    for (const n of stores.keys()) {
      servers.push(await start(n))
      if (!keys.has(store)) keys.set(store, place(n))
    }
    costs.push(await costOf({ what, servers, database, from: 1 + costs.length * CREATES }))
    for (const server of servers) await server.stop()
  }
  try {
    const postgres = await startPostgres(ending)
    const [file] = await postgres.query('postgres', `select pg_read_file('postmaster.pid') as text`)
    const database = [Number.parseInt(String(file?.['text']), 10)]
    await measure('embedded', ['embedded'], [])
    const filled = await postgres.database()
    await measure('PostgreSQL', [filled], database)
    for (const [count, word] of [
      [2, 'two'],
      [3, 'three'],
    ] as const) {
      const shared = CLUSTERS > 0 ? filled : await postgres.database()
      const all = Array.from({ length: count }, () => shared)
      await measure(`PostgreSQL, ${word} servers`, all, database)
    }
    return costs
  } finally {
    for (const undo of undos) await undo()
  }
}
