/**
 * Arithmetic on numbers whose result has the given type. A zero divisor gives NULL. BIGINT and LARGEINT wrap around and a decimal beyond 38
 * digits is NULL, as in StarRocks.
 */
import type { Operand } from '../bound.ts'
import { asDecimal } from '../common-type.ts'
import { duckType, maxDecimalPrecision, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { convertTyped } from './convert.ts'
import { checkedOverflow } from './strictness.ts'
import { boundBoth, castTo, isPlainSql, onceBoth, wrapped } from './text.ts'
import { wrappingWide } from './wide-arithmetic.ts'

export type ArithmeticOperator = '+' | '-' | '*' | '/' | 'div' | '%' | '&' | '|' | '^' | '<<' | '>>'

const bigint = simpleType('bigint')
const wide = simpleType('largeint')

export const arithmeticSql = (
  operator: ArithmeticOperator,
  a: Operand,
  b: Operand,
  type: SqlType,
): string => {
  const [left, right] = [() => convertTyped(a, type).sql, () => convertTyped(b, type).sql]
  switch (operator) {
    case '&':
    case '|':
      return `(${left()} ${operator} ${right()})`
    case '^':
      return `xor(${left()}, ${right()})`
    case '<<':
    case '>>':
      return castTo(`(${left()} ${operator} ${right()})`, type)
    case 'div':
      return integerDivision(a, b, type)
    case '/':
      return type.kind === 'decimal'
        ? divideDecimals(a, b).sql
        : `(${left()} / nullif(${right()}, 0))`
    case '%':
      return modulo(a, b, type)
    case '+':
    case '-':
    case '*':
      return additive(operator, a, b, type)
  }
}

const binary = (a: Operand, operator: string, b: Operand, type: SqlType): string =>
  castTo(`(${convertTyped(a, type).sql} ${operator} ${convertTyped(b, type).sql})`, type)

const additive = (operator: '+' | '-' | '*', a: Operand, b: Operand, type: SqlType): string => {
  if (type.kind === 'decimal')
    return operator === '*' ? multiplyDecimals(a, b, type) : addDecimals(operator, a, b, type)
  // Only a sum of BIGINT is no wider than its sides.
  const wraps = type.kind === 'bigint' && (a.type.kind === 'bigint' || b.type.kind === 'bigint')
  if (type.kind === 'largeint')
    return wrappingWide(operator, convertTyped(a, wide).sql, convertTyped(b, wide).sql)
  return wraps ? wrapping(operator, a, b) : binary(a, operator, b, type)
}

/** BIGINT in 128 bits, which hold the sum and the product of any two; only where 64 do not, as far as DuckDB can try them. */
const wrapping = (operator: string, a: Operand, b: Operand): string => {
  const whole = wrapped(`(${convertTyped(a, wide).sql} ${operator} ${convertTyped(b, wide).sql})`)
  const [left, right] = [convertTyped(a, bigint).sql, convertTyped(b, bigint).sql]
  const canTry = isPlainSql(left) && isPlainSql(right)
  return canTry ? `coalesce(TRY(${left} ${operator} ${right}), ${whole})` : whole
}

/** The decimal that holds a value of an integer or decimal type. */
const exactly = (value: Operand): Operand =>
  convertTyped(value, { kind: 'decimal', ...digitsOf(value.type) })

const digitsOf = (type: SqlType): { precision: number; scale: number } => {
  const { precision, scale } = asDecimal(type)
  return { precision, scale }
}

const addDecimals = (operator: '+' | '-', a: Operand, b: Operand, type: SqlType): string => {
  const [left, right] = [asDecimal(a.type), asDecimal(b.type)]
  const scale = Math.max(left.scale, right.scale)
  const precision = Math.max(left.precision - left.scale, right.precision - right.scale) + scale + 1
  if (precision <= maxDecimalPrecision) return binary(a, operator, b, type)
  return boundedDecimal(operator, [exactly(a), exactly(b)], type)
}

/** How far StarRocks computes: in 128 bits, a little beyond the 38 digits that it declares and DuckDB holds. */
const largestUnscaled = '1.7014118346046923e38'

const names = { '+': 'add', '-': 'sub', '*': 'mul' } as const

/**
 * Where 38 digits may not do: NULL for what does not fit 128 bits. What fits them but no 38 digits cannot be held here; that
 * is an error, for neither a number nor NULL would be the answer.
 */
const boundedDecimal = (
  operator: '+' | '-' | '*',
  [a, b]: readonly [Operand, Operand],
  type: SqlType,
): string => {
  const scale = type.kind === 'decimal' ? type.scale : 0
  return boundBoth(a.sql, b.sql, (left, right) => {
    const side = (sql: string) => (operator === '*' ? sql : castTo(sql, type))
    const value = `TRY(CAST(${side(left)} ${operator} ${side(right)} AS ${duckType(type)}))`
    const near = `abs(CAST(${left} AS DOUBLE) ${operator} CAST(${right} AS DOUBLE)) < ${largestUnscaled} / 1e${scale}`
    const held = `coalesce(${value}, CASE WHEN ${near} THEN error('A decimal of more than 38 digits is not supported by this engine') END)`
    return checkedOverflow(held, names[operator], `${left} IS NOT NULL AND ${right} IS NOT NULL`)
  })
}

const multiplyDecimals = (a: Operand, b: Operand, type: SqlType): string => {
  const left = asDecimal(a.type)
  const precision = left.precision + asDecimal(b.type).precision
  const factors = [exactly(a), exactly(b)] as const
  if (precision > maxDecimalPrecision) return boundedDecimal('*', factors, type)
  // DuckDB keeps the product of two decimals of 64 bits in 64 bits; of more in 128.
  const roomy: SqlType = {
    kind: 'decimal',
    precision: Math.max(left.precision, 19),
    scale: left.scale,
  }
  const first = precision > 18 ? castTo(factors[0].sql, roomy) : factors[0].sql
  return castTo(`(${first} * ${factors[1].sql})`, type)
}

/** What DuckDB holds in 64 bits. */
const narrowDigits = 18

/** Longer ones are not worth being written again. */
const narrowLength = 1024

/**
 * The sum, difference or product of two decimals in 64 bits, as DuckDB computes it when both sides have no more: NULL where they do
 * not hold it. Undefined where a side has more, or is more than columns and literals.
 */
export const narrowSql = (
  operator: '+' | '-' | '*',
  a: Operand,
  b: Operand,
  type: Extract<SqlType, { kind: 'decimal' }>,
): string | undefined => {
  if (type.scale >= narrowDigits) return undefined
  const left = narrowSide(a)
  const right = left === undefined ? undefined : narrowSide(b)
  if (left === undefined || right === undefined) return undefined
  // Each operation by itself: DuckDB computes what several expressions share outside of their TRY.
  const sql = `TRY((${left} ${operator} ${right}))`
  return sql.length > narrowLength ? undefined : sql
}

/** A product with more digits is too often more than 64 bits hold, and trying it then takes long. */
const triedScale = 6

/**
 * The value of `whole`, computed in 64 bits where those hold it: DuckDB takes several times as long for 128, and for what it does not leave
 * out of a derived table.
 */
export const narrowFirst = (
  whole: string,
  narrow: string | undefined,
  type: Extract<SqlType, { kind: 'decimal' }>,
): string =>
  narrow === undefined || type.precision <= narrowDigits || type.scale > triedScale
    ? whole
    : `${tryingFirst(narrow, type)}${whole})`

const tryingFirst = (narrow: string, type: SqlType): string =>
  `coalesce(CAST(${narrow} AS ${duckType(type)}), `

/** What of `sql` is left where its 64 bits are known not to hold it. */
export const beyond = (sql: string, narrow: string, type: SqlType): string => {
  const first = tryingFirst(narrow, type)
  return sql.startsWith(first) ? sql.slice(first.length, -1) : sql
}

const narrowSide = (side: Operand): string | undefined => {
  if (side.narrow !== undefined) return side.narrow()
  const { sql, type } = exactly(side)
  return type.kind === 'decimal' && type.precision <= narrowDigits && isPlainSql(sql)
    ? sql
    : undefined
}

/** StarRocks: six digits more than the dividend has, at least twelve at most, 38 digits in all. */
export const quotientType = (dividend: SqlType): Extract<SqlType, { kind: 'decimal' }> => {
  const { scale } = asDecimal(dividend)
  return {
    kind: 'decimal',
    precision: maxDecimalPrecision,
    scale: scale <= 6 ? scale + 6 : Math.max(scale, 12),
  }
}

/** Exact, on integers of 128 bits; rounds half away from zero. NULL where StarRocks' dividend does not fit them. */
export const divideDecimals = (a: Operand, b: Operand): Operand => {
  const [left, right] = [asDecimal(a.type), asDecimal(b.type)]
  const type = quotientType(a.type)
  const { scale } = type
  const shiftBy = scale + right.scale - left.scale
  const numerator = unscaled(exactly(a))
  const denominator = unscaled(exactly(b))
  const shifted = (n: string) => (shiftBy === 0 ? n : `TRY(${n} * ${power(shiftBy)})`)
  const quotient = boundBoth(numerator, denominator, (n, d) =>
    onceBoth(shifted(n), `nullif(${d}, 0)`, (dividend, divisor) => {
      const rest = `abs(${dividend} % ${divisor})`
      return `(${dividend} // ${divisor} + CASE WHEN ${rest} >= abs(${divisor}) - ${rest} THEN sign(${dividend}) * sign(${divisor}) ELSE 0 END)`
    }),
  )
  const known = `${a.sql} IS NOT NULL AND ${b.sql} <> 0`
  return { sql: checkedOverflow(castTo(scaled(quotient, scale), type), 'div', known), type }
}

const power = (scale: number): string => `CAST('1${'0'.repeat(scale)}' AS HUGEINT)`

/** A decimal as an integer that counts units of 10^-scale. By its text where multiplying could overflow. */
const unscaled = (value: Operand): string => {
  const { precision, scale } = asDecimal(value.type)
  if (scale === 0) return `CAST(${value.sql} AS HUGEINT)`
  return precision + scale > maxDecimalPrecision
    ? `CAST(replace(CAST(${value.sql} AS VARCHAR), '.', '') AS HUGEINT)`
    : `CAST(CAST(${value.sql} AS DECIMAL(38,${scale})) * CAST('1${'0'.repeat(scale)}' AS DECIMAL(38,0)) AS HUGEINT)`
}

/** The way back; NULL when it has more than 38 digits. Behind the point there is no digit more than the type has. */
const scaled = (sql: string, scale: number): string =>
  `TRY_CAST(${sql} AS DECIMAL(38,0)) * CAST('0.${'0'.repeat(scale - 1)}1' AS DECIMAL(${scale},${scale}))`

/** Digits of a dividend that 64 bits hold twice, with the shift of the quotient. */
const shortDigits = 18

/**
 * A sum by the number of its values, which is NULL where there are none; rounded, and NULL, as by `divideDecimals`. In 64 bits where they hold
 * it: DuckDB takes thirty times as long to divide in 128. Both are written several times: aggregates of a group are computed once.
 */
export const averageOf = (sum: Operand, count: Operand): Operand => {
  const { scale } = asDecimal(sum.type)
  const type = quotientType(sum.type)
  const shift = type.scale - scale
  const factor = 10n ** BigInt(shift)
  const rounded = (units: string, n: string) =>
    `(${units} * ${factor} + CASE WHEN ${units} < 0 THEN -(${n} // 2) ELSE ${n} // 2 END) // ${n}`
  const whole = boundBoth(
    unscaled(exactly(sum)),
    count.sql,
    (units, n) => `TRY(${rounded(units, n)})`,
  )
  const exact = castTo(scaled(whole, type.scale), type)
  const short = shortUnits(sum, shortDigits - shift)
  // Half of a unit is added to twice as many halves, which 64 bits hold too.
  const halves = (units: string) =>
    `((${units} * ${2n * factor}) // ${count.sql} + sign(${units})) // 2`
  const near = short && castTo(scaled(`(${halves(short)})`, type.scale), type)
  const sql = near === undefined ? exact : `coalesce(${near}, ${exact})`
  return { sql: checkedOverflow(sql, 'div', `${sum.sql} IS NOT NULL`), type }
}

/** A decimal as a BIGINT that counts units of 10^-scale; NULL where it has more digits. Undefined where that takes 128 bits. */
const shortUnits = ({ sql, type }: Operand, digits: number): string | undefined => {
  const { scale } = asDecimal(type)
  if (digits + scale >= shortDigits || scale >= digits || sql.length > narrowLength)
    return undefined
  const short = `TRY_CAST(${sql} AS DECIMAL(${digits},${scale}))`
  return scale === 0
    ? `CAST(${short} AS BIGINT)`
    : `CAST(${short} * CAST('1${'0'.repeat(scale)}' AS DECIMAL(${scale + 1},0)) AS BIGINT)`
}

const integerDivision = (a: Operand, b: Operand, type: SqlType): string => {
  const [left, right] = [convertTyped(a, type), convertTyped(b, type)]
  if (!mayBeMinusOne(b) || type.kind === 'largeint')
    return castTo(`(${left.sql} // ${right.sql})`, type)
  if (type.kind === 'bigint') return wrapping('//', left, right)
  const quotient = `(CAST(${left.sql} AS BIGINT) // ${right.sql})`
  return castTo(wrappedTo(quotient, type), type)
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
const mayBeMinusOne = ({ literal }: Operand): boolean =>
  literal?.kind !== 'number' || literal.text === '-1'

const modulo = (a: Operand, b: Operand, type: SqlType): string => {
  if (type.kind === 'bigint' && mayBeMinusOne(b)) {
    const divisor = { sql: `nullif(${convertTyped(b, type).sql}, 0)`, type }
    return wrapping('%', a, divisor)
  }
  const [left, right] = [convertTyped(a, type), convertTyped(b, type)]
  // The smallest number has no remainder by -1 in its own type.
  const dividend = type.kind === 'int' ? `CAST(${left.sql} AS BIGINT)` : left.sql
  return castTo(`(${dividend} % nullif(${right.sql}, 0))`, type)
}
