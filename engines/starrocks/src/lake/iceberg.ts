/**
 * An Iceberg table, from the file of its metadata on, whoever says which one that is (folder-catalog.ts, rest-catalog.ts). All that a
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
import { fieldsOf, metadataOf, parsedJson, partitionTexts, snapshotOf } from './iceberg-metadata.ts'
import type { Metadata, Snapshot } from './iceberg-metadata.ts'
import { inspection } from './iceberg-inspection.ts'
import type { Manifest } from './iceberg-inspection.ts'
import type { LakeTable, WantedTable } from './lake-table.ts'

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

export async function icebergTable(
  source: LakeSource,
  place: IcebergPlace,
  { version, inspected }: Pick<WantedTable, 'version' | 'inspected'>,
): Promise<LakeTable> {
  const { root, folder, file } = place
  const [text = ''] = await textsOf(source, [
    addressBelow(source, root, `${textOf(folder)}metadata/${file}`),
  ])
  const metadata = metadataOf(text)
  const snapshot = snapshotOf(metadata, version)
  if (inspected !== undefined) {
    const manifests = () => {
      demandModules(source)
      return snapshot ? manifestsOf(source, root, snapshot) : Promise.resolve([])
    }
    const at = `${textOf(folder)}metadata/${file}`
    return inspection(inspected, { source, metadata, at, manifests })
  }
  const fields = fieldsOf(metadata, version === undefined ? undefined : snapshot?.['schema-id'])
  const columns = fields.map((field) => lakeColumn('iceberg', field.name, field.type, field.doc))
  return {
    columns,
    partitionBy: partitionTexts(metadata, fields),
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

function listOf(snapshot: Snapshot): string {
  const list = snapshot['manifest-list']
  if (list === undefined)
    throw unsupportedByEngine('A snapshot of Iceberg without a list of manifests')
  return list
}

/** Judged; what the list says of each is the format's business, whose versions have other members. */
async function manifestsOf(
  source: LakeSource,
  root: ObjectPath,
  snapshot: Snapshot,
): Promise<readonly Manifest[]> {
  const address = addressBelow(source, root, listOf(snapshot))
  const rows = await source.link.rows(
    `SELECT to_json(m)::VARCHAR FROM read_avro(${literal(address)}) AS m LIMIT ${MANIFESTS_MAX + 1}`,
  )
  if (rows.length > MANIFESTS_MAX)
    throw objectError(`the snapshot has more than ${MANIFESTS_MAX} manifests`)
  return rows.map(([cell]) => {
    const facts = parsedJson(String(cell)) as Readonly<Record<string, unknown>>
    const name = String(facts['manifest_path'])
    return { name, address: addressBelow(source, root, name), facts }
  })
}

/** Every object that a snapshot names, judged: its list of manifests, the manifests, and the files in them. */
async function pathsOf(
  source: LakeSource,
  root: ObjectPath,
  snapshot: Snapshot,
): Promise<readonly string[]> {
  const list = listOf(snapshot)
  const { link } = source
  const manifests = await manifestsOf(source, root, snapshot)
  const files: string[] = []
  for (const { address: at } of manifests) {
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
  return [list, ...manifests.map(({ name }) => name), ...files]
}

interface ScanPlace {
  readonly source: LakeSource
  readonly place: IcebergPlace
}

/** Of other schemes DuckDB knows nothing: with `allow_moved_paths` it finds what is below its folder. */
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
