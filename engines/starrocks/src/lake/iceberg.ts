/**
 * A table of Iceberg, from the file of its metadata on, whoever says which one that is (folder-catalog.ts, rest-catalog.ts). All that a
 * snapshot names is looked up and judged here before DuckDB's module reads it.
 */
import { literal, quoted } from '../sql/quote.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { SqlError } from '../session.ts'
import { objectError, textOf } from '../storage/object-path.ts'
import type { ObjectPath } from '../storage/object-path.ts'
import { columnSql, lakeColumn, storedType } from './lake-type.ts'
import type { LakeColumn } from './lake-type.ts'
import { addressBelow, textsOf } from './object.ts'
import type { LakeSource } from './object.ts'
import type { LakeTable } from './lake-table.ts'

interface Field {
  readonly id: number
  readonly name: string
  readonly type: unknown
  readonly doc?: unknown
}

interface Snapshot {
  readonly 'snapshot-id': bigint
  readonly 'manifest-list'?: string
  readonly 'schema-id'?: number
}

interface Metadata {
  readonly 'format-version': number
  readonly location: string
  readonly schema?: { readonly fields: readonly Field[] }
  readonly schemas?: readonly { readonly 'schema-id': number; readonly fields: readonly Field[] }[]
  readonly 'current-schema-id'?: number
  readonly 'current-snapshot-id'?: bigint | null
  readonly snapshots?: readonly Snapshot[]
  readonly 'partition-specs'?: readonly {
    readonly 'spec-id': number
    readonly fields: readonly { readonly 'source-id': number; readonly transform: string }[]
  }[]
  readonly 'default-spec-id'?: number
  readonly properties?: Readonly<Record<string, string>>
}

/** The files of one snapshot. */
const NAMES_MAX = 100_000
const MANIFESTS_MAX = 10_000

export interface IcebergPlace {
  /** Nothing is read that is not below it. */
  readonly root: ObjectPath
  /** The table's own. */
  readonly folder: ObjectPath
  /** The name of a file in `metadata/`, as `METADATA_FILE`. */
  readonly file: string
}

const ENDING = '.metadata.json'
/** As `v3.metadata.json` and `00003-….metadata.json`. Compressed ones are named otherwise. */
export const METADATA_FILE = /^(?!.*\.gz\.)[\w.-]{1,200}\.metadata\.json$/

/** `version`: a snapshot's id. */
export async function icebergTable(
  source: LakeSource,
  place: IcebergPlace,
  version: string | undefined,
): Promise<LakeTable> {
  const { root, folder, file } = place
  const [text = ''] = await textsOf(source, [
    addressBelow(source, root, `${textOf(folder)}metadata/${file}`),
  ])
  const metadata = metadataOf(text)
  const snapshot = snapshotOf(metadata, version)
  const fields = fieldsOf(metadata, version === undefined ? undefined : snapshot?.['schema-id'])
  const columns = fields.map((field) => lakeColumn('iceberg', field.name, field.type, field.doc))
  return {
    columns,
    partitionBy: partitionsOf(metadata, fields),
    location: metadata.location,
    comment: metadata.properties?.['comment'] ?? '',
    async scan() {
      if (!snapshot) return tableSql(source, columns, undefined)
      demandModules(source)
      const paths = await pathsOf(source, root, snapshot)
      const scan = scanSql({ source, place }, metadata, snapshot, paths)
      return tableSql(source, columns, scan)
    },
  }
}

const MODULES = ['iceberg', 'avro']

function demandModules({ modules }: LakeSource): void {
  const missing = MODULES.filter((name) => !modules.has(name))
  if (missing.length > 0)
    throw new SqlError(
      `Reading an Iceberg table needs the module ${missing.join(' and ')}, which is not loaded; \`emrys engines fetch ${missing.join(' ')}\` brings it, and the instance loads it when it starts`,
    )
}

function metadataOf(text: string): Metadata {
  let metadata: Metadata
  try {
    metadata = parsed(text)
  } catch {
    throw objectError("the metadata of the table is no Iceberg table's")
  }
  const format = metadata['format-version']
  if (format !== 1 && format !== 2) throw unsupportedByEngine(`Iceberg's format version ${format}`)
  return metadata
}

/** Ids of snapshots are larger than a number holds. */
const parsed = (text: string): Metadata =>
  JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? '')
      : value,
  ) as Metadata

function snapshotOf(metadata: Metadata, version: string | undefined): Snapshot | undefined {
  const current = metadata['current-snapshot-id']
  const wanted = version ?? String(current ?? -1)
  const found = metadata.snapshots?.find((entry) => String(entry['snapshot-id']) === wanted)
  if (!found && (version !== undefined || wanted !== '-1'))
    throw new SqlError(`The Iceberg table has no snapshot ${wanted.slice(0, 40)}`)
  // It becomes part of a statement.
  if (found && !/^\d{1,19}$/.test(wanted)) throw objectError('the id of a snapshot is no number')
  return found
}

