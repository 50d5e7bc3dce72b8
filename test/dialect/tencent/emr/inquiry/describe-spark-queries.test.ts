import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '../../../../../src/domain/inquiry.ts'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { silent } from '../../../../support/fixture/inquiry.ts'

const request = { StartTime: 1_000, EndTime: 2_000, Offset: 0, Limit: 10 }

test('what does not run has nothing to tell', async (t) => {
  const it = await startEmr(t)
  const { Total, Results } = await it.answer('DescribeSparkQueries', request)
  assert.deepEqual([Total, Results], [0, []])
})

test('times that are none, and clusters that are not there, are refused', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeSparkQueries', [
    [{ ...request, EndTime: 999 }, 'InvalidParameterValue', '`EndTime`'],
    [{ ...request, InstanceId: 'emr-0' }, 'InvalidParameter.InvalidClusterId', 'emr-0'],
  ])
})

const run: Execution = {
  id: '2',
  application: 'application_1_0001',
  statement: 'insert',
  state: 'COMPLETED',
  startedMs: 1_500_000,
  elapsedMs: 2_924,
  scanned: { partitions: 1, rows: 2, files: 3, bytes: 4 },
  written: { partitions: 5, rows: 6, files: 7, bytes: 8 },
}

test('executions are shown the newest first, page by page, and by state', async (t) => {
  const rows: readonly Execution[] = [
    run,
    { ...run, id: '3', state: 'RUNNING', startedMs: 1_600_000 },
    { ...run, id: '4', state: 'FAILED', startedMs: 1_700_000 },
  ]
  const it = await startEmr(t, { inquiries: { executions: async () => rows } })
  const of = async (more: object) => {
    const answer = await it.answer('DescribeSparkQueries', { ...request, ...more })
    const results = answer['Results'] as readonly Record<string, unknown>[]
    return [answer['Total'], ...results.map(({ Id, EndTime }) => [Id, EndTime])]
  }
  assert.deepEqual(await of({}), [3, ['4', 1_702], ['3', 0], ['2', 1_502]])
  assert.deepEqual(await of({ Limit: 1, Offset: 1 }), [3, ['3', 0]])
  assert.deepEqual(await of({ Status: ['FAILED', 'COMPLETED'] }), [2, ['4', 1_702], ['2', 1_502]])
  const { Results } = await it.answer('DescribeSparkQueries', { ...request, Limit: 1, Offset: 2 })
  assert.deepEqual(Results, [
    {
      Statement: 'insert',
      Duration: 2_924,
      Status: 'COMPLETED',
      Id: '2',
      ScanPartitionNum: 1,
      ScanRowNum: 2,
      ScanFileNum: 3,
      ScanTotalData: 4,
      ApplicationId: ['application_1_0001'],
      OutputRowNum: 6,
      OutputFileNum: 7,
      OutputPartitionNum: 5,
      OutputTotalData: 8,
      BeginTime: 1_500,
      EndTime: 1_502,
    },
  ])
})

test('servers that do not answer make the question fail, and no row', async (t) => {
  const it = await startEmr(t, { inquiries: silent })
  await it.refused('DescribeSparkQueries', [[request, 'InvalidParameterValue', 'nobody answers']])
})
