import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { sealer } from '../../../src/kernel/seal.ts'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import type { ClusterState } from '../../../src/domain/cluster/lifecycle.ts'
import { withRestart } from '../../../src/domain/cluster/spec.ts'
import { Fault } from '../../../src/domain/fault.ts'
import { clusterReconciler } from '../../../src/reconcile/cluster/cluster.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import type { Substrate } from '../../../src/substrate/port.ts'
import { changeActions, changingCluster } from '../../support/fixture/change.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'

const what = 'encryption-key'
const disabled = new Fault('ResourceUnfit', { what, id: 'key-1', problem: 'it is disabled' })
const missing = new Fault('ResourceMissing', { what, id: 'key-1' })
const silent = new Fault('DependencyFailed', { dependency: 'key-management', mode: 'gateway' })

async function reconciling(t: TestContext, state: ClusterState) {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  const clock = manualClock()
  const simulated = simulation({
    clock,
    world: openWorld(':memory:'),
    progressions: { default: { mode: 'immediate' } },
  })
  t.after(async () => {
    await simulated.close()
    await store.close()
  })
  const keys: (Uint8Array | undefined)[] = []
  const substrate: Substrate = {
    ...simulated,
    apply(wanted) {
      keys.push(wanted.dataKey)
      return simulated.apply(wanted)
    },
  }
  let opens: () => Promise<Uint8Array | undefined> = async () => new Uint8Array(32).fill(1)
  const reconciler = clusterReconciler({
    store,
    clock,
    substrates: new Map([[substrate.name, substrate]]),
    sealer: sealer(new Uint8Array(32)),
    openDataKey: () => opens(),
  })
  const cluster = encryptedCluster(state, clock.now())
  await store.write((tx) => tx.insert('cluster', cluster, 0))
  return {
    keys,
    reconcile: () => reconciler.reconcile(cluster.id),
    fails: (fault: Fault) => (opens = () => Promise.reject(fault)),
    mends: () => (opens = async () => new Uint8Array(32).fill(1)),
    now: async () => (await store.read((tx) => tx.findById('cluster', 'c-1')))!.document,
  }
}

function encryptedCluster(state: ClusterState, nowMs: number): Cluster {
  const spec = { encryption: { key: 'key-1' } }
  if (state !== 'changing') return sampleCluster({ spec, status: { state, stateSinceMs: nowMs } })
  return changingCluster(changeActions.restart, {
    nowMs,
    cluster: { spec },
    next: (was) => withRestart(was, { of: 'cluster' }),
  })
}

test('the data key is handed to the substrate and stands nowhere in the document', async (t) => {
  const it = await reconciling(t, 'creating')
  assert.deepEqual(await it.reconcile(), { done: true })
  assert.equal((await it.now()).status.state, 'running')
  assert.deepEqual(it.keys, [new Uint8Array(32).fill(1)])
})

test('a new cluster whose key was disabled or deleted fails, and says why', async (t) => {
  for (const [fault, problem] of [
    [disabled, 'cannot be used: it is disabled'],
    [missing, 'does not exist any more'],
  ] as const) {
    const it = await reconciling(t, 'creating')
    it.fails(fault)
    assert.deepEqual(await it.reconcile(), { done: true })
    const { state, reason } = (await it.now()).status
    assert.equal(state, 'failed')
    assert.equal(reason, `the encryption key key-1 ${problem}`)
    assert.deepEqual(it.keys, [])
  }
})

test('one that comes back waits for its key with the reason, and continues when it is enabled again', async (t) => {
  for (const state of ['resuming', 'changing'] as const) {
    const it = await reconciling(t, state)
    it.fails(disabled)
    assert.equal((await it.reconcile()).done, false)
    assert.equal((await it.now()).status.state, state)
    assert.match((await it.now()).status.reason, /key-1 cannot be used: it is disabled/)
    assert.deepEqual(it.keys, [])
    it.mends()
    assert.deepEqual(await it.reconcile(), { done: true })
    assert.equal((await it.now()).status.state, 'running')
  }
})

test('a key service that does not answer fails nothing: it is asked again', async (t) => {
  const it = await reconciling(t, 'creating')
  it.fails(silent)
  assert.equal((await it.reconcile()).done, false)
  const { state, reason } = (await it.now()).status
  assert.equal(state, 'creating')
  assert.equal(reason, 'the key service does not open the encryption key key-1')
  it.mends()
  assert.deepEqual(await it.reconcile(), { done: true })
})

test('a cluster that is deleted needs no key', async (t) => {
  const it = await reconciling(t, 'deleting')
  it.fails(missing)
  await it.reconcile()
  assert.equal((await it.now()).status.state, 'deleted')
})
