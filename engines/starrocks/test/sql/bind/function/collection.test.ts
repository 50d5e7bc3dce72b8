import { test } from 'node:test'
import assert from 'node:assert/strict'
import { refusal } from '../../../support/translated-duck.ts'
import { sqlFunctionSuite } from '../../../suite/sql-function.ts'

const { holds } = sqlFunctionSuite()

holds('arrays', [
  ['[1, 2][1]', '1', 'tinyint'],
  ['[1, 2][0]', null],
  ['[1, 2][-1]', null],
  ['[1, 2][3]', null],
  ['[1, 2.5]', '[1.0, 2.5]', 'array<decimal(4, 1)>'],
  ['ARRAY<BIGINT>[1]', '[1]', 'array<bigint>'],
  ['array_length([1, null])', '2', 'int'],
  ['array_contains([1, null], 2)', 'false'],
  ['array_contains([1, null], null)', 'true'],
  ['array_position([1, 2], 2)', '2'],
  ['array_remove([1, null, 1, 2], 1)', '[NULL, 2]'],
  ['array_append([1], 2.5)', '[1.0, 2.5]'],
  ['array_concat([1], [2], [3])', '[1, 2, 3]'],
  ['array_sort([3, null, 1])', '[NULL, 1, 3]'],
  ['array_distinct([1, null, 1, null])', '[1, NULL]'],
  ['array_sum([1, 2])', '3', 'bigint'],
  ['array_avg([1, 2])', '1.5', 'double'],
  ['array_min([2, null, 1])', '1'],
  ["array_join(['a', null, 'b'], '-')", 'a-b'],
  ["array_join(['a', null, 'b'], '-', '?')", 'a-?-b'],
  ['array_slice([1, 2, 3, 4], 2, 2)', '[2, 3]'],
  ['array_slice([1, 2, 3, 4], 2)', '[2, 3, 4]'],
  ['array_slice([1, 2, 3, 4], -2, 9)', '[3, 4]'],
  ['array_slice([1, 2, 3, 4], 1, -1)', '[]'],
  ['arrays_overlap([1], [1, 2])', 'true'],
  ['array_contains_all([1, 2], [2])', 'true'],
  ['array_generate(3)', '[1, 2, 3]'],
  ['array_generate(3, 1)', '[3, 2, 1]'],
  ['reverse([1, 2])', '[2, 1]'],
])

holds('arrays of NULL, and with NULL in them', [
  ['array_concat(NULL, [1])', null, 'array<tinyint>'],
  ['array_concat([1], NULL)', null],
  ['array_concat([1], [2], CAST(NULL AS ARRAY<INT>))', null],
  ['array_concat([1, NULL], [NULL])', '[1, NULL, NULL]'],
  ['array_concat([1.5], [2])', '[1.5, 2.0]'],
  ["array_intersect(['a'], NULL)", null],
  ['array_intersect([1, NULL, 2, 2], [NULL, 2])', '[2, NULL]'],
  ['array_intersect([1, NULL], [1])', '[1]'],
  ['array_intersect([1.10, 2.20], [1.1])', '[1.10]'],
  ['array_intersect([1, 2, 3], [3, 2], [2])', '[2]'],
  ['array_contains_all([1, 2, 3, 4], [NULL])', 'false'],
  ['array_contains_all([1, NULL], [NULL, 1])', 'true'],
  ['array_contains_all([1, 2], [3])', 'false'],
  ['array_contains_all(NULL, [1])', null],
  ['arrays_overlap([NULL], [NULL])', 'true'],
  ['arrays_overlap([1, NULL], [2])', 'false'],
  ['arrays_overlap([1], NULL)', null],
  ['array_map((x, y) -> x + y, [1, 2], CAST(NULL AS ARRAY<INT>))', null],
  ['array_map(x -> x, CAST(NULL AS ARRAY<INT>))', null],
  ["array_repeat('x', NULL)", null],
  ["array_join(['a'], NULL)", null],
  ['array_distinct([1.0, 2.1, 3.2, 1.0, 4.3])', '[1.0, 2.1, 3.2, 4.3]'],
  ['array_distinct([NULL, 3, NULL, 1, 3])', '[NULL, 3, 1]'],
  ["array_distinct(['b', 'a', 'b'])", '[b, a]'],
  ['array_distinct([[2], [1], [2], NULL])', '[[2], [1], NULL]'],
  ['array_distinct(CAST(NULL AS ARRAY<INT>))', null],
  ['array_sum([1, NULL])', '1'],
  ['array_sum([true, false, true])', '2', 'bigint'],
  ['array_sum(NULL)', null],
  ['array_avg([1, 2, NULL])', '1.0', 'double'],
  ['array_avg([1.0, 2.1, 3.2, 4.3])', '2.6500000', 'decimal(38, 7)'],
  ['array_avg([NULL])', null],
  ["array_avg(['a', 'b'])", null, 'double'],
  ["array_sum(['-1', '10', '1', '100', '2'])", '5', 'bigint'],
  ["array_avg(['-1', '10', '1', '100', '2'])", '1.0', 'double'],
])

