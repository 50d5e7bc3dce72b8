/** The answers are those of StarRocks' own suite: test_agg_function, test_sort, test_multi_ops. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sqlFunctionSuite } from '../../../suite/sql-function.ts'
import { refusal } from '../../../support/translated-duck.ts'

const { duck } = sqlFunctionSuite()

/** Aggregates over one column `c` of given rows, with their answers. */
const over = (rows: string, cases: Readonly<Record<string, string | null>>): void => {
  test(`over ${rows}`, async () => {
    for (const [call, expected] of Object.entries(cases)) {
      const { rows: found } = await duck().ask(`SELECT ${call} FROM (VALUES ${rows}) t(c)`)
      assert.equal(found[0]?.[0], expected, call)
      if (/DISTINCT|percentile|array_agg|bitmap|multi_|retention|_by/.test(call)) continue
      const window = `SELECT ${call} OVER () FROM (VALUES ${rows}) t(c)`
      assert.equal((await duck().ask(window)).rows[0]?.[0], expected, window)
    }
  })
}

over("('5'), ('7'), ('x'), (NULL)", {
  'sum(c)': '12.0',
  'avg(c)': '6.0',
  'sum(DISTINCT c)': '12.0',
  'multi_distinct_sum(c)': '12.0',
  'stddev(c)': '1.0',
  'var_pop(c)': '1.0',
  'covar_pop(c, c)': '1.0',
  'max(c)': 'x',
  'count(c)': '3',
})
over('(2), (1), (NULL), (2), (NULL), (NULL), (3)', {
  'approx_top_k(c, 3)':
    "[{'item': NULL, 'count': 3}, {'item': 2, 'count': 2}, {'item': 1, 'count': 1}]",
  'approx_top_k(CAST(c AS VARCHAR), 2, 10)':
    "[{'item': NULL, 'count': 3}, {'item': 2, 'count': 2}]",
  'approx_top_k(CAST(c AS DECIMAL(5, 2)), 2)':
    "[{'item': NULL, 'count': 3}, {'item': 2.00, 'count': 2}]",
})
over("(DATE '2020-01-01'), (DATE '2020-01-03')", { 'percentile_cont(c, 0.5)': '2020-01-02' })
over('(1), (2)', { 'max_by(NULL, c)': null, 'min_by(c, -c)': '2' })
over('(true), (false), (true)', {
  'sum(c)': '2',
  'count_if(c)': '2',
  'bool_or(c)': 'true',
  'bitmap_to_string(bitmap_agg(c))': '0,1',
})
over('(CAST(NULL AS BOOLEAN)), (NULL)', {
  'count_if(c)': '0',
  'count_if(NULL)': '0',
  'bool_or(c)': 'false',
  'bool_or(NULL)': 'false',
  'boolor_agg(c)': 'false',
  'sum(c)': null,
})
over('(CAST(NULL AS INT)), (NULL)', {
  'bitmap_to_string(bitmap_agg(c))': null,
  'bitmap_to_string(bitmap_union(to_bitmap(c)))': null,
  'bitmap_union_count(to_bitmap(c))': '0',
})
over('(-1), (-2)', { 'bitmap_to_string(bitmap_agg(c))': '' })
over('(1), (2), (3), (NULL)', {
  'array_join(retention([c = 1, c = 3, c = 9]), "")': '110',
  'array_join(retention([c = 9, c = 3]), "")': '00',
  "intersect_count(bitmap_from_string('1,2'), c, 1, '2')": '2',
  'intersect_count(to_bitmap(c), c, 1, 2)': '0',
  'intersect_count(to_bitmap(c), c, 3)': '1',
})
over('(9223372036854775807), (1)', {
  'sum(c)': '-9223372036854775808',
  'max(c)': '9223372036854775807',
})
over('(1), (NULL)', { 'corr(c, c)': null, 'covar_samp(c, c)': null, 'covar_pop(c, c)': '0.0' })
over('(1), (2), (NULL), (2)', {
  'corr(c, c)': '1.0',
  'ndv(c)': '2',
  'approx_count_distinct(c)': '2',
})
over('(0.1234567890123456789012), (0.1)', {
  'sum(c)': '0.223456789012345679',
  'avg(c)': '0.111728394506172840',
})
over('(99999999999999999999.000000000000000000), (1.0)', {
  'avg(c)': '50000000000000000000.000000000000000000',
})

