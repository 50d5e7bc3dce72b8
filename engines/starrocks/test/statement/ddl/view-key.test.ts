import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

const TABLE =
  "CREATE TABLE t (n BIGINT, d DATETIME, price DOUBLE) DUPLICATE KEY(n) DISTRIBUTED BY HASH(n); INSERT INTO t VALUES (1, '2024-01-01', 10), (1, '2024-01-02', 20), (2, '2024-01-01', 30)"

describe('the columns of a materialized view', () => {
  test('begin with its sort key: what ORDER BY names, or the first that can be one', async (t) => {
    const { client } = await testClient(t)
    await client.run(TABLE)
    await client.run(
      'CREATE MATERIALIZED VIEW a REFRESH MANUAL AS SELECT sum(price) AS s, max(n) AS m, d FROM t GROUP BY d',
    )
    await client.run(
      'CREATE MATERIALIZED VIEW b ORDER BY (D, m) REFRESH MANUAL AS SELECT sum(price) AS s, max(n) AS m, d FROM t GROUP BY d',
    )
    assert.deepEqual((await client.run('SELECT * FROM a')).columns, ['m', 'd', 's'])
    assert.deepEqual(await client.rows('SELECT * FROM a ORDER BY d'), [
      [2, '2024-01-01 00:00:00', 40],
      [1, '2024-01-02 00:00:00', 20],
    ])
    assert.deepEqual(await client.rows('SELECT * FROM b ORDER BY d'), [
      ['2024-01-01 00:00:00', 2, 40],
      ['2024-01-02 00:00:00', 1, 20],
    ])
    assert.deepEqual(
      (await client.rows('DESC b')).map((row) => [row[0], row[3]]),
      [
        ['d', 'true'],
        ['m', 'true'],
        ['s', 'false'],
      ],
    )
    await client.run("INSERT INTO t VALUES (9, '2024-01-02', 1)")
    await client.run('REFRESH MATERIALIZED VIEW b WITH SYNC MODE')
    assert.deepEqual(await client.rows("SELECT * FROM b WHERE d = '2024-01-02'"), [
      ['2024-01-02 00:00:00', 9, 21],
    ])
  })

  test('are declared in the order of its query, and can be declared so again', async (t) => {
    const { client } = await testClient(t)
    await client.run(TABLE)
    const sql =
      'CREATE MATERIALIZED VIEW b ORDER BY (d) REFRESH MANUAL PROPERTIES ("transparent_mv_rewrite_mode" = "true") AS SELECT sum(price) AS s, d FROM t GROUP BY d'
    await client.run(sql)
    const [row] = await client.rows('SHOW CREATE MATERIALIZED VIEW b')
    const text = String(row?.[1])
    assert.match(text, /^CREATE MATERIALIZED VIEW `b` \(`s`, `d`\)\n/)
    assert.match(text, /\nORDER BY \(d\)\n/)
    await client.run('DROP MATERIALIZED VIEW b')
    await client.run(text)
    assert.deepEqual((await client.rows('SHOW CREATE MATERIALIZED VIEW b'))[0]?.[1], text)
    await client.run("INSERT INTO t VALUES (9, '2024-01-03', 7)")
    assert.deepEqual(await client.rows("SELECT * FROM b WHERE d = '2024-01-03'"), [
      ['2024-01-03 00:00:00', 7],
    ])
  })
})

test('a view cannot be activated on one that is not, nor be swapped with itself; a swap of two tables that it reads is recognised by the second', async (t) => {
  const { client } = await testClient(t)
  await client.run(`${TABLE}; CREATE TABLE u LIKE t`)
  await client.run(
    'CREATE MATERIALIZED VIEW a REFRESH MANUAL AS SELECT t.n FROM t JOIN u ON t.n = u.n',
  )
  await client.run('CREATE MATERIALIZED VIEW b REFRESH MANUAL AS SELECT n FROM a')
  await client.run('ALTER TABLE t SWAP WITH u')
  const reasons = await client.rows(
    'SELECT TABLE_NAME, IS_ACTIVE, INACTIVE_REASON FROM information_schema.materialized_views ORDER BY 1',
  )
  assert.deepEqual(reasons, [
    ['a', 'false', 'base-table swapped: u'],
    ['b', 'false', 'base-mv inactive: a'],
  ])
  const { message } = await client.refusal('ALTER MATERIALIZED VIEW b ACTIVE')
  assert.match(message, /^Can not active materialized view \[b\].*base-mv inactive: a$/s)
  await client.run('ALTER MATERIALIZED VIEW a ACTIVE; ALTER MATERIALIZED VIEW b ACTIVE')
  assert.equal(
    (await client.refusal('ALTER MATERIALIZED VIEW a SWAP WITH a')).message,
    'New name conflicts with rollup index name: a',
  )
})

// reference: StarRocks 3.3.7, test_mv_swap
test('what a view counts is never NULL', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE t (k INT, v INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
     CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT k, count(v) AS c, sum(v) AS s FROM t GROUP BY k`,
  )
  const nullable = (await client.rows('DESC m')).map((row) => row[2])
  assert.deepEqual(nullable, ['YES', 'NO', 'YES'])
  await client.run('INSERT INTO t VALUES (1, NULL); REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
  assert.deepEqual(await client.rows('SELECT * FROM m'), [[1, 0, null]])
})
