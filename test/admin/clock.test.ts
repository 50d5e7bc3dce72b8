import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../src/limits.ts'
import { loadConfig } from '../../src/config/config.ts'
import { manualClock } from '../../src/kernel/clock.ts'
import { startServer } from '../../src/server/server.ts'
import { askAdmin, keepDataDirectory } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { sampleCluster } from '../support/fixture/sample.ts'

test('time moves forward, and what falls due on the way is done before the answer', async (t) => {
  const clock = manualClock()
  const cloud = await startCloud(t, {
    clock,
    config: { progressions: { default: { mode: 'time', seconds: 60 } } },
  })
  await cloud.store.write(async (tx) => {
    await tx.insert('cluster', sampleCluster({ id: 'c-1' }), clock.now())
    await tx.enqueue('cluster', 'c-1', clock.now())
  })
  await cloud.loop.drain()
  const before = (await askAdmin(cloud.port, 'clock')).body
  const { body } = await askAdmin(cloud.port, 'clock', {
    method: 'POST',
    body: { advanceMs: 60_000 },
  })
  assert.deepEqual([body.nowMs - before.nowMs, body.aheadMs], [60_000, 60_000])
  assert.equal(body.now, new Date(body.nowMs).toISOString())
  const { document } = (await cloud.store.read((tx) => tx.findById('cluster', 'c-1')))!
  assert.equal(document.status.state, 'running')
})

test('time never goes back, never by halves, and not beyond its bound', async (t) => {
  const { port, clock } = await startCloud(t)
  for (const advanceMs of [-1, 0.5, '5', null, 4e11, Number.MAX_SAFE_INTEGER]) {
    const answer = await askAdmin(port, 'clock', { method: 'POST', body: { advanceMs } })
    assert.equal(answer.status, 400, String(advanceMs))
  }
  assert.equal(clock.aheadMs, 0)
})

test('a step that is under way while time is moved keeps its lease, and its cluster moves on', async (t) => {
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>()
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  const cloud = await startCloud(t, {
    wrap: {
      substrate: (substrate) => ({
        ...substrate,
        async observe(id) {
          enter()
          await opened
          return substrate.observe(id)
        },
      }),
    },
  })
  await cloud.store.write(async (tx) => {
    await tx.insert('cluster', sampleCluster({ id: 'c-1' }), cloud.clock.now())
    await tx.enqueue('cluster', 'c-1', cloud.clock.now())
  })
  const drained = cloud.loop.drain()
  await entered
  // As far as a page that is called during the step can: the lease would have run out many times over.
  cloud.clock.advance(100 * limits.leaseMs)
  const leasable = { nowMs: cloud.clock.now(), wallMs: cloud.clock.wall(), leaseMs: 1, limit: 9 }
  assert.deepEqual(await cloud.store.write((tx) => tx.lease(leasable)), [])
  const moved = askAdmin(cloud.port, 'clock', { method: 'POST', body: { advanceMs: 3_600_000 } })
  open()
  assert.equal((await moved).status, 200)
  await drained
  const { document } = (await cloud.store.read((tx) => tx.findById('cluster', 'c-1')))!
  assert.equal(document.status.state, 'running')
  assert.deepEqual([cloud.loop.counts().lost, cloud.loop.counts().failed], [0, 0])
})

test('a restart does not turn moved time back', async (t) => {
  const dataDir = temporaryDirectory(t)
  const flags = { port: '0', 'data-dir': dataDir }
  const { config } = loadConfig({ flags })
  const first = await startServer({ config })
  keepDataDirectory(first.port, dataDir)
  await askAdmin(first.port, 'clock', { method: 'POST', body: { advanceMs: 5_000_000 } })
  await first.close()
  const second = await startServer({ config })
  keepDataDirectory(second.port, dataDir)
  t.after(() => second.close())
  assert.equal((await askAdmin(second.port, 'clock')).body.aheadMs, 5_000_000)
})
