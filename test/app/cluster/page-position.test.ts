import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { manualClock } from '../../../src/kernel/clock.ts'
import { random } from '../../../src/kernel/random.ts'
import { sealer } from '../../../src/kernel/seal.ts'
import { clusters } from '../../../src/app/cluster/clusters.ts'
import type { ClusterListing } from '../../../src/app/cluster/list.ts'
import { pagePositions } from '../../../src/app/cluster/page-position.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { sampleEnvironments } from '../../support/fixture/environment.ts'
import { sampleCall, sampleCluster, samplePlacement } from '../../support/fixture/sample.ts'

test('positions are bounded, and the oldest go first', () => {
  const positions = pagePositions(2)
  positions.note('w', 10, 1)
  positions.note('w', 20, 2)
  positions.note('w', 10, 3)
  positions.note('w', 30, 4)
  assert.deepEqual(
    [positions.behind('w', 10), positions.behind('w', 20), positions.behind('w', 30)],
    [3, undefined, 4],
  )
})

/** One thing that happens between two pages. */
type Event = { readonly do: 'create' } | { readonly do: 'delete'; readonly nth: number }

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.constant({ do: 'create' } as const),
  fc.nat(40).map((nth) => ({ do: 'delete', nth }) as const),
)

test('paging while clusters come and go ends, shows none twice, and misses none that was there throughout', async (t) => {
  const directory = temporaryDirectory(t)
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(event, { maxLength: 4 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('newest', 'oldest'),
      async (turns, limit, order) => {
        const store = openSqliteStore(join(directory, `${run++}.db`))
        const clock = manualClock()
        const options = {
          store,
          clock,
          random: random(),
          sealer: sealer(new Uint8Array(32)),
          placement: samplePlacement,
          environments: sampleEnvironments(store),
        }
        const app = clusters({ ...options, onDescribe: async () => false })
        const alive = new Set<string>()
        let made = 0
        const create = async () => {
          const id = `c-${made++}`
          alive.add(id)
          await store.write((tx) =>
            tx.insert('cluster', sampleCluster({ id, status: { state: 'running' } }), made),
          )
        }
        for (let n = 0; n < 12; n++) await create()
        const throughout = new Set(alive)
        const seen: string[] = []
        for (let offset = 0; ;) {
          const listing: ClusterListing = { order, limit, offset, exceptStates: ['deleted'] }
          const page = await app.list(sampleCall(), listing)
          if (page.rows.length === 0) break
          seen.push(...page.rows.map((row) => row.document.id))
          offset += page.rows.length
          for (const it of turns.shift() ?? []) {
            if (it.do === 'create') await create()
            else await remove([...alive][it.nth % Math.max(1, alive.size)])
          }
        }
        async function remove(id: string | undefined) {
          if (id === undefined) return
          const found = await store.read((tx) => tx.findById('cluster', id))
          await store.write((tx) => tx.remove('cluster', found!))
          alive.delete(id)
          throughout.delete(id)
        }
        await store.close()
        assert.equal(new Set(seen).size, seen.length, 'none twice')
        for (const id of throughout) assert.ok(seen.includes(id), `${id} was missed`)
      },
    ),
    { numRuns: 30 },
  )
})
