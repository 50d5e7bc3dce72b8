import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { queriesOf, sampleQuery, silent } from '../../../../support/fixture/inquiry.ts'

const request = { StartTime: 1_000, EndTime: 2_000, Page: 1, PageSize: 10 }

test('what does not run has nothing to tell', async (t) => {
  const it = await startEmr(t)
  const { TotalCount, QueryInfoList } = await it.answer('DescribeTrinoQueryInfo', request)
  assert.deepEqual([TotalCount, QueryInfoList], [0, []])
})

test('times that are none, and clusters that are not there, are refused', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeTrinoQueryInfo', [
    [{ ...request, EndTime: 999 }, 'InvalidParameterValue', '`EndTime`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})

test('statements of that time are shown as Trino reports them, the newest first, page by page', async (t) => {
  const { finishedMs: _none, ...unfinished } = sampleQuery
  const inquiries = queriesOf(
    { id: 'before', startedMs: 999_999 },
    { id: 'failed', state: 'FAILED', error: 'it is not there', startedMs: 1_600_000 },
    {},
  )
  const it = await startEmr(t, {
    inquiries: {
      queries: async (range) => [
        ...((await inquiries.queries?.(range)) ?? []),
        { ...unfinished, id: 'running', state: 'RUNNING', startedMs: 1_800_000 },
      ],
    },
  })
  const page = async (Page: number) => {
    const asked = { ...request, Page, PageSize: 1 }
    const { TotalCount, QueryInfoList } = await it.answer('DescribeTrinoQueryInfo', asked)
    assert.equal(TotalCount, 3)
    return (QueryInfoList as Record<string, unknown>[])[0]
  }
  const newest = await page(1)
  assert.deepEqual(
    [newest?.['Id'], newest?.['State'], newest?.['EndTime']],
    ['running', 'RUNNING', 0],
  )
  const failed = await page(2)
  assert.deepEqual([failed?.['Id'], failed?.['ErrorMessage']], ['failed', 'it is not there'])
  assert.deepEqual(await page(3), {
    Catalog: 'hive',
    ClientIpAddr: '127.0.0.1',
    CompletedSplits: '5',
    CpuTime: 1_830,
    CumulativeMemory: 727_476,
    DurationMillis: 3_270,
    EndTime: 1_503,
    Id: sampleQuery.id,
    InternalNetworkBytes: 88,
    OutputBytes: 9,
    PeakUserMemoryBytes: 400,
    PhysicalInputBytes: 11,
    ProcessedInputBytes: 22,
    SqlCompileTime: 277,
    StartTime: 1_500,
    State: 'FINISHED',
    Statement: 'select 1',
    User: 'analyst',
    WrittenBytes: 33,
    ErrorMessage: '',
  })
  assert.equal(await page(4), undefined)
})

test('a coordinator that does not answer makes the question fail, and no row', async (t) => {
  const it = await startEmr(t, { inquiries: silent })
  await it.refused('DescribeTrinoQueryInfo', [[request, 'InvalidParameterValue', 'nobody answers']])
})
