import { test } from 'node:test'
import assert from 'node:assert/strict'
import { refusal } from '../../support/translated-duck.ts'
import { sqlFunctionSuite } from '../../suite/sql-function.ts'

const { holds, duck } = sqlFunctionSuite()

holds('integers widen by one step and literals take the smallest type', [
  ['1', '1', 'tinyint'],
  ['128', '128', 'smallint'],
  ['32768', '32768', 'int'],
  ['2147483648', '2147483648', 'bigint'],
  ['9223372036854775808', '9223372036854775808', 'largeint'],
  ['1 + 1', '2', 'smallint'],
  ['127 + 1', '128', 'smallint'],
  ['100 * 100', '10000', 'smallint'],
  ['2147483647 + 1', '2147483648', 'bigint'],
  ['-5', '-5', 'tinyint'],
  ['-(-5)', '5', 'tinyint'],
  ['- -1.5', '1.5', 'decimal(2, 1)'],
  ['true + 1', '2', 'smallint'],
  ['null + 1', null, 'smallint'],
  ['2 + 3 * 4', '14'],
  ['(2 + 3) * 4', '20'],
])

holds('the slash divides to DOUBLE or exactly to a decimal, DIV to an integer', [
  ['1 / 2', '0.5', 'double'],
  ['10 / 4', '2.5', 'double'],
  ['7 DIV 2', '3', 'tinyint'],
  ['-7 DIV 2', '-3', 'tinyint'],
  ['7.9 DIV 2', '3', 'bigint'],
  ['CAST(-7.9 AS DOUBLE) DIV 2', '-3', 'bigint'],
  ['1.0 / 3.0', '0.3333333', 'decimal(38, 7)'],
  ['2.0 / 3', '0.6666667', 'decimal(38, 7)'],
  ['-2.0 / 3', '-0.6666667', 'decimal(38, 7)'],
  ['1.00 / 8', '0.12500000', 'decimal(38, 8)'],
  ['1.5 / CAST(0.5 AS DOUBLE)', '3.0', 'double'],
  ['7 % 3', '1', 'tinyint'],
  ['-7 % 3', '-1', 'tinyint'],
  ['7 MOD 3', '1', 'tinyint'],
  ['5.5 % 2', '1.5'],
])

holds('a zero divisor gives NULL', [
  ['1 / 0', null],
  ['1.5 / 0', null],
  ['CAST(1.5 AS DOUBLE) / 0', null],
  ['7 DIV 0', null],
  ['7 % 0', null],
  ['5.5 % 0', null],
  ['mod(5, 0)', null],
])

// As the reader of 3.3.7 has it (AstBuilder.visitDoubleValue, DecimalLiteral): DOUBLE only where 38 digits do not hold it.
holds('a number with an exponent is a decimal', [
  ['1e3', '1000', 'decimal(4, 0)'],
  ['1.50e1', '15.0', 'decimal(3, 1)'],
  ['.5e1', '5', 'decimal(1, 0)'],
  ['-00012.5e-3', '-.0125', 'decimal(4, 4)'],
  ['1e3 / 3', '333.333333', 'decimal(38, 6)'],
  ['1e37', `1${'0'.repeat(37)}`, 'decimal(38, 0)'],
  ['1e38', '1e+38', 'double'],
  ['1.79e308', '1.79e+308', 'double'],
  ['1e-1000000000', `.${'0'.repeat(38)}`, 'decimal(38, 38)'],
])

holds('decimals keep their scale exactly', [
  ['1.5 * 2.25', '3.375', 'decimal(5, 3)'],
  ['0.1 + 0.2', '0.3', 'decimal(2, 1)'],
  ['1.10 + 2', '3.10', 'decimal(6, 2)'],
  ['1.5 + CAST(1 AS DOUBLE)', '2.5', 'double'],
  ['cast(1 as decimal(10,2)) - 0.005', '0.995', 'decimal(12, 3)'],
])

