import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askAdmin } from '../support/http/admin.ts'
import { instanceBody } from '../support/http/body.ts'
import { client } from '../support/http/client.ts'
import { startCloud } from '../support/fixture/cloud.ts'

test('who changed what is listed, of all accounts or of one, newest first and bounded', async (t) => {
  const cloud = await startCloud(t)
  const api = client(cloud.port)
  t.after(() => api.close())
  const { body } = await api.alibaba('/webapi/cluster/createV1', { body: instanceBody('one') })
  const id = (body['Data'] as { InstanceId: string }).InstanceId
  await api.alibaba('/webapi/cluster/update_name', {
    query: { InstanceId: id, ClusterName: 'two', RegionId: 'cn-hangzhou' },
  })
  const { entries } = (await askAdmin(cloud.port, 'audit')).body
  const reported = entries.filter((entry: { subject: string }) => entry.subject === id)
  assert.deepEqual(
    reported.map((entry: { action: string }) => entry.action),
    ['UpdateInstanceName', 'CreateInstanceV1'],
  )
  assert.match(reported[0].at, /^\d{4}-\d\d-\d\dT.*Z$/)
  assert.equal((await askAdmin(cloud.port, 'audit?account=nobody')).body.entries.length, 0)
  assert.equal(
    (await askAdmin(cloud.port, `audit?account=${reported[0].account}&limit=1`)).body.entries
      .length,
    1,
  )
  assert.equal((await askAdmin(cloud.port, 'audit?limit=0')).status, 400)
})
