/** Formats, paths and groups that each row says, and TIME beside other types. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal } from '../../../support/translated-duck.ts'
import { sqlFunctionSuite } from '../../../suite/sql-function.ts'

const { holds, duck } = sqlFunctionSuite()

/** The same text, which no binding knows. */
const row = (text: string): string => `concat('${text}', '')`

holds('a JSON path may be another one in each row', [
  [`json_query(parse_json('{"a":{"b":[7,8]}}'), ${row('$.a.b[1]')})`, '8', 'json'],
  [`json_query(parse_json('{"a":{"b":[7,8]}}'), ${row('a.b[0]')})`, '7'],
  [`get_json_string('{"a b":"x"}', ${row('$."a b"')})`, 'x'],
  [`get_json_int('[1,2]', ${row('[1]')})`, '2'],
  [`get_json_double('{"$13":1.5}', ${row('$13')})`, '1.5'],
  [`json_length(parse_json('{"a":[1,2]}'), ${row('$.a')})`, '2'],
  [`json_exists(parse_json('{"a":1}'), ${row('$.b')})`, 'false'],
  [`json_exists(parse_json('{"a":1}'), ${row('$.a')})`, 'true'],
  [`parse_json('{"a":1}') -> ${row('a')}`, '1'],
  [`get_json_string('{"a":1}', concat(NULL, ''))`, null],
])

holds('a group of an expression may be another one in each row', [
  ["regexp_extract('ab12', '([a-z]+)([0-9]+)', length('xx'))", '12', 'varchar(65533)'],
  ["regexp_extract('ab12', '([a-z]+)([0-9]+)', length('x'))", 'ab'],
  ["regexp_extract('ab12', '([a-z]+)([0-9]+)', length('xxxxxxxxxxxxx'))", ''],
  ["regexp_extract('ab12', '([a-z]+)([0-9]+)', 12)", ''],
  ["regexp_extract('ab12', '([a-z]+)([0-9]+)', NULL)", null],
])

holds('a format of dates may be another one in each row', [
  [`str_to_date('2020/03/04', ${row('%Y/%m/%d')})`, '2020-03-04 00:00:00', 'datetime'],
  [`str_to_date('20200304 05:06:07.5', ${row('%Y%m%d %H:%i:%s.%f')})`, '2020-03-04 05:06:07.5'],
  [`str_to_date('4th Mar 20, 05:06 pm', ${row('%D %b %y, %h:%i %p')})`, '2020-03-04 17:06:00'],
  [`str_to_date('2020-02-30', ${row('%Y-%m-%d')})`, null],
  [`str_to_date('2020-03', ${row('%Y-%m-%d')})`, null],
  [`str_to_date('2020-03-04 and more', ${row('%Y-%m-%d')})`, '2020-03-04 00:00:00'],
  [`str_to_date('2020 64', ${row('%Y %j')})`, '2020-03-04 00:00:00'],
  [`str_to_date('20200304', ${row('yyyyMMdd')})`, '2020-03-04 00:00:00'],
  [`str_to_date('13:00', ${row('%H:%i')})`, null],
  [`str_to_date('2020', concat(NULL, ''))`, null],
  [`str2date('2020/03/04', ${row('%Y/%m/%d')})`, '2020-03-04', 'date'],
  ["str_to_date('200442 Monday', '%X%V %W')", '2004-10-18', 'date'],
  ["str_to_date('4th March 2020', '%D %M %Y')", '2020-03-04', 'date'],
  ["str_to_date('2014-12-21 12:34:56', '%Y-%m-%d')", '2014-12-21', 'date'],
  ["str_to_date('2014-12-21 12:34:56 and more', '%Y-%m-%d %H:%i:%s')", '2014-12-21 12:34:56'],
  ["str_to_date('2014-12-32', '%Y-%m-%d')", null],
  [`unix_timestamp('2024/01/01', ${row('%Y/%m/%d')})`, '1704038400', 'bigint'],
  [`from_unixtime(1704038400, ${row('%Y/%m/%d')})`, '2024/01/01', 'varchar(65533)'],
  ["from_unixtime(1704038400, '%D')", '1st'],
])

holds('TIME is a number of hours, minutes and seconds beside other types', [
  ["cast('01:02:03' as time) + 0", '10203.0', 'double'],
  ["cast('01:02:03' as time) - cast('00:00:03' as time)", '10200.0'],
  ["cast('01:02:03' as time) > 10000", 'true'],
  ["cast('01:02:03' as time) = '10203'", 'true'],
  // As in StarRocks, where both become DOUBLE.
  ["cast('01:02:03' as time) > '01:00:00'", null],
  ["cast(cast('01:02:03' as time) as int)", '10203', 'int'],
  ['cast(cast(10203 as time) as varchar)', '01:02:03'],
  ['cast(10262 as time)', null],
  ["cast(cast(cast('2020-01-01' as date) as time) as varchar)", '00:00:00'],
])

holds('XXH3, of which the hash of one text is the seed of the next', [
  ["xx_hash3_64('')", '3244421341483603138', 'bigint'],
  ["xx_hash3_64('hello')", '-7685981735718036227'],
  ["xx_hash3_64('hello', 'world')", '7001965798170371843'],
  ["xx_hash3_64('hello', 'starrocks')", '2803320466222626098'],
  ["xx_hash3_64('hello', NULL)", null],
  ["xx_hash3_128('hello')", '-98478366302105124680504504609445627880', 'largeint'],
  ["xx_hash3_128('hello', 'world')", '-45235302294609689438180196264627189905'],
  ["xx_hash3_128('hello', 'world') = xx_hash3_128('helloworld')", 'true'],
  ['xx_hash3_128(NULL)', null],
])

test('rand of a seed is one sequence, which each statement begins again', async () => {
  const { value: first } = await duck().value('rand(1)')
  assert.equal((await duck().value('rand(1)')).value, first)
  assert.notEqual((await duck().value('rand(2)')).value, first)
  assert.equal((await duck().value('rand(NULL)')).value, null)
  assert.match(refusal('SELECT rand(length(version()))').message, /must be constant/)
})
