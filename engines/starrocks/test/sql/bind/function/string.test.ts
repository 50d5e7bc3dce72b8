import { test } from 'node:test'
import assert from 'node:assert/strict'
import { refusal, scopeOf } from '../../../support/translated-duck.ts'
import { sqlFunctionSuite } from '../../../suite/sql-function.ts'

const { holds, duck } = sqlFunctionSuite()

holds('substrings count characters from 1 and from the end', [
  ["substr('hello', 2)", 'ello'],
  ["substr('hello', 2, 2)", 'el'],
  ["substr('hello', -3, 2)", 'll'],
  ["substr('hello', 0)", ''],
  ["substr('hello', -9)", ''],
  ["substr('héllo', 2, 1)", 'é'],
  ["substr('hello', 2, -1)", ''],
  ["left('abc', 2)", 'ab'],
  ["left('abc', -1)", ''],
  ["right('abc', 2)", 'bc'],
  ["split_part('a,b', ',', 2)", 'b'],
  ["split_part('a,b', ',', 3)", null],
  ["split_part('a,b', ',', -1)", 'b'],
  ["split('a,b', ',')", '[a, b]', 'array<varchar(65533)>'],
  ["substring_index('https://www.starrocks.io', '.', 2)", 'https://www.starrocks'],
  ["substring_index('https://www.starrocks.io', '.', -2)", 'starrocks.io'],
  ["substring_index('a.b', '.', 0)", null],
  ["substring_index('a.b', '.', 9)", 'a.b'],
  ["substring_index(concat('a', '#b#c'), concat('#', '', '', '', '', '', ''), 2)", 'a#b'],
])

holds('LIKE with many wildcards means what it means with few', [
  ["'a.b(c' LIKE 'a._(c'", 'true'],
  ["'a.b(c' LIKE '%.%_(%c'", 'true'],
  ["'axb(c' LIKE '%.%_(%c'", 'false'],
  [String.raw`'50%-60%_' LIKE '%\\%%\\%\\_'`, 'true'],
  [String.raw`'50%-60%x' LIKE '%\\%%\\%\\_'`, 'false'],
  ["'a\nb\nc' LIKE '%\n_\n%_'", 'true'],
  ["'aéb界c' LIKE '%_é%_界%_'", 'true'],
  ["'abc' NOT LIKE '%a%_c%_'", 'true'],
  ["'a+b' LIKE concat('%', '+', '%', 'b', '%')", 'true'],
  ["'aab' LIKE concat('%', '+', '%', 'b', '%')", 'false'],
  ["'x%y_z' LIKE concat('%x|%', '%y|__') ESCAPE '|'", 'true'],
  ["'xay_z' LIKE concat('%x|%', '%y|__') ESCAPE '|'", 'false'],
  ["like('a.c.e', concat('%a_', 'c', '%_', '%'))", 'true'],
  ["like('a', NULL)", null],
  ["NULL LIKE '%_%_%'", null],
])

holds('concat gives NULL for any NULL, concat_ws skips it', [
  ["concat('a', 'b', 1)", 'ab1'],
  ["concat('a', null)", null],
  ["concat(1, true, 1.5, DATE '2024-01-02')", '111.52024-01-02'],
  ["concat_ws('-', 'a', null, 'b')", 'a-b'],
  ["concat_ws(null, 'a', 'b')", null],
  ["concat_ws('-', ['a', null, 'b'])", 'a-b'],
])

holds('concat and concat_ws of more than 1 MiB are NULL, replace ends nowhere', [
  ["length(concat(repeat('a', 1048575), 'b'))", '1048576'],
  ["concat(repeat('a', 1048575), 'é')", null],
  ["concat(upper(repeat('a', 1048576)), lower(repeat('B', 400)), 'c')", null],
  ["length(concat(upper(concat(repeat('a', 1048576))), ''))", '1048576'],
  ["length(concat_ws('-', repeat('a', 1048574), 'b'))", '1048576'],
  ["concat_ws('-', repeat('a', 1048575), 'b')", null],
  ["concat_ws('-', [repeat('a', 1048575), 'b'])", null],
  ["length(replace(repeat('a', 1048576), 'a', 'bb'))", '2097152'],
])

holds('searching answers positions from 1, and 0 when absent', [
  ["instr('abcb', 'b')", '2', 'int'],
  ["instr('abc', 'x')", '0'],
  ["instr('abc', '')", '1'],
  ["locate('b', 'abcb')", '2'],
  ["locate('b', 'abcb', 3)", '4'],
  ["locate('b', 'abcb', 9)", '0'],
  ["POSITION('b' IN 'abc')", '2'],
  ["find_in_set('b', 'a,b,c')", '2'],
  ["find_in_set('x', 'a,b,c')", '0'],
  ["find_in_set('a,b', 'a,b,c')", '0'],
  ["field('b', 'a', 'b')", '2'],
  ["field('01.0', 001.0)", '1'],
  ["field(1, '1.0', 'x')", '1'],
  ["field('x', 1, 2)", '0'],
  ["field('01', '1')", '0'],
  ["starts_with('hello', 'he')", 'true'],
  ["ends_with('hello', 'lo')", 'true'],
  ["strcmp('a', 'b')", '-1'],
  ["null_or_empty('')", 'true'],
  ['null_or_empty(null)', 'true'],
])