holds('strings become DOUBLE in arithmetic', [
  ["'1' + 1", '2.0', 'double'],
  ["'1.5' * '2'", '3.0', 'double'],
  ["'abc' + 1", null, 'double'],
])

holds('bit operators work on integers', [
  ['5 & 3', '1', 'tinyint'],
  ['5 | 3', '7', 'tinyint'],
  ['5 ^ 3', '6', 'tinyint'],
  ['~5', '-6', 'tinyint'],
  ['1 << 2', '4', 'tinyint'],
  ['cast(1 as bigint) << 40', '1099511627776', 'bigint'],
  ['256 >> 4', '16', 'smallint'],
])

test('decimals whose product needs more than 38 digits of scale are refused', () => {
  const digits = '0.'.padEnd(22, '1')
  assert.match(
    refusal(`SELECT ${digits} * ${digits}`).message,
    /Return scale\(40\) exceeds maximum value\(38\)/,
  )
})

holds('dates in arithmetic are the numbers of their digits', [
  ["DATE '2024-01-01' + 1", '20240102.0', 'double'],
  ["DATE '2024-01-02' - DATE '2023-12-31'", '8871.0'],
  ["cast('2024-01-01 02:03:04' as datetime) + 0", '20240101020304.0'],
  ["DATE '2024-01-01' * NULL", null],
])

holds('BIGINT wraps around', [
  ['9223372036854775807 + 1', '-9223372036854775808', 'bigint'],
  ['cast(-9223372036854775807 as bigint) - 2', '9223372036854775807', 'bigint'],
  ['9223372036854775807 * 2', '-2', 'bigint'],
  ['9223372036854775807 * 9223372036854775807', '1', 'bigint'],
  ['cast(-9223372036854775808 as bigint) DIV -1', '-9223372036854775808', 'bigint'],
  ['cast(-2147483648 as int) DIV cast(-1 as int)', '-2147483648', 'int'],
  ['cast(-2147483648 as int) % cast(-1 as int)', '0', 'int'],
  ['cast(-128 as tinyint) DIV -1', '-128', 'tinyint'],
  ['-9223372036854775808', '-9223372036854775808', 'bigint'],
  ['-(-9223372036854775808)', '9223372036854775808', 'largeint'],
  [
    '-170141183460469231731687303715884105728',
    '-170141183460469231731687303715884105728',
    'largeint',
  ],
  [
    'cast(999999999999999999 as decimal(18, 0)) * cast(999999999999999999 as decimal(18, 0))',
    '999999999999999998000000000000000001',
    'decimal(36, 0)',
  ],
  ['bit_shift_left(cast(127 as tinyint), 1)', '-2', 'tinyint'],
  ['bit_shift_left(9223372036854775807, 1)', '-2'],
  ['bit_shift_right(-9, 1)', '-5', 'tinyint'],
  ['bit_shift_right_logical(cast(-1 as bigint), 60)', '15', 'bigint'],
  ['cast(-9223372036854775808 as bigint) % -1', '0', 'bigint'],
  ['-cast(-9223372036854775808 as bigint)', '-9223372036854775808'],
  ['cast(7 as bigint) DIV cast(0 as bigint)', null],
  ['cast(7 as bigint) % cast(0 as bigint)', null],
  ['cast(-7 as bigint) % cast(3 as bigint)', '-1'],
  ['cast(-7 as bigint) DIV cast(2 as bigint)', '-3'],
  ['(SELECT 9223372036854775807) + (SELECT 1)', '-9223372036854775808'],
  ['array_sum([9223372036854775807, 1])', '-9223372036854775808', 'bigint'],
  // reference: StarRocks 3.3.7, functions.py
  ['array_sum([18446744073709551615, 2, null])', '18446744073709551617', 'largeint'],
  ['array_avg([18446744073709551614, 0])', '9.223372036854776e+18', 'double'],
])

const largest = '99999999999999999999999999999999999999'

