/** SHOW and DESC of external catalogs and of what is in them. */
import { denied, outsideTarget, seesOutside } from '../../catalog/authority.ts'
import type { ExternalCatalogEntry } from '../../catalog/catalog.ts'
import { catalogName, unknownCatalog, unknownRelation } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { VirtualTable } from '../../information/virtual-table.ts'
import type { LakeTable } from '../../lake/lake-table.ts'
import { lakeDatabases, lakeTable, lakeTables, tableName } from '../../lake/reader.ts'
import {
  INFORMATION_SCHEMA,
  informationTables,
  isInformationSchema,
} from '../../resolution/external-schema.ts'
import { lakeSource } from '../../resolution/external-table.ts'
import type { ObjectName } from '../../sql/ast.ts'
import type { Show } from '../../sql/ast-session.ts'
import {
  analyzingError,
  noDatabase,
  unknownDatabase,
  unsupportedByEngine,
} from '../../sql/sql-error.ts'
import { describedType } from '../../sql/type-text.ts'
import { shown, withDatabase } from './object.ts'

export function catalogs({ engine, state }: Execution): VirtualTable {
  const { current } = engine.store
  const columns = virtualColumns({ Catalog: text, Type: text, Comment: text })
  const comment = "An internal catalog contains this cluster's self-managed tables."
  const rows = current
    .externals()
    .filter((entry) => seesOutside(current, state.authority, outsideTarget(entry)))
    .map((entry) => [entry.name, capitalized(entry.type), entry.comment ?? null])
  const all = [[catalogName, 'Internal', comment], ...rows]
  return shown(
    'catalogs',
    columns,
    all.sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)),
  )
}

const capitalized = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

/** Of the default catalog StarRocks shows nothing. */
export function showCreateCatalog({ engine, state }: Execution, show: Show): VirtualTable {
  const columns = virtualColumns({ Catalog: text, 'Create Catalog': text })
  const name = show.name?.parts.at(-1) ?? ''
  if (name === catalogName) return shown('catalog', columns, [])
  const { current } = engine.store
  const entry = current.external(name)
  if (!entry) throw unknownCatalog(name)
  demandSight({ engine, state }, entry)
  const lines = Object.entries(shownProperties(entry.properties)).map(
    ([key, value]) => `"${key}"  =  "${value.replaceAll('"', '\\"')}"`,
  )
  const comment =
    entry.comment === undefined ? '' : `comment "${entry.comment.replaceAll(/["\\]/g, '\\$&')}"\n`
  const created = `CREATE EXTERNAL CATALOG \`${name}\`\n${comment}PROPERTIES (${lines.join(',\n')}\n)`
  return shown('catalog', columns, [[name, created]])
}

/** As they are shown, and kept: with what is named like a secret masked, but those that are needed. */
export const shownProperties = (
  properties: Readonly<Record<string, string>>,
  needed: readonly string[] = [],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      SECRET.test(name) && !needed.includes(name) ? masked(value) : value,
    ]),
  )

/** What StarRocks masks, and what else is named like a secret. */
const SECRET =
  /(access|secret|shared|private)_key$|^odps\.access\.|credential|secret|token|password/i

const MASK = '******'

/** What is masked already stays as it is. */
const masked = (value: string): string =>
  value.length <= 4 || value === MASK ? MASK : `${value.slice(0, 2)}${MASK}${value.slice(-2)}`

function demandSight(
  { engine, state }: Pick<Execution, 'engine' | 'state'>,
  ...[entry, database, table]: Parameters<typeof outsideTarget>
): void {
  const target = outsideTarget(entry, database, table)
  const { current } = engine.store
  if (!seesOutside(current, state.authority, target))
    throw denied(current, state.authority, ['ANY'], target.label)
}

export async function showLakeDatabases(
  execution: Execution,
  entry: ExternalCatalogEntry,
): Promise<VirtualTable> {
  const { engine, state } = execution
  const { current } = engine.store
  demandSight(execution, entry)
  const names = await lakeDatabases(lakeSource(execution), entry)
  const visible = names.filter((name) =>
    seesOutside(current, state.authority, outsideTarget(entry, name)),
  )
  // As StarRocks lists it, in every catalog.
  const all = [...visible, INFORMATION_SCHEMA].toSorted()
  return shown(
    'databases',
    virtualColumns({ Database: text }),
    all.map((name) => [name]),
  )
}

async function visibleTables(
  execution: Execution,
  entry: ExternalCatalogEntry,
  database: string,
): Promise<readonly string[]> {
  const { engine, state } = execution
  demandSight(execution, entry, database)
  const names = await lakeTables(lakeSource(execution), entry, database)
  if (!names) throw unknownDatabase(database)
  return names.filter((name) =>
    seesOutside(engine.store.current, state.authority, outsideTarget(entry, database, name)),
  )
}

