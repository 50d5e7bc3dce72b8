/**
 * What listings cost beside very many clusters: the same listing in a store of a hundred and in one of BENCH_CLUSTERS (1 000 000 unless it
 * says otherwise; filling the store takes most of the time). No two are the same, so that none is answered from what was remembered of
 * an earlier one, as after a commit. In processor time of the thread.
 */
import { join } from 'node:path'
import type { Cluster } from '../src/domain/cluster/cluster.ts'
import { openDataDirectory } from '../src/store/data-directory.ts'
import type { Listing, Store } from '../src/store/port.ts'
import { openSqliteStore } from '../src/store/sqlite/store.ts'
import { seedClusters, seededDirectory } from './seed.ts'
import { spread, spreadText, type Spread } from './spread.ts'

const FEW = 100
export const LISTED = Number(process.env['BENCH_CLUSTERS'] ?? 1_000_000)
const BATCHES = 5
const BATCH_MS = 400
const WARM_MS = 100
/** Of clusters that a rare filter finds, among the oldest. */
const RARE = 10

/** By what is listed: its filters in a round. */
const cases: Readonly<Record<string, (round: number) => Partial<Listing>>> = {
  page: () => ({}),
  'tag of ten': () => ({ tags: [{ key: 'rare', value: 'yes' }] }),
  'tag of a tenth': (round) => ({ tags: [{ key: 'team', value: teamOf(round) }] }),
  'tag of all': () => ({ tags: [{ key: 'env', value: 'prod' }] }),
  'tag of all, any value': () => ({ tags: [{ key: 'env' }] }),
  'tags of all and of a tenth': (round) => ({
    tags: [
      { key: 'env', value: 'prod' },
      { key: 'team', value: teamOf(round) },
    ],
  }),
  name: (round) => ({ nameIs: [nameOf(sought(round))] }),
  'part of one name': (round) => ({ nameContains: nameOf(sought(round)).slice(4) }),
  'part of a tenth of all names': (round) => ({ nameContains: `x${round % 10}` }),
  'part of all names': () => ({ nameContains: 'seed' }),
}

export interface ListingCost {
  readonly what: string
  readonly few: string
  readonly many: string
  readonly ratio: string
}

export async function listingCost(dataDir: string): Promise<readonly ListingCost[]> {
  const directory = join(dataDir, 'clusters')
  await seededDirectory(directory, 1)
  await seedClusters(directory, FEW, varied)
  const few = await costs(directory)
  await seedClusters(directory, LISTED, varied)
  const many = await costs(directory)
  return Object.keys(cases).map((what) => {
    const [at100, atMany] = [few.get(what), many.get(what)]
    if (!at100 || !atMany) throw new Error(`${what} was not measured`)
    return {
      what,
      few: spreadText(at100, 2),
      many: spreadText(atMany, 2),
      ratio: (atMany.median / at100.median).toFixed(2),
    }
  })
}

/** What the first of them, which the API made, has of its own: neither names nor tags of the others. */
function varied(cluster: Cluster, n: number): Cluster {
  const rare = n <= RARE ? [{ key: 'rare', value: 'yes' }] : []
  const tags = [{ key: 'env', value: 'prod' }, { key: 'team', value: teamOf(n) }, ...rare]
  return { ...cluster, name: nameOf(n), tags }
}

function nameOf(n: number): string {
  return `seed-x${n % 10}-${n.toString().padStart(7, '0')}`
}

function teamOf(n: number): string {
  return `team-${n % 10}`
}

/** Of names that both stores have. */
function sought(round: number): number {
  return 1 + ((round * 7) % (FEW - 1))
}

async function costs(dataDir: string): Promise<ReadonlyMap<string, Spread>> {
  const directory = openDataDirectory(dataDir)
  const store = openSqliteStore(directory.file('emrys.db'))
  const found = new Map<string, Spread>()
  const sample = await store.read((tx) => tx.list('cluster', { ...ANY, account: undefined }))
  const { account = '', product = '', region = '' } = sample.rows[0]?.document ?? {}
  const whole: Listing = { ...ANY, account, product, region }
  for (const [what, filters] of Object.entries(cases)) {
    const unlike = (round: number) => ({ exceptStates: ['deleted', `${round}`] })
    found.set(what, await costOf(store, (n) => ({ ...whole, ...unlike(n), ...filters(n) })))
  }
  await store.close()
  directory.release()
  return found
}

const ANY = { order: 'newest', limit: 10, offset: 0 } as const

/** Of one listing, in ms: Linux counts a thread's time too coarsely for a single one. */
async function costOf(store: Store, listing: (round: number) => Listing): Promise<Spread> {
  let round = 0
  const batch = async (atMostMs: number) => {
    const [begun, first] = [performance.now(), round]
    const before = process.threadCpuUsage()
    do await store.read((tx) => tx.list('cluster', listing(round++)))
    while (performance.now() - begun < atMostMs)
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000 / (round - first)
  }
  await batch(WARM_MS)
  const used: number[] = []
  for (let at = 0; at < BATCHES; at++) used.push(await batch(BATCH_MS))
  return spread(used)
}
