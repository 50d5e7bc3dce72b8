import { test } from 'node:test'
import assert from 'node:assert/strict'
import { refusal } from '../../support/translated-duck.ts'
import { sqlFunctionSuite } from '../../suite/sql-function.ts'

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
  ["parse_json('not json')", null],
  [`get_json_string('{"a": {"b": "x"}}', '$.a.b')`, 'x'],
  [`get_json_int('{"a": 3}', '$.a')`, '3', 'bigint'],
  [`get_json_double('{"a": 3.5}', '$.a')`, '3.5', 'double'],
  [`json_exists(parse_json('{"a": 1}'), '$.b')`, 'false'],
  [`json_length(parse_json('{"a": 1, "b": 2}'))`, '2'],
  [`json_keys(parse_json('{"a": 1}'))`, '["a"]'],
  [`json_string(parse_json('{"a":[1,"x:y"]}'))`, '{"a": [1, "x:y"]}'],
  [`json_object('a', 1, 'b', null, 'c', 'x')`, '{"a":1,"b":null,"c":"x"}'],
  [`json_array(1, 'a', parse_json('[1]'))`, '[1,"a",[1]]'],
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
])

test('JSON paths with wildcards are refused', () => {
  assert.match(
    refusal(`SELECT parse_json('[1]') -> '$[*]'`).message,
    /JSON path .* is not supported/,
  )
})
