import { test } from 'node:test'
import assert from 'node:assert/strict'
import { refusal } from '../../support/translated-duck.ts'
import { sqlFunctionSuite } from '../../suite/sql-function.ts'

const { holds, duck } = sqlFunctionSuite()

holds('comparisons are BOOLEAN and strings are case-sensitive', [
  ['1 = 1', 'true', 'boolean'],
  ["'a' = 'A'", 'false'],
  ["'a' < 'b'", 'true'],
  ["'a' LIKE 'A'", 'false'],
  ["'abc' LIKE 'a%'", 'true'],
  ["'a%b' LIKE 'a\\%b'", 'true'],
  ["'axb' LIKE 'a\\%b'", 'false'],
  ["'a_b' LIKE 'a|_b' ESCAPE '|'", 'true'],
  ["'abc' NOT LIKE '%z%'", 'true'],
  ["'abc' REGEXP 'B'", 'false'],
  ["'abc' RLIKE '^a.c$'", 'true'],
])

holds('an exact number meets a string as a string under =, as DOUBLE under <', [
  ["1 = '1'", 'true'],
  ["1 = '1.0'", 'true'],
  ["1 = '01'", 'true'],
  ["1 = 'a'", null],
  ["1.5 = '1.50'", 'true'],
  ["1.5 = '1.54'", 'false'],
  ["123456789012345678901234567890123456 = '1'", 'false'],
  ["CAST(1.5 AS DOUBLE) = '1.50'", 'true'],
  ["10 < '9'", 'false'],
  ["10 > '9'", 'true'],
  ["1 IN ('1', '2')", 'true'],
  ["1 BETWEEN '0' AND '2'", 'true'],
])

const manyPairs = (last: string) =>
  Array.from({ length: 80 }, (_, at) => `(1 = ${at + 2} AND 'a' = 'a')`).join(' OR ') +
  ` OR ${last}`

holds('an OR of many terms is TRUE, FALSE or NULL as one of few is', [
  [manyPairs("(1 = 1 AND 'b' = 'b')"), 'true', 'boolean'],
  [manyPairs("(1 = 1 AND 'b' = 'c')"), 'false'],
  [manyPairs("(1 = 1 AND 'b' = null)"), null],
  [`NOT (${manyPairs("(1 = 1 AND 'b' = null)")})`, null],
])

holds('dates meet strings as dates', [
  ["DATE '2024-01-01' = '2024-01-01'", 'true'],
  ["DATE '2024-01-01' = '20240101'", 'true'],
  // The literal is a DATE, too (suite: test_parse_and_rewrite_or_predicate).
  ["DATE '2024-01-01' < '2024-01-01 00:00:01'", 'false'],
  ["DATE '2024-01-01' = '2024.01.01 01:00:00'", 'true'],
  ["CAST('2024-01-01' AS DATETIME) = DATE '2024-01-01'", 'true'],
  ["DATE '2024-01-01' = 'nonsense'", null],
])

holds('NULL is unknown, but for <=> and IS', [
  ['null = null', null],
  ['null <=> null', 'true'],
  ['1 <=> null', 'false'],
  ['null IS NULL', 'true'],
  ['1 IS NOT NULL', 'true'],
  ['1 NOT IN (2, null)', null],
  ['1 IN (1, null)', 'true'],
  ['null IS TRUE', 'false'],
  ['0 IS FALSE', 'true'],
  ['null AND false', 'false'],
  ['null OR true', 'true'],
  ['NOT null', null],
])

holds('conditions read numbers and strings', [
  ['1 AND 2', 'true'],
  ['1 && 0', 'false'],
  ['0 || 2', 'true'],
  ['!1', 'false'],
  ['1 XOR 1', 'false'],
  ["IF('true', 1, 2)", '1'],
  ["IF('0', 1, 2)", '2'],
])

