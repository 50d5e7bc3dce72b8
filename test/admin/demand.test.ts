import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../support/fixture/emr-cluster.ts'
import { askAdmin } from '../support/http/admin.ts'

test('a demand is what YARN gives as far as its nodes have it, and the rest is pending', async (t) => {
  const it = await startEmr(t)
  const body = { cluster: it.id, applications: 2, containers: 30, memoryMib: 1024, cores: 1 }
  const answer = await askAdmin(it.cloud.port, 'demands', { method: 'POST', body })
  assert.deepEqual([answer.status, answer.body], [200, body])
  const load = it.cloud.substrates.get('simulation')!.inquiries?.(it.id).load
  const found = await load?.('root.default')
  const { memoryMib, cores, containers, applications } = found!
  assert.deepEqual(containers, { allocated: 8, pending: 22 })
  assert.deepEqual(memoryMib, { available: 8192, allocated: 8192, pending: 22_528, reserved: 0 })
  assert.deepEqual(cores, { available: 0, allocated: 8, pending: 22, reserved: 0 })
  assert.deepEqual([applications.running, applications.pending], [2, 0])
  assert.equal(await load?.('root.other'), undefined)
})

test('what is no demand is refused by name, and so is one of applications that run really', async (t) => {
  const it = await startEmr(t)
  const right = { cluster: it.id, applications: 1, containers: 1, memoryMib: 1, cores: 1 }
  for (const [body, status, sentence] of [
    [{}, 400, /cluster must be an id/],
    [{ ...right, containers: -1 }, 400, /containers must be a whole number/],
    [{ ...right, cores: '1' }, 400, /cores must be a whole number/],
    [{ ...right, cluster: 'emr-0' }, 404, /no cluster emr-0/],
  ] as const) {
    const answer = await askAdmin(it.cloud.port, 'demands', { method: 'POST', body })
    assert.equal(answer.status, status)
    assert.match(answer.body.error, sentence)
  }
  await it.cloud.store.write(async (tx) => {
    const found = await tx.findById('cluster', it.id)
    if (found) await tx.save('cluster', found, { ...found.document, substrate: 'local' })
  })
  const answer = await askAdmin(it.cloud.port, 'demands', { method: 'POST', body: right })
  assert.match(answer.body.error, /runs on local, where applications say what they want/)
})