holds('array_slice counts what lies before the first element', [
  ['array_slice([1, 2, 3, 4], -10)', '[1, 2, 3, 4]'],
  ['array_slice([1, 2, 3, 4], -10, 8)', '[1, 2]'],
  ['array_slice([1, 2, 3, 4], -10, 3)', '[]'],
  ['array_slice([1, 2, 3, 4], -1)', '[4]'],
  ['array_slice([1, 2, 3, 4], 0)', '[]'],
  ['array_slice([1, 2, 3, 4], 100)', '[]'],
  ['array_slice([1, 2, 3, 4], 3, 100)', '[3, 4]'],
  ['array_slice(CAST(NULL AS ARRAY<INT>), 1)', null],
  ['array_slice([1], NULL)', null],
])

holds('lambdas', [
  ['array_map(x -> x + 1, [1, 2])', '[2, 3]', 'array<smallint>'],
  ['array_map([1, 2], x -> x + 1)', '[2, 3]'],
  ['array_map((x, y) -> x + y, [1, 2], [3, 4])', '[4, 6]'],
  ['array_map(x -> array_map(y -> x * y, [1, 2]), [3, 4])', '[[3, 6], [4, 8]]'],
  ['array_filter(x -> x > 1, [1, 2, null])', '[2]'],
  ['any_match(x -> x > 1, [1, 2, null])', 'true'],
  ['any_match(x -> x > 5, [1, null])', null],
  ['all_match(x -> x > 1, [2, null])', null],
  ['all_match(x -> x > 1, [1, null])', 'false'],
  ['array_sortby(x -> -x, [1, 3, 2])', '[3, 2, 1]'],
  ['array_sortby((x, y) -> y, [1, 2, 3], [3, 1, 2])', '[2, 3, 1]'],
  ['array_filter((x, y) -> x > y, [1, 5, 3], [3, 1, 2])', '[5, 3]', 'array<tinyint>'],
  ["array_filter((x, y) -> y IS NULL, ['a', 'b'], [1, null])", '[b]'],
])

holds('maps and structs', [
  ["map{'a': 1, 'b': 2}['b']", '2'],
  ["map{'a': 1}['z']", null],
  ["map_keys(map('a', 1, 'b', 2))", '[a, b]'],
  ["map_values(map{'a': 1})", '[1]'],
  ["map_size(map{'a': 1})", '1', 'int'],
  ["element_at(map{1: 'x'}, 1)", 'x'],
  ["row(1, 'a').col2", 'a'],
  ["named_struct('x', 1, 'y', 'b').Y", 'b'],
])

holds('JSON', [
  [`parse_json('{"a": {"b": [1, 2]}}') -> '$.a.b[1]'`, '2', 'json'],
  [`parse_json('{"a": 1}') -> 'a'`, '1'],
  [`parse_json('{"a": "x"}') ->> '$.a'`, 'x', 'varchar(65533)'],
  ["parse_json('not json')", '"not json"'],
  ["parse_json('1')", '"1"'],
  ["parse_json('{not json')", null],
  [`get_json_string('{"a": {"b": "x"}}', '$.a.b')`, 'x'],
  [`get_json_int('{"a": 3}', '$.a')`, '3', 'bigint'],
  [`get_json_double('{"a": 3.5}', '$.a')`, '3.5', 'double'],
  [`json_exists(parse_json('{"a": 1}'), '$.b')`, 'false'],
  [`json_length(parse_json('{"a": 1, "b": 2}'))`, '2'],
  [`json_keys(parse_json('{"a": 1}'))`, '["a"]'],
  [`json_string(parse_json('{"a":[1,"x:y"]}'))`, '{"a": [1, "x:y"]}'],
  [`json_object('a', 1, 'b', null, 'c', 'x')`, '{"a":1,"b":null,"c":"x"}'],
  [`json_array(1, 'a', parse_json('[1]'))`, '[1,"a",[1]]'],
  [`json_array('[1]', '"x"', 1.5, null)`, '[[1],"x",1.5,null]'],
  [`json_object('a', '{"b":1}')`, '{"a":{"b":1}}'],
  [`json_object('"a"', 1)`, '{"a":1}'],
  [`json_object('', 1)`, null],
  [`json_object('{}', 1)`, null],
  [`json_object(1, 2)`, null],
  [`json_query('1', '$')`, '"1"', 'json'],
  [`json_length('[1, 2]')`, '2', 'int'],
])

