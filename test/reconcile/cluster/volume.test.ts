import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { sealer } from '../../../src/kernel/seal.ts'
import { clusterReconciler } from '../../../src/reconcile/cluster/cluster.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { limits } from '../../../src/limits.ts'

test('what a released cluster kept in object storage is removed after its end, however long the store is away', async (t) => {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  const clock = manualClock()
  const progressions = { default: { mode: 'immediate' } } as const
  const simulated = simulation({ clock, world: openWorld(':memory:'), progressions })
  let hasStorage = true
  const capabilities = () => ({ ...simulated.capabilities(), objectStorage: hasStorage })
  const substrate = { ...simulated, capabilities }
  t.after(async () => {
    await simulated.close()
    await store.close()
  })
  const emptied: string[] = []
  let isAway = true
  const reconciler = clusterReconciler({
    store,
    clock,
    substrates: new Map([[substrate.name, substrate]]),
    sealer: sealer(new Uint8Array(32)),
    emptyVolume: async ({ id }) => {
      if (isAway) throw new Error('the store is away')
      emptied.push(id)
    },
  })
  const sample = sampleCluster()
  const status = { ...sample.status, state: 'deleting' as const }
  const cluster = { ...sample, status }
  await store.write((tx) => tx.insert('cluster', cluster, clock.now()))
  await reconciler.reconcile(cluster.id)
  const found = await store.read((tx) => tx.findById('cluster', cluster.id))
  assert.equal(found?.document.status.state, 'deleted')
  const waiting = { done: false, againInMs: limits.pollMs }
  assert.deepEqual(await reconciler.reconcile(cluster.id), waiting)
  assert.deepEqual(await reconciler.reconcile(cluster.id), waiting)
  isAway = false
  const forgotten = await reconciler.reconcile(cluster.id)
  assert.deepEqual(emptied, [cluster.id])
  assert.deepEqual(forgotten, { done: false, againInMs: limits.deletedKeptMs })
  hasStorage = false
  await reconciler.reconcile(cluster.id)
  assert.equal(emptied.length, 1, 'where nothing keeps objects, nothing is asked')
})
