/**
 * Rows of a query as objects: INSERT INTO FILES and EXPORT. DuckDB writes them; what it writes to was read and judged before.
 * reference: StarRocks fe, TableFunctionTable.java, parsePropertiesForUnload (3.3.7)
 */
import type { Execution } from '../execution/execution.ts'
import type { FilePlace } from '../execution/file-write.ts'
import { variableOf } from '../execution/statement-context.ts'
import type { Property } from '../sql/ast.ts'
import { unwrapMaps } from '../sql/map-key.ts'
import { literal, quoted } from '../sql/quote.ts'
import { analyzingError, unsupportedByEngine } from '../sql/sql-error.ts'
import { convert } from '../sql/translate.ts'
import type { QueryColumn } from '../sql/bound.ts'
import type { DuckSql } from '../sql/translate.ts'
import { printType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import { addressOf, parseObjectPath } from '../storage/object-path.ts'
import { delimiter } from './csv-option.ts'
import { NULL_TEXT } from './csv-row.ts'
import { fileText } from './file-type.ts'
import { readProperties } from './object-property.ts'

const KNOWN: readonly string[] = [
  'path',
  'format',
  'compression',
  'single',
  'partition_by',
  'target_max_file_size',
  'csv.column_separator',
  'csv.row_delimiter',
  'parquet.use_legacy_encoding',
]

export interface FileTarget {
  /** Of the folder, with a slash at its end. */
  readonly path: string
  readonly format: 'parquet' | 'csv'
  readonly compression: string
  readonly single: boolean
  readonly partitionBy: readonly string[]
  readonly maxBytes: number
  readonly columnSeparator: string
  readonly rowDelimiter: string
  /** What the names of files begin with. */
  readonly name: string
}

export function readTarget(
  execution: Execution,
  properties: readonly Property[],
  columns: readonly QueryColumn[],
): FileTarget {
  const values = readProperties(execution, properties, { of: 'FILES()', known: KNOWN })
  const [path, format] = [values.get('path'), values.get('format')]
  if (path === undefined)
    throw analyzingError('path is a mandatory property. "path" = "s3://path/to/your/location/"')
  if (format === undefined)
    throw analyzingError('format is a mandatory property. Use any of (parquet, orc, csv)')
  if (format === 'orc') throw unsupportedByEngine('The file format orc')
  if (format !== 'parquet' && format !== 'csv')
    throw analyzingError(
      `Unsupported format ${format.slice(0, 50)}. Use any of (parquet, orc, csv)`,
    )
  const target: FileTarget = {
    path: path.endsWith('/') ? path : `${path}/`,
    format,
    compression: (
      values.get('compression') ?? variableOf(execution, 'connector_sink_compression_codec')
    ).toLowerCase(),
    single: choice(values, 'single'),
    partitionBy: [
      ...new Set((values.get('partition_by') ?? '').split(',').map((name) => name.trim())),
    ].filter((name) => name !== ''),
    maxBytes: sizeOf(
      values.get('target_max_file_size') ??
        variableOf(execution, 'connector_sink_target_max_file_size'),
    ),
    columnSeparator: delimiter(values, 'csv.column_separator', '\t'),
    rowDelimiter: delimiter(values, 'csv.row_delimiter', '\n'),
    name: `data_${execution.queryId}_0`,
  }
  if (values.has('target_max_file_size') && (target.single || target.partitionBy.length > 0))
    throw unsupportedByEngine('"target_max_file_size" with "single" or "partition_by"')
  if (choice(values, 'parquet.use_legacy_encoding'))
    throw unsupportedByEngine('"parquet.use_legacy_encoding" = "true"')
  checkTarget(target, columns)
  return target
}

function choice(values: ReadonlyMap<string, string>, name: string): boolean {
  const text = (values.get(name) ?? 'false').toLowerCase()
  if (text !== 'true' && text !== 'false')
    throw analyzingError(
      `got invalid parameter "${name}" = "${text.slice(0, 50)}", expect a boolean value (true or false).`,
    )
  return text === 'true'
}

function sizeOf(text: string): number {
  const bytes = Number(text)
  if (!Number.isSafeInteger(bytes) || bytes <= 0)
    throw analyzingError(`invalid target_max_file_size: ${text.slice(0, 50)}`)
  return bytes
}

const COMPRESSIONS: Readonly<Record<FileTarget['format'], readonly string[]>> = {
  parquet: ['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4'],
  csv: ['uncompressed', 'gzip', 'zstd'],
}

function checkTarget(target: FileTarget, columns: readonly QueryColumn[]): void {
  const { format, compression, single, partitionBy } = target
  if (!COMPRESSIONS.parquet.includes(compression))
    throw analyzingError(
      `Unsupported compression codec ${compression.slice(0, 50)}. Use any of (uncompressed, snappy, lz4, zstd, gzip)`,
    )
  if (!COMPRESSIONS[format].includes(compression))
    throw unsupportedByEngine(`Compression of ${format} files with ${compression}`)
  const names = columns.map(({ name }) => name)
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  if (twice.length > 0)
    throw analyzingError(
      `expect column names to be distinct, but got duplicate(s): [${[...new Set(twice)].join(', ')}]`,
    )
  if (single && partitionBy.length > 0)
    throw analyzingError('cannot use partition_by and single simultaneously.')
  const extra = partitionBy.filter((name) => !names.includes(name))
  if (extra.length > 0)
    throw analyzingError(
      `partition columns expected to be a subset of [${names.join(', ')}], but got extra columns: [${extra.join(', ')}]`,
    )
  if (partitionBy.length === names.length) throw unsupportedByEngine('partition_by of all columns')
  for (const { name, type } of columns) {
    if (partitionBy.includes(name) && !PARTITIONED.includes(type.kind))
      throw analyzingError(`partition column does not support type of ${printType(type)}`)
  }
}

const PARTITIONED: readonly SqlType['kind'][] = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'largeint',
  'date',
  'datetime',
  'char',
  'varchar',
]