holds('length counts bytes, char_length characters', [
  ["length('é')", '2', 'int'],
  ["char_length('é')", '1', 'int'],
  ["ascii('é')", '195'],
  ["ascii('')", '0'],
  ['char(65)', 'A'],
])

holds('upper and lower change ASCII letters only', [
  ["upper('aé')", 'Aé'],
  ["lcase('AÉ')", 'aÉ'],
  ["lower('ABC')", 'abc'],
  ['upper(null)', null],
  [`lower(upper(lower(concat('AbÉ', ${"'x', ".repeat(100)}''))))`, `abÉ${'x'.repeat(100)}`],
  ["upper_utf8('aé')", 'AÉ'],
  ["reverse('abc')", 'cba'],
  ["trim('  a ')", 'a'],
  ["ltrim('xxax', 'x')", 'ax'],
  ["rtrim('xxax', 'x')", 'xxa'],
  ["replace('aXbX', 'X', '-')", 'a-b-'],
  ["translate('abc', 'ab', 'x')", 'xc'],
  ["repeat('ab', 2)", 'abab'],
  ["repeat('ab', -1)", ''],
  ["repeat('ab', 1000000000)", null],
  ['space(2)', '  '],
  ["lpad('hi', 5, 'xy')", 'xyxhi'],
  ["lpad('hi', 1, 'xy')", 'h'],
  ["rpad('hi', 5, 'xy')", 'hixyx'],
  ["rpad('hi', -1, 'x')", null],
  ["append_trailing_char_if_absent('a', 'c')", 'ac'],
  ["append_trailing_char_if_absent('ac', 'c')", 'ac'],
  ["append_trailing_char_if_absent('a', 'cd')", null],
])

holds('regular expressions are RE2, replaced everywhere', [
  ["regexp_extract('abc123', '([a-z]+)([0-9]+)', 2)", '123'],
  ["regexp_extract('abc', '([0-9]+)', 1)", ''],
  ["regexp_extract_all('a1b2', '([0-9])', 1)", '[1, 2]'],
  ["regexp_replace('a-b-c', '-', '+')", 'a+b+c'],
  ["regexp_replace('ab', '(a)(b)', '\\\\2\\\\1')", 'ba'],
  ["regexp_count('abcabc', 'a')", '2'],
])

