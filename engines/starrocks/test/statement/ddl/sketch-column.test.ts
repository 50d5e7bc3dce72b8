/** BITMAP, HLL and PERCENTILE columns, and decimals inside other types: what is written is there again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('sketches of one key are united, in a load and with the rows that are there', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE s (k INT, b BITMAP BITMAP_UNION, h HLL HLL_UNION, p PERCENTILE PERCENTILE_UNION)
     AGGREGATE KEY(k) DISTRIBUTED BY HASH(k)`,
  )
  await client.run(
    `INSERT INTO s VALUES (1, to_bitmap(3), hll_hash(5), percentile_hash(1)), (2, NULL, hll_empty(), percentile_empty()),
     (1, to_bitmap(4), hll_hash(5), percentile_hash(2))`,
  )
  await client.run('INSERT INTO s SELECT 1, to_bitmap(9), hll_hash(7), percentile_hash(3)')
  assert.deepEqual(
    await client.rows(
      `SELECT k, b, bitmap_to_string(b), hll_cardinality(h), percentile_approx_raw(p, 0.5) FROM s ORDER BY k`,
    ),
    [
      [1, null, '3,4,9', 2, 2],
      [2, null, null, 0, null],
    ],
  )
  assert.deepEqual(
    await client.rows(
      'SELECT bitmap_union_count(b), percentile_approx_raw(percentile_union(p), 1) FROM s',
    ),
    [[3, 3]],
  )
})

test('a bitmap is a column of any model, and of a materialized view', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE p (k INT NOT NULL, b BITMAP, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)',
  )
  await client.run("INSERT INTO p VALUES (1, bitmap_from_string('1,2'), 2), (2, to_bitmap(7), 2)")
  await client.run('UPDATE p SET v = 3 WHERE k = 1')
  await client.run(
    'CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT 1 AS one, bitmap_union(b) AS b FROM p GROUP BY 1',
  )
  await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
  assert.deepEqual(await client.rows('SELECT bitmap_to_string(b) FROM m'), [['1,2,7']])
  const refusal = await client.refusal('INSERT INTO p VALUES (3, 5, 1)')
  assert.match(refusal.message, /Invalid type cast from tinyint to bitmap/)
})

test('a decimal inside an array has the room of its width, and the type reads back as written', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE a (k INT, d ARRAY<DECIMAL(4, 3)>, m MAP<INT, DECIMAL(5, 2)>) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
  )
  await client.run('INSERT INTO a VALUES (1, [100.5, 1.25], map{1: 12345.5})')
  assert.deepEqual(await client.rows('SELECT d, d[1], m FROM a'), [
    ['[100.500,1.250]', '100.500', '{1:12345.50}'],
  ])
  await client.run('CREATE TABLE b LIKE a')
  for (const name of ['a', 'b']) {
    const types = (await client.rows(`DESC ${name}`)).map((row) => row[1])
    assert.deepEqual(types, ['int', 'array<decimal32(4,3)>', 'map<int,decimal32(5,2)>'])
  }
  await client.run('INSERT INTO b VALUES (1, [10000000.5], NULL)')
  assert.deepEqual(await client.rows('SELECT d FROM b'), [['[null]']])
})
