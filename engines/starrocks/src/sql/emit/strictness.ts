/**
 * sql_mode ALLOW_THROW_EXCEPTION and ERROR_IF_OVERFLOW: what a conversion loses, or a decimal that outgrows its digits, is an error instead
 * of NULL. A statement is written without a pause, so one mode holds at a time, and no conversion needs it as a parameter.
 * reference: StarRocks' cast_expr.cpp and decimal_cast_expr.h, whose words the errors have.
 */
import { printType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { isDate, isInteger, isNumeric, isString } from '../common-type.ts'
import { quote } from './text.ts'

interface Strictness {
  /** Conversions. */
  readonly casts: boolean
  /** Decimals, in conversions of numbers and in arithmetic. */
  readonly overflow: boolean
}

const LENIENT: Strictness = { casts: false, overflow: false }

let current = LENIENT

/** `modes` is the value of sql_mode. */
export const writeStrictly = <T>(modes: string, write: () => T): T => {
  const before = current
  current = {
    casts: modes.includes('ALLOW_THROW_EXCEPTION'),
    overflow: modes.includes('ERROR_IF_OVERFLOW'),
  }
  try {
    return write()
  } finally {
    current = before
  }
}

/** A conversion of `value`, whose NULL is an error where the value is none. */
export const checkedConversion = (
  value: string,
  converted: string,
  from: SqlType,
  to: SqlType,
): string => {
  const text = lossText(value, from, to)
  return text === undefined ? converted : failing(converted, `${value} IS NOT NULL`, text)
}

const lossText = (value: string, from: SqlType, to: SqlType): string | undefined => {
  if (current.overflow && to.kind === 'decimal' && isNumeric(from))
    return quote(
      `The type cast from ${from.kind === 'decimal' ? 'decimal' : 'other types'} to decimal overflows`,
    )
  if (!current.casts || !isPlain(from) || !isPlain(to) || isString(to)) return undefined
  const written = `CAST(${value} AS VARCHAR)`
  if (isNumeric(from) && isInteger(to))
    return `${written} || ${quote(` conflict with range of ${printType(to)}`)}`
  const names = [from, to].map((type) => quote(printType(type).replace(/\(.*/, '').toUpperCase()))
  return `'cast from ' || ${names[0]} || '(' || ${written} || ') to ' || ${names[1]} || ' failed'`
}

const isPlain = (type: SqlType): boolean =>
  isNumeric(type) || isString(type) || isDate(type) || type.kind === 'boolean'

/** The result of an operation on decimals, which is NULL where it overflows though both sides are there. */
export const checkedOverflow = (
  result: string,
  operation: 'add' | 'sub' | 'mul' | 'div',
  known: string,
): string =>
  current.overflow
    ? failing(
        result,
        known,
        quote(`The '${operation}' operation involving decimal values overflows`),
      )
    : result

/** Behind the WHENs of what a map without a NULL key becomes. reference: StarRocks 3.3.7, test_to_json */
export const ofNullKey = (): string =>
  current.casts ? ` ELSE error('key of Map should not be null')` : ''

const failing = (result: string, condition: string, text: string): string =>
  `coalesce(${result}, CASE WHEN ${condition} THEN error('Expr evaluate meet error: ' || ${text}) END)`
