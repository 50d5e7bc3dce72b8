/** From names as written to objects of the catalog, with the refusals on the way. */
import { namedOf } from '../sql/name-index.ts'
import { SqlError } from '../session.ts'
import { columnNamed } from './catalog.ts'
import type {
  Catalog,
  DatabaseEntry,
  Relation,
  TableColumn,
  TableEntry,
  ViewEntry,
} from './catalog.ts'
import type { Expression } from '../sql/ast.ts'
import { columnPaths } from '../sql/expression-walk.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'

export const catalogName = 'default_catalog'

/** Databases that exist without being stored; nothing can be created in them. */
export const systemDatabases: readonly string[] = ['_statistics_', 'information_schema', 'sys']

/** Their names are read in any case, as clients write INFORMATION_SCHEMA. */
export const isSystemDatabase = (name: string): boolean =>
  systemDatabases.includes(name.toLowerCase())

export interface QualifiedName {
  readonly database: string
  readonly name: string
}

/** reference: StarRocks 3.3.7, ErrorCode, ERR_BAD_CATALOG_ERROR */
export const unknownCatalog = (name: string): SqlError =>
  new SqlError(`Unknown catalog '${name}'`, 5078, '42000')

export function databaseNamed(catalog: Catalog, name: string): DatabaseEntry {
  const database = catalog.database(name)
  if (!database) throw new SqlError(`Unknown database '${name}'`, 1049, '42000')
  return database
}

/** A database that statements may create objects in. */
export function writableDatabase(catalog: Catalog, name: string): DatabaseEntry {
  if (isSystemDatabase(name)) {
    throw new SqlError(`Access denied for system database '${name}'`, 1044, '42000')
  }
  return databaseNamed(catalog, name)
}

export function unknownRelation(name: QualifiedName): SqlError {
  return new SqlError(
    `Getting analyzing error. Detail message: Unknown table '${name.database}.${name.name}'.`,
    1146,
    '42S02',
  )
}

export function relationNamed(catalog: Catalog, name: QualifiedName): Relation {
  if (isSystemDatabase(name.database)) throw unsupportedByEngine(`Changing ${name.database}`)
  const database = databaseNamed(catalog, name.database)
  const relation = catalog.relation(database.id, name.name)
  if (!relation) throw unknownRelation(name)
  return relation
}

/** A table of rows (materialized views only when asked for). */
export function tableNamed(
  catalog: Catalog,
  name: QualifiedName,
  kind: TableEntry['kind'] = 'table',
): TableEntry {
  const relation = relationNamed(catalog, name)
  if (relation.kind !== kind) {
    throw new SqlError(
      `Getting analyzing error. Detail message: '${name.database}.${name.name}' is a ${relation.kind}, not a ${kind}.`,
      1347,
      'HY000',
    )
  }
  return relation
}

/** What has rows of its own. */
export function storedNamed(catalog: Catalog, name: QualifiedName): TableEntry {
  const { kind } = relationNamed(catalog, name)
  return tableNamed(catalog, name, kind === 'materialized view' ? kind : 'table')
}

export function viewNamed(catalog: Catalog, name: QualifiedName): ViewEntry {
  const relation = relationNamed(catalog, name)
  if (relation.kind === 'view') return relation
  throw new SqlError(`'${name.database}.${name.name}' is not a view`, 1347, 'HY000')
}

/** The same table as it is inside a change: it may have been altered or dropped while the statement waited. */
export function stillThere(catalog: Catalog, table: TableEntry): TableEntry {
  const now = catalog.entries.get(table.id)
  if (now?.kind === table.kind) return now
  throw new SqlError(`Table '${table.name}' was dropped while the statement ran`, 1146, '42S02')
}

export function existingColumn(table: TableEntry, name: string): TableColumn {
  const column = columnNamed(table, name)
  if (column) return column
  throw new SqlError(
    `Getting analyzing error. Detail message: Column '${name}' cannot be resolved in table '${table.name}'.`,
    1054,
    '42S22',
  )
}

/** `name` of a relation for messages: `db.table`. */
export function fullName(catalog: Catalog, relation: Relation): string {
  const database = catalog.entries.get(relation.databaseId)
  return `${database?.kind === 'database' ? database.name : '?'}.${relation.name}`
}

/** The columns of a table that an expression is made of. */
export function columnsOfExpression(
  columns: readonly TableColumn[],
  expression: Expression,
): readonly TableColumn[] {
  const named = columnPaths(expression).flatMap((path) =>
    path.flatMap((part) => namedOf(columns, part)).slice(0, 1),
  )
  return [...new Set(named)]
}
