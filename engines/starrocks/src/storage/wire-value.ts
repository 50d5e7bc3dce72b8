/**
 * StarRocks' values on the wire: what a column announces, and each value in StarRocks' text form.
 * DECIMAL and LARGEINT travel as text because no number of JavaScript holds them.
 */
import type { DuckDBDataChunk, DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import { DuckDBBlobValue } from '@duckdb/node-api'
import { beginTurn } from '../../../../src/kernel/turn.ts'
import type { QueryColumn } from '../sql/bound.ts'
import type { SqlType } from '../sql/type.ts'
import { typeText } from '../sql/type-text.ts'
import type { Column, WireType, WireValue } from '../session.ts'
import { spacedJsonInPieces } from './json-text.ts'
import { nestedTextInPieces } from './nested-piece.ts'
import { dateText, decimalText, timestampText } from './value-text.ts'

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
  time: 'time',
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
  if (type.kind === 'float' || type.kind === 'double') return ANY_DECIMALS
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
  const turn = beginTurn()
  for (;;) {
    const { done, value } = conversion.next()
    if (done) return value
    if (turn.isOver()) await turn.next()
  }
}

/** Whether a turn is over is looked at after so many characters, of which each value counts some; */
const LOOK_CHARACTERS = 65_536
const VALUE_CHARACTERS = 1024
/** after so many that are only put into their rows. */
const ROWS_MAX = 4096

/** Yields where others may have their turns. Converters are chosen per column once, not per value. */
function* conversionOf(
  chunk: DuckDBDataChunk,
  columns: readonly QueryColumn[],
): Generator<void, Rows> {
  const { rowCount } = chunk
  const converted: WireValue[][] = []
  let characters = 0
  for (const [index, { type }] of columns.entries()) {
    const vector = chunk.getColumnVector(index)
    const convert = converterOf(type)
    const list: WireValue[] = []
    converted.push(list)
    for (let at = 0; at < rowCount; at++) {
      const value = convert ? valueAt(vector, at, convert) : yield* valueInPieces(vector, at, type)
      list.push(value)
      characters += VALUE_CHARACTERS + (typeof value === 'string' ? value.length : 0)
      if (characters < LOOK_CHARACTERS) continue
      characters = 0
      yield
    }
  }
  return yield* rowsOfColumns(converted, rowCount)
}

function valueAt(vector: DuckDBVector, at: number, convert: Converter): WireValue {
  const value = vector.getItem(at)
  return value === null ? null : convert(value)
}

function* valueInPieces(
  vector: DuckDBVector,
  at: number,
  type: SqlType,
): Generator<void, WireValue> {
  if (type.kind !== 'json') return yield* nestedTextInPieces(vector, at, type)
  const value = vector.getItem(at)
  return value === null ? null : yield* spacedJsonInPieces(String(value))
}

/** A row may have thousands of columns. */
function* rowsOfColumns(
  columns: readonly (readonly WireValue[])[],
  rowCount: number,
): Generator<void, Rows> {
  const rows: WireValue[][] = []
  const most = Math.max(1, Math.floor(ROWS_MAX / Math.max(1, columns.length)))
  for (let at = 0; at < rowCount; at++) {
    const row: WireValue[] = []
    for (const list of columns) row.push(list[at] ?? null)
    rows.push(row)
    if (at % most === 0) yield
  }
  return rows
}

/** One value of these may be long work. */
type PiecewiseKind = 'array' | 'map' | 'struct' | 'json'

const isPiecewise = (kind: SqlType['kind']): kind is PiecewiseKind =>
  ['array', 'map', 'struct', 'json'].includes(kind)

type Converter = (value: DuckDBValue) => WireValue

/** Chosen by the declared type, but each looks at the value too: a column of NULLs may come as any type. */
function converterOf(type: SqlType): Converter | undefined {
  if (type.kind === 'decimal') return (value) => decimalText(value, type.scale)
  return isPiecewise(type.kind) ? undefined : converters[type.kind]
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

function timeText(value: DuckDBValue): WireValue {
  const seconds = Math.trunc(Math.abs(Number(value)))
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const text = parts.map((part) => String(part).padStart(2, '0')).join(':')
  return Number(value) < 0 ? `-${text}` : text
}

/** StarRocks sends NULL for the aggregate state types: their bytes mean nothing to a client. */
const nothing: Converter = () => null

const converters: Readonly<Record<Exclude<SqlType['kind'], PiecewiseKind | 'decimal'>, Converter>> =
  {
    null: numberValue,
    boolean: numberValue,
    tinyint: numberValue,
    smallint: numberValue,
    int: numberValue,
    bigint: numberValue,
    float: numberValue,
    double: numberValue,
    time: timeText,
    largeint: textValue,
    char: textValue,
    varchar: textValue,
    date: dateText,
    datetime: timestampText,
    varbinary: bytesValue,
    bitmap: nothing,
    hll: nothing,
    percentile: nothing,
  }
