import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import type { DaemonPlan, Settings } from '../../../src/substrate/local/service.ts'
import { trino } from '../service.ts'

const HOST = '127.0.0.1'

/** What a node of Trino says, by path; undefined is an answer 404. */
type Answers = Record<string, unknown>

/** A node that notes the requests that change something. */
async function startNode(t: TestContext, answers: Answers) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      const { method = '', url = '' } = request
      if (method !== 'GET') asked.push(`${method} ${url} ${body}`)
      const found = answers[url]
      response.statusCode = found === undefined ? 404 : 200
      response.end(JSON.stringify(found))
    })
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  t.after(() => server.close())
  return { asked, port: (server.address() as { port: number }).port }
}

let plans = 0

function planOf(
  daemon: string,
  port: number,
  it: { coordinator?: number; leaving?: boolean; settings?: Settings } = {},
) {
  const own = { daemon, node: 'n-1', host: HOST, ports: [port] }
  const peers = [
    { ...own, ...(it.leaving ? { leaving: true } : {}) },
    ...(it.coordinator === undefined
      ? []
      : [{ daemon: 'trino-coordinator', node: 'm-0', host: HOST, ports: [it.coordinator] }]),
  ]
  const directory = `/of-${plans++}`
  const plan = { ...own, directory, peers, settings: it.settings ?? {} }
  return plan as unknown as DaemonPlan
}

const daemonOf = (name: string) => trino.daemons.find((each) => each.name === name)!

const announced = (...workers: string[]) => ({
  services: [
    { nodeId: 'm-0', properties: { coordinator: 'true' } },
    ...workers.map((nodeId) => ({ nodeId, properties: { coordinator: 'false' } })),
  ],
})

test('a coordinator works when it answers a statement, which it is asked for once and not at each look', async (t) => {
  const answers: Answers = { '/v1/info': { starting: true } }
  const { asked, port } = await startNode(t, answers)
  const plan = planOf('trino-coordinator', port)
  const probe = () => daemonOf('trino-coordinator').probe(plan)
  assert.match((await probe()).reason ?? '', /starting/)
  answers['/v1/info'] = { starting: false }
  answers['/v1/service/trino'] = announced()
  assert.match((await probe()).reason ?? '', /no worker/)
  assert.equal(asked.length, 0)

  answers['/v1/service/trino'] = announced('n-1')
  answers['/v1/statement'] = { error: { message: 'nodes is empty' } }
  const failed = await probe()
  assert.deepEqual([failed.answering, failed.waiting], [false, true])
  assert.match(failed.reason ?? '', /nodes is empty/)
  answers['/v1/statement'] = { nextUri: `http://other/v1/next/1?x=1` }
  answers['/v1/next/1?x=1'] = { data: [['n-1']], nextUri: `http://other/v1/next/2` }
  answers['/v1/next/2'] = { data: [] }
  assert.deepEqual(await probe(), { answering: true })
  assert.equal(asked.length, 2)
  delete answers['/v1/statement']
  assert.deepEqual(await probe(), { answering: true })
  assert.equal(asked.length, 2)

  // One that was restarted is asked again.
  delete answers['/v1/info']
  await assert.rejects(probe(), /404/)
  answers['/v1/info'] = { starting: false }
  assert.equal((await probe()).answering, false)
  assert.equal(asked.length, 3)
})

test('one that works on statements by itself needs no worker', async (t) => {
  const { port } = await startNode(t, {
    '/v1/info': { starting: false },
    '/v1/service/trino': announced(),
    '/v1/statement': { data: [['m-0']] },
  })
  const settings = { 'config.properties': { 'node-scheduler.include-coordinator': 'true' } }
  const plan = planOf('trino-coordinator', port, { settings })
  assert.deepEqual(await daemonOf('trino-coordinator').probe(plan), { answering: true })
})