test('approx_top_k has an array of structs', async () => {
  const type = async (call: string): Promise<string> => (await duck().value(call)).type
  assert.equal(
    await type("approx_top_k(DATE '2024-01-01')"),
    'array<struct<item date, count bigint>>',
  )
  assert.equal(
    await type("approx_top_k(parse_json('{}'))"),
    'array<struct<item varchar(65533), count bigint>>',
  )
  const { rows } = await duck().ask(
    `SELECT approx_top_k(c)[1].item + 1, array_sortby(x -> x.item, approx_top_k(c))[1].count
     FROM (VALUES (7), (3), (7)) t(c)`,
  )
  assert.deepEqual(rows, [['8', '1']])
})

// The digest computes in FLOAT, as be/src/util/tdigest.h of 3.3.7 says; 990.5 is of test_percentile_union.
over('(0.1)', { 'percentile_approx(c, 0.99)': '0.10000000149011612' })
test('percentiles are those of FLOAT values', async () => {
  const { rows } = await duck().ask(
    `SELECT percentile_approx_raw(percentile_union(percentile_hash(generate_series)), 0.99), percentile_approx(generate_series, 0.99)
     FROM TABLE(generate_series(1, 1000))`,
  )
  assert.deepEqual(rows, [['990.5', '990.5']])
})

test('over no rows', async () => {
  const { rows } = await duck().ask(
    'SELECT bool_or(c), count_if(c), corr(c, c), ndv(c) FROM (VALUES (1)) t(c) WHERE c > 1',
  )
  assert.deepEqual(rows, [[null, '0', null, '0']])
})

test('ndv is exact where StarRocks is within one per cent', async () => {
  const { rows } = await duck().ask(
    'SELECT ndv(generate_series) FROM TABLE(generate_series(1, 10000))',
  )
  assert.deepEqual(rows, [['10000']])
})

test('DISTINCT over several arguments, and in another order than their own', async () => {
  const { rows } = await duck().ask(
    `SELECT group_concat(DISTINCT a, b ORDER BY o DESC SEPARATOR '|'), group_concat(DISTINCT a ORDER BY o DESC),
       array_agg(DISTINCT b ORDER BY o), group_concat(DISTINCT a, b ORDER BY 2, 1 SEPARATOR '|')
     FROM (VALUES ('ab', 'c', 1), ('a', 'bc', 2), ('ab', 'c', 3), (NULL, 'z', 4), ('a', NULL, 5)) t(a, b, o)`,
  )
  assert.deepEqual(rows, [['abc|abc', 'a,ab', '[c, bc, z, NULL]', 'abc|abc']])
  const alone = await duck().ask(
    `SELECT group_concat(DISTINCT a, a), group_concat(DISTINCT a, b ORDER BY 1) FROM (VALUES ('x', NULL), ('x', NULL)) t(a, b)`,
  )
  assert.deepEqual(alone.rows, [['xx', null]])
})

test('group_concat with a separator of each row', async () => {
  const { rows } = await duck().ask(
    `SELECT group_concat('c', a ORDER BY o SEPARATOR s), group_concat(a ORDER BY o DESC SEPARATOR concat(s, '!'))
     FROM (VALUES ('x', 1, '-'), ('y', 2, NULL), ('z', 3, '+'), (NULL, 4, '?'), ('w', 5, '/')) t(a, o, s)`,
  )
  assert.deepEqual(rows, [['cx-cycz+cw', 'w/!z+!yx']])
  const one = await duck().ask(
    "SELECT group_concat(a SEPARATOR s), group_concat(b SEPARATOR s) FROM (VALUES ('x', NULL, '-')) t(a, b, s)",
  )
  assert.deepEqual(one.rows, [['x', null]])
  assert.match(
    refusal("SELECT group_concat('a' SEPARATOR 1)").message,
    /group_concat requires separator to be of getType\(\) STRING/,
  )
})

