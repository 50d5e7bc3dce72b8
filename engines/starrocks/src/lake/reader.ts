/** Which external catalogs can be read, and by what. */
import { SqlError } from '../session.ts'
import type { ExternalCatalogEntry } from '../catalog/catalog.ts'
import { analyzingError, unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError } from '../storage/object-path.ts'
import { folderCatalog } from './folder-catalog.ts'
import { hiveCatalog } from './hive-catalog.ts'
import type { LakeCatalog, LakeTable, WantedTable } from './lake-table.ts'
import type { LakeSource } from './object.ts'
import { restCatalog } from './rest-catalog.ts'
import { restOptions, restProperties } from './rest-property.ts'

type CatalogKind = Pick<ExternalCatalogEntry, 'type' | 'properties'>

interface Reader {
  readonly kind: 'hadoop' | 'rest' | 'hive'
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
const METASTORE_TYPE = 'hive.metastore.type'
const METASTORES = 'hive.metastore.uris'

interface Readers {
  /** The property that says of which kind a catalog is. */
  readonly by: string
  /** Where it says nothing. */
  readonly initial?: string
  readonly readers: readonly Reader[]
}

/** By the catalog's type. */
const READERS: Readonly<Record<string, Readers>> = {
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
  hive: {
    by: METASTORE_TYPE,
    initial: 'hive',
    readers: [
      {
        kind: 'hive',
        needs: { [METASTORES]: 'thrift://host:port' },
        takes: ['enable_recursive_listing'],
        open: (source, value) =>
          hiveCatalog(source, {
            uris: value(METASTORES),
            isRecursive: value('enable_recursive_listing').toLowerCase() !== 'false',
          }),
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
  const kind = (properties[found?.by ?? ''] || (found?.initial ?? '')).toLowerCase()
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
  const kind = properties[by] || (found.initial ?? '')
  if (by === METASTORE_TYPE) checkMetastore(kind, properties)
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

/** reference: StarRocks 3.3.7, HiveConnectorInternalMgr */
function checkMetastore(kind: string, properties: CatalogKind['properties']): void {
  if (!['hive', 'glue', 'dlf'].includes(kind.toLowerCase()))
    throw analyzingError(`hive metastore type [${kind.slice(0, 100)}] is not supported`)
  if (kind.toLowerCase() === 'hive' && (properties[METASTORES] ?? '') === '')
    throw new SqlError(`${METASTORES} must be set in properties when creating hive catalog`)
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

/** Undefined: there is no such database. */
export const lakeTables = async (
  source: LakeSource,
  entry: ExternalCatalogEntry,
  database: string,
): Promise<readonly string[] | undefined> => openCatalog(source, entry).tables(database)

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
