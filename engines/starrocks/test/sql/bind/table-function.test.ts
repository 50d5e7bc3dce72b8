/** Table functions. Expected values: StarRocks 3.3.7's test_generate_series, test_named_argments and test_unnest_left_join. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('generate_series takes expressions, columns to its left and names', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE n (a INT, b INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a)')
  await client.run('INSERT INTO n VALUES (1, 3), (5, 2), (NULL, 10), (4, 7), (9, 6)')
  const column = async (from: string) =>
    (await client.rows(`SELECT * FROM ${from} ORDER BY 1`)).map((row) => row.at(-1))
  assert.deepEqual(await column('TABLE(generate_series(1, 4096 - 4093))'), [1, 2, 3])
  assert.deepEqual(await column('TABLE(generate_series(step=>2, start=>2, end=>5))'), [2, 4])
  assert.deepEqual(await column('TABLE(generate_series(cast(10 as tinyint), 20, 127))'), [10])
  assert.deepEqual(await column('TABLE(generate_series(-3, -1, -2))'), [])
  assert.deepEqual(
    await client.rows('SELECT * FROM n, generate_series(a, b, -1) ORDER BY 1, 3 DESC'),
    [5, 4, 3, 2].map((x) => [5, 2, x]).concat([9, 8, 7, 6].map((x) => [9, 6, x])),
  )
  assert.deepEqual(
    await client.rows(
      'SELECT * FROM TABLE(generate_series(1, 3)) t(x), LATERAL generate_series(x, x + 1) ORDER BY 1, 2',
    ),
    [1, 2, 3].flatMap((x) => [
      [x, x],
      [x, x + 1],
    ]),
  )
  assert.deepEqual(
    await client.rows(
      'SELECT sum(y) = 2 * (5000 * 5001 / 2) FROM TABLE(generate_series(1, 2)) t(x), LATERAL generate_series(1, 5000) t2(y)',
    ),
    [[1]],
  )
  await client.run('CREATE VIEW v AS SELECT a, s FROM n, generate_series(a, b) AS g (s)')
  assert.deepEqual(await client.rows('SELECT count(*) FROM v'), [[7]])
})

// reference: StarRocks 3.3.7, test_bitmap_to_string
test('generate_series of LARGEINT goes beyond 64 bits', async (t) => {
  const { client } = await testClient(t)
  const column = async (args: string) =>
    (await client.rows(`SELECT * FROM TABLE(generate_series(${args})) ORDER BY 1`))
      .flat()
      .map(String)
  assert.deepEqual(await column('18446744073709551614, 18446744073709551616'), [
    '18446744073709551614',
    '18446744073709551615',
    '18446744073709551616',
  ])
  assert.deepEqual(await column('CAST(5 AS LARGEINT), 0, -2'), ['1', '3', '5'])
  assert.deepEqual(await column('CAST(5 AS LARGEINT), 0'), [])
  assert.deepEqual(await column('CAST(5 AS LARGEINT), 5'), ['5'])
  const refusal = await client.refusal(
    'SELECT * FROM TABLE(generate_series(CAST(1 AS LARGEINT), 2, 0))',
  )
  assert.match(refusal.message, /step size cannot equal zero/)
})

test('generate_series refuses what StarRocks refuses', async (t) => {
  const { client } = await testClient(t)
  const refusal = async (from: string) => (await client.refusal(`SELECT * FROM ${from}`)).message
  assert.match(await refusal('TABLE(generate_series(1, 2, 0))'), /step size cannot equal zero/)
  assert.match(
    await refusal('TABLE(generate_series(1, 3)) t(x), generate_series(1, 2, x - 1)'),
    /step size cannot equal zero/,
  )
  assert.equal(
    await refusal('TABLE(generate_series(start=>2, end=>null))'),
    'table function not support null parameter',
  )
  assert.match(
    await refusal('TABLE(generate_series(start=>2, stop=>5))'),
    /Unknown table function 'generate_series\(start=>2,stop=>5\)', the function doesn't support named/,
  )
  assert.match(
    await refusal('TABLE(generate_series(end=>2, end=>5))'),
    /the function doesn't support named arguments or has invalid arguments\.$/,
  )
  assert.match(
    await refusal('TABLE(generate_series(start=>2, 5))'),
    /Unexpected input '5', the most similar input is \{a legal identifier\}\.$/,
  )
  assert.match(
    await refusal('TABLE(generate_series(1))'),
    /Unknown table function 'generate_series\(TINYINT\)'\.$/,
  )
})

test('joins of table functions', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE s (id BIGINT, scores ARRAY<INT>) DUPLICATE KEY (id) DISTRIBUTED BY HASH (id)',
  )
  await client.run('INSERT INTO s VALUES (1, [80, 85]), (2, [77, null]), (3, null), (4, [])')
  assert.deepEqual(
    await client.rows(
      'SELECT id, x, y FROM s LEFT JOIN unnest(scores, []) AS u (x, y) ON true ORDER BY 1, 2',
    ),
    [
      [1, 80, null],
      [1, 85, null],
      [2, null, null],
      [2, 77, null],
      [3, null, null],
      [4, null, null],
    ],
  )
  assert.deepEqual(
    await client.rows(
      'SELECT t0.x, t1.x FROM TABLE(unnest([1])) t0(x) RIGHT JOIN TABLE(unnest([1, NULL, 10])) t1(x) ON t0.x = t1.x ORDER BY 2',
    ),
    [
      [null, null],
      [1, 1],
      [null, 10],
    ],
  )
  const refusal = async (join: string) =>
    (await client.refusal(`SELECT id FROM s ${join}`)).message.replace(/^.*message: /, '')
  const only = 'left join unnest only support on true.'
  assert.equal(await refusal('LEFT JOIN unnest(scores) AS u ON false'), only)
  assert.equal(await refusal('LEFT JOIN unnest(scores) AS u ON id = unnest'), only)
  assert.equal(
    await refusal('FULL JOIN unnest(scores) AS u ON true'),
    'unnest support inner join, cross join and left join on true.',
  )
  assert.equal(
    await refusal('LEFT JOIN generate_series(1, 3) AS u (x) ON true'),
    'Not support lateral join except inner or cross.',
  )
})

test('subdivide_bitmap has no row for parts of NULL members', async (t) => {
  const { client } = await testClient(t)
  assert.deepEqual(
    await client.rows(
      'SELECT bitmap_to_string(subdivide_bitmap) FROM (SELECT bitmap_from_string("1,2,3") b, NULL + 1 n, 2 m) t, subdivide_bitmap(b, n)',
    ),
    [],
  )
})