holds('a decimal that does not fit 128 bits is NULL', [
  [`cast('${largest}' as decimal(38, 0)) * 10`, null, 'decimal(38, 0)'],
  [`cast('${largest}' as decimal(38, 0)) + cast('${largest}' as decimal(38, 0))`, null],
  [`cast('-${largest}' as decimal(38, 0)) - cast('${largest}' as decimal(38, 0))`, null],
  [`cast('${largest}' as decimal(38, 0)) * 1`, largest],
  [`cast('${largest}' as decimal(38, 0)) / 3`, null],
  ['123456789012345678901234567890.123456789 * 987654321098765432109876543210.987654321', null],
  ['274.97790000000000000000 * cast(1 as decimal(38, 18))', null],
  [
    "cast('12345678901234567890.123456789012345678' as decimal(38, 18)) / 1",
    '12345678901234567890.123456789012345678',
  ],
  ['cast(null as decimal(38, 0)) * 10', null],
])

holds('a literal of more than 38 digits is rounded behind its point', [
  [
    '1.12345678901234567890123456789012345678901',
    '1.1234567890123456789012345678901234568',
    'decimal(38, 37)',
  ],
  [
    '123456789012345678901234567890.123456789',
    '123456789012345678901234567890.12345679',
    'decimal(38, 8)',
  ],
])

test('what fits 128 bits but no 38 digits is refused, and so is a longer literal', async () => {
  await assert.rejects(
    duck().value(`cast('${largest}' as decimal(38, 0)) + 1`),
    /more than 38 digits/,
  )
  assert.match(refusal(`SELECT ${largest}9.5`).message, /Non-typed decimal literal is overflow/)
})

const most = "cast('170141183460469231731687303715884105727' as largeint)"
const least = "cast('-170141183460469231731687303715884105728' as largeint)"

holds('LARGEINT wraps around at 128 bits', [
  [`${most} + 1`, '-170141183460469231731687303715884105728', 'largeint'],
  [`${least} + ${least}`, '0'],
  [`${least} - 1`, '170141183460469231731687303715884105727'],
  [`${most} - ${least}`, '-1'],
  [`${most} * 2`, '-2'],
  [`${most} * ${most}`, '1'],
  [`${least} * -1`, '-170141183460469231731687303715884105728'],
  [`${least} * 3`, '-170141183460469231731687303715884105728'],
  [`${most} * -3`, '-170141183460469231731687303715884105725'],
  [`-(${least})`, '-170141183460469231731687303715884105728'],
  [`(select ${most}) + (select 2)`, '-170141183460469231731687303715884105727'],
  [`cast(null as largeint) * ${most}`, null],
  ['cast(null as largeint) + cast(11111 as largeint)', null],
  [`cast(null as largeint) - ${least}`, null],
  [`${least} + cast(null as largeint)`, null],
])

// reference: StarRocks 3.3.7, test_arithmetic of test_jit
test('LARGEINT of columns wraps around at 128 bits', async () => {
  const { rows } = await duck().ask(
    `SELECT a + b, a - b, b + a, a - (-b) FROM (VALUES (${most}, 3), (${least}, -3), (7, 2)) t(a, b) ORDER BY a`,
  )
  const wrapped = [
    ['170141183460469231731687303715884105725', '-170141183460469231731687303715884105725'],
    ['9', '5'],
    ['-170141183460469231731687303715884105726', '170141183460469231731687303715884105724'],
  ]
  assert.deepEqual(
    rows,
    wrapped.map(([sum, difference]) => [sum, difference, sum, sum]),
  )
})

holds('a product of decimals that does not fit 128 bits is NULL, counted in units of its scale', [
  // 8, 18 and 6 digits behind the point make 32: 1701411.834604692319… is 2.3 × 10^20 units more than fit.
  ['0.58000000 * 0.970825897017235893 * 3021621.785498', null, 'decimal(38, 32)'],
  ['0.58 * 0.970825897017235893 * 3021621.785498', '1701411.83460469231906264123823412'],
])
