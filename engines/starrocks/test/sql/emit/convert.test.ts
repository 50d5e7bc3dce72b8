import { test } from 'node:test'
import assert from 'node:assert/strict'
import { refusal } from '../../support/translated-duck.ts'
import { sqlFunctionSuite } from '../../suite/sql-function.ts'

const { holds, duck } = sqlFunctionSuite()

holds('a string becomes an integer when it is one; with a fraction it is none', [
  ["CAST('12' AS INT)", '12', 'int'],
  ["CAST(' 12 ' AS INT)", '12'],
  ["CAST('1.9' AS INT)", null],
  ["CAST('12.0' AS BIGINT)", null],
  ["CAST('+7' AS BIGINT)", '7'],
  ["CAST('abc' AS INT)", null],
  ["CAST('' AS INT)", null],
  ["CAST('1e3' AS INT)", null],
  ["CAST('1_000' AS INT)", null],
  ["CAST('300' AS TINYINT)", null],
  ["CAST('7' AS SIGNED)", '7', 'bigint'],
])

holds('numbers are cut, not rounded, to integers, and NULL when they do not fit', [
  ['CAST(1.9 AS INT)', '1'],
  ['CAST(-1.9 AS INT)', '-1'],
  ['CAST(CAST(1.5 AS DOUBLE) AS INT)', '1'],
  ['CAST(300 AS TINYINT)', null],
  ['CAST(CAST(1e30 AS DOUBLE) AS BIGINT)', null],
  ['CAST(123456 AS DECIMAL(4, 2))', null],
  ['CAST(1.255 AS DECIMAL(4, 2))', '1.26', 'decimal(4, 2)'],
  ["CAST('12.345' AS DECIMAL(10, 2))", '12.35'],
])

test('what does not fit is NULL in a comparison, too', async () => {
  const values = '(VALUES (-9223372036854775807, CAST(-123456.5 AS DECIMAL(10, 2)))) t(a, b)'
  const { rows } = await duck().ask(
    `SELECT CAST(a AS INT) < 5, CAST(a AS TINYINT) <= 5, CAST(b AS DECIMAL(4, 2)) < 5 FROM ${values}`,
  )
  assert.deepEqual(rows, [[null, null, null]])
})

holds('strings that only DuckDB reads as numbers or dates are NULL', [
  ["CAST('inf' AS DOUBLE)", null],
  ["CAST('nan' AS DOUBLE)", null],
  ["CAST('1e3' AS DOUBLE)", '1000.0'],
  ["CAST('infinity' AS DATE)", null],
  ["CAST('epoch' AS DATETIME)", null],
  ["CAST('2024-01-02 00:00:00+05' AS DATETIME)", null],
  ["CAST('2024-01-02 (BC)' AS DATE)", null],
])

holds('dates are read in their usual forms', [
  ["CAST('2024-01-02' AS DATE)", '2024-01-02', 'date'],
  ["CAST('20240102' AS DATE)", '2024-01-02'],
  ["CAST('2024/1/2' AS DATE)", '2024-01-02'],
  ["CAST('2024-01-02 03:04:05' AS DATE)", '2024-01-02'],
  ["CAST('2024-02-30' AS DATE)", null],
  ["CAST('2024-1-2 3:4:5' AS DATETIME)", '2024-01-02 03:04:05', 'datetime'],
  ["CAST('20240102030405' AS DATETIME)", '2024-01-02 03:04:05'],
  ["CAST('2024-01-02T03:04:05.5' AS DATETIME)", '2024-01-02 03:04:05.5'],
  ['CAST(20240102 AS DATE)', '2024-01-02'],
  ["CAST(DATE '2024-01-02' AS INT)", '20240102'],
])

holds('texts of values are written as StarRocks writes them', [
  ['CAST(true AS STRING)', '1'],
  ['CAST(CAST(1 AS DOUBLE) AS STRING)', '1'],
  ['CAST(1.50 AS STRING)', '1.50'],
  ["CAST(CAST('2024-01-02 03:04:05' AS DATETIME) AS STRING)", '2024-01-02 03:04:05'],
  ["CAST(CAST('2024-01-02 03:04:05.5' AS DATETIME) AS STRING)", '2024-01-02 03:04:05.500000'],
  [`CAST(parse_json('{"a":[1,2],"b":"x:y, z"}') AS STRING)`, '{"a": [1, 2], "b": "x:y, z"}'],
  [`CAST(parse_json('"a"') AS STRING)`, 'a'],
])

holds('booleans and JSON convert by their text', [
  ["CAST('true' AS BOOLEAN)", 'true', 'boolean'],
  ["CAST('FALSE' AS BOOLEAN)", 'false'],
  ["CAST('2' AS BOOLEAN)", 'true'],
  ["CAST('x' AS BOOLEAN)", null],
  ["CAST(parse_json('[1.7]') -> '$[0]' AS INT)", '1'],
  ["CAST(parse_json('[true]') -> '$[0]' AS BOOLEAN)", 'true'],
  ["CAST(parse_json('true') AS BOOLEAN)", 'true'],
  ["CAST('[1, 2]' AS JSON)", '[1, 2]', 'json'],
  ['CAST([1, 2] AS ARRAY<STRING>)', '[1, 2]', 'array<varchar(65533)>'],
])

