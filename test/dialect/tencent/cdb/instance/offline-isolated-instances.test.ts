import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { leftDatabase, withDatabase } from '../../../../support/http/tencent-request.ts'

test('a database that went with its cluster is off line; one that is in use, or unknown, is refused', async (t) => {
  const cloud = await startCloud(t)
  const offline = (...InstanceIds: string[]) =>
    ask({ port: cloud.port, language: 'en-US' }, 'OfflineIsolatedInstances', { InstanceIds })
  const left = await leftDatabase(cloud)
  assert.match(left, /^cdb-[0-9a-z]{8}$/)
  assert.equal((await offline(left)).code, '')
  const id = await create(cloud, withDatabase())
  await cloud.settle()
  const { response } = await ask(cloud, 'DescribeInstances', {
    DisplayStrategy: 'clusterList',
    InstanceIds: [id],
  })
  const [{ MetaDb: used } = { MetaDb: '' }] = response['ClusterList'] as { MetaDb: string }[]
  const refused = await offline(left, used)
  assert.equal(refused.code, 'OperationDenied.WrongStatus')
  assert.match(refused.message, /`InstanceIds\.1`/)
  assert.equal((await offline('cdb-00000000')).code, 'InvalidParameter.InstanceNotFound')
  // Of another region.
  const elsewhere = { port: cloud.port, region: 'ap-shanghai' }
  const absent = await ask(elsewhere, 'OfflineIsolatedInstances', { InstanceIds: [left] })
  assert.equal(absent.code, 'InvalidParameter.InstanceNotFound')
})
