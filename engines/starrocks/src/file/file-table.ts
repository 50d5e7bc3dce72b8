/**
 * FILES() as a relation: its objects are found, judged and looked into before the statement is translated; what DuckDB then reads is
 * a list of single objects. reference: StarRocks fe, TableFunctionTable.java (3.3.7)
 */
import { timeZoneOf } from '../execution/statement-context.ts'
import type { SessionContext } from '../execution/statement-context.ts'
import type { Property } from '../sql/ast.ts'
import { literal, quoted } from '../sql/quote.ts'
import type { ScopeColumn, ScopeTable } from '../sql/scope.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { convert } from '../sql/translate.ts'
import type { SqlType } from '../sql/type.ts'
import { addressOf, objectError, textOf } from '../storage/object-path.ts'
import type { Link } from '../storage/link.ts'
import type { ObjectPath } from '../storage/object-path.ts'
import type { FoundObject } from '../storage/object-storage.ts'
import { CSV_PROPERTIES, csvOptions } from './csv-option.ts'
import type { CsvOptions } from './csv-option.ts'
import { csvRows, csvTypes, fileColumn } from './csv-row.ts'
import { fileText, fileType, fileValue } from './file-type.ts'
import { flag, readProperties, wholeNumber } from './object-property.ts'

const KNOWN: readonly string[] = [
  'path',
  'format',
  'columns_from_path',
  'auto_detect_sample_files',
  'auto_detect_sample_rows',
  'fill_mismatch_column_with',
  'list_files_only',
  ...CSV_PROPERTIES,
]

export type FileFormat = 'parquet' | 'csv' | 'avro'

/** What to read, however the statement says it. */
export interface FileRequest {
  readonly path: string
  readonly format: FileFormat
  readonly columnsFromPath: readonly string[]
  readonly sampleFiles: number
  readonly sampleRows: number
  /** A file that lacks a column of the first ones is an error, not one of NULLs. */
  readonly exact: boolean
  readonly csv: CsvOptions
  /** Names of a CSV file's columns, which are then not looked for. */
  readonly fields?: readonly string[]
  /** Columns of a CSV file as the text they are: whoever takes them converts and judges them. */
  readonly asText: boolean
}

export interface FileContext extends SessionContext {
  readonly link: Link
  readonly overrides?: ReadonlyMap<string, string>
}

/** A statement names few; each is a look at the object storage. */
const FILES_MAX = 64

export async function fileTables(
  context: FileContext,
  files: readonly (readonly Property[])[],
  asText: boolean,
): Promise<ReadonlyMap<string, ScopeTable>> {
  if (files.length > FILES_MAX) throw objectError(`a statement has more than ${FILES_MAX} FILES()`)
  const tables = new Map<string, ScopeTable>()
  for (const properties of files) {
    const key = JSON.stringify(properties)
    if (!tables.has(key)) tables.set(key, await filesRelation(context, properties, asText))
  }
  return tables
}

