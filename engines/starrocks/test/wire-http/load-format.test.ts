import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ask, testPorts } from '../support/open-ports.ts'

type Row = readonly [number, string | null, string | null, string | null, boolean | null]

const TABLE = `CREATE TABLE t (k BIGINT, s STRING, n DECIMAL(20, 4), d DATE, b BOOLEAN)
  DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`

const date = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-30'), noInvalidDate: true })
  .map((value) => value.toISOString().slice(0, 10))
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 9999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`)
  .filter((text) => !text.startsWith('-0.') && text !== '-0.0000')
/** What neither format nor StarRocks gives another meaning. */
const letters = (forbidden: string) =>
  fc
    .string({ unit: 'binary', maxLength: 12 })
    .filter((text) => text !== '\\N' && ![...forbidden].some((char) => text.includes(char)))

const rowsOf = (text: fc.Arbitrary<string>) =>
  fc.array(
    fc.tuple(
      fc.maxSafeInteger(),
      fc.option(text),
      fc.option(decimal),
      fc.option(date),
      fc.option(fc.boolean()),
    ),
    { minLength: 1, maxLength: 20 },
  )

const csvValue = (value: Row[number], quote: string): string => {
  if (value === null) return '\\N'
  const text = String(value)
  return quote === '' ? text : `${quote}${text.replaceAll(quote, quote + quote)}${quote}`
}

const csv = (rows: readonly Row[], column: string, row: string, quote = '') =>
  rows.map((values) => values.map((value) => csvValue(value, quote)).join(column)).join(row)

const json = (rows: readonly Row[]) => {
  const lines = rows.map(([k, s, n, d, b]) => {
    const members = [`"k":${k}`, `"s":${JSON.stringify(s)}`, `"n":${n ?? 'null'}`]
    return `{${[...members, `"d":${JSON.stringify(d)}`, `"b":${String(b)}`].join(', ')}}`
  })
  return lines
}

describe('random rows', () => {
  test('arrive equal through plain CSV, enclosed CSV and JSON', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run(TABLE)
    const sorted = (rows: readonly (readonly unknown[])[]) =>
      rows.map((row) => JSON.stringify(row)).toSorted()
    const arrives = async (
      rows: readonly Row[],
      body: string,
      headers: Readonly<Record<string, string>>,
    ) => {
      const reply = await load('t', body, { ...headers, strict_mode: 'true' })
      assert.equal(reply.json?.Status, 'Success', reply.text)
      assert.equal(reply.json?.NumberLoadedRows, rows.length)
      const found = await client.rows('SELECT * FROM t')
      const wanted = rows.map(([k, s, n, d, b]) => [k, s, n, d, b === null ? null : Number(b)])
      assert.deepEqual(sorted(found), sorted(wanted))
      await client.run('TRUNCATE TABLE t')
    }
    await fc.assert(
      fc.asyncProperty(rowsOf(letters('\x01\x02')), async (rows) => {
        await arrives(rows, csv(rows, '\x01', '\x02'), {
          column_separator: '\\x01',
          row_delimiter: '\\x02',
        })
      }),
      { numRuns: 25 },
    )
    await fc.assert(
      fc.asyncProperty(rowsOf(letters('')), async (rows) => {
        await arrives(rows, csv(rows, '||', '\r\n', '"'), {
          column_separator: '||',
          row_delimiter: '\\r\\n',
          enclose: '"',
        })
      }),
      { numRuns: 25 },
    )
    await fc.assert(
      fc.asyncProperty(rowsOf(letters('')), fc.boolean(), async (rows, strip) => {
        const body = strip ? `[${json(rows).join(',\n')}]` : json(rows).join('\n')
        await arrives(rows, body, { format: 'json', strip_outer_array: String(strip) })
      }),
      { numRuns: 25 },
    )
  })
})

describe('headers through the engine', () => {
  test('empty values, NULL and control characters are kept apart in a table of one column', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run('CREATE TABLE t (s STRING) DUPLICATE KEY(s) DISTRIBUTED BY HASH(s)')
    const values = ['', null, '\u001f', '\u001e\u001d', '\u001d', '\0']
    for (const value of values) {
      const reply = await load('t', JSON.stringify({ s: value }), { format: 'json' })
      assert.equal(reply.json?.NumberLoadedRows, 1, reply.text)
      assert.deepEqual(await client.rows('SELECT * FROM t'), [[value]])
      await client.run('TRUNCATE TABLE t')
    }
    const all = values.map((s) => JSON.stringify({ s })).join('\n')
    assert.equal((await load('t', all, { format: 'json' })).json?.NumberLoadedRows, values.length)
  })

  test('JSON is taken by paths, below a root, into computed columns and JSON columns', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run(
      'CREATE TABLE t (k INT, j JSON, a ARRAY<INT>, l LARGEINT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    const body = JSON.stringify({
      status: 'ok',
      rows: [
        { id: { n: 1 }, j: 'text', a: [1, 2] },
        { id: { n: 2 }, j: { x: [1.5] }, a: null },
        { id: { n: 3 }, j: null, a: [] },
      ],
    }).replace('"n":2', '"n":170141183460469231731687303715884105')
    const reply = await load('t', body, {
      format: 'json',
      json_root: '$.rows',
      strip_outer_array: 'true',
      jsonpaths: '["$.id.n", "$.j", "$.a"]',
      columns: 'l, j, a, k = length(l)',
      where: 'k != 7',
    })
    assert.equal(reply.json?.Status, 'Success', reply.text)
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY l'), [
      [1, '"text"', '[1,2]', '1'],
      [1, null, '[]', '3'],
      [36, '{"x": [1.5]}', null, '170141183460469231731687303715884105'],
    ])
    const few = await load('t', body, { format: 'json', jsonpaths: '["$.k"]' })
    assert.match(String(few.json?.Message), /jsonpaths has 1 paths, but the load has 4 fields/)
  })

  // reference: StarRocks 3.5, test_stream_load_lambda
  test('columns are computed with lambdas, whose commas may have a backslash', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run('CREATE TABLE t (k INT, v STRING) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    const body = JSON.stringify({
      k: 1,
      e: [
        { n: 1, v: 'a' },
        { n: 2, v: 'b' },
      ],
    })
    const reply = await load('t', body, {
      format: 'json',
      jsonpaths: '["$.k", "$.e"]',
      columns:
        "k, e, v = get_json_string(array_filter(x -> get_json_int(x\\, '$.n') = 2\\, CAST(parse_json(e) AS ARRAY<JSON>))[1]\\, '$.v')",
    })
    assert.equal(reply.json?.Status, 'Success', reply.text)
    assert.deepEqual(await client.rows('SELECT * FROM t'), [[1, 'b']])
  })

  test('primary keys are updated in part, under a condition, and deleted', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run(
      'CREATE TABLE t (k INT, v INT, s VARCHAR(20)) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)',
    )
    const comma = { column_separator: ',' }
    await load('t', '1,10,a\n2,20,b\n3,30,c', comma)
    await load('t', '1,11', { ...comma, columns: 'k, v', partial_update: 'true' })
    await load('t', '2,19,old\n3,31,new', { ...comma, merge_condition: 'v' })
    await load('t', '2,1', { ...comma, columns: 'k, __op' })
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, 11, 'a'],
      [3, 31, 'new'],
    ])
  })

  for (const [rows, more] of [
    ['{"k":1,"v":null,"__op":1}{"k":2,"v":22}{"k":3,"v":3,"__op":"upsert"}', {}],
    ['[{"k":1,"v":0,"__op":"delete"},{"k":2,"v":22,"__op":0},{"k":3,"v":3}]', { columns: 'k, v' }],
    ['[{"k":1,"__op":1},{"k":2,"v":22},{"k":3,"v":3}]', { columns: 'k, v, __op' }],
  ] as const) {
    test(`JSON rows say by themselves that they delete: ${JSON.stringify(more)}`, async (t) => {
      const { client, load } = await testPorts(t)
      await client.run('CREATE TABLE t (k INT, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)')
      await client.run('INSERT INTO t VALUES (1, 1), (2, 2)')
      const strip = { strip_outer_array: String(rows.startsWith('[')) }
      const reply = await load('t', rows, { format: 'json', ...strip, ...more })
      assert.equal(reply.json?.Status, 'Success', reply.text)
      assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
        [2, 22],
        [3, 3],
      ])
    })
  }

  test('partitions, time zone, filter and letters beyond ASCII in headers have their effect', async (t) => {
    const { client, load, back } = await testPorts(t)
    await client.run(`CREATE TABLE t (d DATE, s VARCHAR(20)) DUPLICATE KEY(d)
      PARTITION BY RANGE(d) (PARTITION p1 VALUES LESS THAN ("2024-01-01"), PARTITION p2 VALUES LESS THAN ("2025-01-01"))
      DISTRIBUTED BY HASH(d)`)
    const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
    // Node's client sends headers byte by byte only ahead of a body of bytes.
    const reply = await ask(`${back}/api/d/t/_stream_load`, {
      method: 'PUT',
      auth: 'admin:',
      expect: false,
      body: Buffer.from('2023-05-05，a\n2024-05-05，b\n2024-05-06，ü\n'),
      headers: {
        column_separator: bytes('，'),
        where: bytes("s != 'ü'"),
        partitions: 'p2',
        max_filter_ratio: '0.5',
      },
    })
    assert.deepEqual(
      [
        reply.json?.NumberLoadedRows,
        reply.json?.NumberFilteredRows,
        reply.json?.NumberUnselectedRows,
      ],
      [1, 1, 1],
      reply.text,
    )
    assert.deepEqual(await client.rows('SELECT * FROM t'), [['2024-05-05', 'b']])
    const zone = await load('t', '2024-01-01', { timezone: 'Nowhere/Land', columns: 'd' })
    assert.equal(zone.json?.Status, 'Fail')
  })

  test('SQL in a header that is no expression is refused', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run(TABLE)
    for (const headers of [
      { columns: 'k, s = (SELECT 1)' },
      { where: '1 = 1; DROP TABLE t' },
      { columns: "k, s = read_text('/etc/hostname')" },
    ]) {
      const reply = await load('t', '1', headers)
      assert.equal(reply.json?.Status, 'Fail', JSON.stringify(headers))
    }
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
  })
})

test('both ports report health and metrics', async (t) => {
  const { client, load, front, back } = await testPorts(t)
  await client.run(TABLE)
  await load('t', '1\ta\t1\t2024-01-01\t1')
  const text = async (url: string) => (await fetch(url)).text()
  assert.deepEqual(JSON.parse(await text(`${front}/api/health`)), {
    online_backend_num: 1,
    total_backend_num: 1,
    status: 'OK',
    code: '0',
    msg: 'Success',
    message: 'OK',
  })
  assert.deepEqual(JSON.parse(await text(`${back}/api/health`)), {
    status: 'OK',
    msg: 'To Be Added',
  })
  assert.match(await text(`${front}/metrics`), /^starrocks_fe_table_total 1$/m)
  const metrics = await text(`${back}/metrics`)
  assert.match(metrics, /^starrocks_be_streaming_load_requests_total 1$/m)
  assert.match(metrics, /^starrocks_be_streaming_load_bytes 18$/m)
  assert.match(metrics, /^starrocks_be_streaming_load_current_processing 0$/m)
})