holds('bitmaps have the binary form that StarRocks and its clients exchange', [
  ['hex(bitmap_to_binary(bitmap_empty()))', '00'],
  ['hex(bitmap_to_binary(to_bitmap(1)))', '0101000000'],
  ['hex(bitmap_to_binary(to_bitmap(17179869184)))', '030000000004000000'],
  [
    "hex(bitmap_to_binary(bitmap_from_string('2,1')))",
    '0A0200000001000000000000000200000000000000',
  ],
  [
    'hex(bitmap_to_binary(array_to_bitmap(array_generate(40))))',
    '023B3000000100002700010001002700',
  ],
  ['bitmap_to_binary(null)', null],
  ['bitmap_from_binary(to_binary("1234"))', null],
  ["bitmap_from_binary(to_binary(''))", null],
  ["bitmap_to_string(bitmap_from_binary(to_binary('0101000000')))", '1'],
  [
    'bitmap_count(bitmap_from_binary(bitmap_to_binary(array_to_bitmap(array_generate(0, 300000, 3)))))',
    '100001',
  ],
  ["bitmap_to_base64(bitmap_from_string('1'))", 'AQEAAAA='],
  ["bitmap_to_string(base64_to_bitmap('AQEAAAA='))", '1'],
  ["base64_to_bitmap('not base64')", null],
  ["bitmap_to_string(bitmap_hash('hello'))", '1321743225'],
  ['bitmap_count(bitmap_hash(null))', '0'],
])

holds('bitmaps are exact sets', [
  ['bitmap_count(to_bitmap(3))', '1', 'bigint'],
  ["bitmap_to_string(bitmap_from_string('3,1,3'))", '1,3'],
  ['bitmap_to_string(bitmap_or(to_bitmap(3), to_bitmap(1)))', '1,3'],
  ["bitmap_to_string(bitmap_and(bitmap_from_string('1,2'), bitmap_from_string('2,3')))", '2'],
  ["bitmap_to_string(bitmap_xor(bitmap_from_string('1,2'), bitmap_from_string('2,3')))", '1,3'],
  ["bitmap_to_string(bitmap_andnot(bitmap_from_string('1,2'), bitmap_from_string('2,3')))", '1'],
  ['bitmap_contains(to_bitmap(3), 3)', 'true'],
  ['to_bitmap(-1)', null],
  ["bitmap_from_string('1,x')", null],
  ['bitmap_count(bitmap_empty())', '0'],
  ["hll_cardinality(hll_hash('a'))", '1'],
  ['hll_cardinality(hll_hash(NULL))', '0'],
  // test_window_functions_with_hll_bitmap of 3.5
  ['hll_cardinality(NULL)', null, 'bigint'],
])

holds('get_json_… converts the value as CAST of JSON does', [
  [`get_json_bool('{"a":1}', '$.a')`, 'true', 'boolean'],
  [`get_json_bool('{"a":0.0}', '$.a')`, 'false'],
  [`get_json_bool('{"a":"true"}', '$.a')`, 'true'],
  [`get_json_bool('{"a":"2"}', '$.a')`, 'true'],
  [`get_json_bool('{"a":"x"}', '$.a')`, null],
  [`get_json_bool('{"a":[1]}', '$.a')`, null],
  [`get_json_int('{"a":true}', '$.a')`, '1', 'bigint'],
  [`get_json_int('{"a":false}', '$.a')`, '0'],
  [`get_json_int('{"a":234.9}', '$.a')`, '234'],
  [`get_json_int('{"a":1e30}', '$.a')`, null],
  [`get_json_int('{"a":"234"}', '$.a')`, '234'],
  [`get_json_int('{"a":"234.234"}', '$.a')`, null],
  [`get_json_int('{"a":9223372036854775807}', '$.a')`, '9223372036854775807'],
  [`get_json_int('{"a":18446744073709551615}', '$.a')`, null],
  [`get_json_int('{"a":null}', '$.a')`, null],
  [`get_json_int('{"a":{"b":1}}', '$.a')`, null],
  [`get_json_double('{"a":true}', '$.a')`, '1.0', 'double'],
  [`get_json_double('{"a":"234.5"}', '$.a')`, '234.5'],
  [`get_json_double('{"a":"x"}', '$.a')`, null],
  [`get_json_string('{"a":[1,2]}', '$.a')`, '[1, 2]'],
  [`get_json_string('{"a":{"b":"x:y","c":[]}}', '$.a')`, '{"b": "x:y", "c": []}'],
  [`get_json_string('{"a":"x:y,z"}', '$.a')`, 'x:y,z'],
  [`get_json_string('{"a":null}', '$.a')`, null],
  [`get_json_object('{"a":1.50}', '$.a')`, '1.5'],
  [`parse_json('{"a":[1,2]}') ->> '$.a'`, '[1, 2]'],
  [`CAST(parse_json('"12"') AS INT)`, '12'],
  [`CAST(parse_json('[2]') -> '$[0]' AS BOOLEAN)`, 'true'],
  [`CAST(parse_json('[null]') -> '$[0]' AS STRING)`, null],
])