holds('CASE and the conditional functions find a common type', [
  ["CASE 1 WHEN '1' THEN 'a' ELSE 2 END", 'a', 'varchar(65533)'],
  ['CASE WHEN null THEN 1 END', null, 'tinyint'],
  ['IF(0, 1, 2.5)', '2.5', 'decimal(4, 1)'],
  ['COALESCE(null, null, 1)', '1', 'tinyint'],
  ["IFNULL(null, 'a')", 'a'],
  ['NVL(1, 2)', '1'],
  ['NULLIF(1, 1)', null],
  ['NULLIF(1, 2)', '1'],
  ['ISNULL(null)', 'true'],
  ['GREATEST(1, 3, 2)', '3'],
  ['GREATEST(1, null, 3)', null],
  ["LEAST('b', 'a')", 'a'],
  ['LEAST(1, 2.5)', '1.0'],
])

test('types that StarRocks would compare in its own way are refused', () => {
  assert.match(
    refusal("SELECT parse_json('1') = DATE '2024-01-01'").message,
    /Values of type json and date cannot be compared/,
  )
  assert.match(refusal("SELECT DATE '2024-02-30'").message, /Invalid date literal 2024-02-30/)
})

holds('a date beside a number is compared by its digits', [
  ["DATE '2024-01-05' = 20240105", 'true', 'boolean'],
  ["DATE '2024-01-05' > DATE '2024-01-01' + 5", 'false', 'boolean'],
  ["DATE '2024-01-06' > DATE '2024-01-05' + 0.5", 'true', 'boolean'],
  ["CAST('2024-01-05 01:02:03' AS DATETIME) = 20240105010203", 'true', 'boolean'],
  ["DATE '2024-01-05' IN (1, 20240105)", 'true', 'boolean'],
  ["DATE '2024-01-05' BETWEEN 20240101 AND 20240131", 'true', 'boolean'],
  ["DATE '2024-01-05' > true", 'true', 'boolean'],
  ["NULLIF(DATE '2024-01-05', 20240105)", null],
  ["CASE DATE '2024-01-05' WHEN 20240105 THEN 1 ELSE 2 END", '1'],
  ["CASE WHEN true THEN DATE '2024-01-05' ELSE 100000 END", '20240105', 'int'],
])

holds('a boolean beside a text is compared as a number', [
  ["true = '1'", 'true', 'boolean'],
  ["false = '0.0'", 'true', 'boolean'],
  ["true = 'true'", null, 'boolean'],
])

holds('beside a JSON value anything becomes one; kinds are ordered, then values', [
  ["parse_json('{\"a\":1}') -> 'a' = 1", 'true', 'boolean'],
  ["parse_json('[1.0]') -> '$[0]' = 1", 'true'],
  ["parse_json('[9007199254740993]') -> '$[0]' = 9007199254740992", 'false'],
  ["parse_json('[9007199254740993]') -> '$[0]' = 9007199254740993", 'true'],
  ["parse_json('[\"b\"]') -> '$[0]' < 'c'", 'true'],
  ["parse_json('[\"1\"]') -> '$[0]' = 1", 'false'],
  ["parse_json('[true]') -> '$[0]' = true", 'true'],
  ['parse_json(\'{"a":1,"b":2}\') = parse_json(\'{"b":2, "a":1}\')', 'true'],
  ['parse_json(\'{"a":1}\') != parse_json(\'{"a":1,"b":2}\')', 'true'],
  ["parse_json('[1,2]') > parse_json('[9]')", 'true'],
  ["parse_json('[1]') < parse_json('{}')", 'true'],
  ["parse_json('[1]') = null", null],
  ["parse_json('[1]') <=> null", 'false'],
  ['CAST(null AS JSON) <=> CAST(null AS JSON)', 'true'],
  ["json_object() IN (parse_json('{}'), json_object('a', 1))", 'true'],
  ["json_object() NOT IN (1, 'x')", 'true'],
  ["parse_json('[5]') -> '$[0]' BETWEEN 1 AND 7", 'true'],
])

