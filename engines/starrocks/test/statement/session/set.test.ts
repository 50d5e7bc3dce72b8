import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('an array is kept in a user variable as it is', async (t) => {
  const { client } = await testClient(t)
  await client.run(`SET @texts = ["a'b\\"c,", NULL, "x"], @numbers = array_generate(1000)`)
  assert.deepEqual(
    await client.rows(`SELECT array_join(@texts, '|', '-'), array_sum(@numbers), @numbers[7]`),
    [[`a'b"c,|-|x`, 500_500, 7]],
  )
  await client.run('SET @d = [CAST(12345678901234567.25 AS DECIMAL(20, 2)), NULL]')
  assert.deepEqual(await client.rows('SELECT @d'), [['[12345678901234567.25,null]']])
  const kinds = {
    '[[1]]': 'ARRAY<ARRAY<TINYINT>>',
    'map{1:2}': 'MAP<TINYINT,TINYINT>',
    "named_struct('a', 1)": 'STRUCT<A TINYINT>',
    'to_bitmap(1)': 'BITMAP',
    'CAST(50 AS TIME)': 'TIME',
  }
  for (const [value, kind] of Object.entries(kinds))
    assert.equal(
      (await client.refusal(`SET @n = ${value}`)).message,
      `Getting analyzing error. Detail message: Can't set variable with type ${kind}.`,
    )
  const long = "SET @l = array_repeat(repeat('x', 1000), 2000)"
  assert.match((await client.refusal(long)).message, /at most 1048576 characters/)
})

test('hints take negative numbers', async (t) => {
  const { client } = await testClient(t)
  const hint = '/*+ SET_VAR(global_runtime_filter_build_max_size = -1) */'
  assert.deepEqual(await client.rows(`SELECT ${hint} 1`), [[1]])
  const refusal = await client.refusal('SELECT /*+ SET_VAR(query_timeout = -1) */ 1')
  assert.match(refusal.message, /equal or greater than 1/)
})

test('the mode of the old group_concat reads its second argument as the separator', async (t) => {
  const { client } = await testClient(t)
  const sql = "group_concat(c), group_concat(c, '-') FROM (SELECT 'x' AS c UNION ALL SELECT 'x') v"
  assert.deepEqual(await client.rows(`SELECT ${sql}`), [['x,x', 'x-,x-']])
  for (const mode of ["'GROUP_CONCAT_LEGACY'", '68719476736'])
    assert.deepEqual(await client.rows(`SELECT /*+ SET_VAR(sql_mode = ${mode}) */ ${sql}`), [
      ['x, x', 'x-x'],
    ])
})

// reference: StarRocks 3.3.7, test_sr_8425 and AstBuilder.visitDecimalValue
test('numbers with a point are DOUBLE in the mode of double literals', async (t) => {
  const { client } = await testClient(t)
  const sql = 'SELECT 1.5 / 3, 0.1 + 0.2, 1e1'
  assert.deepEqual(await client.rows(sql), [['0.5000000', '0.3', '10']])
  await client.run("SET sql_mode = 'MODE_DOUBLE_LITERAL,ONLY_FULL_GROUP_BY'")
  assert.deepEqual(await client.rows(sql), [[0.5, 0.30000000000000004, 10]])
  assert.deepEqual(
    await client.rows(
      'SELECT percentile_cont(c, 0.5), percentile_approx(c, 0.5) FROM (VALUES (1), (3)) t(c)',
    ),
    [[2, 2]],
  )
  await client.run('CREATE VIEW v AS SELECT 0.1 + 0.2 AS x')
  await client.run('SET sql_mode = DEFAULT')
  assert.deepEqual(await client.rows('SELECT x FROM v'), [[0.30000000000000004]])
})
