/**
 * Arithmetic with StarRocks' result types: integers widen by one step, `/` is DOUBLE or an exact decimal, a zero divisor
 * gives NULL. BIGINT wraps around and a decimal beyond 38 digits is NULL, both as in StarRocks; an overflow of LARGEINT is
 * an error here.
 */
import type { BinaryOperator } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { duckType, maxDecimalPrecision, printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { asDecimal, commonType, isInteger, isNumeric, isString } from './common-type.ts'
import { checkedOverflow } from './strictness.ts'
import { convertTyped } from './convert.ts'
import { boundBoth, castTo, isPlainSql, once, onceBoth, typed, wrapped } from './typed.ts'
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
  if (common.kind === 'bigint') return wrapping(operator, a, b)
  return binary(a, operator, b, widened[common.kind] ?? bigint)
}

const wide = simpleType('largeint')

/** BIGINT in 128 bits, which hold the sum and the product of any two; only where 64 do not, as far as DuckDB can try them. */
const wrapping = (operator: string, a: TypedExpression, b: TypedExpression): TypedExpression => {
  const whole = wrapped(`(${convertTyped(a, wide).sql} ${operator} ${convertTyped(b, wide).sql})`)
  const [left, right] = [convertTyped(a, bigint).sql, convertTyped(b, bigint).sql]
  const canTry = isPlainSql(left) && isPlainSql(right)
  return typed(canTry ? `coalesce(TRY(${left} ${operator} ${right}), ${whole})` : whole, bigint)
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
  const type = decimalType(precision, scale)
  if (precision <= maxDecimalPrecision) return binary(a, operator, b, type)
  const sides = [convertTyped(a, digitsType(left)), convertTyped(b, digitsType(right))] as const
  return boundedDecimal(operator, sides, type)
}

const digitsType = ({ precision, scale }: { precision: number; scale: number }): SqlType => ({
  kind: 'decimal',
  precision,
  scale,
})

/** How far StarRocks computes: in 128 bits, a little beyond the 38 digits that it declares and DuckDB holds. */
const largestUnscaled = '1.7014118346046923e38'

const names = { '+': 'add', '-': 'sub', '*': 'mul' } as const

/**
 * Where 38 digits may not do: NULL for what does not fit 128 bits. What fits them but no 38 digits cannot be held here; that
 * is an error, for neither a number nor NULL would be the answer.
 */
const boundedDecimal = (
  operator: '+' | '-' | '*',
  [a, b]: readonly [TypedExpression, TypedExpression],
  type: SqlType,
): TypedExpression => {
  const scale = type.kind === 'decimal' ? type.scale : 0
  return typed(
    boundBoth(a.sql, b.sql, (left, right) => {
      const side = (sql: string) => (operator === '*' ? sql : castTo(sql, type))
      const value = `TRY(CAST(${side(left)} ${operator} ${side(right)} AS ${duckType(type)}))`
      const near = `abs(CAST(${left} AS DOUBLE) ${operator} CAST(${right} AS DOUBLE)) < ${largestUnscaled} / 1e${scale}`
      const held = `coalesce(${value}, CASE WHEN ${near} THEN error('A decimal of more than 38 digits is not supported by this engine') END)`
      return checkedOverflow(held, names[operator], `${left} IS NOT NULL AND ${right} IS NOT NULL`)
    }),
    type,
  )
}