export async function filesRelation(
  context: FileContext,
  properties: readonly Property[],
  asText = false,
): Promise<ScopeTable> {
  const values = readProperties(context, properties, { of: 'FILES()', known: KNOWN })
  const path = values.get('path') ?? ''
  if (path === '')
    throw objectError("path is null. Please add properties(path='xxx') when create table")
  if (flag(values, 'list_files_only')) return listing(context, path)
  const fill = values.get('fill_mismatch_column_with')?.toLowerCase() ?? 'null'
  if (fill !== 'null' && fill !== 'none')
    throw objectError(`fill_mismatch_column_with is none or null, not ${fill.slice(0, 50)}`)
  return fileTable(context, {
    path,
    format: filesFormat(values.get('format')),
    columnsFromPath: (values.get('columns_from_path') ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    sampleFiles: wholeNumber(values, 'auto_detect_sample_files', 1),
    sampleRows: wholeNumber(values, 'auto_detect_sample_rows', 500),
    exact: fill === 'none',
    csv: csvOptions(values),
    asText,
  })
}

/** StarRocks reads JSON by LOAD, not by FILES(). */
function filesFormat(text: string | undefined): FileFormat {
  if (text?.toLowerCase() === 'json') throw unknownFormat(text)
  return formatOf(text)
}

const unknownFormat = (text: string) => objectError(`not supported format: ${text.slice(0, 50)}`)

export function formatOf(text: string | undefined): FileFormat {
  if (text === undefined || text === '')
    throw objectError("format is null. Please add properties(format='xxx') when create table")
  const format = text.toLowerCase()
  if (format === 'parquet' || format === 'csv' || format === 'avro') return format
  if (format === 'orc' || format === 'json') throw unsupportedByEngine(`The file format ${format}`)
  throw unknownFormat(text)
}

export async function fileTable(
  context: FileContext,
  request: FileRequest,
): Promise<ScopeTable & { readonly source: string }> {
  const objects = await found(context, request.path)
  const sample = objects.slice(0, Math.max(1, request.sampleFiles))
  const source = { context, request, objects, sample }
  const { columns, sql } =
    request.format === 'csv' ? await csvTable(source) : await columnarTable(source)
  const names = columns.map(({ name }) => name.toLowerCase())
  const partitions = pathColumns(request.columnsFromPath, objects)
  for (const name of request.columnsFromPath) {
    if (names.includes(name.toLowerCase()))
      throw objectError(
        `duplicated name in columns from path, a column with same name already exists in the file table: ${name}`,
      )
  }
  const more = request.columnsFromPath.map((name): ScopeColumn => ({ name, type: fileText }))
  return {
    source:
      partitions === undefined
        ? sql
        : `(SELECT f.*, ${more.map((_, at) => `p.p${at} AS ${quoted(more[at]?.name ?? '')}`).join(', ')} FROM ${sql} AS f JOIN ${partitions} ON p.f = f."${fileColumn}")`,
    database: '',
    table: 'table_function_table',
    columns: [...columns, ...more],
  }
}

async function found({ engine, link }: FileContext, path: string): Promise<readonly FoundObject[]> {
  const how = { cancellation: link.cancellation, clock: engine.clock }
  const objects = await engine.duck.objects.find(path, how)
  if (objects.length === 0)
    throw objectError(
      `No files were found matching the pattern(s) or path(s): '${path.slice(0, 200)}'`,
    )
  return objects
}

/** How many objects a path names, and how large they are together. */
export async function sizeOf(
  context: FileContext,
  path: string,
): Promise<{ readonly bytes: number; readonly count: number }> {
  const objects = await found(context, path)
  const [row] = await context.link.rows(
    `SELECT CAST(sum(size) AS BIGINT) FROM (SELECT size FROM read_blob(${listOf(objects)}))`,
  )
  return { bytes: Number(row?.[0] ?? 0), count: objects.length }
}

const listOf = (objects: readonly ObjectPath[]): string =>
  `[${objects.map((object) => literal(addressOf(object))).join(', ')}]`

/** All of them: by one pattern, which DuckDB looks up at once, or each by its name. */
const allOf = ({ engine }: FileContext, path: string, objects: readonly ObjectPath[]): string => {
  const pattern = engine.duck.objects.pattern(path)
  return pattern === undefined ? listOf(objects) : literal(pattern)
}

interface FileSource {
  readonly context: FileContext
  readonly request: FileRequest
  readonly objects: readonly FoundObject[]
  /** Those that the columns are taken from. */
  readonly sample: readonly FoundObject[]
}

/** What `look` finds in objects, or found in them before. */
function shapeOf<T>(
  { engine }: FileContext,
  objects: readonly FoundObject[],
  how: unknown,
  look: () => Promise<T>,
): Promise<T> {
  if (objects.some(({ version }) => version === undefined)) return look()
  const names = objects.map((object) => [addressOf(object), object.version])
  return engine.duck.objects.shapes.of(JSON.stringify([how, names]), look)
}

interface FileColumns {
  readonly columns: readonly ScopeColumn[]
  readonly sql: string
}

async function csvTable({ context, request, objects, sample }: FileSource): Promise<FileColumns> {
  const { link, engine } = context
  const source = { options: request.csv, random: engine.random }
  await refuseUnread(context, request, objects)
  const types =
    request.fields?.map(() => fileText) ??
    (await shapeOf(context, sample, ['csv', request.csv, request.sampleRows], () =>
      csvTypes(link, listOf(sample), { ...source, rows: Math.max(1, request.sampleRows) }),
    ))
  if (types.length > COLUMNS_MAX) throw tooManyColumns()
  if (types.length === 0) throw objectError('the files that the schema is taken from are empty')
  const columns = types.map((type, index) => ({
    name: request.fields?.[index] ?? `$${index + 1}`,
    type: request.asText ? fileText : type,
  }))
  const values = columns.map(
    ({ name, type }, index) =>
      `${convert({ sql: `v${index}`, type: fileText }, type)} AS ${quoted(name)}`,
  )
  const rows = csvRows(allOf(context, request.path, objects), columns.length, source)
  return { columns, sql: `(SELECT ${values.join(', ')}, "${fileColumn}" FROM ${rows})` }
}

/** StarRocks has no more in a table. */
const COLUMNS_MAX = 10_000

const tooManyColumns = () => objectError(`the files have more than ${COLUMNS_MAX} columns`)

/** StarRocks reads them; which bytes they are, only the name says. reference: fe, Load.java, getFormatType */
const COMPRESSED = /\.(bz2|lz4|deflate)$/
/** Rows that end otherwise than lines are cut out of the whole file, in memory. */
const WHOLE_FILE_BYTES = 67_108_864

async function refuseUnread(
  { link }: FileContext,
  { csv }: FileRequest,
  objects: readonly ObjectPath[],
): Promise<void> {
  const [, codec] = objects.map(({ key }) => COMPRESSED.exec(key)).find(Boolean) ?? []
  if (codec !== undefined) throw unsupportedByEngine(`A text file compressed with ${codec}`)
  if (csv.rowDelimiter === '\n' || csv.rowDelimiter === '\r\n') return
  if (objects.some(({ key }) => /\.(gz|zst)$/.test(key)))
    throw unsupportedByEngine('csv.row_delimiter, other than a line break, of compressed files')
  const [row] = await link.rows(`SELECT max(size) FROM read_blob(${listOf(objects)})`)
  if (Number(row?.[0] ?? 0) > WHOLE_FILE_BYTES)
    throw objectError(
      `files with such a csv.row_delimiter are read up to ${WHOLE_FILE_BYTES} bytes each`,
    )
}

async function columnarTable(source: FileSource): Promise<FileColumns> {
  const { context, request, objects, sample } = source
  const shape = await columnarShape(source, sample).catch((error: unknown) => {
    if (!/read_avro" is not in the catalog/.test(String(error))) throw error
    throw unsupportedByEngine('The file format avro without the module avro of DuckDB')
  })
  const zone = timeZoneOf(context)
  const seen = shape.filter(({ name }) => name !== fileColumn)
  if (seen.length > COLUMNS_MAX) throw tooManyColumns()
  if (request.exact)
    await refuseMissing(
      source,
      seen.map(({ name }) => name),
    )
  const columns = seen.map(({ name, type }) => ({ name, type: fileType(type), from: type }))
  const values = columns.map(
    ({ name, type, from }) => `${fileValue(quoted(name), from, type, zone)} AS ${quoted(name)}`,
  )
  const rows = reader(request, allOf(context, request.path, objects))
  return {
    columns: columns.map(({ name, type }): { name: string; type: SqlType } => ({ name, type })),
    sql: `(SELECT ${values.join(', ')}, "${fileColumn}" FROM ${rows})`,
  }
}

const columnarShape = ({ context, request }: FileSource, objects: readonly FoundObject[]) =>
  shapeOf(context, objects, request.format, () =>
    context.link.shape(`FROM ${reader(request, listOf(objects))}`),
  )

function reader({ format }: FileRequest, list: string): string {
  return format === 'parquet'
    ? `read_parquet(${list}, union_by_name = true, hive_partitioning = false, filename = '${fileColumn}')`
    : // Of one schema: the module unites no others.
      `read_avro(${list}, filename = '${fileColumn}')`
}

async function refuseMissing(source: FileSource, names: readonly string[]): Promise<void> {
  for (const object of source.objects) {
    const shape = await columnarShape(source, [object])
    const has = new Set(shape.map(({ name }) => name))
    const lacks = names.find((name) => !has.has(name))
    if (lacks !== undefined)
      throw objectError(
        `column ${lacks} does not exist in the file ${textOf(object)}; 'fill_mismatch_column_with' = 'null' fills it with NULL`,
      )
  }
}

/** A FROM item `p` of each file's address and the values in its path. */
function pathColumns(names: readonly string[], objects: readonly ObjectPath[]): string | undefined {
  if (names.length === 0) return undefined
  const rows = objects.map((object) => {
    const values = names.map((name) => literal(pathValue(object, name)))
    return `(${[literal(addressOf(object)), ...values].join(', ')})`
  })
  const columns = names.map((_, index) => `p${index}`).join(', ')
  return `(VALUES ${rows.join(', ')}) AS p(f, ${columns})`
}

function pathValue(object: ObjectPath, name: string): string {
  const part = object.key.split('/').findLast((each) => each.startsWith(`${name}=`))
  if (part === undefined)
    throw objectError(
      `Fail to parse columnsFromPath, expected: ${name}, filePath: ${textOf(object)}`,
    )
  return part.slice(name.length + 1)
}

/** reference: StarRocks 3.4, FILES(), "list_files_only" */
async function listing(context: FileContext, path: string): Promise<ScopeTable> {
  const objects = await found(context, path)
  const shown = objects.map(
    (object) => `(${literal(addressOf(object))}, ${literal(textOf(object))})`,
  )
  const source = `(SELECT p.shown AS "PATH", CAST(b.size AS BIGINT) AS "SIZE", false AS "IS_DIR", CAST(timezone(${literal(timeZoneOf(context))}, b.last_modified) AS TIMESTAMP) AS "MODIFICATION_TIME" FROM (SELECT filename, size, last_modified FROM read_blob(${listOf(objects)})) AS b JOIN (VALUES ${shown.join(', ')}) AS p(f, shown) ON p.f = b.filename)`
  return {
    source,
    database: '',
    table: 'table_function_table',
    columns: [
      { name: 'PATH', type: fileText },
      { name: 'SIZE', type: { kind: 'bigint' } },
      { name: 'IS_DIR', type: { kind: 'boolean' } },
      { name: 'MODIFICATION_TIME', type: { kind: 'datetime' } },
    ],
  }
}
