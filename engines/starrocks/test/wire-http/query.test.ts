import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, test } from 'node:test'
import type { TestContext } from 'node:test'
import { dataPieces, nestedJson } from '../../src/wire-http/query-row.ts'
import { busy } from '../support/open-engine.ts'
import { ask, testPorts } from '../support/open-ports.ts'
import type { PortsOptions, Reply } from '../support/open-ports.ts'

async function testQueries(t: TestContext, options: PortsOptions = {}) {
  const opened = await testPorts(t, options)
  const place = '/api/v1/catalogs/default_catalog/databases/d/sql'
  const post = (body: unknown, path = place, auth: string | undefined = 'admin:') =>
    ask(`${opened.front}${path}`, {
      method: 'POST',
      auth,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { ...opened, place, post }
}

const lines = ({ text }: Reply): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

function refusal({ status, json }: Reply): unknown[] {
  assert.deepEqual(Object.keys(json ?? {}), ['status', 'code', 'msg', 'message'])
  assert.deepEqual(
    [json?.['status'], json?.['code'], json?.['msg']],
    ['FAILED', '1', json?.['message']],
  )
  return [status, json?.['message']]
}

describe('the HTTP SQL API', () => {
  test('answers a query with its connection, meta, rows and statistics, a line each', async (t) => {
    const { client, post } = await testQueries(t)
    await client.run(`CREATE TABLE t (k INT, b BOOLEAN, l LARGEINT, f DOUBLE, dec DECIMAL(10, 2), day DATE, at DATETIME, j JSON,
      a ARRAY<STRING>, m MAP<INT, INT>, s STRUCT<x INT, y ARRAY<INT>>) DUPLICATE KEY(k)`)
    await client.run(`INSERT INTO t VALUES (1, true, 170141183460469231731687303715884105727, 1.5, 2.5, '2024-02-29',
      '2024-02-29 01:02:03', parse_json('{"a": [1]}'), ['x', 'a"b'], map{10:101}, row(7, [1, NULL])), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`)
    const reply = await post({ query: 'SELECT * FROM t ORDER BY k DESC;' })
    assert.equal(reply.status, 200)
    assert.equal(reply.headers['content-type'], 'application/x-ndjson; charset=utf-8')
    const [connection, meta, first, second, statistics] = lines(reply)
    assert.deepEqual(Object.keys(connection as object), ['connectionId'])
    assert.deepEqual(
      (meta as { meta: { type: string }[] }).meta.map(({ type }) => type),
      [
        'int(11)',
        'boolean',
        'largeint(40)',
        'double',
        'decimal(10, 2)',
        'date',
        'datetime',
        'json',
        'array<varchar(65533)>',
        'map<int(11),int(11)>',
        'struct<x int(11), y array<int(11)>>',
      ],
    )
    const large = '170141183460469231731687303715884105727'
    const scalar = [1, 1, large, 1.5, '2.50', '2024-02-29', '2024-02-29 01:02:03', { a: [1] }]
    const nested = [['x', 'a"b'], { '10': 101 }, { x: 7, y: [1, null] }]
    assert.deepEqual(first, { data: [...scalar, ...nested] })
    assert.deepEqual(second, { data: Array.from({ length: 11 }, () => null) })
    assert.deepEqual(statistics, { statistics: { scanRows: 0, scanBytes: 0, returnRows: 2 } })
  })

  test('leaves out what the client does not want to read', async (t) => {
    const { post } = await testQueries(t)
    const query = 'SELECT 1 AS n'
    const [meta, row] = [{ meta: [{ name: 'n', type: 'tinyint(4)' }] }, { data: [1] }]
    assert.deepEqual(lines(await post({ query, onlyOutputResultRaw: true })), [meta, row])
    const [first, ...rest] = lines(await post({ query, disablePrintConnectionId: true }))
    assert.deepEqual([first, rest.length], [meta, 2])
  })

  test('SHOW, DESC and EXPLAIN are one object; KILL ends what it names', async (t) => {
    const { client, engine, post } = await testQueries(t)
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k)')
    const shown = await post({
      query: 'SHOW VARIABLES LIKE "query_timeout"',
      sessionVariables: { query_timeout: 77 },
    })
    assert.deepEqual(shown.json?.['data'], [{ Variable_name: 'query_timeout', Value: '77' }])
    assert.deepEqual(shown.json?.['statistics'], { scanRows: 0, scanBytes: 0, returnRows: 1 })
    const described = (await post({ query: 'DESC t' })).json?.['data'] as { Field: string }[]
    assert.equal(described[0]?.Field, 'k')
    const explained = await post({ query: 'EXPLAIN SELECT 1' })
    assert.deepEqual(Object.keys(explained.json ?? {}), ['explain'])
    const killed = new Promise((resolve) => engine.onKilled(resolve))
    const kill = await post({ query: `KILL ${client.session.id}` })
    assert.deepEqual([kill.status, kill.text], [200, ''])
    assert.equal(await killed, client.session.id)
  })

  test('without a database, names are qualified', async (t) => {
    const { client, post } = await testQueries(t)
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k)')
    const path = '/api/v1/catalogs/default_catalog/sql'
    assert.equal((await post({ query: 'SELECT * FROM d.t' }, path)).status, 200)
    assert.equal((await post({ query: 'SELECT * FROM t' }, path)).status, 500)
  })

  test('what is wrong is refused with its status and text', async (t) => {
    const { post, place } = await testQueries(t, { limits: { queryBytes: 200 } })
    const cases: readonly [unknown, number, RegExp][] = [
      [
        '{"query": "select 1;":"xxx"}',
        400,
        /^malformed json \[ \{"query": "select 1;":"xxx"\} \]$/,
      ],
      ['null', 400, /^malformed json/],
      [{ sessionVariables: {} }, 400, /^"query can not be empty"$/],
      [{ query: ' ' }, 400, /^"query can not be empty"$/],
      [
        { query: 'select 1; select 2' },
        400,
        /^http query does not support execute multiple query$/,
      ],
      [
        { query: 'set query_timeout = 6' },
        400,
        /^http query only support SELECT, SHOW, EXPLAIN, DESC/,
      ],
      [{ query: 'drop database d' }, 400, /^http query only support/],
      [{ query: `select '${'x'.repeat(200)}'` }, 400, /./],
      [{ query: 'select from t' }, 500, /^Getting syntax error/],
      [{ query: 'select * from nowhere' }, 500, /nowhere/],
      [{ query: 'kill 999' }, 500, /^Unknown thread id: 999$/],
      [{ query: 'select 1', sessionVariables: { nothing: 1 } }, 500, /^Unknown system variable/],
      [
        { query: 'select 1', sessionVariables: { 'a = 1; drop': 1 } },
        500,
        /^Unknown system variable/,
      ],
    ]
    for (const [body, status, message] of cases) {
      const [seen, said] = refusal(await post(body))
      assert.equal(seen, status, JSON.stringify(body))
      assert.match(String(said), message)
    }
    for (const path of [place.replace('/d/', '/none/'), place.replace('default_catalog', 'hive')])
      assert.deepEqual(refusal(await post({ query: 'select 1' }, path)), [
        403,
        'set catalog or db failed',
      ])
    const anonymous = await ask((await testQueries(t)).front + place, {
      method: 'POST',
      body: '{}',
    })
    assert.deepEqual(refusal(anonymous), [401, 'Need auth information.'])
    assert.equal((await post({ query: 'select 1' }, place, 'admin:wrong')).status, 401)
  })

  test('more queries at once than may be are refused', async (t) => {
    const { post } = await testQueries(t, { limits: { queries: 0 } })
    assert.equal(refusal(await post({ query: 'select 1' }))[0], 503)
  })

  test('a client that leaves takes its query with it', async (t) => {
    const { client, engine, front, place } = await testQueries(t)
    await client.run('CREATE TABLE big (n BIGINT) DUPLICATE KEY(n)')
    await client.run(
      'INSERT INTO big SELECT generate_series FROM TABLE(generate_series(1, 100000))',
    )
    const query = 'SELECT count(*) FROM big a, big b, big c WHERE a.n + b.n + c.n = 7'
    const sent = request(`${front}${place}`, { method: 'POST', auth: 'admin:' })
    sent.on('error', () => undefined)
    sent.end(JSON.stringify({ query }))
    await busy(engine, 1)
    sent.destroy()
    while ((await engine.status()).sessions > 1)
      await new Promise((resolve) => setTimeout(resolve, 20))
  })
})

test('nested values become JSON', () => {
  const cases = [
    ['[]', '[]'],
    ['[1,null,-2.5]', '[1, null, -2.5]'],
    ['{}', '{}'],
    ['{1:{"a":[2,3]}}', '{"1": {"a": [2, 3]}}'],
    ['{"x:y":"a,\\"b\\\\","z":\'{"k": 1}\'}', '{"x:y": "a,\\"b\\\\", "z": {"k": 1}}'],
  ] as const
  for (const [text, json] of cases) {
    assert.equal(nestedJson(text), json)
    JSON.parse(json)
  }
})

// reference: StarRocks 3.3.7, test_http_output_array
test('exact numbers in arrays are text', () => {
  const column = { name: 'a', typeText: 'array<array<DECIMAL64(18,2)>>' }
  const columns = [column] as unknown as Parameters<typeof dataPieces>[1]
  assert.equal(
    [...dataPieces([['[[1.00,null],[-2.50]]']], columns)].join(''),
    '{"data":[[["1.00", null], ["-2.50"]]]}\n',
  )
})
