import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

test('the columns are listed, and no table is invented', async (t) => {
  const it = await startEmr(t)
  const request = { Offset: 0, Limit: 10, OrderField: '', OrderType: '' }
  const answer = await it.answer('DescribeHBaseTableOverview', request)
  assert.deepEqual([answer['TotalCount'], answer['TableMonitorList']], [0, []])
  const names = (answer['SchemaList'] as { Name: string }[]).map(({ Name }) => Name)
  assert.deepEqual(names, [
    'Table',
    'ReadRequestCount',
    'WriteRequestCount',
    'MemstoreSize',
    'StoreFileSize',
    'Operation',
  ])
  await it.refused('DescribeHBaseTableOverview', [
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})
