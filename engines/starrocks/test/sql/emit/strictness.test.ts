import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('ERROR_IF_OVERFLOW: a decimal that outgrows its digits is an error', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE x (d DECIMAL(9, 3), w DECIMAL(38, 7))')
  await client.run(
    'INSERT INTO x VALUES (999999.99, 9999999999999999999999999999999.9999999), (NULL, NULL)',
  )
  const lost: readonly (readonly [string, RegExp])[] = [
    [
      'CAST(abs(1234567890123456789) AS DECIMAL(4, 3))',
      /^Expr evaluate meet error: The type cast from other types to decimal overflows$/,
    ],
    ['CAST(d * d AS DECIMAL32)', /The type cast from decimal to decimal overflows/],
    ['w * w', /The 'mul' operation involving decimal values overflows/],
    ['w / 0.0000001', /The 'div' operation involving decimal values overflows/],
  ]
  for (const [expression] of lost)
    assert.deepEqual(await client.rows(`SELECT ${expression} FROM x WHERE d IS NOT NULL`), [[null]])
  await client.run("SET sql_mode = 'ERROR_IF_OVERFLOW'")
  for (const [expression, message] of lost)
    assert.match((await client.refusal(`SELECT ${expression} FROM x`)).message, message)
  assert.deepEqual(
    await client.rows("SELECT d * 2, w * w, CAST('x' AS INT), w / 0 FROM x WHERE d IS NULL"),
    [[null, null, null, null]],
  )
  assert.deepEqual(
    await client.rows('SELECT /*+ SET_VAR(sql_mode = "") */ w * w FROM x WHERE d > 1'),
    [[null]],
  )
})

test('ALLOW_THROW_EXCEPTION: what CAST loses is an error', async (t) => {
  const { client } = await testClient(t)
  const lost: readonly (readonly [string, string])[] = [
    ["CAST('x' AS INT)", 'cast from VARCHAR(x) to INT failed'],
    ["CAST('2020-13-01' AS DATE)", 'cast from VARCHAR(2020-13-01) to DATE failed'],
    ['CAST(300 AS TINYINT)', '300 conflict with range of tinyint'],
    ['CAST(CAST(1e30 AS DOUBLE) AS BIGINT)', '1e+30 conflict with range of bigint'],
  ]
  for (const [expression] of lost)
    assert.deepEqual(await client.rows(`SELECT ${expression}`), [[null]])
  await client.run("SET sql_mode = 'ALLOW_THROW_EXCEPTION'")
  for (const [expression, message] of lost)
    assert.equal(
      (await client.refusal(`SELECT ${expression}`)).message,
      `Expr evaluate meet error: ${message}`,
    )
  assert.deepEqual(
    await client.rows(
      "SELECT CAST('12' AS INT), CAST(NULL AS INT), CAST(9.7 AS INT), get_json_int('{\"a\":\"x\"}', '$.a')",
    ),
    [[12, null, 9, null]],
  )
  assert.deepEqual(await client.rows('SELECT @@sql_mode'), [['ALLOW_THROW_EXCEPTION']])
})

// reference: StarRocks 3.3.7, test_to_json
test('ALLOW_THROW_EXCEPTION: a map with a NULL key is none of JSON', async (t) => {
  const { client } = await testClient(t)
  await client.run("SET sql_mode = 'ALLOW_THROW_EXCEPTION'")
  assert.match(
    (await client.refusal('SELECT to_json(map{NULL: 1})')).message,
    /key of Map should not be null/,
  )
  assert.deepEqual(await client.rows('SELECT to_json(map{2: 1})'), [['{"2": 1}']])
})
