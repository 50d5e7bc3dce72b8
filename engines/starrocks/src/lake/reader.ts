/** Which external catalogs can be read, and by what. */
import { SqlError } from '../session.ts'
import type { ExternalCatalogEntry } from '../catalog/catalog.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError } from '../storage/object-path.ts'
import { folderCatalog } from './folder-catalog.ts'
import type { LakeCatalog, LakeTable, WantedTable } from './lake-table.ts'
import type { LakeSource } from './object.ts'
import { restCatalog } from './rest-catalog.ts'
import { restOptions, restProperties } from './rest-property.ts'

type CatalogKind = Pick<ExternalCatalogEntry, 'type' | 'properties'>

interface Reader {
  readonly kind: 'hadoop' | 'rest'
  /** The properties that it needs, with how one looks, and those that it may have. */
  readonly needs: Readonly<Record<string, string>>
  readonly takes: readonly string[]
  open(
    source: LakeSource,
    value: (name: string) => string,
    properties: CatalogKind['properties'],
  ): LakeCatalog
}

const FOLDER = 'oss://bucket/path/'

/** By the catalog's type and the property that says of which kind it is. */
const READERS: Readonly<
  Record<string, { readonly by: string; readonly readers: readonly Reader[] }>
> = {
  iceberg: {
    by: 'iceberg.catalog.type',
    readers: [
      {
        kind: 'hadoop',
        needs: { 'iceberg.catalog.warehouse': FOLDER },
        takes: [],
        open: (source, value) =>
          folderCatalog(source, 'iceberg', value('iceberg.catalog.warehouse')),
      },
      {
        kind: 'rest',
        needs: { 'iceberg.catalog.uri': 'http://host:port' },
        takes: restProperties,
        open: (source, _value, properties) => restCatalog(source, restOptions(properties)),
      },
    ],
  },
  // StarRocks finds Delta's tables in a metastore only; here they are found as Iceberg's Hadoop catalog finds its own.
  deltalake: {
    by: 'deltalake.catalog.type',
    readers: [
      {
        kind: 'hadoop',
        needs: { 'deltalake.catalog.warehouse': FOLDER },
        takes: [],
        open: (source, value) =>
          folderCatalog(source, 'deltalake', value('deltalake.catalog.warehouse')),
      },
    ],
  },
}

function readersOf(type: string) {
  const name = type.toLowerCase()
  return Object.hasOwn(READERS, name) ? READERS[name] : undefined
}

function readerOf({ type, properties }: CatalogKind): Reader | undefined {
  const found = readersOf(type)
  const kind = (properties[found?.by ?? ''] ?? '').toLowerCase()
  return found?.readers.find((reader) => reader.kind === kind)
}

/** What a catalog that is read may say. */
export function readerProperties(catalog: CatalogKind): readonly string[] {
  const by = readersOf(catalog.type)?.by ?? ''
  const reader = readerOf(catalog)
  return reader ? ['type', by, ...Object.keys(reader.needs), ...reader.takes] : []
}

/** Why nothing of it can be read; undefined where it can be. Throws SqlError for what StarRocks makes no catalog of. */
export function whyUnread(catalog: CatalogKind): string | undefined {
  const { type, properties } = catalog
  const found = readersOf(type)
  if (!found) return `no module reads catalogs of type '${type}'`
  const { by, readers } = found
  const kind = properties[by] ?? ''
  if (kind === '' && by === 'iceberg.catalog.type')
    throw new SqlError(
      "Can't find iceberg native catalog type. You must specify the 'iceberg.catalog.type' property when creating an iceberg catalog in the catalog properties",
    )
  const reader = readerOf(catalog)
  if (!reader)
    return kind === ''
      ? `it needs "${by}" = "${readers[0]?.kind ?? ''}"`
      : `no module reads "${by}" = "${kind}"`
  const missing = Object.entries(reader.needs).find(([name]) => (properties[name] ?? '') === '')
  return missing && `it needs "${missing[0]}" = "${missing[1]}"`
}

function openCatalog(source: LakeSource, entry: ExternalCatalogEntry): LakeCatalog {
  const why = whyUnread(entry)
  const reader = readerOf(entry)
  if (!reader || why !== undefined)
    throw unsupportedByEngine(`Reading the catalog '${entry.name}' (${why ?? ''})`)
  return reader.open(source, (name) => entry.properties[name] ?? '', entry.properties)
}

export const lakeDatabases = async (
  source: LakeSource,
  entry: ExternalCatalogEntry,
): Promise<readonly string[]> => openCatalog(source, entry).databases()

/** None: there is no such database. */
export const lakeTables = async (
  source: LakeSource,
  entry: ExternalCatalogEntry,
  database: string,
): Promise<readonly string[]> => openCatalog(source, entry).tables(database)

export async function lakeTable(
  source: LakeSource,
  entry: ExternalCatalogEntry,
  wanted: WantedTable,
): Promise<LakeTable | undefined> {
  const { base: table, inspected } = tableName(wanted.table)
  const catalog = openCatalog(source, entry)
  const found = await judged(table, () => catalog.table({ ...wanted, table, inspected }))
  return found && { ...found, scan: () => judged(table, () => found.scan()) }
}

/** `orders$files` is about `orders` (reference: StarRocks 3.3.7, MetadataTableName). */
export function tableName(written: string): {
  readonly base: string
  readonly inspected: string | undefined
} {
  const [, base = written, inspected] = /^([^$@]+)\$([^@]+)$/.exec(written) ?? []
  return { base, inspected }
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