holds("JSON's null is NULL to IS NULL, and a JSON value to all else", [
  [`parse_json('{"b":null}') -> 'b' IS NULL`, 'true'],
  [`parse_json('{"b":null}') -> 'b' IS NOT NULL`, 'false'],
  [`parse_json('{"b":1}') -> 'b' IS NULL`, 'false'],
  [`parse_json('{"b":1}') -> 'c' IS NULL`, 'true'],
  [`json_query('{"b":null}', '$.b') IS NULL`, 'true'],
  [`parse_json('{"b":null}') -> 'b'`, 'null'],
  [`json_exists(parse_json('{"b":null}'), '$.b')`, 'true'],
])

holds('json_length of a path that leads nowhere is 0', [
  [`json_length(parse_json('{"a":1}'), '$.zz')`, '0', 'int'],
  [`json_length(parse_json('{"a":[1,2]}'), '$.a')`, '2'],
  [`json_length(parse_json('{"a":null}'), '$.a')`, '1'],
  [`json_length(parse_json('{"a":1,"b":2}'), '')`, '2'],
  [`json_length(CAST(NULL AS JSON), '$.a')`, null],
])

holds('a JSON path may mean several values', [
  [`parse_json('[1,2]') -> '$[*]'`, '[1,2]', 'json'],
  [`json_query(parse_json('{"a":[{"b":1},{"c":2},{"b":null}]}'), '$.a[*].b')`, '[1,null]'],
  [`json_query(parse_json('{"a":[[1,2],[3]]}'), '$.a[*][0]')`, '[1,3]'],
  [`json_query(parse_json('{"a":[{"b":[1,2]},{"b":[3]}]}'), '$.a[*].b[*]')`, '[[1,2],[3]]'],
  [`json_query(parse_json('[0,1,2,3]'), '$[1:3]')`, '[1,2]'],
  [`json_query(parse_json('{"a":1}'), '$.a[*]')`, null],
  [`get_json_string('{"a":[1,"x"]}', '$.a[*]')`, '[1, "x"]'],
  [`json_length(parse_json('{"a":[1,2,3]}'), '$.a[0:2]')`, '2'],
  [`json_exists(parse_json('{"a":[1]}'), '$.a[*]')`, 'true'],
  [`json_exists(parse_json('{"a":1}'), '$.a[*]')`, 'false'],
])

test('what is no JSON path is refused', () => {
  for (const path of ['$.a[x]', '$.a[1', '$..a', '$.*'])
    assert.match(
      refusal(`SELECT parse_json('[1]') -> '${path}'`).message,
      /Detail message: Invalid json path: /,
    )
})

holds('array_contains_seq looks for elements side by side', [
  ['array_contains_seq([1,1,2,3],[1,2])', 'true', 'boolean'],
  ['array_contains_seq([1,1,2,3],[1,3])', 'false'],
  ['array_contains_seq([1,1,2,3],[1,1,2])', 'true'],
  ['array_contains_seq([11,2],[1,2])', 'false'],
  ['array_contains_seq([1,2],[1,2,3])', 'false'],
  ['array_contains_seq([1,2],[2.0])', 'true'],
  ['array_contains_seq([null,null,1,2],[null,1])', 'true'],
  ['array_contains_seq([1],[null])', 'false'],
  ["array_contains_seq(['a,b'],['a','b'])", 'false'],
  ["array_contains_seq(['', 'a'],[''])", 'true'],
  ['array_contains_seq([1],[])', 'true'],
  ['array_contains_seq([],[1])', 'false'],
  ['array_contains_seq([1], null)', null],
])

