/** information_schema as MySQL has it: schemata, tables, columns, views. Only what the session may see is listed. */
import { printExpression } from '../sql/print.ts'
import type { SqlType } from '../sql/type.ts'
import { allows, sees, seesDatabase, systemTarget } from '../catalog/authority.ts'
import type { DatabaseEntry, Relation, TableColumn, TableEntry } from '../catalog/catalog.ts'
import { catalogName, systemDatabases } from '../catalog/lookup.ts'
import { timeZoneOf } from '../execution/statement-context.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { long, moment, momentText, text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'
import { mapInSteps } from './step.ts'
import type { Steps } from './step.ts'
import { columnType, dataType } from '../sql/type-text.ts'

const database = 'information_schema'

export function schemata(context: StatementContext): VirtualTable {
  const names = [...visibleDatabases(context).map((entry) => entry.name), ...systemDatabases]
  return schemaListing(catalogName, names)
}

export function schemaListing(catalog: string, names: readonly string[]): VirtualTable {
  const columns = virtualColumns({
    CATALOG_NAME: text,
    SCHEMA_NAME: text,
    DEFAULT_CHARACTER_SET_NAME: text,
    DEFAULT_COLLATION_NAME: text,
    SQL_PATH: text,
  })
  const rows = names.toSorted().map((name) => [catalog, name, 'utf8', 'utf8_general_ci', null])
  return { database, name: 'schemata', columns, rows }
}

const tableShape = {
  TABLE_CATALOG: text,
  TABLE_SCHEMA: text,
  TABLE_NAME: text,
  TABLE_TYPE: text,
  ENGINE: text,
  VERSION: long,
  ROW_FORMAT: text,
  TABLE_ROWS: long,
  AVG_ROW_LENGTH: long,
  DATA_LENGTH: long,
  MAX_DATA_LENGTH: long,
  INDEX_LENGTH: long,
  DATA_FREE: long,
  AUTO_INCREMENT: long,
  CREATE_TIME: moment,
  UPDATE_TIME: moment,
  CHECK_TIME: moment,
  TABLE_COLLATION: text,
  CHECKSUM: long,
  CREATE_OPTIONS: text,
  TABLE_COMMENT: text,
}

export function tables(context: StatementContext): VirtualTable {
  const rows = visibleRelations(context).map(([schema, relation]) =>
    tableRow(context, schema, relation),
  )
  return { ...tableListing(rows), computed: { TABLE_ROWS: rowCountSql('c7') } }
}

export const tableListing = (rows: VirtualTable['rows']): VirtualTable => ({
  database,
  name: 'tables',
  columns: virtualColumns(tableShape),
  rows,
})

function tableRow(context: StatementContext, schema: DatabaseEntry, relation: Relation): Cell[] {
  return tableCells({
    catalog: catalogName,
    schema: schema.name,
    name: relation.name,
    type: relation.kind === 'table' ? 'BASE TABLE' : 'VIEW',
    engine: relation.kind === 'view' ? '' : 'StarRocks',
    // The row's id in place of its count; `computed` asks DuckDB.
    rows: relation.kind === 'view' ? null : relation.id,
    created: momentText(relation.createdMs, timeZoneOf(context)),
    comment: relation.comment,
  })
}

interface ListedTable {
  readonly catalog: string
  readonly schema: string
  readonly name: string
  readonly type: string
  readonly engine: string
  readonly rows: Cell
  readonly created: Cell
  readonly comment: string
}

export function tableCells(it: ListedTable): Cell[] {
  const { catalog, schema, name, type, engine, rows, created, comment } = it
  const sizes: readonly Cell[] = [rows, null, null, null, null, null, null]
  const head = [catalog, schema, name, type, engine, null, '']
  return [...head, ...sizes, created, null, null, 'utf8_general_ci', null, '', comment]
}

/** Temporary tables: the session's own, and those of all sessions to whom may OPERATE. */
export function temporaryTables(context: StatementContext): VirtualTable {
  const { current } = context.engine.store
  const all = allows(current, context.state.authority, ['OPERATE'], systemTarget)
  const rows = current.temporaryTables().flatMap((table): Cell[][] => {
    const schema = current.entries.get(table.databaseId)
    if (schema?.kind !== 'database') return []
    if (!all && table.session !== context.state.temporarySession) return []
    return [['def', ...tableRow(context, schema, table).slice(1), table.session, table.id]]
  })
  const columns = virtualColumns({ ...tableShape, SESSION: text, TABLE_ID: long })
  const computed = { TABLE_ROWS: rowCountSql('c7') }
  return { database, name: 'temp_tables', columns, rows, computed }
}

/** DuckDB's estimate of a table's rows, from the table's id. */
export const rowCountSql = (id: string): string =>
  `(SELECT d.estimated_size FROM duckdb_tables() AS d WHERE d.schema_name = 'data' AND d.table_name = 't' || ${id})`

export function* columnsTable(context: StatementContext): Steps<VirtualTable> {
  const rows: Cell[][][] = []
  for (const [schema, relation] of visibleRelations(context)) {
    const row = ([index, column]: [number, Relation['columns'][number]]): Cell[] =>
      columnRow(schema, relation, column, index)
    rows.push(yield* mapInSteps(relation.columns.entries(), row))
    yield
  }
  return columnListing(rows.flat())
}

