import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

const analyzing = (detail: string) => `Getting analyzing error. Detail message: ${detail}.`

describe('generated columns', () => {
  test('have the type of their expression and are made of plain columns', async (t) => {
    const { client } = await testClient(t)
    const tail = 'DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)'
    const cases: Readonly<Record<string, string>> = {
      [`CREATE TABLE x (k INT, g VARCHAR(10) AS k + 1) ${tail}`]: analyzing(
        'Illegal expression type for Generated Column Column Type: VARCHAR(10), Expression Type: BIGINT',
      ),
      [`CREATE TABLE x (k INT, a ARRAY<INT>, g INT AS array_avg(a)) ${tail}`]: analyzing(
        'Illegal expression type for Generated Column Column Type: INT, Expression Type: DOUBLE',
      ),
      [`CREATE TABLE x (k INT, d DECIMAL(9, 2), g DECIMAL(9, 3) AS d) ${tail}`]: analyzing(
        'Illegal expression type for Generated Column Column Type: DECIMAL32(9,3), Expression Type: DECIMAL32(9,2)',
      ),
      [`CREATE TABLE x (k INT, g BIGINT NOT NULL AS k + 1) ${tail}`]:
        'Getting syntax error. Detail message: Generated Column must be nullable column.',
      [`CREATE TABLE x (k INT, g BIGINT KEY AS k + 1) ${tail}`]:
        'Getting syntax error. Detail message: Generated Column can not be KEY.',
      [`CREATE TABLE x (k INT, g BIGINT AS k + 1, v INT) ${tail}`]: analyzing(
        'All generated columns must be defined after ordinary columns',
      ),
      [`CREATE TABLE x (k INT, g BIGINT AS k + 1, h BIGINT AS g + 1) ${tail}`]: analyzing(
        'Expression can not refers to other generated columns: g',
      ),
      [`CREATE TABLE x (k INT, id BIGINT NOT NULL AUTO_INCREMENT, g BIGINT AS id + 1) ${tail}`]:
        analyzing('Expression can not refers to AUTO_INCREMENT columns: id'),
      'CREATE TABLE x (k INT, v INT SUM, g BIGINT AS k + 1) AGGREGATE KEY(k) DISTRIBUTED BY HASH(k)':
        'g must have aggregate type in an AGGREGATE KEY table',
    }
    for (const [sql, message] of Object.entries(cases))
      assert.equal((await client.refusal(sql)).message, message, sql)
    // reference: StarRocks 3.3.7, test_materialized_column
    for (const words of [
      'DEFAULT "1" AS k + 1',
      'AUTO_INCREMENT AS k + 1',
      'AS (k + 1) DEFAULT "1"',
    ])
      assert.match(
        (await client.refusal(`CREATE TABLE x (k INT, g BIGINT ${words}) ${tail}`)).message,
        /Getting syntax error at line 1/,
        words,
      )
    await client.run(
      `CREATE TABLE x (k INT, s VARCHAR(9), d DECIMAL(9, 2), j JSON, g STRING AS concat(s, 'x'), h DECIMAL(8, 2) AS d,
         i JSON AS j->'a') ${tail}`,
    )
  })

  test('stand behind all others, and are added and modified by themselves', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE t (k INT, v INT, w INT, id BIGINT NOT NULL AUTO_INCREMENT, g BIGINT AS v + 1) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)`,
    )
    await client.run('INSERT INTO t (k, v, w) VALUES (1, 10, 100), (2, 20, 200)')
    const cases: Readonly<Record<string, string>> = {
      'ALTER TABLE t ADD COLUMN (n INT, h BIGINT AS v * 2)': analyzing(
        'Can not add normal column and Generated Column in the same time',
      ),
      'ALTER TABLE t ADD COLUMN n INT AFTER g': 'Can not add column after Generated Column',
      'ALTER TABLE t MODIFY COLUMN w BIGINT AFTER g': analyzing(
        'Can not modify column after Generated Column',
      ),
      'ALTER TABLE t ADD COLUMN h BIGINT AS v + 2 AFTER v':
        'Getting syntax error at line 1, column 25. Detail message: AFTER can not be set when ADD GENERATED COLUMN.',
      'ALTER TABLE t MODIFY COLUMN g BIGINT AS v + 2 AFTER v':
        'Getting syntax error at line 1, column 28. Detail message: columnPosition can not be set when MODIFY GENERATED COLUMN.',
      'ALTER TABLE t ADD COLUMN h INT AS v + 2': analyzing(
        'Illegal expression type for Generated Column Column Type: INT, Expression Type: BIGINT',
      ),
      'ALTER TABLE t MODIFY COLUMN g BIGINT':
        'Can not modify a generated column to a non-generated column',
      'ALTER TABLE t MODIFY COLUMN w BIGINT AS v + 1':
        'Can not modify a non-generated column to a generated column',
      'ALTER TABLE t MODIFY COLUMN v BIGINT':
        'Do not support modify column: v, because it associates with the generated column',
      'ALTER TABLE t MODIFY COLUMN id BIGINT': "Can't not modify a AUTO_INCREMENT column",
      'ALTER TABLE t ADD COLUMN n BIGINT AUTO_INCREMENT':
        "Getting syntax error at line 1, column 25. Detail message: Column 'n' can not be AUTO_INCREMENT when ADD COLUMN.",
    }
    for (const [sql, message] of Object.entries(cases))
      assert.equal((await client.refusal(sql)).message, message, sql)
    await client.run('ALTER TABLE t MODIFY COLUMN g BIGINT AS w + 5')
    await client.run('ALTER TABLE t ADD COLUMN (h BIGINT AS v + 2, i BIGINT AS w + 3)')
    assert.deepEqual(await client.rows('SELECT k, g, h, i FROM t ORDER BY k'), [
      [1, 105, 12, 103],
      [2, 205, 22, 203],
    ])
    // reference: StarRocks 3.3.7, test_materialized_column_schema_change
    await client.run('ALTER TABLE t MODIFY COLUMN g ARRAY<INT> AS [v, w]')
    await client.run('INSERT INTO t (k, v, w) VALUES (3, 30, 300)')
    assert.deepEqual(await client.rows('SELECT g FROM t ORDER BY k'), [
      ['[10,100]'],
      ['[20,200]'],
      ['[30,300]'],
    ])
  })

  test('follow an UPDATE of what they are made of', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE t (k INT, a INT, b INT, c INT, d INT, g BIGINT AS a + b, h BIGINT AS k + c) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)`,
    )
    await client.run('INSERT INTO t (k, a, b, c, d) VALUES (1, 10, 100, 5, 0), (2, 20, 200, 6, 0)')
    await client.run('UPDATE t SET a = a + 1 WHERE k = 1')
    await client.run('UPDATE t SET c = x.v FROM (SELECT 2 AS k, 9 AS v) x WHERE t.k = x.k')
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, 11, 100, 5, 0, 111, 6],
      [2, 20, 200, 9, 0, 220, 11],
    ])
    const own = await client.refusal('UPDATE t SET g = 1 WHERE k = 1')
    assert.equal(own.message, analyzing('generated column cannot be updated: g'))
    const all = await client.refusal('UPDATE t SET a = 1')
    assert.equal(all.message, analyzing('All ref Column must be sepecfied in partial update mode'))
  })
})
