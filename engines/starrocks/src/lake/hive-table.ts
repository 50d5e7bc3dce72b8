/**
 * A table of Hive's: its files are whatever lies in the folders that its metastore names, each of which is judged here before DuckDB
 * looks into it. Values of partitions are in the metastore only.
 */
import { csvRows, fileColumn } from '../file/csv-row.ts'
import { fileText } from '../file/file-type.ts'
import { literal, quoted } from '../sql/quote.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { convert } from '../sql/translate.ts'
import { addressOf, listedPath, objectError, parseStoredPath } from '../storage/object-path.ts'
import type { ObjectPath } from '../storage/object-path.ts'
import { demandPlain, hiveFormat, refuseMixed } from './hive-format.ts'
import type { HiveFormat } from './hive-format.ts'
import type { HiveMetastore, HivePartition, HiveTable } from './hive-metastore.ts'
import { hiveColumn } from './hive-type.ts'
import type { LakeTable } from './lake-table.ts'
import { columnSql, storedType } from './lake-type.ts'
import type { LakeColumn } from './lake-type.ts'
import { namesBelow } from './object.ts'
import type { LakeSource } from './object.ts'

const FILES_MAX = 100_000
/** What Hive and Spark put beside the rows: no part of its path begins so. */
const VISIBLE = '^([^_./][^/]*/)*[^_./][^/]*$'
/** reference: Apache Hive, hive.exec.default.partition.name */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__'

export interface HivePlace {
  readonly metastore: Pick<HiveMetastore, 'partitions'>
  readonly database: string
  readonly name: string
  /** Whether files in folders below a table's or partition's own are its rows too. */
  readonly isRecursive: boolean
}

export function hiveTable(source: LakeSource, place: HivePlace, table: HiveTable): LakeTable {
  demandPlain(table, `${place.database}.${place.name}`)
  const stored = table.fields.map(hiveColumn)
  const partitionBy = table.partitionKeys.map(hiveColumn)
  return {
    columns: [...stored, ...partitionBy],
    partitionBy: partitionBy.map(({ name }) => name),
    location: table.storage.location,
    comment: table.parameters.get('comment') ?? '',
    isExternal: table.kind.toUpperCase() === 'EXTERNAL_TABLE',
    async scan() {
      const format = hiveFormat(table.storage, table.parameters)
      const folders = await foldersOf(place, table)
      const files = await filesOf(source, place, folders)
      return tableSql(source, { format, stored, partitionBy }, files)
    },
  }
}

interface Folder {
  readonly path: ObjectPath
  /** Of its partition. */
  readonly values: readonly string[]
}

async function foldersOf(place: HivePlace, table: HiveTable): Promise<readonly Folder[]> {
  const { storage, partitionKeys } = table
  if (partitionKeys.length === 0) return [{ path: hiveFolder(storage.location), values: [] }]
  const partitions = await place.metastore.partitions(place.database, place.name)
  return partitions.map((partition) => partitionFolder(partition, table))
}

function partitionFolder({ values, storage }: HivePartition, table: HiveTable): Folder {
  const { inputFormat, serde } = table.storage
  if (storage.inputFormat !== inputFormat || storage.serde !== serde) throw refuseMixed()
  if (values.length !== table.partitionKeys.length)
    throw objectError('a partition of the Hive table has not a value for each of its columns')
  return { path: hiveFolder(storage.location), values }
}

/** Hadoop's other names of the same. */
function hiveFolder(location: string): ObjectPath {
  const path = parseStoredPath(location.replace(/^s3[an]:/i, 's3:'))
  return path.key === '' || path.key.endsWith('/') ? path : { ...path, key: `${path.key}/` }
}

interface HiveFile {
  readonly address: string
  /** The folder that it lies in. */
  readonly folder: string
  readonly values: readonly string[]
}

