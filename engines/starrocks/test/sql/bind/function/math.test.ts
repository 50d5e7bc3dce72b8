import { sqlFunctionSuite } from '../../../suite/sql-function.ts'

const { holds } = sqlFunctionSuite()

holds('rounding', [
  ['ceil(1.2)', '2', 'bigint'],
  ['floor(-1.2)', '-2', 'bigint'],
  ['round(1.5)', '2', 'decimal(38, 0)'],
  ['round(CAST(-2.5 AS DOUBLE))', '-3', 'bigint'],
  ['round(2.567, 2)', '2.57', 'decimal(38, 2)'],
  ['round(2.567, abs(1))', '2.600', 'decimal(38, 3)'],
  ['truncate(-12.567, 0 - abs(1))', '-10.000', 'decimal(38, 3)'],
  ['round(2.567, 0 - abs(40))', null],
  ['round(2.567, abs(40))', '2.567'],
  ['round(2.567, cast(null as int))', null],
  ['round(CAST(2.567 AS DOUBLE), 2)', '2.57', 'double'],
  ['truncate(2.567, 1)', '2.5', 'decimal(38, 1)'],
  ['truncate(CAST(-2.567 AS DOUBLE), 1)', '-2.5', 'double'],
])

holds('outside their domain functions answer NULL', [
  ['sqrt(-1)', null, 'double'],
  ['ln(0)', null],
  ['log(1, 5)', null],
  ['pow(10, 400)', null],
  ['acos(2)', null],
  ['exp(1000)', null],
])

holds('functions of aggregates and of subqueries', [
  ['sqrt(sum(16))', '4.0', 'double'],
  ['exp(count(*) - 1)', '1.0'],
  ['ln(sum(0))', null],
  ['pow(max(2), count(*) + 2)', '8.0'],
  ['log(max(2), max(8))', '3.0'],
  ['sqrt((SELECT 9))', '3.0'],
  ["from_binary(to_binary(max('616263'), 'hex'), 'utf8')", 'abc'],
  ["from_base64(max('YWJj'))", 'abc'],
])

holds('the usual functions', [
  ['abs(-1)', '1', 'smallint'],
  ['abs(-1.5)', '1.5'],
  ['log(2, 8)', '3.0'],
  ['pow(2, 3)', '8.0', 'double'],
  ['mod(5, 3)', '2', 'tinyint'],
  ['mod(5.5, 2.0)', '1.5'],
  ['pmod(-5, 3)', '1'],
  ['fmod(5.5, 2)', '1.5', 'double'],
  ['sign(-2)', '-1.0', 'float'],
  ['bin(5)', '101'],
  ['bitand(5, 3)', '1'],
  ['bitnot(5)', '-6'],
  ['e()', '2.718281828459045'],
  ['positive(1.5)', '1.5'],
  ['negative(1)', '-1'],
  ['rand() < 1', 'true'],
])

holds('the sized decimals without digits have them all behind the point', [
  ['CAST(0.5 AS DECIMAL32) = 0.5', 'true'],
  ['CAST(5 AS DECIMAL64)', null, 'decimal(18, 18)'],
  ['assert_true(1 = 1)', 'true'],
])
