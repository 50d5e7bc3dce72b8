/** What a store of several servers costs and brings: the embedded store, one server on PostgreSQL and three, one after the other. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '../test/support/engine/postgres.ts'
import type { Measured } from './load.ts'
import { runLoad, startChild, type Child } from './process.ts'
import { createBody, wireRequest } from './request.ts'

const CONNECTIONS = 64
const CREATES = Number(process.env['BENCH_CREATES'] ?? 3000)
const FOR_MS = Number(process.env['BENCH_MS'] ?? 4000)

export interface StoreCost {
  readonly what: string
  readonly creates: Measured
  readonly describes: Measured
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

async function costOf(what: string, servers: readonly Child[]): Promise<StoreCost> {
  const each = Math.floor(CREATES / servers.length)
  const creates = await over(
    servers,
    (port, n) =>
      Array.from({ length: each }, (_, at) =>
        wireRequest(port, 'CreateInstance', createBody(n * each + at)),
      ),
    { each: 'once' },
    '"InstanceId"',
  )
  const page = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }
  const describes = await over(
    servers,
    (port) => [wireRequest(port, 'DescribeInstances', page)],
    { each: 'again', forMs: FOR_MS },
    '"ClusterList"',
  )
  return { what, creates, describes }
}

export async function storeCost(dataDir: string): Promise<readonly StoreCost[]> {
  const undos: (() => Promise<void>)[] = []
  const ending = { after: (undo: unknown) => void undos.push(undo as () => Promise<void>) }
  const costs: StoreCost[] = []
  const measure = async (what: string, stores: readonly string[]) => {
    const servers: Child[] = []
    const place = (n: number) => join(dataDir, `${what.replaceAll(' ', '-')}-${n}`)
    for (const [n, store] of stores.entries()) {
      mkdirSync(place(n), { recursive: true })
      if (n > 0) copyFileSync(join(place(0), 'key'), join(place(n), 'key'))
      servers.push(await startChild('server.ts', [place(n), 'time:30', store]))
    }
    costs.push(await costOf(what, servers))
    for (const server of servers) await server.stop()
  }
  try {
    const postgres = await startPostgres(ending)
    await measure('embedded', ['embedded'])
    await measure('PostgreSQL', [await postgres.database()])
    const shared = await postgres.database()
    await measure('PostgreSQL, three servers', [shared, shared, shared])
    return costs
  } finally {
    for (const undo of undos) await undo()
  }
}
