/** Values at the edges of partitions: one text form per type, their order, and the step from one to the next. */
import { SqlError } from '../session.ts'
import type { PartitionValue } from '../sql/ast-definition.ts'
import type { SqlType } from '../sql/type.ts'
import { duckType } from '../sql/type.ts'
import type { PartitionBound } from './catalog.ts'
import { literal } from '../sql/quote.ts'

const integers: readonly string[] = ['tinyint', 'smallint', 'int', 'bigint', 'largeint']

const isInteger = (type: SqlType): boolean => integers.includes(type.kind)

/** Types that a range may be made of (StarRocks: integers, DATE, DATETIME; strings by way of str2date only). */
export const isRangeType = (type: SqlType): boolean =>
  isInteger(type) || type.kind === 'date' || type.kind === 'datetime'

/** Types that a list may be made of. */
export const isListType = (type: SqlType): boolean =>
  isRangeType(type) || ['char', 'varchar', 'boolean'].includes(type.kind)

/** The value's one spelling for its type; throws for a text that is no such value. */
export function normalValue(text: string, type: SqlType): string {
  const refused = () =>
    new SqlError(
      `Getting analyzing error. Detail message: Invalid partition value '${text}' for a column of type ${type.kind}.`,
    )
  if (isInteger(type)) {
    if (!/^\s*-?\d{1,39}\s*$/.test(text)) throw refused()
    return String(BigInt(text.trim()))
  }
  if (type.kind === 'date' || type.kind === 'datetime') {
    const millis = millisOf(text)
    if (millis === undefined) throw refused()
    return momentOf(millis, type)
  }
  return text
}

const EXACT_LENGTH = 16

export function compareValues(a: string, b: string, type: SqlType): number {
  if (isInteger(type)) {
    // What a double holds is compared in a tenth of the time: a table may have many thousands of partitions.
    const number = a.length < EXACT_LENGTH && b.length < EXACT_LENGTH ? Number : BigInt
    const [left, right] = [number(a), number(b)]
    return left < right ? -1 : Number(left > right)
  }
  if (type.kind === 'date' || type.kind === 'datetime') return a < b ? -1 : Number(a > b)
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Order of bounds, column by column; MAXVALUE is above everything, an absent lower bound below everything. */
export function compareBounds(
  a: PartitionBound | undefined,
  b: PartitionBound | undefined,
  types: readonly SqlType[],
): number {
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined)
  for (const [index, type] of types.entries()) {
    const left = a[index]
    const right = b[index]
    if (!left || !right) return Number(left !== undefined) - Number(right !== undefined)
    const order =
      left.kind === 'max' || right.kind === 'max'
        ? Number(left.kind === 'max') - Number(right.kind === 'max')
        : compareValues(left.text, right.text, type)
    if (order !== 0) return order
  }
  return 0
}

export function normalBound(
  values: readonly PartitionValue[],
  types: readonly SqlType[],
): PartitionBound {
  if (values.length > types.length) {
    throw new SqlError('Partition values number is more than partition column number')
  }
  return values.map((value, index) =>
    value.kind === 'max'
      ? value
      : { kind: 'value', text: normalValue(value.text, types[index] ?? { kind: 'null' }) },
  )
}

const smallest: Readonly<Partial<Record<SqlType['kind'], string>>> = {
  tinyint: '-128',
  smallint: '-32768',
  int: '-2147483648',
  bigint: '-9223372036854775808',
  largeint: '-170141183460469231731687303715884105728',
  date: '0000-01-01',
  datetime: '0000-01-01 00:00:00',
}

/** How StarRocks writes the beginning of all values; undefined for types that have no smallest one. */
export function firstBound(types: readonly SqlType[]): PartitionBound | undefined {
  const texts = types.map((type) => smallest[type.kind])
  return texts.every((text) => text !== undefined)
    ? texts.map((text) => ({ kind: 'value', text }))
    : undefined
}

export const valueSql = (text: string, type: SqlType): string =>
  `CAST(${literal(text)} AS ${duckType(type)})`

export type StepUnit = 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'minute' | 'second'

const STEP_MS: Partial<Record<StepUnit, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

/** The value `count` units further on. */
export function stepValue(text: string, type: SqlType, count: number, unit?: string): string {
  if (isInteger(type)) return String(BigInt(text) + BigInt(count))
  const millis = millisOf(text) ?? 0
  const step = STEP_MS[unit as StepUnit]
  if (step !== undefined) return momentOf(millis + count * step, type)
  const months = { month: 1, quarter: 3, year: 12 }[unit as string]
  if (months === undefined) throw new SqlError(`Unsupported partition interval unit '${unit}'`)
  const date = new Date(millis)
  date.setUTCMonth(date.getUTCMonth() + count * months)
  return momentOf(date.getTime(), type)
}

/** Where the unit of a moment begins. Of months and years the time of day stays, as StarRocks leaves it. */
export function beginningOf(text: string, type: SqlType, unit: string): string {
  const date = new Date(millisOf(text) ?? 0)
  if (unit === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  if (unit === 'month') date.setUTCDate(1)
  if (unit === 'year') date.setUTCMonth(0, 1)
  if (unit === 'day') date.setUTCHours(0, 0, 0)
  if (unit === 'hour') date.setUTCMinutes(0, 0)
  if (unit === 'minute') date.setUTCSeconds(0)
  return momentOf(date.getTime(), type)
}

/** StarRocks' names of partitions that it makes itself: p2024, p202401, p20240102, p2024010203. */
export function momentName(text: string, unit: string): string {
  const digits = text.replaceAll(/\D/g, '').padEnd(14, '0')
  const lengths: Readonly<Record<string, number>> = {
    year: 4,
    quarter: 6,
    month: 6,
    week: 8,
    day: 8,
    hour: 10,
    minute: 12,
    second: 14,
  }
  return `p${digits.slice(0, lengths[unit] ?? 14)}`
}

function millisOf(text: string): number | undefined {
  const match =
    /^\s*(\d{4})-?(\d{1,2})-?(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d{1,6})?)?)?\s*$/.exec(
      text,
    )
  if (!match) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24
  return real && minute < 60 && second < 60 ? date.getTime() : undefined
}

function momentOf(millis: number, type: SqlType): string {
  const date = new Date(millis)
  const iso = date.toISOString()
  const year = date.getUTCFullYear()
  if (year < 0 || year > 9999) throw new SqlError('A partition value is outside of years 0 to 9999')
  return type.kind === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
}
