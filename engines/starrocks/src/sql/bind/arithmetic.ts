/** Arithmetic with StarRocks' result types: integers widen by one step, `/` is DOUBLE or an exact decimal. */
import type { Bound, Operand, Write } from '../bound.ts'
import { callNode, constant } from '../bound.ts'
import { asDecimal, commonType, isDate, isInteger, isNumeric, isString } from '../common-type.ts'
import { arithmeticSql, narrowFirst, narrowSql, quotientType } from '../emit/arithmetic.ts'
import type { ArithmeticOperator } from '../emit/arithmetic.ts'
import { castTo } from '../emit/text.ts'
import { analyzingError } from '../sql-error.ts'
import { maxDecimalPrecision, printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { convertTo } from './conversion.ts'

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

export const arithmetic = (operator: ArithmeticOperator, a: Bound, b: Bound): Bound => {
  const sides = [numericOperand(operator, a, b.type), numericOperand(operator, b, a.type)] as const
  const type = operationType(operator, sides[0].type, sides[1].type)
  const write: Write = (_, [left, right]) =>
    left && right ? arithmeticSql(operator, left, right, type) : ''
  if (type.kind !== 'decimal' || (operator !== '+' && operator !== '-' && operator !== '*'))
    return callNode(type, sides, write)
  const narrow = ([left, right]: readonly Operand[]) =>
    left && right && narrowSql(operator, left, right, type)
  return {
    kind: 'call',
    type,
    args: sides,
    write: (texts, values, tail) => narrowFirst(write(texts, values, tail), narrow(values), type),
    narrow,
  }
}

/** Strings, dates and times become DOUBLE, booleans and NULL integers; a date is the number of its digits, 20240102. */
const numericOperand = (operator: string, value: Bound, other: SqlType): Bound => {
  if (value.type.kind === 'null')
    return convertTo(value, isNumeric(other) ? other : simpleType('tinyint'))
  if (value.type.kind === 'boolean') return convertTo(value, simpleType('tinyint'))
  if (isString(value.type))
    return convertTo(value, ['&', '|', '^', '<<', '>>', 'div'].includes(operator) ? bigint : double)
  if (isNumeric(value.type)) return value
  if (value.type.kind === 'time' || isDate(value.type)) return convertTo(value, double)
  throw analyzingError(
    `The operator ${operator.toUpperCase()} does not take a value of type ${printType(value.type)}.`,
  )
}

const isFloating = (type: SqlType): boolean => type.kind === 'float' || type.kind === 'double'

const operationType = (operator: ArithmeticOperator, a: SqlType, b: SqlType): SqlType => {
  const floating = isFloating(a) || isFloating(b)
  const decimal = !floating && (a.kind === 'decimal' || b.kind === 'decimal')
  const common = commonType(a, b)
  switch (operator) {
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>':
      if (!isInteger(a) || !isInteger(b))
        throw analyzingError(`The operator ${operator} takes integers only.`)
      // Shifted, a value keeps its type: bits that leave it are an error, not lost.
      return operator === '<<' || operator === '>>' ? a : (common ?? bigint)
    case 'div':
      return isInteger(a) && isInteger(b) ? (common ?? bigint) : bigint
    case '/':
      return decimal ? quotientType(a) : double
    case '%':
      return floating ? double : (common ?? double)
    case '*':
      if (decimal) return productType(a, b)
      break
    case '+':
    case '-':
      if (decimal) return sumType(a, b)
      break
  }
  return floating ? double : (widened[common?.kind ?? 'bigint'] ?? bigint)
}

const decimalType = (precision: number, scale: number): SqlType => ({
  kind: 'decimal',
  precision: Math.min(precision, maxDecimalPrecision),
  scale,
})

const sumType = (a: SqlType, b: SqlType): SqlType => {
  const [left, right] = [asDecimal(a), asDecimal(b)]
  const scale = Math.max(left.scale, right.scale)
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale)
  return decimalType(whole + scale + 1, scale)
}

const productType = (a: SqlType, b: SqlType): SqlType => {
  const [left, right] = [asDecimal(a), asDecimal(b)]
  const scale = left.scale + right.scale
  if (scale > maxDecimalPrecision)
    throw analyzingError(`Return scale(${scale}) exceeds maximum value(${maxDecimalPrecision}).`)
  return decimalType(left.precision + right.precision, scale)
}

/** The smallest integers are written with digits that are one too many without their sign. */
const negatedType = (text: string, type: SqlType): SqlType => {
  if (text === '-9223372036854775808') return bigint
  if (text === '9223372036854775808') return simpleType('largeint')
  return text === '-170141183460469231731687303715884105728' ? simpleType('largeint') : type
}

const minusOne: Bound = {
  ...constant('CAST(-1 AS TINYINT)', simpleType('tinyint')),
  literal: { kind: 'number', text: '-1' },
  notNull: true,
}

export const negate = (value: Bound): Bound => {
  if (value.literal?.kind !== 'number') return arithmetic('*', value, minusOne)
  const written = value.literal.text
  const text = written.startsWith('-') ? written.slice(1) : `-${written}`
  const type = negatedType(text, value.type)
  return {
    ...constant(castTo(type.kind === 'largeint' ? `'${text}'` : text, type), type),
    literal: { kind: 'number', text },
    notNull: true,
  }
}
