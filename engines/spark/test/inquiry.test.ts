import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { DaemonPeer, DaemonPlan } from '../../../src/substrate/local/service.ts'
import { cleanUp } from '../../../test/support/process/clean-up.ts'
import { executions, statements } from '../src/inquiry.ts'

interface Row {
  readonly user?: string
  readonly id: string
  readonly finished?: string
  readonly elapsed?: string
  readonly statement: string
  readonly state: string
  readonly detail: string
}

/** As Spark 3.5.8 prints it. */
function pageOf(rows: readonly Row[]): string {
  const row = (it: Row) => `<tr>
      <td>
        ${it.user ?? 'ann'}
      </td>
      <td>
        <a href="/jobs/job/?id=3">[3]</a>
      </td>
      <td>
        ${it.id}
      </td>
      <td>
        2026/11/27 19:07:35
      </td>
      <td>
        ${it.finished ?? ''}
      </td>
      <td>

      </td>
      <!-- Returns a human-readable string representing a duration such as "5 second 35 ms"-->
      <td>
        ${it.elapsed ?? ''}
      </td>
      <td>
        9 hours
      </td>
      <td>
        <span class="description-input">
          ${it.statement}
        </span>
      </td>
      <td>
        ${it.state}
      </td>
      <td>${it.detail}<span class="expand-details">
        +details
      </span><div class="stacktrace-details collapsed">
          <pre>${it.detail}</pre>
        </div></td>
    </tr>`
  return `<a>Session Statistics (1)</a><table id="sessionstat"><tbody><tr><td> ann </td></tr></tbody></table>
    <a>SQL Statistics (${rows.length})</a>
    <table class="table table-bordered" id="sqlstat"><thead><tr><th>User</th></tr></thead>
    <tbody>${rows.map(row).join('')}</tbody></table>`
}

const started = new Date(2026, 10, 27, 19, 7, 35).getTime()
const second = { fromMs: started, toMs: started + 999 }

/** What is asked, and by which path. */
async function planOf(
  t: TestContext,
  answers: Readonly<Record<string, string>>,
  ...absent: readonly DaemonPeer[]
): Promise<DaemonPlan> {
  const server = createServer((request, answer) => {
    const path = Object.keys(answers).find((each) => request.url?.startsWith(each))
    answer.writeHead(path === undefined ? 404 : 200).end(answers[path ?? ''])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(t, () => void server.close())
  const { port } = server.address() as AddressInfo
  const host = '127.0.0.1'
  const peers = [{ daemon: 'hive-server2', node: 'm-0', host, ports: [1, port] }, ...absent]
  return { peers } as unknown as DaemonPlan
}

const APPLICATIONS = (id: string) =>
  JSON.stringify([{ id, attempts: [{ startTimeEpoch: 0, endTimeEpoch: -1 }] }])

test('statements are those of the page, with who sent them and what became of them', async (t) => {
  const rows = [
    {
      id: 'a',
      finished: '2026/11/27 19:07:36',
      elapsed: '1 minute 1 second 639 ms',
      statement: 'select &lt;tr&gt; &amp; more',
      state: 'CLOSED',
      detail: '== Parsed Logical Plan ==',
    },
    { id: 'b', statement: 'x', state: 'CLOSED', detail: 'org.apache.hive.HiveSQLException: no' },
    { id: 'c', statement: 'y', state: 'COMPILED', detail: '== Parsed Logical Plan ==' },
    { id: 'd', statement: 'z', state: 'CANCELED', detail: '' },
  ]
  const plan = await planOf(t, {
    '/api/v1/applications': APPLICATIONS('local-1'),
    '/sqlserver/?': pageOf(rows),
  })
  const found = await statements(plan, second)
  assert.deepEqual(found[0], {
    id: 'a',
    user: 'ann',
    statement: 'select <tr> & more',
    state: 'FINISHED',
    engine: 'spark',
    applications: [],
    startedMs: started,
    finishedMs: started + 1_000,
    elapsedMs: 61_639,
  })
  assert.deepEqual(
    found.slice(1).map(({ id, state, finishedMs }) => [id, state, finishedMs]),
    [
      ['b', 'ERROR', undefined],
      ['c', 'RUNNING', undefined],
      ['d', 'CANCELED', undefined],
    ],
  )
  assert.deepEqual(await statements(plan, { fromMs: 0, toMs: started - 1 }), [])
})

test('a page of another kind, and servers that are all away, are no empty list', async (t) => {
  const plan = await planOf(t, {
    '/api/v1/applications': APPLICATIONS('local-1'),
    '/sqlserver/?': '<h1>moved</h1>',
  })
  await assert.rejects(statements(plan, second), /the page of its statements is another one/)
  const away = { ...plan, peers: plan.peers.map((peer) => ({ ...peer, ports: [1, 1] })) }
  await assert.rejects(statements(away, second), /ECONNREFUSED/)
  await assert.rejects(executions(away, second), /ECONNREFUSED/)
})

test('executions have what was read and written, and are clients’ own alone', async (t) => {
  const metric = (name: string, value: string) => ({ name, value })
  const base = { submissionTime: new Date(started).toISOString().replace('Z', 'GMT'), duration: 7 }
  const nodes = [
    {
      nodeName: 'Execute InsertIntoHadoopFsRelationCommand',
      metrics: [
        metric('number of written files', '2'),
        metric('number of output rows', '1,234'),
        metric('written output', '14.0 B'),
        metric('number of dynamic part', '3'),
      ],
    },
    {
      nodeName: 'Scan parquet spark_catalog.default.k',
      metrics: [
        metric('number of files read', '4'),
        metric('number of partitions read', '5'),
        metric('number of output rows', '6'),
        metric(
          'size of files read',
          'total (min, med, max (stageId: taskId))\n1.5 KiB (1 B, 2 B, 3 B)',
        ),
      ],
    },
    { nodeName: 'Filter', metrics: [metric('number of output rows', '99')] },
  ]
  const all = [
    { ...base, id: 0, status: 'COMPLETED', description: 'openSession at CLIService.java:197' },
    { ...base, id: 1, status: 'COMPLETED', description: 'insert', nodes },
    {
      ...base,
      id: 2,
      status: 'COMPLETED',
      description: 'insert',
      nodes: [{ nodeName: 'CommandResult', metrics: [] }],
    },
    { ...base, id: 3, status: 'FAILED', description: 'select', nodes: [] },
  ]
  const gone = { daemon: 'spark-historyserver', node: 'm-0', host: '127.0.0.1', ports: [1] }
  const plan = await planOf(
    t,
    {
      '/api/v1/applications/application_1_0001/sql?': JSON.stringify(all),
      '/api/v1/applications': APPLICATIONS('application_1_0001'),
    },
    gone,
  )
  assert.deepEqual(await executions(plan, second), [
    {
      id: '1',
      application: 'application_1_0001',
      statement: 'insert',
      state: 'COMPLETED',
      startedMs: started,
      elapsedMs: 7,
      scanned: { partitions: 5, rows: 6, files: 4, bytes: 1_536 },
      written: { partitions: 3, rows: 1_234, files: 2, bytes: 14 },
    },
    {
      id: '3',
      application: 'application_1_0001',
      statement: 'select',
      state: 'FAILED',
      startedMs: started,
      elapsedMs: 7,
      scanned: { partitions: 0, rows: 0, files: 0, bytes: 0 },
      written: { partitions: 0, rows: 0, files: 0, bytes: 0 },
    },
  ])
})