holds('arrays are equal element by element; NULL inside is unknown, but for <=>', [
  ['[1, 2] = [1, 2]', 'true', 'boolean'],
  ['[1, 2] = [1.0, 2]', 'true'],
  ['[1, 2] = [1]', 'false'],
  ['[1, null] = [1, null]', null],
  ['[1, null] = [2, null]', 'false'],
  ['[1, null] = [1]', 'false'],
  ['[1, null] != [1, 2]', 'true'],
  ['[1, null] != [1, null]', 'false'],
  ['[1, null] <=> [1, null]', 'true'],
  ['cast(null as array<int>) = [1]', null],
  ['cast(null as array<int>) <=> [1]', 'false'],
  ['[] = []', 'true'],
  ["[['a', 'b'], null] = [['a', 'b'], null]", null],
  ["[['a', 'b']] = [['a', 'c']]", 'false'],
  ["[['a', null]] != [['a', 'c']]", 'true'],
  ["concat_ws(',', ['a', 'b']) = 'a,b' AND array_sort([2, 1]) = [1, 2]", 'true'],
])

holds('arrays are ordered element by element, NULL after everything, the shorter one first', [
  ['[1, null] > [1, 2]', 'true'],
  ['[1, 2] < [1, 2, 3]', 'true'],
  ['[2] <= [1, 9]', 'false'],
  ["['10'] < [9]", 'true'],
  ['[1, null] >= [1, null]', 'true'],
  ['cast(null as array<int>) < [1]', null],
  ['[1, 5] BETWEEN [1] AND [2]', 'true'],
])

holds('maps and structs are equal part by part, in any order of the keys; NULL inside is unknown', [
  ['map{1: 2, 3: 4} = map{3: 4, 1: 2}', 'true'],
  ['map{1: 2} = map{1: 3}', 'false'],
  ['map{1: null} = map{1: 2}', null],
  ['map{1: null} != map{1: 2}', null],
  ['map{1: null} <=> map{1: null}', 'true'],
  ['map{1: 1, null: 2} = map{1: 1, 2: null}', null],
  ['map{1: 1, null: 2} = map{null: 3, 1: null}', 'false'],
  ['map{1: 1, null: 2} != map{null: 2, 3: null}', 'true'],
  ['map{null: 1} = map{2: 1}', null],
  ['map{null: 1} = map{2: 2}', 'false'],
  ["map{1: map{2: 'a', 3: 'b'}} = map{1: map{3: 'b', 2: 'a'}}", 'true'],
  ['map{} = map{}', 'true'],
  ['row(1, null) = row(1, 2)', null],
  ['row(1, null) != row(2, null)', 'true'],
  ['row(1, [2]) = row(1, [2])', 'true'],
  ['row(1, null) <=> row(1, null)', 'true'],
  ["named_struct('a', 1) = named_struct('b', 1.0)", 'true'],
  ['row(1, 2) IN (row(1, null), row(1, 2))', 'true'],
  ['[map{1: 2, 3: 4}] = [map{3: 4, 1: 2}]', 'true'],
  ['[map{1: 2}] != [map{1: 2}]', 'true'],
  ['CASE map{1: 2} WHEN map{1: 2} THEN 3 END', '3'],
  ['nullif([1], [2.5])', '[1.0]'],
])

test('what a join matches by its hash has NULL equal to NULL inside', async () => {
  const t = "(VALUES (1, map{1: null, 2: 'a'}, row(1, null), [1, null])) t(k, m, s, a)"
  const u = "(VALUES (1, map{2: 'a', 1: null}, row(1, null), [1, null])) u(k, m, s, a)"
  for (const column of ['m', 's', 'a']) {
    const rows = async (sql: string) => (await duck().ask(sql)).rows.flat()
    const equal = `t.${column} = u.${column}`
    assert.deepEqual(await rows(`SELECT t.k FROM ${t} JOIN ${u} ON ${equal} AND t.k = u.k`), ['1'])
    assert.deepEqual(await rows(`SELECT t.k FROM ${t}, ${u} WHERE ${equal}`), ['1'])
    assert.deepEqual(
      await rows(`SELECT k FROM ${t} WHERE ${column} IN (SELECT ${column} FROM ${u})`),
      ['1'],
    )
    assert.deepEqual(
      await rows(`SELECT k FROM ${t} WHERE EXISTS (SELECT 1 FROM ${u} WHERE ${equal})`),
      ['1'],
    )
    assert.deepEqual(await rows(`SELECT ${equal} FROM ${t}, ${u}`), [null])
  }
})

