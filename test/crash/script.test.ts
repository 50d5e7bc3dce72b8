/**
 * A creation with scripts, replayed with every call on the store and substrate ports failing in turn, before and after its work:
 * whatever was lost, every script runs exactly once on every node, in order, and the cluster comes to be.
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../src/kernel/clock.ts'
import { random } from '../../src/kernel/random.ts'
import { sealer } from '../../src/kernel/seal.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { inOrder } from '../../src/domain/script.ts'
import { clusterReconciler } from '../../src/reconcile/cluster/cluster.ts'
import { reconcileLoop } from '../../src/reconcile/loop.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { simulation } from '../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../src/substrate/simulation/world.ts'
import { memoryDirectory } from '../support/process/directory.ts'
import {
  failingStore,
  failingSubstrate,
  never,
  type Failure,
} from '../support/fixture/failing-port.ts'
import { sampleCluster, sampleGroup, sampleScript } from '../support/fixture/sample.ts'

const PLACES_MAX = 200
const ROUNDS_MAX = 200

const scripts = [
  sampleScript('s-1', { moment: 'after-start' }),
  sampleScript('s-2', { moment: 'before-start' }),
  sampleScript('s-3', { moment: 'nodes-ready' }),
]
const cluster = sampleCluster({
  spec: { groups: [sampleGroup('a', 1), sampleGroup('b', 2)], scripts },
})
const expected = inOrder(scripts).flatMap(({ id }) =>
  cluster.spec.groups.flatMap((group) => group.nodes.map((node) => `${id} ${node.id}`)),
)

/** Whether the failing call was reached. */
async function create(t: TestContext, port: 'store' | 'substrate', failure: Failure) {
  const truth = openSqliteStore(`${memoryDirectory(t)}/emrys.db`)
  t.after(() => truth.close())
  const clock = manualClock()
  const progressions = { default: { mode: 'time', seconds: 1 } } as const
  const world = simulation({ clock, world: openWorld(':memory:'), progressions })
  await truth.write(async (tx) => {
    await tx.insert('cluster', cluster, clock.now())
    await tx.enqueue('cluster', cluster.id, clock.now())
  })
  const store = failingStore(truth, port === 'store' ? failure : never)
  const substrate = failingSubstrate(world, port === 'substrate' ? failure : never)
  const parts = {
    store: store.port,
    clock,
    random: random('s'),
    sealer: sealer(new Uint8Array(32)),
  }
  const substrates = new Map([[world.name, substrate.port]])
  const reconcilers = [clusterReconciler({ ...parts, substrates })]
  const loop = reconcileLoop({ ...parts, log: silentLogger(), reconcilers })
  for (let round = 0; round < ROUNDS_MAX; round++) {
    await loop.drain().catch(() => {})
    const now = await truth.read((tx) => tx.findById('cluster', cluster.id))
    if (now?.document.status.state !== 'creating') break
    clock.advance(1_000)
  }
  const { document } = (await truth.read((tx) => tx.findById('cluster', cluster.id)))!
  const { runs = [] } = await world.observe(cluster.id)
  await world.close()
  const place = `${failure.when} call ${failure.nth} on the ${port}`
  assert.equal(document.status.state, 'running', place)
  assert.deepEqual(
    runs.map(({ script, node }) => `${script} ${node}`),
    expected,
    place,
  )
  return store.struck() || substrate.struck()
}

for (const port of ['store', 'substrate'] as const)
  for (const when of ['before', 'after'] as const)
    test(`every script runs once, whichever call on the ${port} fails, ${when} its work`, async (t) => {
      let places = 0
      while (places < PLACES_MAX && (await create(t, port, { nth: places + 1, when }))) places++
      assert.ok(places >= 10 && places < PLACES_MAX, `${places} places were reached`)
    })