function fieldsOf(metadata: Metadata, schemaId: number | undefined): readonly Field[] {
  const id = schemaId ?? metadata['current-schema-id']
  const found = metadata.schemas?.find((schema) => schema['schema-id'] === id) ?? metadata.schema
  if (!found) throw objectError('the metadata of the table has no schema')
  return found.fields
}

/** reference: StarRocks 3.3.7, IcebergTable, getPartitionColumnNamesWithTransform */
function partitionsOf(metadata: Metadata, fields: readonly Field[]): readonly string[] {
  const spec = metadata['partition-specs']?.find(
    (entry) => entry['spec-id'] === metadata['default-spec-id'],
  )
  return (spec?.fields ?? []).flatMap(({ 'source-id': id, transform }) => {
    const name = fields.find((field) => field.id === id)?.name
    if (name === undefined || transform === 'void') return []
    if (transform === 'identity') return [name]
    const [, word = transform, width] = /^(\w+)\[(\d+)\]$/.exec(transform) ?? []
    return [width === undefined ? `${word}(${name})` : `${word}(${name}, ${width})`]
  })
}

/** Every object that a snapshot names, judged: its list of manifests, the manifests, and the files in them. */
async function pathsOf(
  source: LakeSource,
  root: ObjectPath,
  snapshot: Snapshot,
): Promise<readonly string[]> {
  const list = snapshot['manifest-list']
  if (list === undefined)
    throw unsupportedByEngine('A snapshot of Iceberg without a list of manifests')
  const { link } = source
  const address = addressBelow(source, root, list)
  const manifests = (
    await link.rows(
      `SELECT manifest_path FROM read_avro(${literal(address)}) LIMIT ${MANIFESTS_MAX + 1}`,
    )
  ).map(([name]) => String(name))
  if (manifests.length > MANIFESTS_MAX)
    throw objectError(`the snapshot has more than ${MANIFESTS_MAX} manifests`)
  const files: string[] = []
  for (const manifest of manifests) {
    const at = addressBelow(source, root, manifest)
    const rows = await link.rows(
      `SELECT data_file.file_path, data_file.file_format FROM read_avro(${literal(at)}) LIMIT ${NAMES_MAX + 1}`,
    )
    for (const [name, format] of rows) {
      if (String(format).toUpperCase() !== 'PARQUET')
        throw unsupportedByEngine(`A file of Iceberg in the format ${String(format).slice(0, 20)}`)
      addressBelow(source, root, String(name))
      files.push(String(name))
    }
    if (files.length > NAMES_MAX) throw objectError(`the snapshot has more than ${NAMES_MAX} files`)
  }
  return [list, ...manifests, ...files]
}

interface ScanPlace {
  readonly source: LakeSource
  readonly place: IcebergPlace
}

/** Of other schemes DuckDB knows nothing: it is told that the table was moved, and finds what is below its folder. */
function scanSql(
  { source, place: { folder, file } }: ScanPlace,
  metadata: Metadata,
  snapshot: Snapshot,
  paths: readonly string[],
): string {
  const id = `snapshot_from_id = ${String(snapshot['snapshot-id'])}`
  const address = source.objects.address(folder, 'read')
  if (paths.every((name) => name.startsWith('s3://')))
    return `iceberg_scan(${literal(`${address}metadata/${file}`)}, ${id})`
  const base = metadata.location.replace(/\/$/, '')
  const moved = (name: string) => {
    const rest = name.startsWith(`${base}/`) ? name.slice(base.length) : ''
    return /^\/(data|metadata)\//.test(rest) && !/\/(data|metadata)\//.test(rest.slice(2))
  }
  if (!paths.every(moved))
    throw unsupportedByEngine(
      "An Iceberg table with files outside of its folders 'data' and 'metadata'",
    )
  return `iceberg_scan(${literal(address.replace(/\/$/, ''))}, allow_moved_paths = true, version = ${literal(file.slice(0, -ENDING.length))}, version_name_format = '%s%s${ENDING}', ${id})`
}

function tableSql(
  { zone }: LakeSource,
  columns: readonly LakeColumn[],
  scan: string | undefined,
): string {
  const list = columns.map((column) => {
    const sql =
      scan === undefined ? `CAST(NULL AS ${storedType(column)})` : `f.${quoted(column.name)}`
    return `${columnSql(column, sql, zone)} AS ${quoted(column.name)}`
  })
  return scan === undefined
    ? `(SELECT ${list.join(', ')} WHERE false)`
    : `(SELECT ${list.join(', ')} FROM ${scan} AS f)`
}
