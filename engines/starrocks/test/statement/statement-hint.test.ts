/** The answers are those of StarRocks' own suite: test_user_variables, test_hint. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../support/open-engine.ts'

const TABLE =
  'CREATE TABLE t (k INT, b INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k); INSERT INTO t VALUES (1, 10), (2, 20)'

describe('hints', () => {
  test('SET_USER_VARIABLE sets variables for its statement, in order', async (t) => {
    const { client } = await testClient(t)
    await client.run(TABLE)
    assert.deepEqual(
      await client.rows('SELECT /*+ set_user_variable(@a = 5, @b = @a + 1) */ @a, @b'),
      [[5, 6]],
    )
    assert.deepEqual(await client.rows('SELECT @a'), [[null]])
    assert.deepEqual(
      await client.rows(
        'WITH c AS (SELECT 1 AS x) SELECT /*+ SET_USER_VARIABLE(@a = (SELECT max(b) FROM t)) */ /*+ SET_USER_VARIABLE(@b = 1) */ @a, @b, x FROM c',
      ),
      [[20, 1, 1]],
    )
    assert.deepEqual(
      await client.rows(
        `SELECT /*+ set_user_variable(@n = 2) */ lag(x, @n, 0) OVER (ORDER BY x), ntile(@n) OVER (ORDER BY x)
         FROM (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 3) s ORDER BY x`,
      ),
      [
        [0, 1],
        [0, 1],
        [1, 2],
      ],
    )
    assert.deepEqual(
      await client.rows(
        'SELECT /*+ set_user_variable(@n = 1, @p = 0.5) */ percentile_disc(k, @p), array_length(approx_top_k(k, @n)) FROM (SELECT 1 AS k) s',
      ),
      [[1, 1]],
    )
    await client.run('UPDATE /*+ set_user_variable(@z = 5) */ t SET b = @z WHERE k = 1')
    await client.run('INSERT /*+ set_user_variable(@z = 7) */ INTO t VALUES (3, @z)')
    await client.run('DELETE /*+ set_user_variable(@z = 2) */ FROM t WHERE k = @z')
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, 5],
      [3, 7],
    ])
  })

  test('SET_USER_VARIABLE does not hide a variable of the session', async (t) => {
    const { client } = await testClient(t)
    await client.run('SET @a = 1')
    assert.match(
      (await client.refusal('SELECT /*+ set_user_variable(@a = 2) */ @a')).message,
      /must not match any existing variable names/,
    )
  })

  test("SET_VAR of what steers the executor is held to its type only; of what has an effect, to SET's bounds", async (t) => {
    const { client } = await testClient(t)
    const hinted = 'SELECT /*+ SET_VAR(query_mem_limit = 0, exec_mem_limit = 0) */ 1'
    assert.deepEqual(await client.rows(hinted), [[1]])
    for (const [statement, message] of [
      ['SET exec_mem_limit = 0', /Data volume must larger than 0/],
      ['SELECT /*+ SET_VAR(exec_mem_limit = wide) */ 1', /exec_mem_limit is not a number/],
      ['SELECT /*+ SET_VAR(query_timeout = 0) */ 1', /query_timeout must be equal or greater/],
    ] as const)
      assert.match((await client.refusal(statement)).message, message)
  })

  test('SET_VAR of a variable that there is not refuses whatever it stands in', async (t) => {
    const { client } = await testClient(t)
    await client.run(TABLE)
    for (const sql of [
      'SELECT /*+ SET_VAR(nonsense = 1) */ 1',
      'SELECT * FROM (SELECT /*+ SET_VAR(nonsense = 1) */ 1) x',
      'INSERT /*+ SET_VAR(nonsense = TRUE) */ INTO t VALUES (9, 9)',
      'INSERT /*+ SET_VAR(nonsense = TRUE) */ OVERWRITE t SELECT 9, 9',
      'INSERT INTO t SELECT /*+ SET_VAR(nonsense = 1) */ 9, 9',
      'UPDATE /*+ SET_VAR(nonsense = 1) */ t SET b = 0 WHERE k = 1',
      'DELETE /*+ SET_VAR(nonsense = 1) */ FROM t WHERE k = 1',
    ])
      assert.equal((await client.refusal(sql)).errno, 1193, sql)
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, 10],
      [2, 20],
    ])
  })

  test('SET_VAR holds for its whole statement and no longer, wherever it stands', async (t) => {
    const { client } = await testClient(t)
    const asked =
      'SELECT @@group_concat_max_len, x FROM (SELECT /*+ SET_VAR(group_concat_max_len = 5) */ 1 AS x) y'
    assert.deepEqual(await client.rows(asked), [[5, 1]])
    assert.deepEqual(await client.rows('SELECT @@group_concat_max_len'), [[1024]])
    await client.run(TABLE)
    const view = 'CREATE VIEW v AS SELECT /*+ SET_VAR(group_concat_max_len = 5) */ k FROM t'
    assert.match((await client.refusal(view)).message, /A hint that sets variables of a view/)
  })
})
