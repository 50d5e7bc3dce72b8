/** Functions of which StarRocks' function table has more than its SQL suite asks. reference: gensrc/script/functions.py, be/src/exprs */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal } from '../../../support/translated-duck.ts'
import { sqlFunctionSuite } from '../../../suite/sql-function.ts'

const { holds, duck } = sqlFunctionSuite()

const URL = "'http://u:p@example.com:80/path/p1.php?query=1&b=2#ref'"

holds('parse_url takes its part from the statement or from each row', [
  [`parse_url(${URL}, 'PROTOCOL')`, 'http'],
  [`parse_url(${URL}, 'AUTHORITY')`, 'u:p@example.com:80'],
  [`parse_url(${URL}, 'USERINFO')`, 'u:p'],
  [`parse_url(${URL}, 'HOST')`, 'example.com'],
  [`parse_url(${URL}, 'PATH')`, '/path/p1.php'],
  [`parse_url(${URL}, 'FILE')`, '/path/p1.php?query=1&b=2'],
  [`parse_url(${URL}, 'QUERY')`, 'query=1&b=2'],
  [`parse_url(${URL}, 'REF')`, 'ref'],
  [`parse_url(${URL}, concat('QUE', 'RY'))`, 'query=1&b=2'],
  [`parse_url(${URL}, lower('HOST'))`, null],
  ["parse_url(' http://example.com ', 'HOST')", 'example.com'],
  ["parse_url('http://example.com', 'PATH')", ''],
  ["parse_url('http://example.com', 'QUERY')", null],
  ["parse_url('http://example.com', 'USERINFO')", null],
  ["parse_url('example.com', 'HOST')", null],
  ["parse_url(NULL, 'HOST')", null],
])

holds('money_format rounds to cents', [
  ['money_format(17014116)', '17,014,116.00', 'varchar(65533)'],
  ['money_format(1123.456)', '1,123.46'],
  ['money_format(1123.4)', '1,123.40'],
  ['money_format(-0.05)', '-0.05'],
  ['money_format(-0.004)', '0.00'],
  ['money_format(cast(-12345678901234567890 as largeint))', '-12,345,678,901,234,567,890.00'],
  ['money_format(cast(1234.5 as double))', '1,234.50'],
  ['money_format(cast(NULL as int))', null],
])

holds('digests', [
  ["sha2('starrocks', 224)", '0057da608f56e8cdd3c22208a93cdda3e142279a694dfc53007e80f3'],
  [
    "sha2('starrocks', 0)",
    '87da3b6aefc0bd626a32626685dad2dba7435095f26c5a9628a6b13ced5721b0',
    'varchar(65533)',
  ],
  ["length(sha2('starrocks', 384))", '96'],
  ["length(sha2('starrocks', 512))", '128'],
  ["sha2('starrocks', 1)", null],
  ["md5sum_numeric('starrocks') = md5sum_numeric('star', NULL, 'rocks')", 'true'],
  ["md5sum_numeric('starrocks')", '-11520983448139153100410741047322116235', 'largeint'],
  ["md5sum_numeric('b')", '-144992942750327304334463589818972416113'],
  ['uuid_numeric() > 0', 'true'],
])

holds('TIME is a difference, a time of day, or hours, minutes and seconds that are written', [
  ["cast(timediff('2020-01-02 01:02:03', '2020-01-01') as varchar)", '25:02:03'],
  ["cast(timediff('2020-01-01', '2020-01-02 01:02:03.7') as varchar)", '-25:02:03'],
  ["timediff(NULL, '2020-01-01')", null, 'time'],
  ["concat(timediff('2020-01-02', '2020-01-01'), 'h')", '24:00:00h'],
  ["time_to_sec('12:13:14')", '43994', 'bigint'],
  ["time_to_sec('100:00:00')", '360000'],
  ["time_to_sec('12:60:00')", null],
  ["time_to_sec('12:13')", null],
  ["cast('01:02:03' as time) = cast(cast('2020-01-01 01:02:03' as datetime) as time)", 'true'],
  ['cast(now() as time) = curtime()', 'true'],
  ['time_to_sec(current_time()) between 0 and 86399', 'true'],
  ['(time_to_sec(curtime()) - time_to_sec(utc_time()) + 86400) % 86400', '28800'],
])

holds('letters of Joda that strftime lacks, and widths of all', [
  ["jodatime_format('2020-06-25 15:58:51', 'ee EE KK K kk hh')", '04 Thu 03 3 15 03'],
  ["jodatime_format('2020-06-25 00:08:01', 'KK kk hh HHH sss mmm')", '00 24 12 000 001 008'],
  [
    "jodatime_format('2020-06-05 00:00:00', 'CC G yyyyyy DDDD D ww w x xx ddd')",
    '20 AD 002020 0157 157 23 23 2020 20 005',
  ],
])

holds('numbers of a bitmap may have spaces around them', [
  ["bitmap_to_string(bitmap_from_string('0, 1 ,\t2'))", '0,1,2'],
  ["bitmap_to_string(bitmap_from_string('0, ,1'))", null],
  ["bitmap_to_string(bitmap_from_string('18446744073709551615'))", '18446744073709551615'],
  ["bitmap_to_string(bitmap_from_string('18446744073709551616'))", null],
])

holds('JSON as a text has one space after each colon and comma, however it was written', [
  [
    `cast(parse_json('{ "a b" : "c : d ,",\n"e":[1 , 2]}') as varchar)`,
    '{"a b": "c : d ,", "e": [1, 2]}',
  ],
  [`json_string('{"a" : "x\\\\" y"}')`, '{"a": "x\\" y"}'],
])

holds('remainders of decimals are decimals; DECIMALV2 has nine digits behind its point', [
  ['mod(3.14, 3)', '0.14', 'decimal(5, 2)'],
  ['mod(3, 3.14)', '3.00'],
  ['mod(3.14, 0)', null],
  ['cast(3.14 as decimalv2)', '3.140000000', 'decimal(27, 9)'],
])

holds('array_sortby leaves an array as it is when its keys are NULL as a whole', [
  ['array_sortby((x, y) -> y, [82, 1, 4], cast(NULL as array<int>))', '[82, 1, 4]'],
  ['array_sortby((x, y) -> y, [3, 1], [1, 0])', '[1, 3]'],
  ['array_sortby((x, y) -> y, cast(NULL as array<int>), [1])', null],
])

test('a part that no URL has is refused', () => {
  assert.match(refusal("SELECT parse_url('http://a', 'PORT')").message, /^.*Invalid URL part: PORT/)
  assert.ok(duck())
})
