import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

describe('ALTER TABLE … MODIFY COLUMN … ADD FIELD and DROP FIELD', () => {
  test('rows that are there have NULL in a new field and lose a dropped one', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, s STRUCT<v1 INT, v2 STRUCT<v3 INT, v4 DECIMAL(4, 1)>>) DISTRIBUTED BY HASH(k)',
    )
    await client.run('INSERT INTO t VALUES (1, row(1, row(1, 2))), (2, NULL)')
    await client.run('ALTER TABLE t MODIFY COLUMN s ADD FIELD val1 INT')
    await client.run('ALTER TABLE t MODIFY COLUMN s ADD FIELD v2.v0 VARCHAR(3) FIRST')
    await client.run('ALTER TABLE t MODIFY COLUMN S DROP FIELD V1')
    await client.run('ALTER TABLE t MODIFY COLUMN s ADD FIELD v1 INT AFTER v2')
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, '{"v2":{"v0":null,"v3":1,"v4":2.0},"v1":null,"val1":null}'],
      [2, null],
    ])
    await client.run("INSERT INTO t VALUES (3, row(row('abc', 3, 4), 5, 6))")
    assert.deepEqual(await client.rows('SELECT s.v2.v0, s.v1, s.val1 FROM t WHERE k = 3'), [
      ['abc', 5, 6],
    ])
    assert.equal(
      (await client.rows('DESC t'))[1]?.[1],
      'struct<v2 struct<v0 varchar(3), v3 int, v4 decimal32(4,1)>, v1 int, val1 int>',
    )
    const jobs = await client.rows('SHOW ALTER TABLE COLUMN')
    assert.equal(jobs.length, 4)
  })

  test('reaches the structs inside of arrays', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, a ARRAY<STRUCT<v1 INT, deep STRUCT<list ARRAY<STRUCT<x INT>>>>>) DISTRIBUTED BY HASH(k)',
    )
    await client.run('INSERT INTO t VALUES (1, [row(1, row([row(7), row(8)])), NULL]), (2, [])')
    await client.run('ALTER TABLE t MODIFY COLUMN a ADD FIELD [*].val1 INT')
    await client.run('ALTER TABLE t MODIFY COLUMN a ADD FIELD [*].deep.list.[*].y INT FIRST')
    await client.run('ALTER TABLE t MODIFY COLUMN a DROP FIELD [*].v1')
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, '[{"deep":{"list":[{"y":null,"x":7},{"y":null,"x":8}]},"val1":null},null]'],
      [2, '[]'],
    ])
  })

  test('is refused where there is no such struct or field, and then changes nothing', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (k INT, s STRUCT<v1 INT, v2 STRUCT<v3 INT>>, a ARRAY<STRUCT<x INT>>,
      g INT AS (s.v1)) DISTRIBUTED BY HASH(k)`)
    const adds = 'Getting analyzing error. Detail message: Analyze add field definition failed: '
    const drops = 'Getting analyzing error. Detail message: Analyze drop field definition failed: '
    const refused: readonly (readonly [string, string])[] = [
      ['a ADD FIELD y INT', `${adds}Target Field is not struct.`],
      ['a DROP FIELD [*]', `${drops}Target Field is not struct.`],
      ['a DROP FIELD [*].y', `${drops}Drop field y is not found.`],
      ['k ADD FIELD y INT', `${adds}column k type INT is not Struct.`],
      ['none ADD FIELD y INT', `${adds}Analyze add/drop field failed, modify column is not exist.`],
      ['a DROP FIELD [*].x', 'Field[x] is the last field of column[a], can not drop any more.'],
      ['a ADD FIELD [*].y INT AFTER z', 'Field[z] is not exist in Field[[*]]'],
      ['s ADD FIELD y INT', "Can not change the fields of generated column 's'"],
    ]
    const before = await client.rows('SHOW CREATE TABLE t')
    for (const [clause, message] of refused) {
      const refusal = await client.refusal(`ALTER TABLE t MODIFY COLUMN ${clause}`)
      assert.equal(refusal.message, message, clause)
    }
    await client.run('CREATE TABLE s (k INT, s STRUCT<v1 INT, v2 STRUCT<v3 INT>>)')
    const more: readonly (readonly [string, string])[] = [
      ['s ADD FIELD v1.v5 INT', `${adds}Field v1 type INT is not valid.`],
      ['s ADD FIELD v2 INT', `${adds}Field v2 is already exist.`],
      ['s ADD FIELD v2.v3 INT', `${adds}Field v3 is already exist.`],
      ['s ADD FIELD v9.v3 INT', `${adds}No field v9 exist in column s.`],
      ['s DROP FIELD v2.v5', `${drops}Drop field v5 is not found.`],
    ]
    for (const [clause, message] of more) {
      const refusal = await client.refusal(`ALTER TABLE s MODIFY COLUMN ${clause}`)
      assert.equal(refusal.message, message, clause)
    }
    await client.run(
      'CREATE TABLE slow (k INT, s STRUCT<a INT>) PROPERTIES ("fast_schema_evolution" = "false")',
    )
    const slow = await client.refusal('ALTER TABLE slow MODIFY COLUMN s ADD FIELD b INT')
    assert.equal(
      slow.message,
      'Add field for struct column require table enable fast schema evolution',
    )
    assert.deepEqual(await client.rows('SHOW CREATE TABLE t'), before)
  })
})
