import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { withWorkload, type Workload } from '../../../../../src/domain/cluster/workload.ts'
import { diagnose, eventOf, failNode, type Row } from '../../../../support/fixture/alibaba-event.ts'
import {
  startInstance,
  type AlibabaInstance,
} from '../../../../support/fixture/alibaba-instance.ts'
import { refusalOf } from '../../../../support/http/alibaba-client.ts'
import { DAY_MS, money, stillClock } from '../../../../support/fixture/money.ts'

const START = '2026-03-01T00:00:00Z'
const startMs = Date.parse(START)
const quiet: Workload = {
  sinceMs: 1,
  slowStatements: 0,
  slowestMs: 0,
  slowest: '',
  failedLoads: 0,
  failedTable: '',
}

async function start(t: TestContext) {
  const it = await startInstance(t, { cloud: { clock: stillClock(START) } })
  return { ...it, ...money(it.cloud) }
}

/** As its engine would say it. */
async function says(
  { cloud, id }: Pick<AlibabaInstance, 'cloud' | 'id'>,
  workload: Workload,
): Promise<void> {
  await cloud.store.write(async (tx) => {
    const found = await tx.findById('cluster', id)
    if (!found) throw new Error(`${id} is not in the store`)
    const { status } = found.document
    const next = withWorkload(status.workload, workload, cloud.clock.now())
    await tx.save('cluster', found, { ...found.document, status: { ...status, workload: next } })
  })
}

const short = (rows: readonly Row[]) =>
  rows.map(({ Dimension, ItemName, Status }) => `${Dimension} ${ItemName} ${Status}`)

test('where nothing runs and nothing happened, nothing is said', async (t) => {
  const it = await start(t)
  const { body } = await it.call('DescribeInstanceDiagnosisResult', {
    query: { InstanceId: it.id },
  })
  assert.deepEqual([body.Data, body.Total], [[], 0])
})

test('a process that ended is an item of its node, with the id of its event', async (t) => {
  const it = await start(t)
  const node: string = (await it.group('CN')).NodeInfo[0].NodeId
  await failNode(it, node, 'end')
  const [row, ...others] = await diagnose(it)
  assert.deepEqual(others, [])
  const id = await eventOf(it)
  assert.deepEqual(row, {
    BestPractice: '',
    Description: `${node}: its process ended by itself and was started again`,
    Dimension: 'node_analysis',
    EvaluationTime: startMs,
    FullScore: 10,
    InstanceId: it.id,
    Introduction: 'Whether the processes of the nodes run without being started again',
    ItemId: id,
    ItemName: 'NodeProcessEnded',
    ReportDate: '2026-03-01',
    Score: 5,
    Status: 'medium',
    Suggestion: `RebootECS with EventId ${id} starts it again.`,
  })
})

test('a node that is lost is critical until it is there again', async (t) => {
  const it = await start(t)
  const simulation = it.cloud.substrates.get('simulation')!
  simulation.pacing!.set('starrocks', 'manual:1000')
  await failNode(it, (await it.group('CN')).NodeInfo[0].NodeId, 'lose')
  assert.deepEqual(short(await diagnose(it)), [
    'node_analysis NodeLost critical',
    'instance_analysis InstanceImpaired critical',
  ])
  simulation.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  assert.deepEqual(short(await diagnose(it)), [
    'node_analysis NodeLost info',
    'instance_analysis InstanceImpaired info',
  ])
})

test('what the engine says is healthy, and no longer when it counts what is not', async (t) => {
  const it = await start(t)
  await says(it, quiet)
  assert.deepEqual(short(await diagnose(it)), [
    'node_analysis node_stability healthy',
    'instance_analysis instance_availability healthy',
    'query_analysis slow_statements healthy',
    'load_analysis failed_loads healthy',
  ])
  const slow = { ...quiet, slowStatements: 2, slowestMs: 6_000, slowest: 'SELECT sleep ( ? )' }
  await says(it, { ...slow, failedLoads: 1, failedTable: 'd.t' })
  const rows = await diagnose(it, { Statuses: 'medium,critical' })
  assert.deepEqual(
    rows.map(({ ItemName, Score, Description }) => [ItemName, Score, Description]),
    [
      ['slow_statements', 5, '2 slow; the slowest took 6000 ms: SELECT sleep ( ? )'],
      ['failed_loads', 5, '1 failed, the last one into d.t'],
    ],
  )
  assert.equal((await diagnose(it)).find(({ Score }) => Score === 10)?.Status, 'healthy')
})

test('nothing is healthy while the instance does not run', async (t) => {
  const it = await start(t)
  await says(it, quiet)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('RestartInstance')
  assert.deepEqual(await diagnose(it), [])
})

test('a day has its own report, and one of which nothing is known has none', async (t) => {
  const it = await start(t)
  await says(it, { ...quiet, failedLoads: 1, failedTable: 'd.t' })
  await it.pass(DAY_MS)
  const at = async (ReportDate: string) => short(await diagnose(it, { ReportDate }))
  assert.deepEqual(await at('2026-03-01'), ['load_analysis failed_loads medium'])
  assert.deepEqual(await at('2026-02-28'), [])
  assert.deepEqual(await at('2026-03-03'), [])
  assert.equal((await at('2026-03-02')).length, 4)
  assert.deepEqual(await diagnose(it, { ReportDate: '2026-03-02' }), await diagnose(it))
})

test('items are filtered by dimension and status, and paged', async (t) => {
  const it = await start(t)
  await says(it, quiet)
  const page = (query: object) => diagnose(it, { ...query })
  assert.equal((await page({ Dimension: 'query_analysis' })).length, 1)
  assert.deepEqual(await page({ Dimension: 'table_analysis' }), [])
  assert.deepEqual(await page({ Statuses: 'info, medium' }), [])
  const second = await it.call('DescribeInstanceDiagnosisResult', {
    query: { InstanceId: it.id, PageNumber: '2', PageSize: '3' },
  })
  assert.deepEqual(short(second.body.Data), ['load_analysis failed_loads healthy'])
  assert.equal(second.body.Total, 4)
})

test('what is missing or strange is refused by its name', async (t) => {
  const it = await start(t)
  for (const [query, code] of [
    [{ InstanceId: 'c-0' }, 'Instance.NotFound'],
    [{ Dimension: 'weather' }, 'InvalidParams'],
    [{ Statuses: 'healthy,ill' }, 'InvalidParams'],
    [{ ReportDate: '8.3.2026' }, 'InvalidParams'],
    [{ PageSize: 51 }, 'InvalidParams'],
  ] as const)
    assert.equal((await it.refusal('DescribeInstanceDiagnosisResult', query)).code, code)
  const missing = await refusalOf(it.call('DescribeInstanceDiagnosisResult', {}))
  assert.equal(missing.code, 'MissingInstanceId')
})
