import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { JobFlow } from '../../src/domain/job-flow.ts'
import { manualClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { limits } from '../../src/limits.ts'
import { sweep } from '../../src/reconcile/sweep.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const states: readonly JobFlow['state'][] = [
  'waiting',
  'applied',
  'ready',
  'running',
  'complete',
  'terminating',
  'finished',
]

test('a job flow whose work item was lost continues from every state but its last', async (t) => {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  const clock = manualClock()
  await store.write(async (tx) => {
    for (const [number, state] of states.entries()) {
      const about = { id: `job-flow-${number}`, number, account: 'a', cluster: 'c', name: state }
      const flow = { ...about, node: 'n', endsCluster: false, state, steps: [], createdMs: 0 }
      await tx.insert('jobFlow', flow, 0)
    }
  })
  const options = { store, clock, log: silentLogger(), reconcilers: [] }
  assert.equal(await sweep(options), states.length - 1)
  assert.equal(await sweep(options), 0)
})

test('all that has expired goes, in as many transactions as it takes', async (t) => {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  const clock = manualClock()
  const token = { account: 'a', action: 'Create', fingerprint: 'f', answer: '{}' }
  const last = 2 * limits.prunedAtOnce
  await store.write(async (tx) => {
    for (let n = 0; n <= last; n++)
      await tx.putToken({ ...token, token: `t-${n}`, expiresMs: clock.now() + 1 })
  })
  clock.advance(1)
  await sweep({ store, clock, log: silentLogger(), reconcilers: [] })
  const find = (n: number) => store.read((tx) => tx.findToken('a', 'Create', `t-${n}`))
  assert.deepEqual([await find(0), await find(last)], [undefined, undefined])
})
