import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create, sampleCreateRequest } from '../../../../support/http/tencent-client.ts'

test('a cluster is there at once, and its token answers with its id again', async (t) => {
  const cloud = await startCloud(t)
  const parameters = sampleCreateRequest({ ClientToken: 'once' })
  const first = await ask(cloud, 'CreateInstance', parameters)
  assert.match(String(first.response['InstanceId']), /^emr-[0-9a-z]{8}$/)
  const again = await ask(cloud, 'CreateInstance', parameters)
  assert.equal(again.response['InstanceId'], first.response['InstanceId'])
  const list = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  assert.equal(list.response['TotalCnt'], 1)
})

test('a token that stands for another request is refused, and nothing is made', async (t) => {
  const cloud = await startCloud(t)
  await create(cloud, { ClientToken: 'once' })
  const other = await ask(
    cloud,
    'CreateInstance',
    sampleCreateRequest({ ClientToken: 'once', InstanceName: 'another' }),
  )
  assert.equal(other.code, 'FailedOperation.DuplicateOrderNotAllowed')
  const list = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  assert.equal(list.response['TotalCnt'], 1)
})
