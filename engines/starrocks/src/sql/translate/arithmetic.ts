/**
 * Arithmetic with StarRocks' result types: integers widen by one step, `/` is DOUBLE or an exact decimal, a zero divisor
 * gives NULL. Integer overflow of BIGINT and LARGEINT is an error here where StarRocks wraps around silently.
 */
import type { BinaryOperator } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { maxDecimalPrecision, printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { asDecimal, commonType, isInteger, isNumeric, isString } from './common-type.ts'
import { convertTyped } from './convert.ts'
import { castTo, onceBoth, typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

export type ArithmeticOperator = Extract<
  BinaryOperator,
  '+' | '-' | '*' | '/' | 'div' | '%' | '&' | '|' | '^' | '<<' | '>>'
>

const bigint = simpleType('bigint')
const double = simpleType('double')

const widened: Readonly<Partial<Record<SqlType['kind'], SqlType>>> = {
  boolean: simpleType('smallint'),
  tinyint: simpleType('smallint'),
  smallint: simpleType('int'),
  int: bigint,
  bigint,
  largeint: simpleType('largeint'),
}

export const arithmetic = (
  operator: ArithmeticOperator,
  a: TypedExpression,
  b: TypedExpression,
): TypedExpression => {
  const [left, right] = [numericOperand(operator, a, b.type), numericOperand(operator, b, a.type)]
  switch (operator) {
    case '&':
    case '|':
    case '^':
      return bitwise(operator, left, right)
    case '<<':
    case '>>':
      return shift(operator, left, right)
    case 'div':
      return integerDivision(left, right)
    case '/':
      return divide(left, right)
    case '%':
      return modulo(left, right)
    case '+':
    case '-':
    case '*':
      return additive(operator, left, right)
  }
}

/** Strings become DOUBLE, booleans and NULL integers; dates take no part in arithmetic but with INTERVAL. */
const numericOperand = (
  operator: string,
  value: TypedExpression,
  other: SqlType,
): TypedExpression => {
  if (value.type.kind === 'null')
    return convertTyped(value, isNumeric(other) ? other : simpleType('tinyint'))
  if (value.type.kind === 'boolean') return convertTyped(value, simpleType('tinyint'))
  if (isString(value.type))
    return convertTyped(
      value,
      ['&', '|', '^', '<<', '>>', 'div'].includes(operator) ? bigint : double,
    )
  if (isNumeric(value.type)) return value
  throw analyzingError(
    `The operator ${operator.toUpperCase()} does not take a value of type ${printType(value.type)}.`,
  )
}

const isFloating = (type: SqlType): boolean => type.kind === 'float' || type.kind === 'double'

const binary = (
  a: TypedExpression,
  operator: string,
  b: TypedExpression,
  type: SqlType,
): TypedExpression =>
  typed(
    castTo(`(${convertTyped(a, type).sql} ${operator} ${convertTyped(b, type).sql})`, type),
    type,
  )

const additive = (
  operator: '+' | '-' | '*',
  a: TypedExpression,
  b: TypedExpression,
): TypedExpression => {
  if (isFloating(a.type) || isFloating(b.type)) return binary(a, operator, b, double)
  if (a.type.kind === 'decimal' || b.type.kind === 'decimal') {
    return operator === '*' ? multiplyDecimals(a, b) : addDecimals(operator, a, b)
  }
  const common = commonType(a.type, b.type) ?? bigint
  return binary(a, operator, b, widened[common.kind] ?? bigint)
}

const decimalType = (precision: number, scale: number): SqlType => ({
  kind: 'decimal',
  precision: Math.min(precision, maxDecimalPrecision),
  scale,
})

const addDecimals = (
  operator: '+' | '-',
  a: TypedExpression,
  b: TypedExpression,
): TypedExpression => {
  const [left, right] = [asDecimal(a.type), asDecimal(b.type)]
  const scale = Math.max(left.scale, right.scale)
  const precision = Math.max(left.precision - left.scale, right.precision - right.scale) + scale + 1
  return binary(a, operator, b, decimalType(precision, scale))
}

const multiplyDecimals = (a: TypedExpression, b: TypedExpression): TypedExpression => {
  const [left, right] = [asDecimal(a.type), asDecimal(b.type)]
  const scale = left.scale + right.scale
  if (scale > maxDecimalPrecision) {
    throw analyzingError(`Return scale(${scale}) exceeds maximum value(${maxDecimalPrecision}).`)
  }
  const type = decimalType(left.precision + right.precision, scale)
  const factors = [
    convertTyped(a, { kind: 'decimal', ...left }),
    convertTyped(b, { kind: 'decimal', ...right }),
  ]
  return typed(castTo(`(${factors.map((factor) => factor.sql).join(' * ')})`, type), type)
}

/** StarRocks: six digits more than the dividend has, at least twelve at most, 38 digits in all. */
const quotientScale = (scale: number): number => (scale <= 6 ? scale + 6 : Math.max(scale, 12))

const divide = (a: TypedExpression, b: TypedExpression): TypedExpression => {
  const exact =
    (a.type.kind === 'decimal' || b.type.kind === 'decimal') &&
    !isFloating(a.type) &&
    !isFloating(b.type)
  if (exact) return divideDecimals(a, b)
  const [left, right] = [convertTyped(a, double), convertTyped(b, double)]
  return typed(`(${left.sql} / nullif(${right.sql}, 0))`, double)
}

/** Exact, on integers of 128 bits; rounds half away from zero. An intermediate beyond 38 digits is an error of DuckDB. */
export const divideDecimals = (a: TypedExpression, b: TypedExpression): TypedExpression => {
  const [left, right] = [asDecimal(a.type), asDecimal(b.type)]
  const scale = quotientScale(left.scale)
  const type = decimalType(maxDecimalPrecision, scale)
  const shiftBy = scale + right.scale - left.scale
  const numerator = unscaled(convertTyped(a, { kind: 'decimal', ...left }), left.scale)
  const denominator = unscaled(convertTyped(b, { kind: 'decimal', ...right }), right.scale)
  const quotient = onceBoth(
    numerator,
    denominator,
    (n, d) =>
      `(sign(${n}) * sign(${d}) * ((abs(${n}) * CAST('1${'0'.repeat(shiftBy)}' AS HUGEINT) * 2 + abs(${d})) // nullif(2 * abs(${d}), 0)))`,
  )
  return typed(castTo(scaled(quotient, scale), type), type)
}

const unscaled = (value: TypedExpression, scale: number): string =>
  scale === 0
    ? `CAST(${value.sql} AS HUGEINT)`
    : `CAST(CAST(${value.sql} AS DECIMAL(38,${scale})) * CAST('1${'0'.repeat(scale)}' AS DECIMAL(38,0)) AS HUGEINT)`

/** An integer that counts units of 10^-scale, as a decimal of that scale. */
const scaled = (sql: string, scale: number): string =>
  `(CAST(${sql} AS DECIMAL(${maxDecimalPrecision - scale},0)) * CAST('0.${'0'.repeat(scale - 1)}1' AS DECIMAL(${scale},${scale})))`

const integerDivision = (a: TypedExpression, b: TypedExpression): TypedExpression => {
  if (!isInteger(a.type) || !isInteger(b.type)) {
    throw analyzingError('DIV of numbers that are not integers is not supported.')
  }
  const type =
    a.type.kind === 'largeint' || b.type.kind === 'largeint' ? simpleType('largeint') : bigint
  return typed(`(${convertTyped(a, type).sql} // ${convertTyped(b, type).sql})`, type)
}

const modulo = (a: TypedExpression, b: TypedExpression): TypedExpression => {
  const common =
    isFloating(a.type) || isFloating(b.type) ? double : (commonType(a.type, b.type) ?? double)
  const [left, right] = [convertTyped(a, common), convertTyped(b, common)]
  return typed(castTo(`(${left.sql} % nullif(${right.sql}, 0))`, common), common)
}

const bitwise = (
  operator: '&' | '|' | '^',
  a: TypedExpression,
  b: TypedExpression,
): TypedExpression => {
  if (!isInteger(a.type) || !isInteger(b.type)) {
    throw analyzingError(`The operator ${operator} takes integers only.`)
  }
  const type = commonType(a.type, b.type) ?? bigint
  const [left, right] = [convertTyped(a, type).sql, convertTyped(b, type).sql]
  return typed(operator === '^' ? `xor(${left}, ${right})` : `(${left} ${operator} ${right})`, type)
}

/** The result has the left side's type. Bits that leave it are an error, not lost. */
const shift = (operator: '<<' | '>>', a: TypedExpression, b: TypedExpression): TypedExpression => {
  if (!isInteger(a.type) || !isInteger(b.type))
    throw analyzingError(`The operator ${operator} takes integers only.`)
  const type = a.type
  const left = convertTyped(a, type).sql
  return typed(castTo(`(${left} ${operator} ${convertTyped(b, type).sql})`, type), type)
}

export const negate = (value: TypedExpression): TypedExpression => {
  if (value.literal?.kind === 'number') {
    const text = value.literal.text.startsWith('-')
      ? value.literal.text.slice(1)
      : `-${value.literal.text}`
    const type = value.type
    return {
      sql: castTo(type.kind === 'largeint' ? `'${text}'` : text, type),
      type,
      literal: { kind: 'number', text },
    }
  }
  return arithmetic('*', value, {
    sql: 'CAST(-1 AS TINYINT)',
    type: simpleType('tinyint'),
    literal: { kind: 'number', text: '-1' },
  })
}
