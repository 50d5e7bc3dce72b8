/** Fills a store with running clusters, copies of one that the API made, without going through the API. */
import { openDataDirectory } from '../src/store/data-directory.ts'
import type { Store } from '../src/store/port.ts'
import { openSqliteStore } from '../src/store/sqlite/store.ts'

const BATCH = 500

/** That of a data directory, which nobody has open. */
export async function seedClusters(dataDir: string, until: number): Promise<void> {
  const directory = openDataDirectory(dataDir)
  const store = openSqliteStore(directory.file('emrys.db'))
  await seedStore(store, until)
  await store.close()
  directory.release()
}

export async function seedStore(store: Store, until: number): Promise<void> {
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
          { ...sample, id: `emr-s${n.toString(36).padStart(7, '0')}`, name: `seed-${n}` },
          sample.createdMs,
        )
      }
    })
    have = to
  }
}
