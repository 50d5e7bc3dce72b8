/** Types of Iceberg and Delta as StarRocks reads them, and the values that DuckDB reads of them as this engine keeps such values. */
import { hasMap, wrapMaps } from '../sql/map-key.ts'
import { literal, quoted } from '../sql/quote.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { duckType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'

export interface LakeColumn {
  readonly name: string
  readonly type: SqlType
  readonly comment: string
  /** How it is stored, where the type of StarRocks does not say it. */
  readonly stored: 'zoned' | 'universal' | 'uuid' | 'time' | undefined
}

/** A type as both formats write it: a word, or an object that says what is inside. */
type WrittenType = string | Readonly<Record<string, unknown>>

/** reference: StarRocks 3.3.7, ScalarType, CATALOG_MAX_VARCHAR_LENGTH */
export const catalogString: SqlType = { kind: 'varchar', length: 1024 * 1024 * 1024 }

/** reference: StarRocks 3.3.7, ColumnTypeConverter, fromIcebergType and fromDeltaLakeType. The words of both; they contradict nowhere. */
const WORDS: Readonly<Record<string, SqlType>> = {
  boolean: { kind: 'boolean' },
  byte: { kind: 'tinyint' },
  short: { kind: 'smallint' },
  int: { kind: 'int' },
  integer: { kind: 'int' },
  long: { kind: 'bigint' },
  float: { kind: 'float' },
  double: { kind: 'double' },
  date: { kind: 'date' },
  timestamp: { kind: 'datetime' },
  timestamptz: { kind: 'datetime' },
  timestamp_ntz: { kind: 'datetime' },
  time: { kind: 'time' },
  string: catalogString,
  uuid: catalogString,
  binary: { kind: 'varbinary', length: 1_048_576 },
}

/** Types of one file nest only so deep on purpose. */
const DEPTH_MAX = 32

export function lakeColumn(
  format: 'iceberg' | 'delta',
  name: string,
  written: unknown,
  comment: unknown,
): LakeColumn {
  const zoned = format === 'iceberg' ? 'timestamptz' : 'timestamp'
  const stored =
    written === zoned
      ? 'zoned'
      : written === 'uuid' || (written === 'time' && format === 'iceberg')
        ? written
        : undefined
  const type = typeOf(written as WrittenType, { name, zoned, depth: 0 })
  return { name, type, comment: typeof comment === 'string' ? comment : '', stored }
}

interface Place {
  readonly name: string
  readonly zoned: string
  readonly depth: number
}

function typeOf(written: WrittenType, place: Place): SqlType {
  const { name, zoned, depth } = place
  const unread = () =>
    unsupportedByEngine(
      `The type ${JSON.stringify(written).slice(0, 100)} of the column '${name}' of an external table`,
    )
  const inner = { ...place, depth: depth + 1 }
  if (depth > DEPTH_MAX) throw unread()
  if (typeof written === 'string') {
    // Inside another type nobody would convert them.
    if (depth > 0 && [zoned, 'uuid', 'time'].includes(written)) throw unread()
    const [, precision, scale] = /^decimal\((\d{1,2}),\s*(\d{1,2})\)$/.exec(written) ?? []
    if (precision !== undefined)
      return { kind: 'decimal', precision: Number(precision), scale: Number(scale) }
    const type = Object.hasOwn(WORDS, written) ? WORDS[written] : undefined
    if (!type) throw unread()
    return type
  }
  const part = (of: unknown) => typeOf(of as WrittenType, inner)
  switch (written?.['type']) {
    case 'list':
      return { kind: 'array', element: part(written['element']) }
    case 'array':
      return { kind: 'array', element: part(written['elementType']) }
    case 'map':
      return {
        kind: 'map',
        key: part(written['key'] ?? written['keyType']),
        value: part(written['value'] ?? written['valueType']),
      }
    case 'struct':
      return {
        kind: 'struct',
        fields: (written['fields'] as { name: string; type: unknown }[]).map((field) => ({
          name: field.name,
          type: part(field.type),
        })),
      }
    default:
      throw unread()
  }
}

/** The column as DuckDB reads it from a file. */
export function storedType({ type, stored }: LakeColumn): string {
  if (stored === 'zoned') return 'TIMESTAMP WITH TIME ZONE'
  if (stored === 'uuid') return 'UUID'
  if (stored === 'time') return 'TIME'
  return plainType(type)
}

/** As files hold it: the keys of maps are plain. */
const plainType = (type: SqlType): string => {
  if (type.kind === 'array') return `${plainType(type.element)}[]`
  if (type.kind === 'map') return `MAP(${plainType(type.key)}, ${plainType(type.value)})`
  if (type.kind !== 'struct') return duckType(type)
  const fields = type.fields.map((field) => `${quoted(field.name)} ${plainType(field.type)}`)
  return `STRUCT(${fields.join(', ')})`
}

/** From what a file holds to the engine's own value of the type. */
export function columnSql({ type, stored }: LakeColumn, sql: string, zone: string): string {
  if (stored === 'zoned') return zonedSql(sql, zone)
  // A moment, as its date and time in UTC.
  if (stored === 'universal') return zonedSql(`timezone('UTC', ${sql})`, zone)
  if (stored === 'time') return `date_part('epoch', ${sql})`
  const value = hasMap(type) ? wrapMaps(sql, type) : sql
  return `CAST(${value} AS ${duckType(type)})`
}

/** DuckDB knows zones by name only. */
const OFFSET = /^([+-])(\d{1,2}):(\d{2})$/

function zonedSql(sql: string, zone: string): string {
  const [, sign = '', hours, minutes] = OFFSET.exec(zone) ?? []
  if (hours === undefined) return `timezone(${literal(zone || 'UTC')}, ${sql})`
  const shift = Number(hours) * 60 + Number(minutes)
  return `(timezone('UTC', ${sql}) ${sign} INTERVAL ${shift} MINUTE)`
}

/** The moment that a date and time of the zone is. */
export function unzonedSql(sql: string, zone: string): string {
  const [, sign = '', hours, minutes] = OFFSET.exec(zone) ?? []
  if (hours === undefined) return `timezone(${literal(zone || 'UTC')}, ${sql})`
  const shift = Number(hours) * 60 + Number(minutes)
  return `timezone('UTC', ${sql} ${sign === '-' ? '+' : '-'} INTERVAL ${shift} MINUTE)`
}
