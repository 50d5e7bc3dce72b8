import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

test('a name changes, and the same name again is accepted', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', { body: createBody({ InstanceName: 'first' }) })
  const query = { InstanceId: created.body.Data.InstanceId as string, ClusterName: 'second' }
  for (let time = 0; time < 2; time++)
    assert.equal((await call('UpdateInstanceName', { query })).body.Data, true)
  const found = await call('DescribeInstances', { query: { InstanceId: query.InstanceId } })
  assert.equal(found.body.Data[0].InstanceName, 'second')
})

test('an instance that is going keeps its name, and one that waits for payment too', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const prepaid = createBody({
    PayType: 'prePaid',
    PricingCycle: 'Month',
    Duration: 1,
    AutoPay: false,
  })
  const created = await call('CreateInstanceV1', { body: prepaid })
  const query = { InstanceId: created.body.Data.InstanceId as string, ClusterName: 'second' }
  assert.equal(
    (await refusalOf(call('UpdateInstanceName', { query }))).code,
    'OperationDenied.InstanceStatus',
  )
  await call('ReleaseInstance', { query })
  assert.equal((await refusalOf(call('UpdateInstanceName', { query }))).code, 'Instance.NotFound')
})
