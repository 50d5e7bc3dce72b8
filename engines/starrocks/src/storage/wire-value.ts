/**
 * StarRocks' values on the wire: what a column announces, and each value in StarRocks' text form.
 * DECIMAL and LARGEINT travel as text because no number of JavaScript holds them.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api'
import { DuckDBBlobValue } from '@duckdb/node-api'
import type { QueryColumn } from '../sql/bound.ts'
import type { SqlType } from '../sql/type.ts'
import { typeText } from '../sql/type-text.ts'
import type { Column, WireType, WireValue } from '../session.ts'
import { spacedJson } from './json-text.ts'
import { dateText, decimalText, nestedText, timestampText } from './value-text.ts'

const wireTypes: Readonly<Record<SqlType['kind'], WireType>> = {
  null: 'null',
  boolean: 'tiny',
  tinyint: 'tiny',
  smallint: 'short',
  int: 'long',
  bigint: 'longlong',
  largeint: 'string',
  float: 'float',
  double: 'double',
  decimal: 'newdecimal',
  date: 'date',
  datetime: 'datetime',
  time: 'double',
  char: 'string',
  varchar: 'var_string',
  varbinary: 'blob',
  json: 'json',
  bitmap: 'null',
  hll: 'null',
  percentile: 'null',
  array: 'string',
  map: 'string',
  struct: 'string',
}

/** Display widths as MySQL defines them; text counts four bytes per character at most. */
const displayLengths: Partial<Record<SqlType['kind'], number>> = {
  boolean: 1,
  tinyint: 4,
  smallint: 6,
  int: 11,
  bigint: 20,
  largeint: 40,
  float: 12,
  double: 22,
  date: 10,
  datetime: 26,
}

const ANY_LENGTH = 1_048_576

export function columnOf(output: QueryColumn): Column {
  const { type } = output
  return {
    name: output.name,
    type: wireTypes[type.kind],
    typeText: isText(type) ? 'varchar' : typeText(type),
    table: output.table,
    database: output.database,
    length: lengthOf(type),
    decimals: decimalsOf(type),
    nullable: true,
  }
}

/** How long a computed text may be is no part of its type. */
const isText = ({ kind }: SqlType): boolean => kind === 'char' || kind === 'varchar'

/** MySQL's NOT_FIXED_DEC: a client that formats by `decimals` must not cut what a FLOAT holds. */
const ANY_DECIMALS = 31
const MICROSECOND_DIGITS = 6

function decimalsOf(type: SqlType): number {
  if (type.kind === 'decimal') return type.scale
  if (type.kind === 'float' || type.kind === 'double' || type.kind === 'time') return ANY_DECIMALS
  return type.kind === 'datetime' ? MICROSECOND_DIGITS : 0
}

function lengthOf(type: SqlType): number {
  if (type.kind === 'decimal') return type.precision + 2
  return 'length' in type ? type.length : (displayLengths[type.kind] ?? ANY_LENGTH)
}

type Rows = readonly (readonly WireValue[])[]

/** Rows of one chunk. */
export function rowsOf(chunk: DuckDBDataChunk, columns: readonly QueryColumn[]): Rows {
  const conversion = conversionOf(chunk, columns)
  for (;;) {
    const { done, value } = conversion.next()
    if (done) return value
  }
}

/** The same; others have their turns between: a chunk may have thousands of columns, or long lists in each of its rows. */
export async function rowsInTurns(
  chunk: DuckDBDataChunk,
  columns: readonly QueryColumn[],
): Promise<Rows> {
  const conversion = conversionOf(chunk, columns)
  for (;;) {
    const { done, value } = conversion.next()
    if (done) return value
    await nextTurn()
  }
}

/** How long others wait, */
const TURN_MS = 10
/** looked at after so many values: a text may have megabytes. */
const VALUES_MAX = 64

/** Pauses when it has taken a turn's time. Converters are chosen per column once, not per value. */
function* conversionOf(
  chunk: DuckDBDataChunk,
  columns: readonly QueryColumn[],
): Generator<void, Rows> {
  let dueMs = performance.now() + TURN_MS
  const rows: WireValue[][] = Array.from({ length: chunk.rowCount }, () =>
    Array.from<WireValue>({ length: columns.length }).fill(null),
  )
  let values = 0
  for (const [index, column] of columns.entries()) {
    const convert = converterOf(column.type)
    const most = isNested(column.type) ? 1 : VALUES_MAX
    const vector = chunk.getColumnVector(index)
    for (const [at, row] of rows.entries()) {
      const value = vector.getItem(at)
      if (value !== null) row[index] = convert(value)
      values += 1
      if (values < most) continue
      values = 0
      if (performance.now() < dueMs) continue
      yield
      dueMs = performance.now() + TURN_MS
    }
  }
  return rows
}

const isNested = (type: SqlType): type is Extract<SqlType, { kind: 'array' | 'map' | 'struct' }> =>
  type.kind === 'array' || type.kind === 'map' || type.kind === 'struct'

type Converter = (value: DuckDBValue) => WireValue

/** Chosen by the declared type, but each looks at the value too: a column of NULLs may come as any type. */
function converterOf(type: SqlType): Converter {
  if (type.kind === 'decimal') return (value) => decimalText(value, type.scale)
  if (isNested(type)) {
    return (value) => nestedText(value, type)
  }
  return converters[type.kind]
}

function numberValue(value: DuckDBValue): WireValue {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return textValue(value)
}

function textValue(value: DuckDBValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  return String(value)
}

function bytesValue(value: DuckDBValue): WireValue {
  return value instanceof DuckDBBlobValue ? value.bytes : textValue(value)
}

/** StarRocks sends NULL for the aggregate state types: their bytes mean nothing to a client. */
const nothing: Converter = () => null

const converters: Readonly<
  Record<Exclude<SqlType['kind'], 'decimal' | 'array' | 'map' | 'struct'>, Converter>
> = {
  null: numberValue,
  boolean: numberValue,
  tinyint: numberValue,
  smallint: numberValue,
  int: numberValue,
  bigint: numberValue,
  float: numberValue,
  double: numberValue,
  time: numberValue,
  largeint: textValue,
  char: textValue,
  varchar: textValue,
  date: dateText,
  datetime: timestampText,
  json: (value) => spacedJson(String(value)),
  varbinary: bytesValue,
  bitmap: nothing,
  hll: nothing,
  percentile: nothing,
}