holds('what becomes JSON', [
  ['CAST(\' {"a":1}\' AS JSON)', ' {"a":1}', 'json'],
  ["CAST('1' AS JSON)", '"1"'],
  ["CAST('' AS JSON)", '""'],
  ["CAST('{' AS JSON)", null],
  ['CAST(1.5 AS JSON)', '1.5'],
  ['CAST(CAST(7 AS LARGEINT) AS JSON)', '7'],
  ['CAST(9223372036854775808 AS JSON)', null],
  ['CAST(true AS JSON)', 'true'],
  ['CAST(row(1, true) AS STRUCT<a INT, b MAP<INT, INT>>).b', null, 'map<int,int>'],
])

test('conversions that StarRocks does not have are refused', () => {
  assert.match(
    refusal('SELECT CAST([1] AS INT)').message,
    /Invalid type cast from array<tinyint> to int/,
  )
  assert.match(refusal('SELECT CAST(1 AS BITMAP)').message, /is not supported/)
})

holds('a JSON array becomes an ARRAY, element by element', [
  [
    'CAST(parse_json(\'[1, 2.7, null, true, "5"]\') AS ARRAY<INT>)',
    '[1, 2, NULL, 1, 5]',
    'array<int>',
  ],
  ['CAST(parse_json(\'["a", null, [1, 2]]\') AS ARRAY<STRING>)', "[a, NULL, '[1, 2]']"],
  ["CAST(parse_json('[[1], [], null, 2]') AS ARRAY<ARRAY<INT>>)", '[[1], [], NULL, NULL]'],
  ["CAST(parse_json('[]') AS ARRAY<INT>)", '[]'],
  ['CAST(parse_json(\'{"a": 1}\') AS ARRAY<INT>)', null],
  ["CAST(parse_json('7') AS ARRAY<INT>)", null],
  ["array_length(CAST(parse_json('{\"a\": [1, 2]}') -> 'a' AS ARRAY<JSON>))", '2'],
])

test('a JSON array of what JSON does not convert to is refused', () => {
  assert.match(
    refusal("SELECT CAST(parse_json('[1]') AS ARRAY<DATE>)").message,
    /Invalid type cast from json to array<date>/,
  )
})

holds('a text becomes an ARRAY, cut at its commas', [
  ["CAST('[1, 2,x,]' AS ARRAY<INT>)", '[1, 2, NULL, NULL]', 'array<int>'],
  ["CAST(concat('[[1, 2, 3],', ' [1, 2]]') AS ARRAY<ARRAY<INT>>)", '[[1, 2, 3], [1, 2]]'],
  ['CAST(\' ["a,b", c d, "]"] \' AS ARRAY<STRING>)', "['a,b', c d, ']']"],
  ["CAST('[]' AS ARRAY<INT>)", '[]'],
  ["CAST('[[], []]' AS ARRAY<ARRAY<STRING>>)", '[[], []]'],
  ["CAST('[2024-01-02]' AS ARRAY<DATE>)", '[2024-01-02]'],
  ["CAST('1, 2' AS ARRAY<INT>)", null],
  ["CAST('[1, 2' AS ARRAY<INT>)", null],
  ['CAST(CAST(null AS STRING) AS ARRAY<INT>)', null],
])

test('a text that StarRocks would cut in a way of its own is refused', async () => {
  for (const text of ['[[[1]]]', '["it\'\'s"]', '[1]]'])
    await assert.rejects(
      duck().value(`CAST('${text}' AS ARRAY<STRING>)`),
      /cannot be cast to an array/,
    )
})

holds('digits with white space behind them are a DATETIME as a literal only', [
  ["cast(concat('2020', '0101') as datetime)", '2020-01-01 00:00:00'],
  ["cast(concat('  20200101', ' ') as datetime)", null],
  ["cast(concat('20200101010203', '  ') as datetime)", null],
])

holds(
  'a DATETIME is read from compact forms and between any marks',
  [
    ['20200101T0102033', '2020-01-01 01:02:03'],
    ['20200101T010203.123', '2020-01-01 01:02:03.123'],
    ['  20200101T010203.123 \n v f \r ', '2020-01-01 01:02:03.123'],
    ['200101', '2020-01-01 00:00:00'],
    ['991231T010203', '1999-12-31 01:02:03'],
    ['200101010203', '2020-01-01 01:02:03'],
    ['200101T010203.123', '2020-01-01 01:02:03.123'],
    ['200101T0102033', null],
    ['2020.01.01T01.02.033', '2020-01-01 01:02:03'],
    ['2020.01.01T01.0203.123', '2020-01-01 01:02:03.123'],
    ['  20200101010203   ', null],
    ['  20200101 ', '2020-01-01 00:00:00'],
    ['  20200101T010203.123    ', '2020-01-01 01:02:03.123'],
    ['210?.02.28', '0210-02-28 00:00:00'],
    ['2100.?2.28', '2100-02-28 00:00:00'],
    ['2100.02.2?', '2100-02-02 00:00:00'],
    ['2100902.28', null],
    ['2020-01-01 01:02', '2020-01-01 01:02:00'],
    ['2020-02-30', null],
  ].map(([text, value]) => [`cast('${text}' as datetime)`, value ?? null] as const),
)

holds('JSON as text has one blank behind each colon and comma, whatever was written', [
  [
    `cast(parse_json('{"a": 1,  "b" : [1 ,2],"c":"x:  y,z \\\\" "}') as string)`,
    '{"a": 1, "b": [1, 2], "c": "x:  y,z \\" "}',
  ],
  [`concat(parse_json(' [ ] '), parse_json('{ }'))`, '[]{}'],
  [`cast([parse_json('{"a":\\n1}')] as array<string>)[1]`, '{"a": 1}'],
])
