/** Which external catalogs can be read, and what is in them: databases and tables are folders in object storage. */
import { SqlError } from '../session.ts'
import type { ExternalCatalogEntry } from '../catalog/catalog.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError } from '../storage/object-path.ts'
import type { ObjectPath } from '../storage/object-path.ts'
import { deltaTable } from './delta.ts'
import { icebergTable } from './iceberg.ts'
import type { LakeTable } from './lake-table.ts'
import { folderIn, folderOf, namesBelow } from './object.ts'
import type { LakeSource } from './object.ts'

type CatalogKind = Pick<ExternalCatalogEntry, 'type' | 'properties'>

const LAKES = {
  iceberg: {
    kind: 'iceberg.catalog.type',
    warehouse: 'iceberg.catalog.warehouse',
    tables: '^[^/]+/[^/]+/metadata/v[0-9]{1,9}\\.metadata\\.json$',
  },
  // StarRocks finds Delta's tables in a metastore only; here they are found as Iceberg's Hadoop catalog finds its own.
  deltalake: {
    kind: 'deltalake.catalog.type',
    warehouse: 'deltalake.catalog.warehouse',
    tables: '^[^/]+/[^/]+/_delta_log/[0-9]{20}\\.',
  },
} as const

type Lake = (typeof LAKES)[keyof typeof LAKES]

/** What a catalog that is read may say. */
export const readerProperties = ({ type }: CatalogKind): readonly string[] => {
  const lake = lakeOf(type)
  return lake ? ['type', lake.kind, lake.warehouse] : []
}

const lakeOf = (type: string): Lake | undefined => {
  const name = type.toLowerCase()
  return name === 'iceberg' || name === 'deltalake' ? LAKES[name] : undefined
}

/** Why nothing of it can be read; undefined where it can be. Throws SqlError for what StarRocks makes no catalog of. */
export function whyUnread({ type, properties }: CatalogKind): string | undefined {
  const lake = lakeOf(type)
  if (!lake) return `no module reads catalogs of type '${type}'`
  const kind = properties[lake.kind] ?? ''
  if (kind === '' && lake === LAKES.iceberg)
    throw new SqlError(
      "Can't find iceberg native catalog type. You must specify the 'iceberg.catalog.type' property when creating an iceberg catalog in the catalog properties",
    )
  if (kind.toLowerCase() !== 'hadoop')
    return kind === ''
      ? `it needs "${lake.kind}" = "hadoop"`
      : `no module reads "${lake.kind}" = "${kind}"`
  if ((properties[lake.warehouse] ?? '') === '')
    return `it needs "${lake.warehouse}" = "oss://bucket/path/"`
  return undefined
}

function warehouseOf(entry: ExternalCatalogEntry): { lake: Lake; root: ObjectPath } {
  const lake = lakeOf(entry.type)
  const why = whyUnread(entry)
  if (!lake || why !== undefined)
    throw unsupportedByEngine(`Reading the catalog '${entry.name}' (${why ?? ''})`)
  return { lake, root: folderOf(entry.properties[lake.warehouse] ?? '') }
}

/** Objects that one listing may find. */
const LISTED_MAX = 100_000

/** A folder is a database when a table is in it: object storage has no other folders. */
export async function lakeDatabases(
  source: LakeSource,
  entry: ExternalCatalogEntry,
): Promise<readonly string[]> {
  const { lake, root } = warehouseOf(entry)
  const names = await namesBelow(source, root, lake.tables, LISTED_MAX)
  return [...new Set(names.map((name) => name.split('/')[0] ?? ''))]
}

/** None: there is no such database. */
export async function lakeTables(
  source: LakeSource,
  entry: ExternalCatalogEntry,
  database: string,
): Promise<readonly string[]> {
  const { lake, root } = warehouseOf(entry)
  const folder = folderIn(root, database)
  if (!folder) return []
  const names = await namesBelow(source, folder, lake.tables.replace('[^/]+/', ''), LISTED_MAX)
  return [...new Set(names.map((name) => name.split('/')[0] ?? ''))]
}

export interface WantedTable {
  readonly database: string
  readonly table: string
  /** Of FOR VERSION AS OF. */
  readonly version?: string | undefined
}

export async function lakeTable(
  source: LakeSource,
  entry: ExternalCatalogEntry,
  { database, table, version }: WantedTable,
): Promise<LakeTable | undefined> {
  const { lake, root } = warehouseOf(entry)
  const above = folderIn(root, database)
  const folder = above && folderIn(above, table)
  if (!folder) return undefined
  if (lake !== LAKES.iceberg && version !== undefined)
    throw unsupportedByEngine('Time travel in a Delta table')
  const found = await judged(table, () =>
    lake === LAKES.iceberg
      ? icebergTable(source, root, folder, version)
      : deltaTable(source, root, folder),
  )
  return found && { ...found, scan: () => judged(table, () => found.scan()) }
}

/** Metadata is whatever somebody wrote: what cannot be read as what it should be ends here. */
async function judged<T>(table: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof SqlError) throw error
    throw objectError(`the metadata of the table '${table.slice(0, 200)}' is malformed`)
  }
}