const multiplyDecimals = (a: TypedExpression, b: TypedExpression): TypedExpression => {
  const [left, right] = [asDecimal(a.type), asDecimal(b.type)]
  const scale = left.scale + right.scale
  if (scale > maxDecimalPrecision) {
    throw analyzingError(`Return scale(${scale}) exceeds maximum value(${maxDecimalPrecision}).`)
  }
  const precision = left.precision + right.precision
  const type = decimalType(precision, scale)
  const factors = [convertTyped(a, digitsType(left)), convertTyped(b, digitsType(right))] as const
  if (precision > maxDecimalPrecision) return boundedDecimal('*', factors, type)
  // DuckDB keeps the product of two decimals of 64 bits in 64 bits; of more in 128.
  const roomy: SqlType = {
    kind: 'decimal',
    precision: Math.max(left.precision, 19),
    scale: left.scale,
  }
  const first = precision > 18 ? castTo(factors[0].sql, roomy) : factors[0].sql
  return typed(castTo(`(${first} * ${factors[1].sql})`, type), type)
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

/** Exact, on integers of 128 bits; rounds half away from zero. NULL where StarRocks' dividend does not fit them. */
export const divideDecimals = (a: TypedExpression, b: TypedExpression): TypedExpression => {
  const [left, right] = [asDecimal(a.type), asDecimal(b.type)]
  const scale = quotientScale(left.scale)
  const type = decimalType(maxDecimalPrecision, scale)
  const shiftBy = scale + right.scale - left.scale
  const numerator = unscaled(convertTyped(a, digitsType(left)))
  const denominator = unscaled(convertTyped(b, digitsType(right)))
  const shifted = (n: string) => (shiftBy === 0 ? n : `TRY(${n} * ${power(shiftBy)})`)
  const quotient = boundBoth(numerator, denominator, (n, d) =>
    onceBoth(shifted(n), `nullif(${d}, 0)`, (dividend, divisor) => {
      const rest = `abs(${dividend} % ${divisor})`
      return `(${dividend} // ${divisor} + CASE WHEN ${rest} >= abs(${divisor}) - ${rest} THEN sign(${dividend}) * sign(${divisor}) ELSE 0 END)`
    }),
  )
  const known = `${a.sql} IS NOT NULL AND ${b.sql} <> 0`
  return typed(checkedOverflow(castTo(scaled(quotient, scale), type), 'div', known), type)
}

const power = (scale: number): string => `CAST('1${'0'.repeat(scale)}' AS HUGEINT)`

/** A decimal as an integer that counts units of 10^-scale. By its text where multiplying could overflow. */
const unscaled = (value: TypedExpression): string => {
  const { precision, scale } = asDecimal(value.type)
  if (scale === 0) return `CAST(${value.sql} AS HUGEINT)`
  return precision + scale > maxDecimalPrecision
    ? `CAST(replace(CAST(${value.sql} AS VARCHAR), '.', '') AS HUGEINT)`
    : `CAST(CAST(${value.sql} AS DECIMAL(38,${scale})) * CAST('1${'0'.repeat(scale)}' AS DECIMAL(38,0)) AS HUGEINT)`
}

/** The way back; NULL when it has more than 38 digits. */
const scaled = (sql: string, scale: number): string =>
  once(
    sql,
    (units) =>
      `(TRY_CAST(${units} // ${power(scale)} AS DECIMAL(38,${scale})) + CAST(${units} % ${power(scale)} AS DECIMAL(${scale},0)) * CAST('0.${'0'.repeat(scale - 1)}1' AS DECIMAL(${scale},${scale})))`,
  )

const integerDivision = (a: TypedExpression, b: TypedExpression): TypedExpression => {
  const exact = isInteger(a.type) && isInteger(b.type)
  const type = exact ? (commonType(a.type, b.type) ?? bigint) : bigint
  const [left, right] = [convertTyped(a, type), convertTyped(b, type)]
  if (!mayBeMinusOne(b) || type.kind === 'largeint')
    return typed(castTo(`(${left.sql} // ${right.sql})`, type), type)
  if (type.kind === 'bigint') return wrapping('//', left, right)
  const quotient = `(CAST(${left.sql} AS BIGINT) // ${right.sql})`
  return typed(castTo(wrappedTo(quotient, type), type), type)
}

const bitsOf: Readonly<Partial<Record<SqlType['kind'], number>>> = {
  tinyint: 8,
  smallint: 16,
  int: 32,
  bigint: 64,
}

/** An integer of more bits cut to those of the type. */
export const wrappedTo = (sql: string, type: SqlType): string => {
  const bits = bitsOf[type.kind]
  if (bits === undefined) return sql
  const half = 2n ** BigInt(bits - 1)
  return `((CAST(${sql} AS HUGEINT) + ${half}) & ${2n * half - 1n}) - ${half}`
}

/** The one divisor at which a quotient of integers can overflow. */
const mayBeMinusOne = ({ literal }: TypedExpression): boolean =>
  literal?.kind !== 'number' || literal.text === '-1'

const modulo = (a: TypedExpression, b: TypedExpression): TypedExpression => {
  const common =
    isFloating(a.type) || isFloating(b.type) ? double : (commonType(a.type, b.type) ?? double)
  if (common.kind === 'bigint' && mayBeMinusOne(b)) {
    const divisor = typed(`nullif(${convertTyped(b, common).sql}, 0)`, common)
    return wrapping('%', a, divisor)
  }
  const [left, right] = [convertTyped(a, common), convertTyped(b, common)]
  // The smallest number has no remainder by -1 in its own type.
  const dividend = common.kind === 'int' ? `CAST(${left.sql} AS BIGINT)` : left.sql
  return typed(castTo(`(${dividend} % nullif(${right.sql}, 0))`, common), common)
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

/** The smallest integers are written with digits that are one too many without their sign. */
const negatedType = (text: string, type: SqlType): SqlType => {
  if (text === '-9223372036854775808') return bigint
  if (text === '9223372036854775808') return wide
  return text === '-170141183460469231731687303715884105728' ? wide : type
}

export const negate = (value: TypedExpression): TypedExpression => {
  if (value.literal?.kind === 'number') {
    const text = value.literal.text.startsWith('-')
      ? value.literal.text.slice(1)
      : `-${value.literal.text}`
    const type = negatedType(text, value.type)
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
