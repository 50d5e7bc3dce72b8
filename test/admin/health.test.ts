import assert from 'node:assert/strict'
import { test } from 'node:test'
import { healthPages } from '../../src/admin/health.ts'
import { manualClock } from '../../src/kernel/clock.ts'
import type { Store } from '../../src/store/port.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'

const request = { query: new URLSearchParams(), members: {}, name: '' }

test('a server that works is healthy and ready', async (t) => {
  const { port } = await startCloud(t)
  assert.deepEqual((await askAdmin(port, 'health')).body, { status: 'ok' })
  const { status, body } = await askAdmin(port, 'ready')
  assert.equal(status, 200)
  assert.deepEqual(body, {
    status: 'ready',
    store: 'embedded',
    checks: [
      { name: 'store', ok: true },
      { name: 'loop', ok: true },
    ],
    carriers: [{ name: 'simulation' }, { name: 'local' }],
  })
})

test('a store that takes no writes makes the server not ready, and says why', async () => {
  const store = {
    write: () => Promise.reject(new Error('the disk is full')),
    nextDueMs: () => Promise.resolve(undefined),
  } as unknown as Store
  const ready = healthPages({ place: { store: 'embedded' }, clock: manualClock(), store })[1]
  const answer = await ready!.run(request)
  assert.equal(answer.status, 503)
  assert.deepEqual(JSON.parse(answer.body).checks[0], {
    name: 'store',
    ok: false,
    detail: 'the disk is full',
  })
})

test('work that was due a whole lease ago and is not done means that the loop stands still', async () => {
  const clock = manualClock()
  const dueMs = clock.now()
  const store = {
    write: () => Promise.resolve(1),
    nextDueMs: () => Promise.resolve(dueMs),
  } as unknown as Store
  const ready = healthPages({ place: { store: 'embedded' }, clock, store })[1]!
  clock.advance(60_000)
  assert.equal((await ready.run(request)).status, 200)
  clock.advance(1_000)
  const answer = await ready.run(request)
  assert.equal(answer.status, 503)
  assert.equal(JSON.parse(answer.body).checks[1].detail, 'work is 61 s overdue')
})