export async function showLakeTables(
  execution: Execution,
  entry: ExternalCatalogEntry,
  show: Show,
): Promise<VirtualTable> {
  if (show.modifier === 'temporary')
    throw unsupportedByEngine('SHOW TEMPORARY TABLES of an external catalog')
  const database = show.database ?? execution.state.database
  if (database === undefined) throw noDatabase()
  const visible = isInformationSchema(database)
    ? informationTables
    : await visibleTables(execution, entry, database)
  const first = `Tables_in_${database}`
  return show.full
    ? shown(
        'tables',
        virtualColumns({ [first]: text, Table_type: text }),
        visible.map((name) => [name, isInformationSchema(database) ? 'SYSTEM VIEW' : 'BASE TABLE']),
      )
    : shown(
        'tables',
        virtualColumns({ [first]: text }),
        visible.map((name) => [name]),
      )
}

interface FoundTable {
  readonly name: string
  readonly table: LakeTable
}

async function tableNamed(
  execution: Execution,
  entry: ExternalCatalogEntry,
  written: ObjectName,
): Promise<FoundTable> {
  const [name = '', database = execution.state.database] = written.parts.toReversed()
  if (database === undefined) throw noDatabase()
  demandSight(execution, entry, database, tableName(name).base)
  const table = await lakeTable(lakeSource(execution), entry, { database, table: name })
  if (!table) throw unknownRelation({ database, name })
  return { name, table }
}

/** For what is wrong with it. */
export async function readLakeTable(
  execution: Execution,
  entry: ExternalCatalogEntry,
  table: ObjectName,
): Promise<void> {
  await tableNamed(execution, entry, table)
}

/** reference: StarRocks 3.3.7, AstToStringBuilder, getExternalCatalogTableDdlStmt */
export async function showCreateLakeTable(
  execution: Execution,
  entry: ExternalCatalogEntry,
  show: Show,
): Promise<VirtualTable> {
  const { name, table } = await tableNamed(execution, entry, withDatabase(show))
  const columns = table.columns.map((column) => {
    const comment = column.comment === '' ? '' : ` COMMENT ${quotedText(column.comment)}`
    return `  \`${column.name}\` ${describedType(column.type)} DEFAULT NULL${comment}`
  })
  const by =
    table.partitionBy.length === 0 ? '' : `\nPARTITION BY (${table.partitionBy.join(', ')})`
  const comment = table.comment === '' ? '' : `\nCOMMENT (${quotedText(table.comment)})`
  const what = table.isExternal ? 'EXTERNAL TABLE' : 'TABLE'
  const created = `CREATE ${what} \`${name}\` (\n${columns.join(',\n')}\n)${by}${comment}\nPROPERTIES ("location" = "${table.location}");`
  return shown('table', virtualColumns({ Table: text, 'Create Table': text }), [[name, created]])
}

/**
 * StarRocks looks for the table among its own, whichever catalog was named; those of Iceberg are read from `table$partitions`.
 * reference: 3.3.7, ShowStmtAnalyzer, visitShowPartitionsStatement
 */
export async function refusePartitions(
  { engine, state }: Execution,
  _entry: ExternalCatalogEntry,
  { name }: Show,
): Promise<VirtualTable> {
  const [table = '', database = state.database] = name?.parts.toReversed() ?? []
  if (database === undefined) throw noDatabase()
  if (!engine.store.current.database(database)) throw unknownDatabase(database)
  throw analyzingError(`Table[${table}] does not exists or is not OLAP table`)
}

const quotedText = (value: string): string => `"${value.replaceAll(/["\\]/g, '\\$&')}"`

export async function describeLakeTable(
  execution: Execution,
  entry: ExternalCatalogEntry,
  { table, all, column }: { table: ObjectName; all: boolean; column: string | undefined },
): Promise<VirtualTable> {
  if (all) throw unsupportedByEngine('DESC … ALL of an external table')
  const found = await tableNamed(execution, entry, table)
  const wanted = column?.toLowerCase()
  const names = { Field: text, Type: text, Null: text, Key: text, Default: text, Extra: text }
  const listed = found.table.columns.filter(
    ({ name }) => wanted === undefined || name.toLowerCase() === wanted,
  )
  return shown(
    'columns',
    virtualColumns({ ...names, Comment: text }),
    listed.map(({ name, type, comment }) => [
      name,
      describedType(type),
      'Yes',
      'false',
      null,
      // Of what a transform makes of a column nothing is said.
      found.table.partitionBy.includes(name) ? 'partition key' : '',
      comment,
    ]),
  )
}

export async function lakeColumnsOf(
  execution: Execution,
  entry: ExternalCatalogEntry,
  show: Show,
): Promise<VirtualTable> {
  const { table } = await tableNamed(execution, entry, withDatabase(show))
  const head = { Field: text, Type: text, ...(show.full && { Collation: text }) }
  const tail = { Null: text, Key: text, Default: text, Extra: text }
  const more = show.full ? { Privileges: text, Comment: text } : {}
  const rows = table.columns.map(({ name, type, comment }) => [
    name,
    describedType(type),
    ...(show.full ? [''] : []),
    'YES',
    'NO',
    null,
    '',
    ...(show.full ? ['', comment] : []),
  ])
  return shown('columns', virtualColumns({ ...head, ...tail, ...more }), rows)
}
