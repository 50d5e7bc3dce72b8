import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

test('what was done to an instance is listed newest first, its release included', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', { body: createBody() })
  const InstanceId = created.body.Data.InstanceId as string
  await cloud.settle()
  await call('ReleaseInstance', { query: { InstanceId } })
  await cloud.settle()
  const { Data } = (await call('ListOperationHistory', { query: { InstanceId } })).body
  assert.deepEqual(
    Data.map((it: { OperationType: string; OperationStatus: string; Progress: number }) => [
      it.OperationType,
      it.OperationStatus,
      it.Progress,
    ]),
    [
      ['delete_cluster', 'COMPLETED', 100],
      ['create_cluster', 'COMPLETED', 100],
    ],
  )
})

test('an instance that does not exist has no history, and an unknown type is refused by name', async (t) => {
  const call = alibabaClient((await startCloud(t)).port)
  const query = { InstanceId: 'c-0000000000000000' }
  assert.equal((await call('ListOperationHistory', { query })).body.Total, 0)
  const refusal = await refusalOf(
    call('ListOperationHistory', { query: { ...query, OperationType: 'sleep' } }),
  )
  assert.match(refusal.message, /Operation type/)
})