/** A coordinator is not asked again before some seconds have passed. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await setTimeout(200)
}

test('a worker works when its coordinator gives it work', async (t) => {
  const answers: Answers = { '/v1/service/trino': announced('n-2') }
  const coordinator = (await startNode(t, answers)).port
  const { port } = await startNode(t, {
    '/v1/info': { starting: false },
    '/v1/info/state': 'ACTIVE',
  })
  const probe = () => daemonOf('trino-worker').probe(planOf('trino-worker', port, { coordinator }))
  assert.match((await probe()).reason ?? '', /does not know it/)
  answers['/v1/service/trino'] = announced('n-1', 'n-2')
  assert.match((await probe()).reason ?? '', /does not answer: .* 404/)
  answers['/v1/statement'] = { data: [['m-0']] }
  assert.match((await probe()).reason ?? '', /gives it no work yet/)
  answers['/v1/statement'] = { data: [['m-0'], ['n-1']] }
  // It was asked just now.
  assert.match((await probe()).reason ?? '', /gives it no work yet/)
  await until(async () => (await probe()).answering)
  delete answers['/v1/statement']
  assert.deepEqual(await probe(), { answering: true })
  delete answers['/v1/service/trino']
  assert.match((await probe()).reason ?? '', /does not answer/)
})

test('a worker that is to go is drained once, and may go when it says so; one that stays is started again', async (t) => {
  const answers: Answers = { '/v1/info': { starting: false }, '/v1/info/state': 'ACTIVE' }
  const { asked, port } = await startNode(t, answers)
  const worker = daemonOf('trino-worker')
  const leaving = planOf('trino-worker', port, { leaving: true })
  assert.deepEqual(await worker.probe(leaving), { answering: true, drained: false })
  await worker.drain?.(leaving)
  assert.deepEqual(asked, ['PUT /v1/info/state "DRAINING"'])
  answers['/v1/info/state'] = 'DRAINING'
  await worker.drain?.(leaving)
  assert.equal(asked.length, 1)
  assert.deepEqual(await worker.probe(leaving), { answering: true, drained: false })
  answers['/v1/info/state'] = 'DRAINED'
  assert.deepEqual(await worker.probe(leaving), { answering: true, drained: true })
  const stays = await worker.probe(planOf('trino-worker', port, { coordinator: port }))
  assert.deepEqual(stays, { answering: false, reason: 'it is DRAINED' })
})

test('figures are those that it has', async (t) => {
  const { port } = await startNode(t, {
    '/v1/status': { heapUsed: 7, memoryInfo: { pool: { reservedBytes: 3 } } },
  })
  assert.equal(
    await daemonOf('trino-worker').figures?.(planOf('trino-worker', port)),
    '# TYPE trino_heap_used_bytes gauge\ntrino_heap_used_bytes 7\n' +
      '# TYPE trino_query_memory_reserved_bytes gauge\ntrino_query_memory_reserved_bytes 3\n',
  )
})

test('statements are shown as the coordinator has them, without our own and those of other times', async (t) => {
  const listed = (queryId: string, createTime: string, source = 'cli') => ({
    queryId,
    session: { source },
    queryStats: { createTime },
  })
  const { port } = await startNode(t, {
    '/v1/query': [
      listed('q-1', '2026-11-27T15:41:33.183Z'),
      listed('q-2', '2026-11-27T15:41:34.000Z', 'emrys'),
      listed('q-3', '2026-11-26T15:41:34.000Z'),
      listed('forgotten', '2026-11-27T15:41:33.183Z'),
    ],
    '/v1/query/q-1?pruned=true': {
      queryId: 'q-1',
      state: 'FAILED',
      query: 'select x',
      session: { user: 'me', catalog: 'hive', remoteUserAddress: '127.0.0.1' },
      failureInfo: { message: 'there is no x' },
      queryStats: {
        createTime: '2026-11-27T15:41:33.183Z',
        endTime: '2026-11-27T15:41:36.448Z',
        elapsedTime: '1.50m',
        totalCpuTime: '1.83s',
        planningTime: '277.38ms',
        completedDrivers: 5,
        cumulativeUserMemory: 727475.98,
        peakUserMemoryReservation: '400B',
        physicalInputDataSize: '2.5kB',
        processedInputDataSize: '1MB',
      },
    },
  })
  const inquiries = trino.inquiries?.(planOf('trino-coordinator', port, {}))
  const fromMs = Date.parse('2026-11-27T00:00:00Z')
  assert.deepEqual(await inquiries?.queries?.({ fromMs, toMs: fromMs + 86_400_000 }), [
    {
      id: 'q-1',
      user: 'me',
      statement: 'select x',
      state: 'FAILED',
      catalog: 'hive',
      client: '127.0.0.1',
      startedMs: Date.parse('2026-11-27T15:41:33.183Z'),
      finishedMs: Date.parse('2026-11-27T15:41:36.448Z'),
      elapsedMs: 90_000,
      processorMs: 1_830,
      planningMs: 277,
      completedSplits: 5,
      memoryByteMs: 727_476,
      peakMemoryBytes: 400,
      readBytes: 2_560,
      processedBytes: 1_048_576,
      exchangedBytes: 0,
      resultBytes: 0,
      writtenBytes: 0,
      error: 'there is no x',
    },
  ])
})
