import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

test('the groups of an instance are those of the request, by either name of the instance', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', { body: createBody() })
  await cloud.settle()
  const id = created.body.Data.InstanceId as string
  const groups = await call('DescribeNodeGroups', { query: { ClusterId: id } })
  assert.deepEqual(
    groups.body.Data.map((group: { ComponentType: string }) => group.ComponentType),
    ['FE', 'CN', 'OBSERVER'],
  )
  assert.ok(groups.body.Data.every((group: { Status: string }) => group.Status === 'RUNNING'))
  const deprecated = await call('DescribeNodeGroups', {
    body: { InstanceId: id, componentType: 'fe' },
  })
  assert.equal(deprecated.body.Total, 1)
})

test('without an instance there is nothing to ask, and an unknown one has no groups', async (t) => {
  const call = alibabaClient((await startCloud(t)).port)
  assert.equal((await refusalOf(call('DescribeNodeGroups', {}))).code, 'MissingClusterId')
  assert.equal(
    (await call('DescribeNodeGroups', { query: { ClusterId: 'c-0000000000000000' } })).body.Total,
    0,
  )
})
