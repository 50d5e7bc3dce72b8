/** information_schema of an external catalog: what is in it, as far as the session may see it, asked of it at that moment. */
import { outsideTarget, seesOutside } from '../catalog/authority.ts'
import type { ExternalCatalogEntry } from '../catalog/catalog.ts'
import type { SessionContext } from '../execution/statement-context.ts'
import {
  columnCells,
  columnListing,
  schemaListing,
  tableCells,
  tableListing,
  viewListing,
} from '../information/schema.ts'
import type { VirtualTable } from '../information/virtual-table.ts'
import type { LakeSource } from '../lake/object.ts'
import { lakeDatabases, lakeTable, lakeTables } from '../lake/reader.ts'
import { SqlError } from '../session.ts'

export const INFORMATION_SCHEMA = 'information_schema'

export const isInformationSchema = (database: string): boolean =>
  database.toLowerCase() === INFORMATION_SCHEMA

/** Its tables. */
export const informationTables: readonly string[] = ['columns', 'schemata', 'tables', 'views']

/** Each is asked for its metadata. */
const TABLES_MAX = 1000

interface Listing {
  readonly context: SessionContext
  readonly source: LakeSource
  readonly entry: ExternalCatalogEntry
}

/** Undefined for a table that there is not. */
export async function externalSchemaTable(
  listing: Listing,
  name: string,
): Promise<VirtualTable | undefined> {
  switch (name.toLowerCase()) {
    case 'schemata':
      return schemaListing(listing.entry.name, [...(await databases(listing)), INFORMATION_SCHEMA])
    case 'tables':
      return tablesTable(listing)
    case 'columns':
      return columnsTable(listing)
    case 'views':
      // Those of Iceberg are not read here, and not listed as tables.
      return viewListing([])
    default:
      return undefined
  }
}

const sees = ({ context, entry }: Listing, database: string, table = ''): boolean =>
  seesOutside(
    context.engine.store.current,
    context.state.authority,
    outsideTarget(entry, database, table),
  )

async function databases(listing: Listing): Promise<readonly string[]> {
  const names = await lakeDatabases(listing.source, listing.entry)
  return names.filter((name) => sees(listing, name))
}

async function tablePlaces(listing: Listing): Promise<readonly (readonly [string, string])[]> {
  const places: (readonly [string, string])[] = []
  for (const database of await databases(listing)) {
    const names = await lakeTables(listing.source, listing.entry, database)
    for (const name of names ?? []) if (sees(listing, database, name)) places.push([database, name])
  }
  return places
}

async function tablesTable(listing: Listing): Promise<VirtualTable> {
  const catalog = listing.entry.name
  const places = await tablePlaces(listing)
  return tableListing(
    places.map(([schema, name]) =>
      tableCells({
        catalog,
        schema,
        name,
        type: 'BASE TABLE',
        engine: '',
        rows: null,
        created: null,
        comment: '',
      }),
    ),
  )
}

async function columnsTable(listing: Listing): Promise<VirtualTable> {
  const { source, entry } = listing
  const places = await tablePlaces(listing)
  if (places.length > TABLES_MAX)
    throw new SqlError(`The catalog '${entry.name}' has more than ${TABLES_MAX} tables to describe`)
  const rows: VirtualTable['rows'][number][] = []
  for (const [schema, table] of places) {
    const found = await describable(lakeTable(source, entry, { database: schema, table }))
    for (const [at, { name, type, comment }] of (found?.columns ?? []).entries())
      rows.push(
        columnCells({ catalog: entry.name, schema, table, name, ordinal: at + 1, type, comment }),
      )
  }
  return columnListing(rows)
}

/** One table whose metadata are bad hides no other: it says what it is when it is read. */
async function describable<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (error instanceof SqlError) return undefined
    throw error
  }
}
