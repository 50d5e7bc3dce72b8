/** Expected values: StarRocks 3.3.7's test_session_number_window_function, and what its window.h computes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('session_number counts the gaps of each partition', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE t0 (c0 INT, c1 BIGINT) DUPLICATE KEY(c0) DISTRIBUTED BY HASH(c0);
     INSERT INTO t0 SELECT generate_series, 4096 - generate_series FROM TABLE(generate_series(1, 4096, 3));
     INSERT INTO t0 SELECT generate_series, generate_series FROM TABLE(generate_series(1, 4096, 2))`,
  )
  const window = 'OVER (PARTITION BY c1 ORDER BY c0)'
  assert.deepEqual(
    await client.rows(
      `SELECT c0, c1, session_number(c0, 4) ${window} FROM t0 ORDER BY c1, c0 LIMIT 10`,
    ),
    [
      [4096, 0, 1],
      [1, 1, 1],
      [3, 3, 1],
      [4093, 3, 2],
      [5, 5, 1],
      [4090, 6, 1],
      [7, 7, 1],
      [9, 9, 1],
      [4087, 9, 2],
      [11, 11, 1],
    ],
  )
  const sums = `SELECT sum(session), count(session) FROM (SELECT session_number(c0, 2) ${window} AS session FROM t0) x`
  assert.deepEqual(await client.rows(sums), [[4096, 3414]])
  await client.run(
    'INSERT INTO t0 SELECT generate_series, NULL FROM TABLE(generate_series(1, 4096, 2))',
  )
  assert.deepEqual(await client.rows(sums), [[6144, 5462]])
})

test('session_number stands where window functions may, and skips NULL', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE t (p INT, v INT); CREATE TABLE u (v INT, w INT);
     INSERT INTO t VALUES (1, 1), (1, 2), (1, 7), (1, 9), (1, 20), (2, NULL), (2, 4), (2, 12), (3, 5), (3, NULL);
     INSERT INTO u VALUES (1, 10), (9, 90), (20, 200)`,
  )
  const number = 'session_number(t.v, 2) OVER (PARTITION BY p ORDER BY t.v)'
  // The first value of partition 2 comes behind a NULL, and is compared with zero.
  assert.deepEqual(await client.rows(`SELECT p, v, ${number} FROM t ORDER BY p, v`), [
    [1, 1, 1],
    [1, 2, 1],
    [1, 7, 2],
    [1, 9, 2],
    [1, 20, 3],
    [2, null, null],
    [2, 4, 2],
    [2, 12, 3],
    [3, null, null],
    [3, 5, 2],
  ])
  assert.deepEqual(
    await client.rows(
      `SELECT w + ${number} FROM t JOIN u ON t.v = u.v WHERE p = 1 QUALIFY ${number} < 3 ORDER BY ${number} DESC`,
    ),
    [[92], [11]],
  )
  assert.deepEqual(
    await client.rows(
      `SELECT DISTINCT ${number} s FROM t LEFT SEMI JOIN u ON t.v = u.v ORDER BY s`,
    ),
    [[1], [2], [3]],
  )
  assert.deepEqual(
    await client.rows('SELECT session_number(NULL, NULL) OVER (ORDER BY v) FROM u'),
    [[null], [null], [null]],
  )
})

test('session_number refuses what it cannot count', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE t (p INT, v INT, d DATE)')
  const refusal = async (query: string) => (await client.refusal(`SELECT ${query}`)).message
  assert.match(await refusal('session_number(v, p) OVER (ORDER BY v) FROM t'), /analyzing error/)
  assert.match(
    await refusal('session_number(d, 1) OVER (ORDER BY v) FROM t'),
    /No matching function/,
  )
  assert.match(await refusal('session_number(v, 1) FROM t'), /needs OVER/)
  assert.match(await refusal('session_number(1, 1) OVER (ORDER BY 1)'), /needs a FROM clause/)
  assert.match(
    await refusal('p, session_number(max(v), 1) OVER (ORDER BY p) FROM t GROUP BY p'),
    /a query that groups/,
  )
})
