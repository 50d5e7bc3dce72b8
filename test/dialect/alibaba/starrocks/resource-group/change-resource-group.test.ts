import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

test('an instance moves to another group, and to the one it is in', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', { body: createBody() })
  const query = {
    InstanceId: created.body.Data.InstanceId as string,
    NewResourceGroupId: 'rg-emrysother',
    ResourceType: 'instance',
  }
  for (let time = 0; time < 2; time++)
    assert.equal((await call('ChangeResourceGroup', { query })).body.Data, true)
  const found = await call('DescribeInstances', { query: { ResourceGroupId: 'rg-emrysother' } })
  assert.deepEqual([found.body.Total, found.body.Data[0].ResourceGroupId], [1, 'rg-emrysother'])
})

test('only instances have groups, and only those that exist', async (t) => {
  const call = alibabaClient((await startCloud(t)).port)
  const query = {
    InstanceId: 'c-0000000000000000',
    NewResourceGroupId: 'rg-emrysother',
    ResourceType: 'instance',
  }
  assert.equal((await refusalOf(call('ChangeResourceGroup', { query }))).code, 'Instance.NotFound')
  const refusal = await refusalOf(
    call('ChangeResourceGroup', { query: { ...query, ResourceType: 'node' } }),
  )
  assert.equal(refusal.code, 'InvalidParams')
})
