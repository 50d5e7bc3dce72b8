/**
 * Comparisons between values of different types, and truth. StarRocks 3.3 compares an exact number with a string as
 * DECIMAL under `=` (session variable cbo_eq_base_type) and as DOUBLE otherwise; dates meet strings as DATETIME.
 */
import { analyzingError } from '../sql-error.ts'
import { maxDecimalPrecision, printType, simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { commonType, isDate, isInteger, isNumeric, isString } from './common-type.ts'
import { convertSql, convertTyped } from './convert.ts'
import { compareNested, joinKeys } from './nested-comparison.ts'
import { onceBoth, typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

export type ComparisonOperator = '=' | '<=>' | '!=' | '<' | '<=' | '>' | '>='

const boolean = simpleType('boolean')

const duckOperators: Readonly<Record<ComparisonOperator, string>> = {
  '=': '=',
  '<=>': 'IS NOT DISTINCT FROM',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

export const compare = (
  operator: ComparisonOperator,
  a: TypedExpression,
  b: TypedExpression,
): TypedExpression => {
  const nested = compareNested(operator, a, b) ?? compareJson(operator, a, b)
  if (nested !== undefined) return nested
  const type = meetingType(a, b, operator === '=' || operator === '!=' || operator === '<=>')
  return typed(
    `(${convertTyped(a, type).sql} ${duckOperators[operator]} ${convertTyped(b, type).sql})`,
    boolean,
  )
}

/** Beside a JSON value anything becomes one. */
const compareJson = (
  operator: ComparisonOperator,
  a: TypedExpression,
  b: TypedExpression,
): TypedExpression | undefined => {
  if (!isJson(a) && !isJson(b)) return undefined
  const sides = [a, b].map((side) => convertSql(side, simpleType('json')))
  const [left, right] = sides
  if (left === undefined || right === undefined) return undefined
  const [x, y] = [left, right].map((side) => `encode(CAST(${side} AS VARCHAR))`)
  const order = `native_json_compare(${x}, ${y})`
  if (operator !== '<=>') return typed(`(${order} ${duckOperators[operator]} 0)`, boolean)
  return typed(
    onceBoth(
      left,
      right,
      (one, other) =>
        `CASE WHEN ${one} IS NULL OR ${other} IS NULL THEN ${one} IS NULL AND ${other} IS NULL ELSE native_json_compare(encode(CAST(${one} AS VARCHAR)), encode(CAST(${other} AS VARCHAR))) = 0 END`,
    ),
    boolean,
  )
}

export const isJson = ({ type }: TypedExpression): boolean => type.kind === 'json'

/** What two sides of a join are matched by: both as they are hashed. */
export const matchingKeys = (a: TypedExpression, b: TypedExpression): readonly [string, string] => {
  const keys = joinKeys(a, b)
  if (keys !== undefined) return keys
  const type = meetingType(a, b, true)
  return [convertTyped(a, type).sql, convertTyped(b, type).sql]
}

/** The type both sides are converted to. */
export const meetingType = (a: TypedExpression, b: TypedExpression, equality: boolean): SqlType => {
  const type = findMeetingType(a, b, equality)
  if (type === undefined) {
    throw analyzingError(
      `Values of type ${printType(a.type)} and ${printType(b.type)} cannot be compared.`,
    )
  }
  return type
}

/** Nested values are compared by nested-comparison.ts, the others not at all. */
const incomparable: ReadonlySet<SqlType['kind']> = new Set([
  'json',
  'bitmap',
  'hll',
  'percentile',
  'map',
  'array',
  'struct',
])

const findMeetingType = (
  a: TypedExpression,
  b: TypedExpression,
  equality: boolean,
): SqlType | undefined => {
  if (a.type.kind === 'null' || b.type.kind === 'null') {
    const type = a.type.kind === 'null' ? b.type : a.type
    return type.kind === 'null' ? boolean : type
  }
  if (incomparable.has(a.type.kind) || incomparable.has(b.type.kind)) return undefined
  if (isString(a.type) && isString(b.type)) return stringType
  if (isString(a.type)) return withString(b, a, equality)
  if (isString(b.type)) return withString(a, b, equality)
  if (isDate(a.type) !== isDate(b.type)) return undefined
  return commonType(a.type, b.type)
}

const withString = (
  value: TypedExpression,
  text: TypedExpression,
  equality: boolean,
): SqlType | undefined => {
  if (isDate(value.type)) {
    // Beside a DATE a literal is one, too: its time of day is dropped.
    return text.literal?.kind === 'string' ? value.type : simpleType('datetime')
  }
  if (!isNumeric(value.type)) return undefined
  const exact = isInteger(value.type) || value.type.kind === 'decimal'
  if (exact && isCanonicalInteger(text))
    return isInteger(value.type)
      ? simpleType('largeint')
      : commonType(value.type, simpleType('bigint'))
  if (!equality || !exact) return simpleType('double')
  const scale = value.type.kind === 'decimal' ? value.type.scale : 0
  return { kind: 'decimal', precision: maxDecimalPrecision, scale: Math.max(scale, MEETING_SCALE) }
}

/** Digits behind the point of StarRocks' DEFAULT_DECIMAL128. */
const MEETING_SCALE = 9

/** '12' reads the same as a number and as a text, so the number is used and indexes stay usable. */
const isCanonicalInteger = (text: TypedExpression): boolean =>
  text.literal?.kind === 'string' && /^(?:0|-?[1-9]\d{0,17})$/.test(text.literal.text)

/** For IN and CASE: each value meets the operand on its own terms. */
export const equals = (a: TypedExpression, b: TypedExpression): string => compare('=', a, b).sql

/** WHERE, AND, IF: numbers are true unless zero, strings by their text. */
export const truth = (value: TypedExpression): string => {
  if (value.type.kind === 'boolean') return value.sql
  const sql = value.type.kind === 'null' ? 'CAST(NULL AS BOOLEAN)' : convertSql(value, boolean)
  if (sql === undefined)
    throw analyzingError(`A value of type ${printType(value.type)} is no condition.`)
  return sql
}
