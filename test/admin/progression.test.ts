import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../src/kernel/clock.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { sampleCluster } from '../support/fixture/sample.ts'

test('the pace of a family is shown and changed, and what is no pace or family is refused', async (t) => {
  const { port } = await startCloud(t)
  assert.deepEqual((await askAdmin(port, 'progression')).body.paces, { default: 'immediate' })
  const put = (family: string, body: unknown) =>
    askAdmin(port, `progression/${family}`, { method: 'PUT', body })
  const { status, body } = await put('hadoop', { pace: 'time:1.5' })
  assert.deepEqual([status, body.paces], [200, { default: 'immediate', hadoop: 'time:1.5' }])
  assert.equal((await put('hadop', { pace: 'immediate' })).status, 400)
  for (const pace of ['time', 'time:-1', 'manual:0', 'fast', '', 3, null])
    assert.equal((await put('hadoop', { pace })).status, 400, String(pace))
  assert.equal((await askAdmin(port, 'progression')).body.paces.hadoop, 'time:1.5')
})

test('a new pace holds for clusters under way: none waits out its old one', async (t) => {
  const clock = manualClock()
  const cloud = await startCloud(t, {
    clock,
    config: { progressions: { default: { mode: 'time', seconds: 3600 } } },
  })
  await cloud.store.write(async (tx) => {
    await tx.insert('cluster', sampleCluster({ id: 'c-1' }), clock.now())
    await tx.enqueue('cluster', 'c-1', clock.now())
  })
  await cloud.loop.drain()
  const state = async () =>
    (await cloud.store.read((tx) => tx.findById('cluster', 'c-1')))?.document.status.state
  assert.equal(await state(), 'creating')
  await askAdmin(cloud.port, 'progression/default', { method: 'PUT', body: { pace: 'immediate' } })
  assert.equal(await state(), 'running')
})