export function columnListing(rows: VirtualTable['rows']): VirtualTable {
  const shape = virtualColumns({
    TABLE_CATALOG: text,
    TABLE_SCHEMA: text,
    TABLE_NAME: text,
    COLUMN_NAME: text,
    ORDINAL_POSITION: long,
    COLUMN_DEFAULT: text,
    IS_NULLABLE: text,
    DATA_TYPE: text,
    CHARACTER_MAXIMUM_LENGTH: long,
    CHARACTER_OCTET_LENGTH: long,
    NUMERIC_PRECISION: long,
    NUMERIC_SCALE: long,
    DATETIME_PRECISION: long,
    CHARACTER_SET_NAME: text,
    COLLATION_NAME: text,
    COLUMN_TYPE: text,
    COLUMN_KEY: text,
    EXTRA: text,
    PRIVILEGES: text,
    COLUMN_COMMENT: text,
    COLUMN_SIZE: long,
    DECIMAL_DIGITS: long,
    GENERATION_EXPRESSION: text,
    SRS_ID: long,
  })
  return { database, name: 'columns', columns: shape, rows }
}

function columnRow(
  schema: DatabaseEntry,
  relation: Relation,
  column: Relation['columns'][number],
  index: number,
): Cell[] {
  const { type, name, comment = '' } = column
  const stored = relation.kind === 'view' ? undefined : (column as TableColumn)
  const place = { catalog: catalogName, schema: schema.name, table: relation.name }
  return columnCells(
    { ...place, name, ordinal: index + 1, type, comment },
    {
      default: stored ? defaultText(stored) : null,
      nullable: stored?.nullable !== false,
      ...(stored?.declared && { declared: stored.declared }),
      key: relation.kind !== 'view' && stored?.key ? keyWords[relation.model] : '',
      generated: stored?.generated ? printExpression(stored.generated) : null,
    },
  )
}

interface ListedColumn {
  readonly catalog: string
  readonly schema: string
  readonly table: string
  readonly name: string
  /** From 1. */
  readonly ordinal: number
  readonly type: SqlType
  readonly comment: string
}

interface ColumnMore {
  readonly default: Cell
  readonly nullable: boolean
  readonly declared?: Parameters<typeof columnType>[0]
  readonly key: string
  readonly generated: Cell
}

const PLAIN: ColumnMore = { default: null, nullable: true, key: '', generated: null }

export function columnCells(it: ListedColumn, more: ColumnMore = PLAIN): Cell[] {
  const { type } = it
  const length = type.kind === 'char' || type.kind === 'varchar' ? type.length : null
  const digits = numericDigits(type)
  return [
    it.catalog,
    it.schema,
    it.table,
    it.name,
    it.ordinal,
    more.default,
    more.nullable ? 'YES' : 'NO',
    dataType(type),
    length,
    length,
    digits?.precision ?? null,
    digits?.scale ?? null,
    type.kind === 'datetime' ? 0 : null,
    length === null ? null : 'utf8',
    length === null ? null : 'utf8_general_ci',
    columnType(more.declared ?? type),
    more.key,
    // EXTRA: StarRocks fills it for no column.
    '',
    '',
    it.comment,
    length ?? digits?.precision ?? null,
    digits?.scale ?? null,
    more.generated,
    null,
  ]
}

export const keyWords: Readonly<Record<TableEntry['model'], string>> = {
  duplicate: 'DUP',
  aggregate: 'AGG',
  unique: 'UNI',
  primary: 'PRI',
}

const precisions: Readonly<Partial<Record<SqlType['kind'], number>>> = {
  tinyint: 3,
  smallint: 5,
  int: 10,
  bigint: 19,
  largeint: 39,
  float: 7,
  double: 15,
}

function numericDigits(type: SqlType): { precision: number; scale: number } | undefined {
  if (type.kind === 'decimal') return type
  const precision = precisions[type.kind]
  return precision === undefined ? undefined : { precision, scale: 0 }
}

/** As DESC shows it: the value, CURRENT_TIMESTAMP, an expression; null for none. */
export function defaultText(column: TableColumn): string | null {
  const written = column.default
  if (!written || written.kind === 'null') return null
  if (written.kind === 'literal') return written.value
  if (written.kind === 'expression') return printExpression(written.expression)
  return written.precision === undefined
    ? 'CURRENT_TIMESTAMP'
    : `CURRENT_TIMESTAMP(${written.precision})`
}

export function viewListing(rows: VirtualTable['rows']): VirtualTable {
  const shape = virtualColumns({
    TABLE_CATALOG: text,
    TABLE_SCHEMA: text,
    TABLE_NAME: text,
    VIEW_DEFINITION: text,
    CHECK_OPTION: text,
    IS_UPDATABLE: text,
    DEFINER: text,
    SECURITY_TYPE: text,
    CHARACTER_SET_CLIENT: text,
    COLLATION_CONNECTION: text,
  })
  return { database, name: 'views', columns: shape, rows }
}

export function views(context: StatementContext): VirtualTable {
  const rows = visibleRelations(context).flatMap(([schema, relation]): Cell[][] => {
    if (relation.kind !== 'view') return []
    const security = relation.security === 'invoker' ? 'INVOKER' : 'NONE'
    return [
      [
        catalogName,
        schema.name,
        relation.name,
        relation.query,
        'NONE',
        'NO',
        '',
        security,
        'utf8',
        'utf8_general_ci',
      ],
    ]
  })
  return viewListing(rows)
}

export function visibleDatabases(context: StatementContext): DatabaseEntry[] {
  const { current } = context.engine.store
  return current
    .databases()
    .filter((entry) => seesDatabase(current, context.state.authority, entry))
}

export function visibleRelations(
  context: StatementContext,
): (readonly [DatabaseEntry, Relation])[] {
  const { current } = context.engine.store
  return visibleDatabases(context).flatMap((schema) =>
    current
      .relations(schema.id)
      .filter((relation) => sees(current, context.state.authority, relation))
      .map((relation) => [schema, relation] as const),
  )
}