over('(1), (NULL), (3), (3)', {
  'array_agg(c ORDER BY 1 DESC)': '[3, 3, 1, NULL]',
  'array_agg(DISTINCT c ORDER BY 1)': '[NULL, 1, 3]',
  'array_agg(DISTINCT c ORDER BY 1 NULLS LAST)': '[1, 3, NULL]',
})

test('max_by and min_by over a window are the value, where StarRocks 3.3.7 has a zero', async () => {
  const { rows } = await duck().ask(
    `SELECT a, max_by(a, b) OVER (PARTITION BY b), min_by(CAST(a AS DECIMAL(9, 2)), b) OVER (), max_by(sum(a), b) OVER ()
     FROM (VALUES (5, 1), (6, 2)) t(a, b) GROUP BY a, b ORDER BY a`,
  )
  assert.deepEqual(rows, [
    ['5', '5', '5.00', '6'],
    ['6', '6', '5.00', '6'],
  ])
})

// reference: StarRocks 3.3.7, AnalyticAnalyzer
test('bitmaps and HLLs are counted over windows', async () => {
  const { rows } = await duck().ask(
    `SELECT bitmap_union_count(to_bitmap(c)) OVER (ORDER BY o), hll_union_agg(hll_hash(c)) OVER (PARTITION BY o > 2)
     FROM (VALUES (1, 7), (2, 7), (3, 8)) t(o, c) ORDER BY o`,
  )
  assert.deepEqual(rows, [
    ['1', '1'],
    ['1', '1'],
    ['2', '1'],
  ])
})

// reference: StarRocks 3.3.7, test_any_value
test('DISTINCT stands in the aggregates of the grammar only', () => {
  for (const call of ['any_value(DISTINCT 1)', 'stddev(ALL 1)', 'abs(DISTINCT 1)'])
    assert.match(refusal(`SELECT ${call}`).message, /Getting syntax error at line 1, column \d+/)
})

// reference: StarRocks 3.3.7, test_percentile_approx, test_user_variable
test('the share of percentile_approx is written or that of a column, and not NULL', async () => {
  const { rows } = await duck().ask(
    `WITH t AS (SELECT 0.25 AS p, generate_series AS c FROM TABLE(generate_series(1, 4)))
     SELECT percentile_approx(c, p), percentile_approx(c, p + 0.75, 4096), percentile_approx(if(c > 9, c, NULL), p) FROM t`,
  )
  assert.deepEqual(rows, [['1.75', '4.0', null]])
  assert.equal(
    refusal('SELECT percentile_approx(1, CAST(NULL AS DOUBLE))').message,
    'percentile_approx the second argument is expected to be non-null',
  )
})

// reference: StarRocks 3.5, test_map_agg
test('map_agg keeps the first value of each key', async () => {
  const { rows } = await duck().ask(
    `SELECT map_size(map_agg(k, v)), map_agg(k, v)['a'], map_agg(k, v)['b'], map_agg(k, [v])['b'],
       map_size(map_agg(v, k)), map_size(map_agg(if(v > 9, k, NULL), v))
     FROM (VALUES ('a', 1), ('b', NULL), (NULL, 3), ('a', 1), ('c', 2)) t(k, v)`,
  )
  assert.deepEqual(rows, [['3', '1', null, '[NULL]', '3', '0']])
  const none = await duck().ask('SELECT map_size(map_agg(c, c)) FROM (VALUES (1)) t(c) WHERE c > 1')
  assert.deepEqual(none.rows, [['0']])
  assert.match(refusal('SELECT map_agg([1], 2)').message, /does not take keys of type array/)
})

// reference: StarRocks 3.4, test_lc_percentile
over('(90), (91), (92), (93), (94), (NULL)', {
  'percentile_disc_lc(c, 0)': '90',
  'percentile_disc_lc(c, 0.75)': '93',
  'percentile_disc_lc(c, 1)': '94',
})
test('the share of percentile_disc_lc has bounds', () => {
  assert.match(
    refusal('SELECT percentile_disc_lc(1, 1.1)').message,
    /percentile_disc_lc second parameter'value should be between 0 and 1/,
  )
})
