import { sqlFunctionSuite } from '../../suite/sql-function.ts'

const { holds } = sqlFunctionSuite()

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

holds('concat gives NULL for any NULL, concat_ws skips it', [
  ["concat('a', 'b', 1)", 'ab1'],
  ["concat('a', null)", null],
  ["concat(1, true, 1.5, DATE '2024-01-02')", '111.52024-01-02'],
  ["concat_ws('-', 'a', null, 'b')", 'a-b'],
  ["concat_ws(null, 'a', 'b')", null],
  ["concat_ws('-', ['a', null, 'b'])", 'a-b'],
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
