import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StatementRun } from '../../../../../src/domain/inquiry.ts'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { silent } from '../../../../support/fixture/inquiry.ts'

const request = { StartTime: 1_000, EndTime: 2_000, Offset: 0, Limit: 10 }

test('what does not run has nothing to tell', async (t) => {
  const it = await startEmr(t)
  const { Total, Results } = await it.answer('DescribeHiveQueries', request)
  assert.deepEqual([Total, Results], [0, []])
})

test('times that are none, and clusters that are not there, are refused', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeHiveQueries', [
    [{ ...request, EndTime: 999 }, 'InvalidParameter.ImpalaQueryException', '`EndTime`'],
    [{ ...request, EndTime: 1_000 + 86_401 }, 'InvalidParameter.ImpalaQueryException', '`EndTime`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
})

const run: StatementRun = {
  id: 'd9098c00',
  user: 'ann',
  statement: 'select 1',
  state: 'FINISHED',
  engine: 'spark',
  applications: ['application_1_0001'],
  startedMs: 1_500_000,
  finishedMs: 1_501_639,
  elapsedMs: 1_639,
}

test('statements are shown the newest first, page by page, and by state and end', async (t) => {
  const { finishedMs: _none, ...unfinished } = run
  const rows: readonly StatementRun[] = [
    run,
    { ...run, id: 'wrong', state: 'ERROR', startedMs: 1_600_000, finishedMs: 1_601_000 },
    { ...unfinished, id: 'running', state: 'RUNNING', startedMs: 1_700_000 },
  ]
  const asked: unknown[] = []
  const it = await startEmr(t, {
    inquiries: {
      statements: async (range) => {
        asked.push(range)
        return rows
      },
    },
  })
  const of = async (more: object) => {
    const answer = await it.answer('DescribeHiveQueries', { ...request, ...more })
    const results = answer['Results'] as readonly Record<string, unknown>[]
    return [answer['Total'], ...results.map(({ Id }) => Id)]
  }
  assert.deepEqual(await of({}), [3, 'running', 'wrong', 'd9098c00'])
  assert.deepEqual(asked, [{ fromMs: 1_000_000, toMs: 2_000_999 }])
  assert.deepEqual(await of({ Limit: 1, Offset: 1 }), [3, 'wrong'])
  assert.deepEqual(await of({ State: ['ERROR', 'RUNNING'] }), [2, 'running', 'wrong'])
  assert.deepEqual(await of({ EndTimeGte: 1_502 }), [1, 'wrong'])
  assert.deepEqual(await of({ EndTimeLte: 1_501 }), [1, 'd9098c00'])
  const { Results } = await it.answer('DescribeHiveQueries', { ...request, Limit: 1, Offset: 2 })
  assert.deepEqual(Results, [
    {
      Statement: 'select 1',
      Duration: '1639ms',
      StartTime: 1_500_000,
      EndTime: 1_501_639,
      State: 'FINISHED',
      User: 'ann',
      JobIds: ['application_1_0001'],
      ExecutionEngine: 'spark',
      Id: 'd9098c00',
    },
  ])
})

test('a server that does not answer makes the question fail, and no row', async (t) => {
  const it = await startEmr(t, { inquiries: silent })
  await it.refused('DescribeHiveQueries', [
    [request, 'InvalidParameter.ImpalaQueryException', 'nobody answers'],
  ])
})
