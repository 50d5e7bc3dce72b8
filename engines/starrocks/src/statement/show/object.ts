/** SHOW of databases, tables and their declarations. */
import type { ObjectName } from '../../sql/ast.ts'
import type { Show } from '../../sql/ast-session.ts'
import { SqlError } from '../../session.ts'
import { denied, sees } from '../../catalog/authority.ts'
import type { Relation, TableEntry } from '../../catalog/catalog.ts'
import { visibleDatabases, visibleRelations } from '../../information/schema.ts'
import * as storageInfo from '../../information/starrocks-table.ts'
import { systemTableNames } from '../../information/system-table.ts'
import {
  databaseNamed,
  isSystemDatabase,
  relationNamed,
  systemDatabases,
} from '../../catalog/lookup.ts'
import { demandDefault, demandVisible, qualifyTable } from '../../resolution/object-name.ts'
import { rollupNamed } from '../../resolution/rollup.ts'
import type { FoundRollup } from '../../resolution/rollup.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import { isSharedData, volumeName, VOLUME_PROPERTY } from '../../execution/storage-volume.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { long, momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { rowCountSql } from '../../information/schema.ts'
import {
  createMaterializedViewText,
  indexTypeText,
  createRollupText,
  createTableText,
  createViewText,
} from '../../information/create-table-text.ts'

export const shown = (
  name: string,
  columns: VirtualTable['columns'],
  rows: readonly (readonly Cell[])[],
) => ({
  database: '',
  name,
  columns,
  rows,
})

export function databases(context: StatementContext, show: Show): VirtualTable {
  demandDefault(context, show.catalog)
  const names = [...visibleDatabases(context).map((entry) => entry.name), ...systemDatabases].sort()
  return shown(
    'databases',
    virtualColumns({ Database: text }),
    names.map((name) => [name]),
  )
}

/** The database that a SHOW is about: written, or the session's. */
export function shownDatabase(context: StatementContext, show: Show): string {
  demandDefault(context, show.catalog)
  const name = show.database ?? context.state.database
  if (name === undefined) throw new SqlError('No database selected', 1046, '3D000')
  if (!isSystemDatabase(name))
    demandVisible(context, databaseNamed(context.engine.store.current, name))
  return name
}

function relationsOf(context: StatementContext, database: string): Relation[] {
  return visibleRelations(context).flatMap(([schema, relation]) =>
    schema.name === database ? [relation] : [],
  )
}

export function showTables(context: StatementContext, show: Show): VirtualTable {
  const database = shownDatabase(context, show)
  if (show.modifier === 'temporary') {
    const own = context.state.temporarySession
    const { current } = context.engine.store
    const names = current
      .temporaryTables()
      .filter(
        ({ session, databaseId }) =>
          session === own && databaseId === current.database(database)?.id,
      )
      .map((table) => table.name)
      .sort()
      .map((name) => [name])
    return shown('tables', virtualColumns({ [`Tables_in_${database}`]: text }), names)
  }
  const kinds = { table: 'BASE TABLE', view: 'VIEW', 'materialized view': 'VIEW' }
  const rows: string[][] = isSystemDatabase(database)
    ? systemTableNames(database).map((name) => [name, 'SYSTEM VIEW'])
    : relationsOf(context, database).map((relation) => [relation.name, kinds[relation.kind]])
  const first = `Tables_in_${database}`
  return show.full
    ? shown('tables', virtualColumns({ [first]: text, Table_type: text }), rows)
    : shown(
        'tables',
        virtualColumns({ [first]: text }),
        rows.map(([name = '']) => [name]),
      )
}

export function tableStatus(context: StatementContext, show: Show): VirtualTable {
  const columns = virtualColumns({
    Name: text,
    Engine: text,
    Version: long,
    Row_format: text,
    Rows: long,
    Avg_row_length: long,
    Data_length: long,
    Max_data_length: long,
    Index_length: long,
    Data_free: long,
    Auto_increment: long,
    Create_time: text,
    Update_time: text,
    Check_time: text,
    Collation: text,
    Checksum: long,
    Create_options: text,
    Comment: text,
  })
  const rows = relationsOf(context, shownDatabase(context, show)).map((relation): Cell[] => [
    relation.name,
    relation.kind === 'view' ? null : 'StarRocks',
    null,
    '',
    relation.kind === 'view' ? null : relation.id,
    null,
    null,
    null,
    null,
    null,
    null,
    momentText(relation.createdMs, timeZoneOf(context)),
    null,
    null,
    'utf8_general_ci',
    null,
    '',
    relation.kind === 'view' ? 'VIEW' : relation.comment,
  ])
  return { ...shown('table status', columns, rows), computed: { Rows: rowCountSql('c4') } }
}

/** The relation a SHOW or DESC is about, if the session may see it. */
export function shownRelation(
  context: StatementContext,
  show: Pick<Show, 'name' | 'database'>,
): Relation {
  const name = withDatabase(show)
  const { current } = context.engine.store
  const relation = relationNamed(current, qualifyTable(context, name))
  if (!sees(current, context.state.authority, relation)) {
    const label = `${relation.kind.toUpperCase()} ${relation.name}`
    throw denied(current, context.state.authority, ['ANY'], label)
  }
  return relation
}

export function withDatabase(show: Pick<Show, 'name' | 'database'>): ObjectName {
  const name = show.name ?? { parts: [], at: 0 }
  const alone = name.parts.length === 1 && show.database !== undefined
  return alone ? { ...name, parts: [show.database ?? '', ...name.parts] } : name
}

/** The synchronous view or ROLLUP of this name, if no relation has it and the session may see its table. */
export function shownRollup(
  context: StatementContext,
  show: Pick<Show, 'name' | 'database'>,
): FoundRollup | undefined {
  const name = qualifyTable(context, withDatabase(show))
  const { current } = context.engine.store
  const database = current.database(name.database)
  if (!database || current.relation(database.id, name.name)) return undefined
  const found = rollupNamed(current, database.id, name.name)
  return found && sees(current, context.state.authority, found.table) ? found : undefined
}

export function indexes(context: StatementContext, show: Show): VirtualTable {
  const relation = shownRelation(context, show)
  const { database } = qualifyTable(context, withDatabase(show))
  const names = [
    'Table',
    'Non_unique',
    'Key_name',
    'Seq_in_index',
    'Column_name',
    'Collation',
    'Cardinality',
    'Sub_part',
    'Packed',
    'Null',
    'Index_type',
    'Comment',
  ]
  const found = relation.kind === 'view' ? [] : relation.indexes
  const rows = found.flatMap((index) =>
    index.columns.map((column): Cell[] => {
      const head: Cell[] = [
        `${database}.${relation.name}`,
        '',
        index.name,
        '',
        column,
        '',
        '',
        '',
        '',
        '',
      ]
      return [...head, indexTypeText(index), index.comment ?? '']
    }),
  )
  return shown(
    'index',
    names.map((name) => ({ name, type: text })),
    rows,
  )
}

export function showCreateDatabase(context: StatementContext, show: Show): VirtualTable {
  const name = show.name?.parts.at(-1) ?? show.database ?? ''
  const database = databaseNamed(context.engine.store.current, name)
  demandVisible(context, database)
  const properties = Object.entries(withVolume(context, database).properties)
    .map(([key, value]) => `"${key}" = "${value}"`)
    .join(', ')
  const tail = properties === '' ? '' : ` PROPERTIES (${properties})`
  const columns = virtualColumns({ Database: text, 'Create Database': text })
  return shown('database', columns, [[name, `CREATE DATABASE \`${name}\`${tail}`]])
}

export function showCreateRelation(context: StatementContext, show: Show): VirtualTable {
  const found = show.what === 'create materialized view' ? shownRollup(context, show) : undefined
  if (found) {
    const columns = virtualColumns({ 'Materialized View': text, 'Create Materialized View': text })
    return shown('table', columns, [
      [found.rollup.name, createRollupText(found.table, found.rollup)],
    ])
  }
  const relation = shownRelation(context, show)
  if (show.what !== 'create table' && show.what !== `create ${relation.kind}`) {
    throw new SqlError(
      `'${relation.name}' is not '${show.what.slice(7).toUpperCase()}'`,
      1347,
      'HY000',
    )
  }
  if (relation.kind === 'view') {
    const columns = virtualColumns({
      View: text,
      'Create View': text,
      character_set_client: text,
      collation_connection: text,
    })
    return shown('view', columns, [
      [relation.name, createViewText(relation), 'utf8', 'utf8_general_ci'],
    ])
  }
  const isView = relation.kind === 'materialized view'
  const columns = isView
    ? virtualColumns({ 'Materialized View': text, 'Create Materialized View': text })
    : virtualColumns({ Table: text, 'Create Table': text })
  return shown('table', columns, [
    [relation.name, declaration(context, withVolume(context, relation))],
  ])
}

/** Where the data are kept in a store, a declaration says so, as StarRocks' do. */
function withVolume<Placed extends Pick<TableEntry, 'volume' | 'properties'>>(
  { engine }: StatementContext,
  table: Placed,
): Placed {
  if (!engine.volume || !isSharedData(engine.identity)) return table
  const others = Object.entries(table.properties).filter(
    ([name]) => name.toLowerCase() !== VOLUME_PROPERTY,
  )
  const name = volumeName(engine.store.current, table.volume)
  return { ...table, properties: { [VOLUME_PROPERTY]: name, ...Object.fromEntries(others) } }
}

function declaration({ engine }: StatementContext, table: TableEntry): string {
  if (table.kind !== 'table') return createMaterializedViewText(table)
  const database = engine.store.current.entries.get(table.databaseId)
  return createTableText(table, database?.kind === 'database' ? database.name : '')
}

/** How SHOW MATERIALIZED VIEWS calls what information_schema.materialized_views has. */
const shownNames: Readonly<Record<string, string>> = {
  MATERIALIZED_VIEW_ID: 'id',
  TABLE_SCHEMA: 'database_name',
  TABLE_NAME: 'name',
  TABLE_ROWS: 'rows',
  MATERIALIZED_VIEW_DEFINITION: 'text',
}

export function showMaterializedViews(context: StatementContext, show: Show): VirtualTable {
  const database = shownDatabase(context, show)
  const all = storageInfo.materializedViews(context)
  const schemaAt = all.columns.findIndex((column) => column.name === 'TABLE_SCHEMA')
  return {
    ...all,
    columns: all.columns.map((column) => ({
      ...column,
      name: shownNames[column.name] ?? column.name.toLowerCase(),
    })),
    rows: all.rows.filter((row) => row[schemaAt] === database),
    computed: { rows: rowCountSql('c0') },
  }
}
