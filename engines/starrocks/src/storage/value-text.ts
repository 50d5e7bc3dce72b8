/** Text forms of single values: dates, decimals, and StarRocks' form of arrays, maps and structs. */
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api'
import type { DuckDBValue } from '@duckdb/node-api'
import type { SqlType } from '../sql/type.ts'
import { spacedJson } from './json-text.ts'

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_DAY = 86_400_000_000n
const MILLIS_PER_DAY = 86_400_000

/** `YYYY-MM-DD`; StarRocks' dates lie between 0000-01-01 and 9999-12-31. */
export function dateText(value: DuckDBValue): string {
  if (value instanceof DuckDBDateValue) return dayText(value.days)
  if (value instanceof DuckDBTimestampValue) return timestampText(value).slice(0, 10)
  return String(value)
}

/** `YYYY-MM-DD hh:mm:ss`, with six digits of fraction when there is one. */
export function timestampText(value: DuckDBValue): string {
  if (value instanceof DuckDBDateValue) return `${dateText(value)} 00:00:00`
  if (!(value instanceof DuckDBTimestampValue)) return String(value)
  const day = floorDivide(value.micros, MICROS_PER_DAY)
  const micros = Number(value.micros - day * MICROS_PER_DAY)
  const seconds = Math.floor(micros / MICROS_PER_SECOND)
  const fraction = micros - seconds * MICROS_PER_SECOND
  const minutes = Math.floor(seconds / 60)
  const text = `${dayText(Number(day))} ${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0')}`
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value))

export function decimalText(value: DuckDBValue, scale: number): string {
  if (value instanceof DuckDBDecimalValue) return pointedText(value.value, value.scale)
  if (typeof value === 'number') return value.toFixed(scale)
  if (typeof value === 'bigint') return scale > 0 ? `${value}.${'0'.repeat(scale)}` : String(value)
  return String(value)
}

/** By its digits: dividing wide integers takes longer. */
function pointedText(units: bigint, scale: number): string {
  if (scale === 0) return units.toString()
  if (units < 0n) return `-${pointedText(-units, scale)}`
  const digits = units.toString().padStart(scale + 1, '0')
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Only the quote and the backslash are escaped. */
const escaped = (text: string, quote: '"' | "'"): string =>
  `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`

/** Of a FLOAT, whose value JavaScript holds with digits that no 32 bits have. */
const SINGLE_DIGITS_MAX = 9

/** The fewest digits that are the same number in 32 bits. */
function singleText(value: number): string {
  for (let digits = 1; digits < SINGLE_DIGITS_MAX && Number.isFinite(value); digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === value) return String(Number(text))
  }
  return String(value)
}

/** StarRocks quotes strings, dates and JSON inside nested values and leaves all else bare. */
export function nestedText(value: DuckDBValue | undefined, type: SqlType): string {
  if (value === null || value === undefined) return 'null'
  if (type.kind === 'array' && value instanceof DuckDBListValue) {
    return `[${value.items.map((item) => nestedText(item, type.element)).join(',')}]`
  }
  if (type.kind === 'map' && value instanceof DuckDBMapValue) {
    const entries = value.entries.map(
      (entry) =>
        `${nestedText(mapKeyValue(entry.key), type.key)}:${nestedText(entry.value, type.value)}`,
    )
    return `{${entries.join(',')}}`
  }
  if (type.kind === 'struct' && value instanceof DuckDBStructValue) {
    return structText(value, type.fields)
  }
  if (type.kind === 'char' || type.kind === 'varchar') return escaped(String(value), '"')
  if (type.kind === 'date') return `"${dateText(value)}"`
  if (type.kind === 'datetime') return `"${timestampText(value)}"`
  if (type.kind === 'decimal') return decimalText(value, type.scale)
  if (type.kind === 'json') return escaped(spacedJson(String(value)), "'")
  if (type.kind === 'float' && typeof value === 'number') return singleText(value)
  if (type.kind === 'boolean') return value === true ? '1' : '0'
  return String(value)
}

/** A key stands in a struct of its own (sql/type.ts). */
export const mapKeyValue = (key: DuckDBValue): DuckDBValue | undefined =>
  key instanceof DuckDBStructValue ? Object.values(key.entries)[0] : key

/** Of a field. */
export const nameText = (name: string): string => escaped(name, '"')

function structText(
  value: DuckDBStructValue,
  fields: readonly { readonly name: string; readonly type: SqlType }[],
): string {
  const values = Object.values(value.entries)
  const members = fields.map(
    (field, index) => `${nameText(field.name)}:${nestedText(values[index], field.type)}`,
  )
  return `{${members.join(',')}}`
}

/** Rows have the same days again and again. */
const DAYS_MAX = 4096
const dayTexts = new Map<number, string>()

function dayText(day: number): string {
  const known = dayTexts.get(day)
  if (known !== undefined) return known
  const date = new Date(day * MILLIS_PER_DAY)
  const year = String(date.getUTCFullYear()).padStart(4, '0')
  const text = `${year}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`
  if (dayTexts.size >= DAYS_MAX) dayTexts.clear()
  dayTexts.set(day, text)
  return text
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}
