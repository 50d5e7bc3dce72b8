/** Fills a store with running clusters, copies of one that the API made, without going through the API. */
import { openDataDirectory } from '../src/store/data-directory.ts'
import type { Cluster } from '../src/domain/cluster/cluster.ts'
import type { Store } from '../src/store/port.ts'
import { openSqliteStore } from '../src/store/sqlite/store.ts'
import { runLoad, startChild } from './process.ts'
import { createBody, wireRequest } from './request.ts'

const BATCH = 500

/** What the copy of a number has of its own. */
export type Varied = (copy: Cluster, n: number) => Cluster

/** That of a data directory, which nobody has open. */
export async function seedClusters(dataDir: string, until: number, varied?: Varied): Promise<void> {
  const directory = openDataDirectory(dataDir)
  const store = openSqliteStore(directory.file('emrys.db'))
  await seedStore(store, until, varied)
  await store.close()
  directory.release()
}

/** A data directory that is new, with as many: the first is made by the API. */
export async function seededDirectory(dataDir: string, count: number): Promise<void> {
  const server = await startChild('server.ts', [dataDir])
  const { port } = server
  const requests = [wireRequest(port, 'CreateInstance', createBody(0))]
  const mode = { each: 'once' } as const
  await runLoad({ port, connections: 1, requests, mode, expect: '"InstanceId"' })
  await server.stop()
  await seedClusters(dataDir, count)
}

export async function seedStore(
  store: Store,
  until: number,
  varied: Varied = (it, n) => ({ ...it, name: `seed-${n}` }),
): Promise<void> {
  const tally = await store.read((tx) => tx.tally('cluster'))
  let have = tally.reduce((sum, { count }) => sum + count, 0)
  const sample = await store.read(async (tx) => {
    const { product } = tally[0] ?? { product: '' }
    const page = await tx.list('cluster', {
      account: '100000000001',
      product,
      order: 'oldest',
      limit: 1,
      offset: 0,
    })
    return page.rows[0]?.document
  })
  if (!sample) throw new Error('there is no cluster to copy')
  while (have < until) {
    const from = have
    const to = Math.min(until, from + BATCH)
    await store.write(async (tx) => {
      for (let n = from; n < to; n++) {
        await tx.insert(
          'cluster',
          varied({ ...sample, id: `emr-s${n.toString(36).padStart(7, '0')}` }, n),
          sample.createdMs,
        )
      }
    })
    have = to
  }
}
