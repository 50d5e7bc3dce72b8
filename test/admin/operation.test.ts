import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askAdmin } from '../support/http/admin.ts'
import { instanceBody } from '../support/http/body.ts'
import { client } from '../support/http/client.ts'
import { startCloud } from '../support/fixture/cloud.ts'

test('operations are listed newest first, with their steps, by cluster and by status, and bounded', async (t) => {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'manual', every: 9 } } },
  })
  const api = client(cloud.port)
  t.after(() => api.close())
  const ids: string[] = []
  for (const name of ['one', 'two']) {
    const { body } = await api.alibaba('/webapi/cluster/createV1', { body: instanceBody(name) })
    ids.push((body['Data'] as { InstanceId: string }).InstanceId)
  }
  const all = (await askAdmin(cloud.port, 'operations')).body
  assert.equal(all.total, 2)
  assert.deepEqual(
    all.operations.map((each: { cluster: string }) => each.cluster),
    ids.toReversed(),
  )
  const [latest] = all.operations
  assert.deepEqual([latest.verb, latest.status, latest.ended], ['create', 'running', null])
  assert.ok(latest.steps.length > 0)
  const ofOne = (await askAdmin(cloud.port, `operations?cluster=${ids[0]}&status=running`)).body
  assert.deepEqual(
    ofOne.operations.map((each: { cluster: string }) => each.cluster),
    [ids[0]],
  )
  assert.equal((await askAdmin(cloud.port, 'operations?status=completed')).body.total, 0)
  assert.equal((await askAdmin(cloud.port, 'operations?limit=1')).body.operations.length, 1)
  for (const query of ['limit=1001', 'status=done'])
    assert.equal((await askAdmin(cloud.port, `operations?${query}`)).status, 400, query)
})
