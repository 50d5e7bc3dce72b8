import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { sampleTable, silent } from '../../../../support/fixture/inquiry.ts'

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

test('tables are shown by their load, page by page, and by a part of their names', async (t) => {
  const tables = [
    sampleTable,
    { ...sampleTable, name: 'busy', readsPerSecond: 7, memoryBytes: 1 },
    { ...sampleTable, namespace: 'hbase', name: 'meta', readsPerSecond: 0 },
  ]
  const it = await startEmr(t, { inquiries: { tables: async () => tables } })
  const of = async (more: object) => {
    const answer = await it.answer('DescribeHBaseTableOverview', { Offset: 0, Limit: 10, ...more })
    const rows = answer['TableMonitorList'] as readonly Record<string, unknown>[]
    return [answer['TotalCount'], ...rows.map(({ Table }) => Table)]
  }
  assert.deepEqual(await of({}), [3, 'default_busy', 'default_orders', 'hbase_meta'])
  assert.deepEqual(await of({ Offset: 1, Limit: 2 }), [3, 'hbase_meta'])
  assert.deepEqual(await of({ OrderType: 'asc' }), [
    3,
    'hbase_meta',
    'default_orders',
    'default_busy',
  ])
  assert.deepEqual(await of({ OrderField: 'MemstoreSize', OrderType: 'asc', Limit: 1 }), [
    3,
    'default_busy',
  ])
  assert.deepEqual(await of({ Table: 'default' }), [2, 'default_busy', 'default_orders'])
  const { TableMonitorList } = await it.answer('DescribeHBaseTableOverview', {
    Offset: 0,
    Limit: 1,
    Table: 'orders',
  })
  assert.deepEqual(TableMonitorList, [
    {
      Table: 'default_orders',
      ReadRequestCount: 1.23,
      WriteRequestCount: 0.5,
      MemstoreSize: 768,
      StoreFileSize: 10_741,
      Operation: 'regions',
      StoreFileNum: 2,
    },
  ])
})

test('servers that do not answer make the question fail, and no row', async (t) => {
  const it = await startEmr(t, { inquiries: silent })
  await it.refused('DescribeHBaseTableOverview', [
    [{ Offset: 0, Limit: 10 }, 'ResourceNotFound', 'nobody answers'],
  ])
})