/** Folders that lie in one, as partitions do in their table's, are listed with it at once. */
async function filesOf(
  source: LakeSource,
  { isRecursive }: HivePlace,
  folders: readonly Folder[],
): Promise<readonly HiveFile[]> {
  // Also of those that hold nothing.
  for (const { path } of folders) source.objects.address(path, 'list')
  const found: HiveFile[] = []
  for (const [root, inside] of grouped(folders)) {
    const owners = new Map(inside.map((folder) => [folder.path.key, folder]))
    const prefix = root.key
    for (const name of await namesBelow(source, root, VISIBLE, FILES_MAX)) {
      const path = listedPath({ ...root, key: `${prefix}${name}` })
      const owner = ownerOf(owners, path.key, isRecursive)
      if (!owner) continue
      source.objects.address(path, 'read')
      const address = addressOf(path)
      const folder = address.slice(0, address.lastIndexOf('/') + 1)
      found.push({ address, folder, values: owner.values })
    }
    if (found.length > FILES_MAX)
      throw objectError(`the Hive table has more than ${FILES_MAX} files`)
  }
  return found
}

/** The folder above all partitions of a bucket that lie beside each other, with them. */
function grouped(folders: readonly Folder[]): readonly (readonly [ObjectPath, Folder[]])[] {
  const groups = new Map<string, [ObjectPath, Folder[]]>()
  for (const folder of folders) {
    const { path, values } = folder
    const parts = path.key.split('/').slice(0, -1)
    const own = parts.slice(parts.length - values.length).every((part) => part.includes('='))
    const depth = own ? parts.length - values.length : parts.length
    const key = parts
      .slice(0, depth)
      .map((part) => `${part}/`)
      .join('')
    const root = { ...path, key }
    const name = `${path.bucket}/${key}`
    const group = groups.get(name) ?? [root, []]
    group[1].push(folder)
    groups.set(name, group)
  }
  return [...groups.values()]
}

function ownerOf(
  owners: ReadonlyMap<string, Folder>,
  key: string,
  isRecursive: boolean,
): Folder | undefined {
  let end = key.lastIndexOf('/') + 1
  for (;;) {
    const owner = owners.get(key.slice(0, end))
    if (owner || !isRecursive || end === 0) return owner
    end = key.lastIndexOf('/', end - 2) + 1
  }
}

interface HiveShape {
  readonly format: HiveFormat
  readonly stored: readonly LakeColumn[]
  readonly partitionBy: readonly LakeColumn[]
}

async function tableSql(
  source: LakeSource,
  shape: HiveShape,
  files: readonly HiveFile[],
): Promise<string> {
  const { stored, partitionBy } = shape
  const all = [...stored, ...partitionBy]
  if (files.length === 0) {
    const none = all.map(
      (column) =>
        `${columnSql(column, `CAST(NULL AS ${storedType(column)})`, source.zone)} AS ${quoted(column.name)}`,
    )
    return `(SELECT ${none.join(', ')} WHERE false)`
  }
  const { values, rows, file } =
    shape.format.kind === 'parquet'
      ? await parquetRows(source, stored, files)
      : textRows(source, { csv: shape.format.csv, stored }, files)
  const list = stored.map((column, at) => `${values[at] ?? 'NULL'} AS ${quoted(column.name)}`)
  const parts = partitionBy.map(
    (column, at) =>
      `${partitionSql(
        column,
        files.map(({ folder, values: of }) => [folder, of[at]]),
        file,
      )} AS ${quoted(column.name)}`,
  )
  return `(SELECT ${[...list, ...parts].join(', ')} FROM ${rows} AS f)`
}

interface Rows {
  /** Of the stored columns, in their order. */
  readonly values: readonly string[]
  /** A FROM item with each row's file. */
  readonly rows: string
  /** The name of the column of that. */
  readonly file: string
}

const listOf = (files: readonly HiveFile[]): string =>
  `[${files.map(({ address }) => literal(address)).join(', ')}]`

