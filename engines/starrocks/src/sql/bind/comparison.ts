/**
 * Comparisons between values of different types. StarRocks 3.3 compares an exact number with a string as
 * DECIMAL under `=` (session variable cbo_eq_base_type) and as DOUBLE otherwise; dates meet strings as DATETIME.
 */
import type { Bound } from '../bound.ts'
import { callNode, constant } from '../bound.ts'
import { commonType, isDate, isInteger, isNumeric, isString } from '../common-type.ts'
import { canonical, nestedComparison, withSortedMaps } from '../emit/nested-comparison.ts'
import { nativeCall } from '../emit/native.ts'
import type { ComparisonOperator } from '../emit/nested-comparison.ts'
import { onceBoth, quote } from '../emit/text.ts'
import { hasMap } from '../map-key.ts'
import { analyzingError } from '../sql-error.ts'
import { maxDecimalPrecision, printType, simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { convertible, convertTo } from './conversion.ts'

const boolean = simpleType('boolean')
const json = simpleType('json')

const duckOperators: Readonly<Record<ComparisonOperator, string>> = {
  '=': '=',
  '<=>': 'IS NOT DISTINCT FROM',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

export const compare = (operator: ComparisonOperator, a: Bound, b: Bound): Bound => {
  const special = compareNested(operator, a, b) ?? compareJson(operator, a, b)
  if (special !== undefined) return special
  const [left, right] = [beside(a, b), beside(b, a)]
  const type = comparisonType(left, right, ['=', '!=', '<=>'].includes(operator))
  return comparison(left, right, type, (x, y) => `(${x} ${duckOperators[operator]} ${y})`)
}

/** The beginning of a day is compared with a DATE as that day, by which DuckDB skips what it need not read. */
const beside = (value: Bound, other: Bound): Bound =>
  'day' in value && value.day !== undefined && other.type.kind === 'date'
    ? convertTo(
        { ...constant(quote(value.day), stringType), literal: { kind: 'string', text: value.day } },
        other.type,
      )
    : value

const comparison = (
  a: Bound,
  b: Bound,
  type: SqlType,
  write: (a: string, b: string) => string,
): Bound =>
  callNode(boolean, [convertTo(a, type), convertTo(b, type)], ([x = '', y = '']) => write(x, y))

/** Undefined where StarRocks refuses, or where its rule is not known here. */
const compareNested = (operator: ComparisonOperator, a: Bound, b: Bound): Bound | undefined => {
  const type = meetingNested(a.type, b.type)
  const write = type && nestedComparison(operator, type)
  return type && write && comparison(a, b, type, write)
}

export const isNested = ({ kind }: SqlType): boolean =>
  kind === 'array' || kind === 'map' || kind === 'struct'

const meetingNested = (a: SqlType, b: SqlType): SqlType | undefined => {
  if (!isNested(a) || a.kind !== b.kind) return undefined
  const type = commonType(a, b)
  return type !== undefined && isComparable(type) ? type : undefined
}

/** Whether values of the type can be distinguished: not JSON and sketches. */
export const isComparable = (type: SqlType): boolean => {
  if (type.kind === 'array') return isComparable(type.element)
  if (type.kind === 'map') return isComparable(type.key) && isComparable(type.value)
  if (type.kind === 'struct') return type.fields.every((field) => isComparable(field.type))
  return !['json', 'bitmap', 'hll', 'percentile'].includes(type.kind)
}

/** Beside a JSON value anything becomes one. */
const compareJson = (operator: ComparisonOperator, a: Bound, b: Bound): Bound | undefined => {
  if (!isJson(a) && !isJson(b)) return undefined
  if (!convertible(a, json) || !convertible(b, json)) return undefined
  const compared = (x: string, y: string): string =>
    nativeCall('native_json_compare', ...[x, y].map((side) => `encode(CAST(${side} AS VARCHAR))`))
  if (operator !== '<=>')
    return comparison(a, b, json, (x, y) => `(${compared(x, y)} ${duckOperators[operator]} 0)`)
  return comparison(a, b, json, (x, y) =>
    onceBoth(
      x,
      y,
      (one, other) =>
        `CASE WHEN ${one} IS NULL OR ${other} IS NULL THEN ${one} IS NULL AND ${other} IS NULL ELSE ${compared(one, other)} = 0 END`,
    ),
  )
}

export const isJson = ({ type }: Bound): boolean => type.kind === 'json'

/** What two sides of a join are matched by: both as they are hashed. */
export const matchingKeys = (a: Bound, b: Bound): readonly [Bound, Bound] => {
  const nested = meetingNested(a.type, b.type)
  const type = nested ?? comparisonType(a, b, true)
  const key = (side: Bound): Bound => {
    const value = convertTo(side, type)
    return nested ? callNode(type, [value], ([x = '']) => canonical(x, type)) : value
  }
  return [key(a), key(b)]
}

/** Whether GROUP BY and DISTINCT take such values. */
export const isGroupable = (type: SqlType): boolean => {
  if (type.kind === 'array') return isGroupable(type.element)
  if (type.kind === 'map') return isGroupable(type.key) && isGroupable(type.value)
  if (type.kind === 'struct') return type.fields.every((field) => isGroupable(field.type))
  return type.kind !== 'varbinary' && isComparable(type)
}

/** The value by which GROUP BY and DISTINCT compare rows, and which they keep. */
export const groupingValue = (value: Bound): Bound =>
  hasMap(value.type)
    ? callNode(value.type, [value], ([x = '']) => withSortedMaps(x, value.type))
    : value

/** The type both sides are converted to. */
export const comparisonType = (a: Bound, b: Bound, equality: boolean): SqlType => {
  const type = findMeetingType(a, b, equality)
  if (type === undefined) {
    throw analyzingError(
      `Values of type ${printType(a.type)} and ${printType(b.type)} cannot be compared.`,
    )
  }
  return type
}

/** Nested values are compared as such, the others not at all. */
const incomparable: ReadonlySet<SqlType['kind']> = new Set([
  'json',
  'bitmap',
  'hll',
  'percentile',
  'map',
  'array',
  'struct',
])

const findMeetingType = (a: Bound, b: Bound, equality: boolean): SqlType | undefined => {
  if (a.type.kind === 'null' || b.type.kind === 'null') {
    const type = a.type.kind === 'null' ? b.type : a.type
    return type.kind === 'null' ? boolean : type
  }
  if (incomparable.has(a.type.kind) || incomparable.has(b.type.kind)) return undefined
  if (a.type.kind !== b.type.kind && [a.type.kind, b.type.kind].includes('time'))
    return simpleType('double')
  if (isString(a.type) && isString(b.type)) return stringType
  if (isString(a.type)) return withString(b, a, equality)
  if (isString(b.type)) return withString(a, b, equality)
  // A date beside a number is one, too: its digits, those of the time of day among them.
  if (isDate(a.type) !== isDate(b.type)) return simpleType('double')
  return commonType(a.type, b.type)
}

const withString = (value: Bound, text: Bound, equality: boolean): SqlType | undefined => {
  if (isDate(value.type)) {
    // Beside a DATE a literal is one, too: its time of day is dropped.
    return text.literal?.kind === 'string' ? value.type : simpleType('datetime')
  }
  if (value.type.kind === 'boolean') return simpleType('double')
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
const isCanonicalInteger = (text: Bound): boolean =>
  text.literal?.kind === 'string' && /^(?:0|-?[1-9]\d{0,17})$/.test(text.literal.text)