test('maps with the same entries in any order are one group, shown in the order of their keys, NULL first', async () => {
  const t =
    '(VALUES (1, map{2: 20, null: 5, 1: 10}), (2, map{1: 10, 2: 20, null: 5}), (3, map{1: 10})) t(k, m)'
  const both = ['{NULL=5, 1=10, 2=20}', '{1=10}']
  const rows = async (sql: string) => (await duck().ask(sql)).rows
  const values = async (sql: string) => (await rows(sql)).flat()
  const plain = (list: readonly unknown[]) =>
    list.map((text) => String(text).replaceAll(/\{'k': ([^}]*)\}/gu, '$1'))
  assert.deepEqual(
    plain(await values(`SELECT m FROM ${t} GROUP BY m ORDER BY min(k)`)),
    both,
    'GROUP BY',
  )
  assert.deepEqual(
    await rows(
      `SELECT count(*) n, m[2], grouping(m) FROM ${t} GROUP BY m HAVING map_size(m) > 0 ORDER BY n`,
    ),
    [
      ['1', null, '0'],
      ['2', '20', '0'],
    ],
  )
  const counted = [
    `SELECT count(*) FROM (SELECT DISTINCT m FROM ${t}) d`,
    `SELECT count(*) FROM (SELECT DISTINCT [m] a, row(m) r FROM ${t}) d`,
    `SELECT count(DISTINCT m) FROM ${t}`,
    `SELECT count(DISTINCT m, [m]) FROM ${t}`,
    `SELECT array_length(array_agg(DISTINCT m)) FROM ${t}`,
    `SELECT count(*) FROM (SELECT m FROM ${t} UNION SELECT m FROM ${t}) d`,
    `SELECT count(*) FROM (SELECT m FROM ${t} WHERE k <> 2 INTERSECT SELECT m FROM ${t} WHERE k <> 1) d`,
  ]
  for (const sql of counted) assert.deepEqual(await values(sql), ['2'], sql)
  assert.deepEqual(
    await values(`SELECT m FROM ${t} WHERE k = 1 EXCEPT SELECT m FROM ${t} WHERE k = 2`),
    [],
  )
  assert.deepEqual(
    plain(await values(`SELECT m FROM ${t} WHERE k = 1 UNION ALL SELECT m FROM ${t} WHERE k = 3`)),
    ['{2=20, NULL=5, 1=10}', '{1=10}'],
  )
})

test('GROUP BY and DISTINCT of what has no equality are refused as in StarRocks', () => {
  const refused: readonly (readonly [sql: string, message: RegExp])[] = [
    ['SELECT j FROM t GROUP BY j', /^.*percentile\/hll\/bitmap\/json not support group-by/],
    [
      'SELECT DISTINCT [j] FROM t',
      /DISTINCT can only be applied to comparable types : ARRAY<JSON>/,
    ],
    [
      'SELECT count(DISTINCT j) FROM t',
      /count\(DISTINCT j\) can't rewrite distinct to group by on \(json\)/,
    ],
    ['SELECT count(*) OVER (PARTITION BY j) FROM t', /json type can't as partition by column/],
    ['SELECT count(*) OVER (PARTITION BY map{1: 1}) FROM t', /map<tinyint,tinyint> type can't as/],
    ['SELECT count(*) OVER (PARTITION BY [row(1)]) FROM t', /type can't as partition by column/],
  ]
  for (const [sql, message] of refused)
    assert.match(
      refusal(sql.replace('FROM t', "FROM (SELECT parse_json('1') j) t")).message,
      message,
    )
})

test('maps and structs have no order, and what holds JSON no equality', () => {
  for (const sql of [
    "SELECT map{'a': 1} < map{'a': 1}",
    'SELECT row(1) >= row(1)',
    'SELECT [map{1: 2}] < [map{1: 2}]',
    'SELECT row(1) = row(1, 2)',
    "SELECT [parse_json('1')] = [parse_json('1')]",
  ]) {
    assert.match(refusal(sql).message, /cannot be compared/)
  }
})