/** Answers how many rows were written. */
export async function writeFiles(
  execution: Execution,
  query: DuckSql,
  target: FileTarget,
): Promise<number> {
  const { objects } = execution.engine.duck
  const path = parseObjectPath(target.path)
  const folder = objects.address(path, 'write')
  const given = query.columns.map((_, index) => `c${index + 1}`).join(', ')
  const values = query.columns.map(
    ({ name, type }, index) => `${written(`q.c${index + 1}`, type, target)} AS ${quoted(name)}`,
  )
  const shaped = target.format === 'csv' ? csvLines(query, target) : values
  const rows = `SELECT ${shaped.join(', ')} FROM (${query.sql}) AS q(${given})`
  const { name } = target
  const suffix = target.compression === 'gzip' && target.format === 'csv' ? 'csv.gz' : target.format
  const many = !target.single
  const to = many
    ? folder.slice(0, -1)
    : addressOf({ ...path, key: `${path.key}${name}.${suffix}` })
  const options = [
    `FORMAT ${target.format}`,
    `COMPRESSION ${literal(target.compression === 'lz4' ? 'lz4_raw' : target.compression)}`,
    ...(target.format === 'csv' ? csvWriting(target) : []),
    ...(many ? manyFiles(target, name, suffix) : []),
  ]
  const sql = `COPY (${rows}) TO ${literal(to)} (${options.join(', ')})`
  const place = placeOf(target, suffix)
  return execution.engine.fileWrites.run(execution, place, () => execution.link.run(sql))
}

function placeOf(
  { path, single, name, partitionBy: [first] }: FileTarget,
  suffix: string,
): FilePlace {
  // A name of somebody's choice may be what another one's begins with.
  const start = single ? `${name}.${suffix}` : name
  // What else is in a name is written otherwise.
  const folder = /^\w+$/.test(first ?? '') ? `${first}=` : ''
  return { folder: path, start: first === undefined ? start : folder, name: start }
}

/** One text for each row, as DuckDB's own writer knows separators of one character only; beside it what goes into the path. */
function csvLines({ columns }: DuckSql, target: FileTarget): readonly string[] {
  const isKept = ({ name }: QueryColumn) => !target.partitionBy.includes(name)
  const value = ({ type }: QueryColumn, index: number) => written(`q.c${index + 1}`, type, target)
  const texts = columns.flatMap((column, index) =>
    isKept(column) ? [`coalesce(${value(column, index)}, ${literal(NULL_TEXT)})`] : [],
  )
  const line = texts.join(` || ${literal(target.columnSeparator)} || `)
  const others = columns.flatMap((column, index) =>
    isKept(column) ? [] : [`${value(column, index)} AS ${quoted(column.name)}`],
  )
  return [`${line} AS ${quoted(LINE)}`, ...others]
}

/** No column has this name. */
const LINE = 'emrys$line'

function csvWriting({ rowDelimiter }: FileTarget): readonly string[] {
  return [
    'HEADER false',
    "DELIMITER ','",
    "QUOTE ''",
    "ESCAPE ''",
    `NEW_LINE ${literal(rowDelimiter)}`,
  ]
}

function manyFiles(
  { partitionBy, maxBytes }: FileTarget,
  name: string,
  suffix: string,
): readonly string[] {
  const by = partitionBy.map(quoted).join(', ')
  return [
    ...(by === '' ? [`FILE_SIZE_BYTES ${maxBytes}`] : [`PARTITION_BY (${by})`]),
    `FILENAME_PATTERN ${literal(`${name}_{i}`)}`,
    `FILE_EXTENSION ${literal(suffix)}`,
    // Names hold the query's id: nothing is written over.
    'OVERWRITE_OR_IGNORE true',
  ]
}

const UNWRITTEN: readonly SqlType['kind'][] = ['bitmap', 'hll', 'percentile', 'time']

const nested: readonly SqlType['kind'][] = ['array', 'map', 'struct']

/** A value as other programs read it; a text file has StarRocks' texts, and words for BOOLEAN. */
function written(sql: string, type: SqlType, { format }: FileTarget): string {
  if (UNWRITTEN.includes(type.kind))
    throw unsupportedByEngine(`Writing ${printType(type)} to ${format} files`)
  if (format === 'csv')
    return type.kind === 'boolean'
      ? `CASE WHEN ${sql} THEN 'true' WHEN NOT ${sql} THEN 'false' END`
      : nested.includes(type.kind)
        ? `CAST(to_json(${unwrapMaps(sql, type)}) AS VARCHAR)`
        : convert({ sql, type }, fileText)
  if (type.kind === 'null') return `CAST(${sql} AS BOOLEAN)`
  if (type.kind === 'json') return `CAST(${sql} AS VARCHAR)`
  // Parquet has no whole numbers of 16 bytes, but decimals of 38 digits.
  if (type.kind === 'largeint') return `CAST(${sql} AS DECIMAL(38, 0))`
  return unwrapMaps(sql, type)
}