holds('hashes and encodings', [
  ["md5('a')", '0cc175b9c0f1b6a831c399e269772661'],
  ["md5sum('a', 'b')", '187ef4436122d1cc2f40dc2b92f0eba0'],
  ["sha2('a', 256)", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
  ["hex('é')", 'C3A9'],
  ['hex(255)', 'FF'],
  ["unhex('C3A9')", 'é'],
  ["unhex('4')", ''],
  ["to_base64('abc')", 'YWJj'],
  ["from_base64('YWJj')", 'abc'],
  ["from_base64('%')", null],
  ['length(uuid())', '36'],
])

holds('split_part looks from the end for negative numbers, and finds no part without a delimiter', [
  ["split_part('abc##567###234', '##', 1)", 'abc'],
  ["split_part('abc##567###234', '##', 3)", '#234'],
  ["split_part('abc##567###234', '##', -1)", '234'],
  ["split_part('abc##567###234', '##', -2)", '567#'],
  ["split_part('abc##567###234', '##', -3)", 'abc'],
  ["split_part('abc##567###234', '##', -4)", null],
  ["split_part('2023年5月23号', '月', -1)", '23号'],
  ["split_part('hello', 'x', 1)", null],
  ["split_part('hello', 'x', -1)", null],
  ["split_part('hello', 'l', 0)", null],
  ["split_part('abc', '', 2)", 'b'],
  ["split_part('abc', '', 4)", null],
])

holds('padding with nothing cuts only', [
  ["lpad('test', 2, '')", 'te'],
  ["rpad('test', 2, '')", 'te'],
  ["lpad('test', 8, '')", 'test'],
  ["lpad('test', 0, '')", ''],
  ["lpad('test', 8, '中文，')", '中文，中test'],
])

holds('a number of characters that is NULL, or no INT, makes the answer NULL', [
  ["left('abc', NULL)", null],
  ["right('abc', NULL)", null],
  ["substr('abc', NULL)", null],
  ["substr('abc', 1, NULL)", null],
  ["substr('abc', 0, NULL)", null],
  ["repeat('abc', NULL)", null],
  ["substring_index('a.b', '.', NULL)", null],
  ["left('abc', -1)", ''],
  ["substr('', CAST('-9223372036854775807' AS BIGINT))", null],
  ["substr('abc', CAST('9223372036854775807' AS BIGINT), 1)", null],
])

test('a literal beyond INT is refused', () => {
  for (const call of ["substr('', 9223372036854775807)", "SUBSTRING('a', 1, -9223372036854775807)"])
    assert.match(refusal(`SELECT ${call}`).message, /Cast argument .* to int type failed/)
})

test('group_concat is cut at a character, by bytes', async () => {
  for (const [limit, expected] of [
    [4, 'Ti'],
    [5, 'Ti物'],
    [7, 'Ti物'],
    [8, 'Ti物理'],
    [9, 'Ti物理P'],
    [1024, 'Ti物理Phy'],
  ] as const) {
    const scope = scopeOf([], {
      systemVariable: () => ({ sql: String(limit), type: { kind: 'bigint' } }),
    })
    const sql =
      "SELECT group_concat(c), group_concat('abcdefghijkl') FROM (VALUES ('Ti物理Phy')) t(c)"
    const { rows } = await duck().ask(sql, scope)
    assert.deepEqual(rows, [[expected, 'abcdefghijkl'.slice(0, limit)]])
  }
})

holds('hashes of bytes', [
  ["murmur_hash3_32('hello')", '1321743225', 'int'],
  ["murmur_hash3_32('hello', 'world')", '984713481'],
  ["murmur_hash3_32('hello', null)", null],
  ["crc32('starrocks')", '2312449062', 'bigint'],
  ["crc32('STARROCKS')", '3440849609'],
  ["crc32('中文')", '1510599991'],
  ["crc32('')", '0'],
  ['crc32(null)', null],
])

holds('URLs', [
  [
    "url_encode('https://docs.starrocks数据库.io/en-us/latest/quick_start/Deploy?name=快速')",
    'https%3A%2F%2Fdocs.starrocks%E6%95%B0%E6%8D%AE%E5%BA%93.io%2Fen-us%2Flatest%2Fquick_start%2FDeploy%3Fname%3D%E5%BF%AB%E9%80%9F',
  ],
  ["url_encode('a-b_c.d~e f')", 'a-b_c.d~e%20f'],
  ['url_encode(null)', null],
  ["url_decode('https%3A%2F%2Fa+b')", 'https://a+b'],
  ["url_decode('%E5%BF%AB')", '快'],
])

test('url_decode refuses broken escapes', async () => {
  for (const text of ['%', 'a%2', '%zz', '%e5'])
    await assert.rejects(duck().value(`url_decode('${text}')`), /illegal hex chars/)
})

holds('hashes of long texts', [
  ["murmur_hash3_32(repeat('x', 70000))", '-405913016'],
  ["crc32(repeat('x', 70000))", '3311487016'],
])

test("the engine's own functions are reached by those of StarRocks only", () => {
  assert.equal(refusal("SELECT native_crc32('x')").errno, 1305)
})

holds('texts are encrypted with AES-128, as MySQL does', [
  ["length(hex(aes_encrypt('a text of 17 char', 'password')))", '64', 'int'],
  ["from_binary(aes_decrypt(aes_encrypt('text', 'password'), 'password'), 'utf8')", 'text'],
  ["aes_decrypt(aes_encrypt('text', 'password'), 'another')", null],
  ["aes_decrypt(to_binary(''), 'password')", null],
  ["aes_encrypt(null, 'password')", null],
  [
    "to_base64(aes_encrypt('starrocks', 'F3229A0B371ED2D9441B830D21A390C3'))",
    'uv/Lhzm74syo8JlfWarwKA==',
  ],
])

holds('parts of URLs', [
  ["url_extract_parameter('https://s.com/doc?k0=1&k1', 'k1')", ''],
  ["url_extract_parameter('https://s.com/doc?k0=1&k1=a=b&k1=2#x', 'k1')", 'a=b'],
  ["url_extract_parameter('https://s.com/d?k1=%21%7E#x', 'k1')", '!~'],
  ["url_extract_parameter('https://s.com/d?k1: 200=1', 'k1: 200')", null],
  ["url_extract_parameter('https://s.com/doc?kk12=10', 'k1')", null],
  ["url_extract_parameter('', 'k1')", null],
  ["url_extract_host('https://starrocks.快速.com/test/api/v1')", 'starrocks.快速.com'],
  ["url_extract_host('http://u@h:80/x')", 'h'],
  ["url_extract_host('x')", null],
])

holds('VARBINARY by its three formats', [
  ["hex(to_binary('ab', 'HEX'))", 'AB'],
  ["hex(to_binary('qw==', 'encode64'))", 'AB'],
  ["hex(to_binary('ab', 'utf8'))", '6162'],
  ["hex(to_binary('1', 'hex'))", ''],
  ["to_binary('', 'encode64')", null],
  ["from_binary(to_binary('ab'), 'encode64')", 'qw=='],
  ["from_binary(to_binary('ab', 'utf8'), 'utf8')", 'ab'],
])

test('ngram_search takes a text, and the rest constant', () => {
  const cases = [
    ["ngram_search('chi', 'chi', 0)", /third parameter must be a positive number/],
    ["ngram_search('chi', a, 4)", /second parameter and third parameter must be constant/],
    [
      "ngram_search('chi', 'chi', length(a))",
      /second parameter and third parameter must be constant/,
    ],
    ["ngram_search(date('2020-06-23'), '2020', 4)", /must be string type/],
  ] as const
  for (const [call, message] of cases)
    assert.match(refusal(`SELECT ${call} FROM (VALUES ('abc')) t(a)`).message, message)
})

holds('ngram_search answers the share of runs that are found', [
  ["ngram_search('chinese', 'china', 4)", '0.5'],
  ["ngram_search('chinese', 'CHINESE', 4)", '0.0'],
  // As the suite records them.
  ["ngram_search('abcdx', 'abcdefghijklm', 2)", '0.25'],
  ["ngram_search('abc', concat('abcd', 'efgh'), 3) * 6", '1.0000001192092896'],
  ["ngram_search_case_insensitive('chinese', 'CHINESE', 4)", '1.0'],
  ["ngram_search('', 'chinese', 4)", '0.0'],
])

holds('regexp_extract_all takes a group that the pattern has; conv reads and writes bases', [
  ["regexp_extract_all('AbCdExCeF', '([a-z]+)C([a-z]+)', 2)", '[d, e]'],
  ["regexp_extract_all('AbCdExCeF', '([a-z]+)C([a-z]+)', 0)", '[]'],
  ["regexp_extract_all('AbCdExCeF', '([a-z]+)C([a-z]+)', 3)", '[]'],
  ["regexp_extract_all(null, '([a-z]+)', 1)", null],
  ["conv('ff', 16, 10)", '255'],
  ["conv('-1', 10, 16)", 'FFFFFFFFFFFFFFFF'],
  ["conv('-1', 10, -10)", '-1'],
  ['conv(255, 10, 2)', '11111111'],
  ["conv('18446744073709551616', 10, 10)", '18446744073709551615'],
  ["conv('1', 10, 37)", null],
  ["conv('8', 8, 10)", '0'],
  ["conv('18', 8, 10)", '1'],
  ["conv('zz', 36, 10)", '1295'],
  ["conv('+7 ', 10, 2)", '111'],
  ["conv(' ', 10, 2)", '0'],
  ["conv('1.5', 10, 2)", '0'],
  ["conv('-18446744073709551616', 10, 10)", '0'],
  ["conv('-1', -10, 16)", 'FFFFFFFFFFFFFFFF'],
  ["conv('18446744073709551615', -10, 10)", '9223372036854775807'],
  ["conv('-9223372036854775809', -10, -10)", '-9223372036854775808'],
  ["conv('9223372036854775808', 10, -10)", '-9223372036854775808'],
  ['conv(1892, 8, 10)', '1'],
  ["conv('1', null, 10)", null],
  ['typeof(map{1: cast(1 as decimal(19, 2))})', 'map<tinyint,decimal128(19, 2)>'],
  ["typeof(row('a'))", 'struct<col1 varchar>'],
])

test('bases of conv may be columns', async () => {
  const { rows } = await duck().ask(
    "SELECT conv(t, a, b) FROM (VALUES (1, 'ff', 16, 2), (2, '-1', 10, -16), (3, '7', 1, 10), (4, '7', 10, NULL), (5, '18446744073709551615', 10, 36)) v(n, t, a, b) ORDER BY n",
  )
  assert.deepEqual(rows, [['11111111'], ['-1'], [null], [null], ['3W5E11264SGSF']])
})

holds('strpos finds the n-th occurrence, from the end where n is negative', [
  [`strpos('abc', 'b')`, '2', 'int'],
  [`strpos('abcabc', 'abc', 2)`, '4', 'int'],
  [`strpos('abcabc', 'abc', 3)`, '0'],
  [`strpos('hello world hello', 'hello', -1)`, '13'],
  [`strpos('abcabc', 'abc', -2)`, '1'],
  [`strpos('abcabc', 'abc', -3)`, '0'],
  [`strpos('', '', 1)`, '1'],
  [`strpos('', 'abc', 1)`, '0'],
  [`strpos('abc', 'abc', 0)`, '0'],
  [`strpos('物理学理', '理', 2)`, '4'],
  [`strpos('abc', 'b', NULL)`, null],
])
