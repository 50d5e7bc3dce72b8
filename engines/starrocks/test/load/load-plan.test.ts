import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SqlError } from '../../src/session.ts'
import { testClient } from '../support/open-engine.ts'
import { PRIMARY, request, writeRows } from './request.ts'

describe('how a load reads its rows', () => {
  test('columns map, compute and skip fields, where selects rows', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (day DATE, k INT, total BIGINT SUM) AGGREGATE KEY(day, k) DISTRIBUTED BY HASH(k)',
    )
    const load = await engine.beginLoad(
      request({
        columns:
          "raw, `k`, skipped, a, day = str_to_date(raw, '%Y/%m/%d'), total = a * 2 + length('x,y')",
        where: "k > 1 AND skipped != 'no'",
      }),
    )
    assert.deepEqual(load.fields, ['raw', 'k', 'skipped', 'a'])
    await writeRows(
      load,
      [
        ['2024/01/02', '1', 'x', '10'],
        ['2024/01/02', '2', 'no', '10'],
        ['2024/01/02', '2', 'x', '10'],
        ['2024/01/02', '2', 'x', '20'],
      ],
      0,
    )
    const outcome = await load.commit()
    assert.deepEqual([outcome.total, outcome.loaded, outcome.unselected], [4, 2, 2])
    assert.deepEqual(await client.rows('SELECT * FROM t'), [['2024-01-02', 2, 66]])
  })

  test('a header can hold expressions only', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    for (const columns of [
      'k, v = 1 FROM t',
      'k, v = 1; DROP TABLE t',
      'k, v = (SELECT 1), ,',
      'k v',
      'k, k',
      'k, nothing = 1',
      '',
    ]) {
      await assert.rejects(
        async () => {
          const load = await engine.beginLoad(request({ columns, where: undefined }))
          await writeRows(load, [['1']], 0)
          await load.commit()
        },
        SqlError,
        columns,
      )
    }
    for (const where of [
      '1 = 1; DROP TABLE t',
      '1 = 1 FROM t',
      'nothing = 1',
      "read_text('/etc/hosts') = ''",
    ]) {
      await assert.rejects(engine.beginLoad(request({ where })), SqlError, where)
    }
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
  })

  test("JSON's numbers lose their fraction in integer columns", async (t) => {
    const { engine, client } = await testClient(t)
    await client.run('CREATE TABLE t (k INT, d BIGINT, f INT)')
    const rows = [
      ['1', '9223372036854775000.0', '2147483000.0'],
      ['2', '9223372036854775807.0', '2147483647.3'],
      ['3', '-9223372036854775809.0', '2147483648.0'],
      ['4', '1e3', '-2147483648.0'],
      ['5', '9223372036854775808', '32767'],
    ]
    for (const json of [true, false]) {
      const load = await engine.beginLoad(request({ ...(json && { json }) }))
      await writeRows(load, rows, 0)
      await load.commit()
      const found = await client.rows('SELECT CAST(d AS STRING), f FROM t ORDER BY k')
      assert.deepEqual(
        found,
        json
          ? [
              ['9223372036854774784', 2147483000],
              [null, 2147483647],
              ['-9223372036854775808', null],
              ['1000', -2147483648],
              [null, 32767],
            ]
          : rows.map((row) => [null, row[0] === '5' ? 32767 : null]),
      )
      await client.run('TRUNCATE TABLE t')
    }
  })

  test('merge_condition names a column that the load has', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    const refused = (more: Parameters<typeof request>[0], why: RegExp) =>
      assert.rejects(engine.beginLoad(request(more)), why)
    await refused(
      { mergeCondition: 'k' },
      /^SqlError: Merge condition column k should not be primary key!/,
    )
    await refused({ mergeCondition: 'z' }, /Merge condition column z does not exist/)
    await refused(
      { mergeCondition: 'v', partialUpdate: true, columns: 'k, s' },
      /Merge condition column v does not exist/,
    )
  })

  test('partial_update keeps what is not given, and fills new rows with defaults', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    await client.run("INSERT INTO t VALUES (1, 10, 'a', 1), (2, 20, 'b', 2)")
    const load = await engine.beginLoad(request({ columns: 'k, v', partialUpdate: true }))
    await writeRows(
      load,
      [
        ['1', '11'],
        ['3', '30'],
      ],
      0,
    )
    await load.commit()
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, 11, 'a', 1],
      [2, 20, 'b', 2],
      [3, 30, 'none', 0],
    ])
    await client.run('CREATE TABLE d (k INT, v INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await assert.rejects(
      engine.beginLoad(request({ table: 'd', partialUpdate: true })),
      /PRIMARY KEY/,
    )
  })

  test('a new row that a partial update cannot fill fails the load; known rows do not', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, v INT, must DATE NOT NULL) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)',
    )
    await client.run('INSERT INTO t VALUES (1, 1, "2024-01-01")')
    const known = await engine.beginLoad(request({ columns: 'k, v', partialUpdate: true }))
    await writeRows(known, [['1', '2']], 0)
    await known.commit()
    const fresh = await engine.beginLoad(request({ columns: 'k, v', partialUpdate: true }))
    await writeRows(
      fresh,
      [
        ['1', '3'],
        ['2', '3'],
      ],
      0,
    )
    await assert.rejects(fresh.commit(), /must has no default value/)
    assert.deepEqual(await client.rows('SELECT * FROM t'), [[1, 2, '2024-01-01']])
  })

  test('__op deletes, merge_condition keeps the newer row', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    await client.run("INSERT INTO t VALUES (1, 10, 'a', 1), (2, 20, 'b', 2)")
    const deleting = await engine.beginLoad(request({ columns: 'k, v, s, n, __op' }))
    await writeRows(
      deleting,
      [
        ['1', null, null, null, '1'],
        ['3', '30', 'c', '3', 'upsert'],
        ['3', null, null, null, 'delete'],
        ['4', '4', 'd', '4', '0'],
      ],
      0,
    )
    await deleting.commit()
    assert.deepEqual(await client.rows('SELECT k FROM t ORDER BY k'), [[2], [4]])
    const bad = await engine.beginLoad(request({ columns: 'k, v, s, n, __op' }))
    await writeRows(bad, [['1', '1', 'a', '1', 'maybe']], 0)
    await assert.rejects(bad.commit(), /__op must be/)
    const newer = await engine.beginLoad(request({ mergeCondition: 'v' }))
    await writeRows(
      newer,
      [
        ['2', '19', 'old', '9'],
        ['4', '40', 'new', '9'],
        ['4', '39', 'less', '9'],
      ],
      0,
    )
    await newer.commit()
    assert.deepEqual(await client.rows('SELECT k, v, s FROM t ORDER BY k'), [
      [2, 20, 'b'],
      [4, 40, 'new'],
    ])
  })

  test('nested and JSON columns come as JSON text', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, a ARRAY<INT>, m MAP<STRING, INT>, j JSON) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    const load = await engine.beginLoad(request({ strict: true, maxFilterRatio: 0 }))
    await writeRows(load, [['1', '[1,2]', '{"a":1}', '{"x":[true]}']], 0)
    await load.commit()
    const { rows } = await client.run('SELECT * FROM t')
    assert.deepEqual(rows, [[1, '[1,2]', '{"a":1}', '{"x": [true]}']])
  })

  test('text blocks are cut into rows and values', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    const text = { columnSeparator: '||', rowDelimiter: '\r\n', nullText: '\\N' }
    const load = await engine.beginLoad(request({ text, maxFilterRatio: 0.5, where: 'k < 9' }))
    await load.writeText(Buffer.from('1||10||a||1\r\n2||\\N||||2'), 20)
    await load.writeText(Buffer.from('3||x\r\n9||9||z||9\r\n1|| 11 ||b||3'), 20)
    await assert.rejects(async () => writeRows(load, [['1', '1', 'a', '1']], 0), /takes text/)
    const again = await engine.beginLoad(request({ text, maxFilterRatio: 0.5, where: 'k < 9' }))
    await again.writeText(Buffer.from('1||10||a||1\r\n2||\\N||||2'), 20)
    await again.writeText(Buffer.from('3||x\r\n9||9||z||9\r\n1|| 11 ||b||3'), 20)
    const outcome = await again.commit()
    const { total, loaded, filtered, unselected } = outcome
    assert.deepEqual([total, loaded, filtered, unselected], [5, 3, 1, 1])
    assert.match(outcome.reasons[0] ?? '', /Expect 4, but got 2/)
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, 11, 'b', 3],
      [2, null, '', 2],
    ])
  })
})