/** The columns that a file lacks are NULL in it. Which file has which, DuckDB finds when it reads it, and not of all before. */
async function parquetRows(
  source: LakeSource,
  columns: readonly LakeColumn[],
  files: readonly HiveFile[],
): Promise<Rows> {
  const moments = await momentsOf(source, columns, files)
  const stored = columns.map((column) => ({
    ...column,
    stored: moments.get(column.name.toLowerCase()),
  }))
  const schema = stored.map((column) => {
    const name = literal(column.name)
    return `${name}: {'name': ${name}, 'type': ${literal(storedType(column))}, 'default_value': NULL}`
  })
  // By its own name of that column alone, and by no other, DuckDB leaves files out.
  const isTaken = columns.some(({ name }) => name.toLowerCase() === 'filename')
  return {
    file: isTaken ? fileColumn : 'filename',
    values: stored.map((column) => columnSql(column, `f.${quoted(column.name)}`, source.zone)),
    rows: `read_parquet(${listOf(files)}, hive_partitioning = false, filename = ${isTaken ? literal(fileColumn) : 'true'}, schema = MAP {${schema.join(', ')}})`,
  }
}

/**
 * How files hold moments: with a zone, or as Spark and Hive write them without saying so, in UTC (INT96). Those of one column are held in
 * one way, as nobody could tell them apart when they are read. reference: StarRocks be, formats/parquet, column_converter.cpp
 */
async function momentsOf(
  { link }: LakeSource,
  columns: readonly LakeColumn[],
  files: readonly HiveFile[],
): Promise<ReadonlyMap<string, 'zoned' | 'universal' | undefined>> {
  const names = columns.filter(({ type }) => type.kind === 'datetime').map(({ name }) => name)
  const found = new Map<string, 'zoned' | 'universal' | undefined>()
  if (names.length === 0) return found
  const wanted = names.map((name) => literal(name.toLowerCase())).join(', ')
  const rows = await link.rows(
    `SELECT DISTINCT lower(name), CASE WHEN type = 'INT96' OR logical_type IS NULL THEN 'universal' WHEN logical_type LIKE '%isAdjustedToUTC=1%' THEN 'zoned' END FROM parquet_schema(${listOf(files)}) WHERE lower(name) IN (${wanted}) AND (type = 'INT96' OR converted_type LIKE 'TIMESTAMP%' OR logical_type LIKE 'Timestamp%')`,
  )
  for (const [cell, kind] of rows) {
    const name = String(cell)
    if (found.has(name))
      throw unsupportedByEngine(
        `A Hive table whose files hold the moments of '${name.slice(0, 200)}' in several ways`,
      )
    found.set(name, kind === 'zoned' || kind === 'universal' ? kind : undefined)
  }
  return found
}

const COMPRESSED = /\.(bz2|lz4|deflate|snappy|lzo)$/i

function textRows(
  { random }: LakeSource,
  { csv, stored }: { readonly stored: readonly LakeColumn[] } & Omit<TextFormat, 'kind'>,
  files: readonly HiveFile[],
): Rows {
  const [, codec] = files.map(({ address }) => COMPRESSED.exec(address)).find(Boolean) ?? []
  if (codec !== undefined) throw unsupportedByEngine(`A text file compressed with ${codec}`)
  const other = stored.find(({ type }) => NOT_IN_TEXT.includes(type.kind))
  if (other)
    throw unsupportedByEngine(
      `The column '${other.name.slice(0, 200)}' of a Hive table of text, of the type ${other.type.kind}`,
    )
  return {
    file: fileColumn,
    values: stored.map(({ type }, at) => convert({ sql: `f.v${at}`, type: fileText }, type)),
    rows: csvRows(listOf(files), stored.length, { options: csv, random }),
  }
}

type TextFormat = Extract<HiveFormat, { kind: 'text' }>

/** Cut by characters of their own, or written in Base64. */
const NOT_IN_TEXT: readonly string[] = ['array', 'map', 'struct', 'varbinary']

/** An expression of the file's name alone: by it DuckDB leaves out the files of partitions that a condition excludes. */
function partitionSql(
  column: LakeColumn,
  values: readonly (readonly [string, string | undefined])[],
  file: string,
): string {
  const entries = [...new Map(values)].map(
    ([folder, value = NO_VALUE]) =>
      `${literal(folder)}: ${value === NO_VALUE ? 'NULL' : literal(value)}`,
  )
  const folder = `regexp_extract(f.${quoted(file)}, '^.*/')`
  const value = `CAST(MAP {${entries.join(', ')}}[${folder}] AS VARCHAR)`
  return `CAST(${value} AS ${storedType(column)})`
}