holds('array_filter and array_sortby go by arrays as well as by lambdas', [
  ['array_filter([1, 2, 3, 4], [0, 0, 1, 1])', '[3, 4]'],
  ['array_filter([1, 2], null)', '[]'],
  ['array_filter(null, [1])', null],
  ['array_filter([1], [0, 0, 0, 1])', '[]'],
  ['array_sortby([4, 3, 5], [1.1, 2.2, 2.2])', '[4, 3, 5]'],
  ["array_sortby([6, 7, 8], [6.6, 5.5, 6.6], ['e', 'e', 'd'])", '[7, 8, 6]'],
  ["array_sortby([9, 10, 11], null, ['k', 'k', 'j'])", '[11, 9, 10]'],
  ['array_sortby(null, [1])', null],
  ['array_difference([1, 3, null, 7])', '[0, 2, NULL, NULL]', 'array<bigint>'],
  ['array_difference([1.5, 4.0])', '[0.0, 2.5]'],
])

holds('parts of bitmaps, NULL when nothing is in them', [
  ["bitmap_to_string(bitmap_from_string('3,,1,'))", '1,3'],
  ["bitmap_to_string(sub_bitmap(bitmap_from_string('1,0,1,2,3,1,5'), 3, 6))", '3,5'],
  ["bitmap_to_string(sub_bitmap(bitmap_from_string('9,10'), -2, 3))", '9,10'],
  ["sub_bitmap(bitmap_from_string('1'), 1, 3)", null],
  ["sub_bitmap(bitmap_from_string('1'), -2, 3)", null],
  ["bitmap_to_string(bitmap_subset_limit(bitmap_from_string('1,0,1,2,3,1,5'), 3, -6))", '0,1,2,3'],
  ["bitmap_to_string(bitmap_subset_limit(bitmap_from_string('1,2,3'), 2, 5))", '2,3'],
  ["bitmap_subset_limit(bitmap_from_string('1'), 2, 3)", null],
  ["bitmap_to_string(bitmap_subset_in_range(bitmap_from_string('1,0,1,2,3,1,5'), -1, 3))", '0,1,2'],
  ["bitmap_subset_in_range(bitmap_from_string('1'), 3, 0)", null],
])

holds('a JSON path that begins with another sign behind $ is a key', [
  [String.raw`parse_json('{"b":4, "a.1": "1"}') -> 'a\\.1'`, '"1"'],
  [String.raw`json_query(parse_json('{"a.1": {"b.": 2}}'), '$.a\\.1.b\\.')`, '2'],
  [`get_json_double('{"$13": 2}', '$13')`, '2.0'],
  [`json_exists(parse_json('{"a": 1}'), '$13')`, 'false'],
])

holds('NULL is a key of a map like any other', [
  ['map{null: 1, 2: 3}[null]', '1'],
  ['map_keys(map{null: 1, 2: 3})', '[NULL, 2]', 'array<tinyint>'],
  ['map_size(map{null: null})', '1'],
  ["map_from_arrays([1, null], ['a', 'b'])[null]", 'b'],
  ['element_at(map{1: 2}, null)', null],
  ['CAST(map{null: 1} AS MAP<STRING, BIGINT>)[null]', '1', 'bigint'],
])

