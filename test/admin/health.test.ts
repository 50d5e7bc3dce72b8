import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import { test } from 'node:test'
import { healthPages } from '../../src/admin/health.ts'
import { manualClock } from '../../src/kernel/clock.ts'
import type { Store } from '../../src/store/port.ts'
import { bodyText } from '../../src/gateway/dialect.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'

const standing = { place: { store: 'embedded' }, isDraining: () => false }
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

test('a server that is about to stop is not ready, and still answers', async (t) => {
  const cloud = await startCloud(t)
  const kept = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => kept.destroy())
  const connectionOf = async (page: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
    const path = `/_emrys/${page}`
    get({ host: '127.0.0.1', port: cloud.port, path, agent: kept }, (response) => {
      response.resume().on('end', () => resolve(response.headers.connection))
    }).on('error', reject)
    return promise
  }
  assert.equal(await connectionOf('health'), 'keep-alive')
  cloud.drain()
  assert.equal(await connectionOf('health'), 'close')
  const { status, body } = await askAdmin(cloud.port, 'ready')
  assert.equal(status, 503)
  assert.deepEqual(body.checks[2], {
    name: 'server',
    ok: false,
    detail: 'it is about to stop, and answers until then',
  })
})

test('a store that takes no writes makes the server not ready, and says why', async () => {
  const store = {
    write: () => Promise.reject(new Error('the disk is full')),
    nextDueMs: () => Promise.resolve(undefined),
  } as unknown as Store
  const ready = healthPages({ ...standing, clock: manualClock(), store })[1]
  const answer = await ready!.run(request)
  assert.equal(answer.status, 503)
  assert.deepEqual(JSON.parse(bodyText(answer)).checks[0], {
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
  const ready = healthPages({ ...standing, clock, store })[1]!
  clock.advance(60_000)
  assert.equal((await ready.run(request)).status, 200)
  clock.advance(1_000)
  const answer = await ready.run(request)
  assert.equal(answer.status, 503)
  assert.equal(JSON.parse(bodyText(answer)).checks[1].detail, 'work is 61 s overdue')
})
