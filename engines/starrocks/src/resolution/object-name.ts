/** From names as a statement writes them to objects that its session may use. */
import { demand, denied, relationTarget, seesDatabase } from '../catalog/authority.ts'
import { temporaryName } from '../catalog/catalog.ts'
import type { DatabaseEntry, ExternalCatalogEntry, TableEntry } from '../catalog/catalog.ts'
import { catalogName, tableNamed, unknownCatalog } from '../catalog/lookup.ts'
import type { QualifiedName } from '../catalog/lookup.ts'
import type { SessionContext } from '../execution/statement-context.ts'
import { SqlError } from '../session.ts'
import type { ObjectName } from '../sql/ast.ts'
import { analyzingError, unsupportedByEngine } from '../sql/sql-error.ts'

/** The external catalog that a name is in; undefined for the default one. Throws SqlError for one that is not there. */
export function externalOf(
  { engine, state }: SessionContext,
  written: string | undefined,
): ExternalCatalogEntry | undefined {
  const name = written ?? state.catalog ?? catalogName
  if (name === catalogName) return undefined
  const entry = engine.store.current.external(name)
  if (!entry) throw unknownCatalog(name)
  return entry
}

/** For what is done in the default catalog only. */
export function demandDefault(context: SessionContext, written: string | undefined): void {
  if (externalOf(context, written))
    throw unsupportedByEngine('This statement in an external catalog')
}

/**
 * Writes that StarRocks refuses outside too, in its words (reference: 3.3.7, UpdateAnalyzer, MetaUtils.checkNotSupportCatalog,
 * InsertAnalyzer). It can insert into Iceberg and Hive tables, and this engine says of itself that it cannot.
 */
export function refuseOutsideWrite(
  context: SessionContext,
  { parts }: ObjectName,
  verb: 'INSERT' | 'UPDATE' | 'DELETE',
): void {
  const [table = '', , catalog] = parts.toReversed()
  const type = externalOf(context, catalog)?.type.toLowerCase()
  if (type === undefined) return
  if (verb === 'UPDATE') throw new SqlError(`table ${table} does not support update`)
  if (verb === 'DELETE' && type === 'iceberg')
    throw analyzingError("Table of iceberg catalog doesn't support [DELETE]")
  if (verb === 'INSERT' && type !== 'iceberg' && type !== 'hive')
    throw new SqlError('Only support insert into olap/mysql/iceberg/hive table')
}

/** Fills in the current database. */
export function qualify(context: SessionContext, name: ObjectName): QualifiedName {
  const [last = '', database, catalog] = name.parts.toReversed()
  demandDefault(context, catalog)
  const chosen = database ?? context.state.database
  if (chosen === undefined) throw new SqlError('No database selected', 1046, '3D000')
  return { database: chosen, name: last }
}

/** As `qualify`, but a temporary table of the session stands before others of its name. */
export function qualifyTable(context: SessionContext, name: ObjectName): QualifiedName {
  const qualified = qualify(context, name)
  const own = ownTable(context, qualified)
  return own ? { ...qualified, name: own } : qualified
}

/** What the session's temporary table of this name is found by, if there is one. */
export function ownTable(
  { engine, state }: SessionContext,
  { database, name }: QualifiedName,
  catalog = engine.store.current,
): string | undefined {
  if (state.temporarySession === undefined) return undefined
  const entry = catalog.database(database)
  const own = temporaryName(name, state.temporarySession)
  return entry && catalog.relation(entry.id, own) ? own : undefined
}

/** The table, if the session may do this to it. */
export function authorisedTable(
  context: SessionContext,
  name: ObjectName,
  privilege: string,
): TableEntry {
  const { current } = context.engine.store
  const table = tableNamed(current, qualifyTable(context, name))
  demand(current, context.state.authority, [privilege], relationTarget(table))
  return table
}

/** Refuses a database that the session holds nothing in, as for USE. */
export function demandVisible(context: SessionContext, database: DatabaseEntry): void {
  const { current } = context.engine.store
  if (!seesDatabase(current, context.state.authority, database)) {
    throw denied(current, context.state.authority, ['ANY'], `DATABASE ${database.name}`)
  }
}