holds(
  'maps are joined, made from texts, and changed by lambdas; of equal keys the last one stays',
  [
    ["map_concat(map('a', 1), map('b', 2), map('a', 3))", "{{'k': b}=2, {'k': a}=3}"],
    ['map_concat(map(), map(1, 2))', "{{'k': 1}=2}"],
    ['map_concat(null, map(1, 2))', "{{'k': 1}=2}"],
    ["str_to_map('a:1,b,a:3')", "{{'k': b}=NULL, {'k': a}=3}"],
    ["str_to_map('a=1;b=x=y', ';', '=')", "{{'k': a}=1, {'k': b}='x=y'}"],
    [
      'map_apply((k, v) -> (k + 1, array_length(v)), map{1: [2], 3: null})',
      "{{'k': 2}=1, {'k': 4}=NULL}",
    ],
    ['map_apply((k, v) -> (k, v), cast(null as map<int, int>))', null],
    ['transform_keys(map{1: 2, 3: 4}, (k, v) -> 1)', "{{'k': 1}=4}"],
    ['transform_values((k, v) -> concat(k, v), map{1: 2})', "{{'k': 1}=12}"],
    ['map_filter((k, v) -> v > 2, map{1: 2, 3: 4})', "{{'k': 3}=4}"],
    ['map_filter(map{1: 2, 3: 4}, [true, null])', "{{'k': 1}=2}"],
    ['map{1: 2, 1: 3}', "{{'k': 1}=3}"],
    ['map(1, 2, null, 3, null, 4)', "{{'k': 1}=2, {'k': NULL}=4}"],
    ['map_from_arrays([1, 1], [2, 3])', "{{'k': 1}=3}"],
    ['cast(map{1.2: 1, 1.3: 2, null: 3} as map<int, int>)', "{{'k': NULL}=3, {'k': 1}=2}"],
    ["map{}['a']", null],
    ["named_struct('a', 1, 'b', 'x')[2]", 'x'],
    ["named_struct('a', 1, 'b', 'x')['a']", '1'],
    ['row(1, 2)[-1]', '2'],
  ],
)

holds('arrays: sums, similarity, lambdas over NULL, sequences of nested values', [
  ['array_cum_sum([1, null, 3])', '[1, NULL, 4]', 'array<bigint>'],
  ['array_cum_sum([1.5, 2])', '[1.5, 3.5]', 'array<double>'],
  ['array_cum_sum(null)', null],
  ['array_cum_sum([])', '[]'],
  ['array_difference(cast(null as array<int>))', null],
  ['all_match((x, y) -> x < y, null, [1, 2])', null],
  ['array_map((x, y, z) -> x + y + z, [1, 2], [2, null], null)', null],
  ['array_contains_seq([[1, 2], [3]], [[3]])', 'true'],
  ['array_contains_seq([map(1, [2])], [map(1, [3])])', 'false'],
  ['array_contains([row(1, 2), row(3, null)], row(3, null))', 'true'],
  ['cosine_similarity([0.1, 0.2, 0.3], [0.1, 0.2, 0.3])', '0.9999999', 'float'],
  ['cosine_similarity_norm([0.1, 0.2, 0.3], [0.1, 0.2, 0.3])', '0.14000002'],
])

holds('maps as JSON have texts for keys, and none when a key is NULL', [
  ["to_json(map{1: 2, 'x': null})", '{"1":2,"x":null}'],
  ["to_json(row(1, map{'a': [map{1: 2}]}))", '{"col1":1,"col2":{"a":[{"1":2}]}}'],
  ['to_json(map{null: 1})', null],
  // reference: StarRocks 3.3.7, be/src/exprs/cast_expr_json.cpp
  [
    "to_json(row(1.50, map{'a': [cast(7 as largeint), null]}))",
    '{"col1":"1.50","col2":{"a":["7",null]}}',
  ],
  ['to_json(row([cast(2.5 as decimal(9, 2))], 1))', '{"col1":["2.50"],"col2":1}'],
  ["json_object('m', map{1: 2}, 'n')", '{"m":{"1":2},"n":null}'],
  ['json_object(null, 1)', null],
  ['json_keys(\'{"a": 1}\')', '["a"]'],
])

test('a map has no nested keys', () => {
  for (const key of ['[1]', 'map()', "named_struct('a', 1)"])
    assert.match(refusal(`SELECT map(${key}, 1)`).message, /Map key don't supported type/)
})

const stored = `[parse_json('{"a": 1, "b": [1, 2]}'), parse_json('{"c":3}')]`

holds('JSON in arrays is the same whatever its blanks', [
  [`array_contains(${stored}, '{"c": 3}')`, 'true'],
  [`array_contains(${stored}, parse_json('{"a":1,"b":[1,2]}'))`, 'true'],
  [`array_contains(${stored}, '{"c": 4}')`, 'false'],
  [`array_position(${stored}, '{"c": 3}')`, '2'],
  [`array_length(array_remove(${stored}, '{"c": 3}'))`, '1'],
  [`array_contains_all(${stored}, [parse_json('{"c" : 3}')])`, 'true'],
  [`array_contains_seq(${stored}, ['{"c": 3}'])`, 'true'],
  [`arrays_overlap(${stored}, [parse_json('{"c" : 3}')])`, 'true'],
  [`array_length(array_intersect(${stored}, [parse_json('{"c" : 3}')]))`, '1'],
  [`array_length(array_distinct([parse_json('{"c": 3}'), parse_json('{"c":3}')]))`, '1'],
])
