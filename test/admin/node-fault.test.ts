import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { askAdmin } from '../support/http/admin.ts'

test('a node fails as it is asked to, and its cluster knows', async (t) => {
  const it = await startInstance(t)
  const [group] = (await it.document()).spec.groups
  const node = group?.nodes[0]?.id ?? ''
  const simulation = it.cloud.substrates.get('simulation')!
  for (const fault of ['end', 'hang', 'lose']) {
    const body = { cluster: it.id, node, fault }
    const answer = await askAdmin(it.cloud.port, 'node-faults', { method: 'POST', body })
    assert.deepEqual([answer.status, answer.body], [200, body])
    await it.cloud.settle()
    const { groups } = await simulation.observe(it.id)
    assert.ok(groups[0]?.nodes.some(({ id, phase }) => id === node && phase === 'serving'))
  }
  const kinds = (await it.document()).status.incidents?.map(({ kind }) => kind)
  assert.deepEqual(kinds?.toSorted(), ['impaired', 'node-ended', 'node-lost', 'node-unresponsive'])
})

test('what is not there cannot fail, nor what runs really', async (t) => {
  const it = await startInstance(t)
  for (const [body, status, sentence] of [
    [{}, 400, /cluster must be an id/],
    [{ cluster: it.id, node: 'a b', fault: 'end' }, 400, /node must be an id/],
    [{ cluster: it.id, node: 'n', fault: 'burn' }, 400, /fault must be one of end, hang, lose/],
    [{ cluster: 'c-0', node: 'n', fault: 'end' }, 404, /no cluster c-0/],
    [{ cluster: it.id, node: 'n', fault: 'end' }, 404, /no node n that runs/],
  ] as const) {
    const answer = await askAdmin(it.cloud.port, 'node-faults', { method: 'POST', body })
    assert.equal(answer.status, status)
    assert.match(answer.body.error, sentence)
  }
  await it.cloud.store.write(async (tx) => {
    const found = await tx.findById('cluster', it.id)
    if (found) await tx.save('cluster', found, { ...found.document, substrate: 'local' })
  })
  const body = { cluster: it.id, node: 'n', fault: 'end' }
  const answer = await askAdmin(it.cloud.port, 'node-faults', { method: 'POST', body })
  assert.match(answer.body.error, /runs on local, whose nodes fail by themselves/)
})
