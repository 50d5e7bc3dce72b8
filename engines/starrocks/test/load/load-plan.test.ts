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
    await load.writeText('1||10||a||1\r\n2||\\N||||2', 20)
    await load.writeText('3||x\r\n9||9||z||9\r\n1|| 11 ||b||3', 20)
    await assert.rejects(async () => writeRows(load, [['1', '1', 'a', '1']], 0), /takes text/)
    const again = await engine.beginLoad(request({ text, maxFilterRatio: 0.5, where: 'k < 9' }))
    await again.writeText('1||10||a||1\r\n2||\\N||||2', 20)
    await again.writeText('3||x\r\n9||9||z||9\r\n1|| 11 ||b||3', 20)
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
