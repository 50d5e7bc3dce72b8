/**
 * How a load's rows become the table's: fields to columns, expressions, the filter, and the operation of each row.
 * Source fields are text named f0, f1, … in the relation `i`.
 */
import { SqlError } from '../session.ts'
import type { Expression } from '../sql/ast.ts'
import type { ScopeNames, TypedSql } from '../sql/scope.ts'
import { isInteger } from '../sql/common-type.ts'
import { convert, translateExpression } from '../sql/translate.ts'
import { plainMapType, wrapMaps } from '../sql/map-key.ts'
import { duckType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import { columnNamed } from '../catalog/catalog.ts'
import type { TableColumn, TableEntry } from '../catalog/catalog.ts'
import { defaultValue, orNextNumber } from '../catalog/column-default.ts'
import { namedPartitions } from '../catalog/partition.ts'
import { existingColumn } from '../catalog/lookup.ts'
import { deleteColumn, judgedRows, writtenColumns } from '../transaction/row-check.ts'
import type { MappedColumn } from '../transaction/row-check.ts'
import type { Execution } from '../execution/execution.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { scopeOf } from '../resolution/statement-scope.ts'
import { operationField, readColumns, readLoadExpression } from './load-column.ts'
import type { LoadColumns } from './load-column.ts'
import { documentRows } from './document-row.ts'
import { blocksOf } from './raw-block.ts'
import type { RawRows } from './raw-block.ts'
import { decodedRows, unreadReason } from './row-encoding.ts'
import type { LoadDocuments, LoadRequest, TextFormat } from '../load-sink.ts'

export interface LoadPlan {
  readonly fields: readonly string[]
  readonly jsonFields: ReadonlySet<string>
  readonly columns: readonly TableColumn[]
  readonly deletes: boolean
  /**
   * SELECT over `raw`, encoded blocks (row-encoding.ts). When there are also blocks of documents among them, with what
   * these lack.
   */
  judged(raw: RawRows, absent?: LoadDocuments['absent']): string
}

export const selectedColumn = 'emrys$selected'

const text: SqlType = { kind: 'varchar', length: 1_048_576 }

export function planLoad(
  execution: Execution,
  table: TableEntry,
  request: LoadRequest,
  format: TextFormat,
): LoadPlan {
  const layout = layoutOf(table, request)
  checkRequest(table, request, layout)
  const scope = scopeOf(execution, { trusted: true })
  const source: ScopeNames = {
    database: request.database,
    table: table.name,
    columns: layout.fields.map((name, index) => ({ name, type: text, sql: `f${index}` })),
  }
  const read = (expression: Expression) =>
    translateExpression(expression, scope, [{ alias: 'i', table: source }])
  const mapped = mapFields(table, layout, request, read, (column) =>
    defaultValue(table, column, scope),
  )
  const operation = operationSql(layout, request, read)
  const where = request.where === undefined ? undefined : readLoadExpression(request.where)
  const unread = unreadReason(layout.fields.length)
  const extras: Record<string, string> = {
    [selectedColumn]: where
      ? `(${unread} IS NOT NULL OR coalesce(${whereSql(table, { layout, mapped, where }, execution)}, false))`
      : 'true',
    ...(operation !== undefined && { [deleteColumn]: operation }),
  }
  const { fields } = layout
  const jsonFields = new Set(
    fields.filter((field) => columnNamed(table, field)?.type.kind === 'json'),
  )
  const rowsIn = (raw: RawRows, absent: LoadDocuments['absent'] | undefined): string => {
    if (!absent) return decodedRows(blocksOf(raw), fields.length, format)
    const encoded = decodedRows(blocksOf(raw, 'NOT documents'), fields.length, format)
    const documents = documentRows(blocksOf(raw, 'documents'), { fields, jsonFields, absent })
    return `(FROM ${encoded} UNION ALL FROM ${documents})`
  }
  return {
    fields,
    jsonFields,
    columns: writtenColumns(table, mapped),
    deletes: operation !== undefined,
    judged: (raw, absent) =>
      judgedRows({
        table,
        mapped,
        scope,
        extras,
        strict: request.strict,
        partitions: namedPartitions(table, request.partitions),
        unread,
        order: 'i.place',
        input: inputSql(rowsIn(raw, absent), {
          mapped,
          targets: where !== undefined,
        }),
      }),
  }
}

function layoutOf(table: TableEntry, request: LoadRequest): LoadColumns {
  const stored = table.columns.filter((column) => !column.generated)
  const layout =
    request.columns === undefined
      ? { fields: stored.map((column) => column.name), derived: [] }
      : readColumns(request.columns)
  const reads = request.operationInRow && table.model === 'primary'
  if (!reads || names(layout).includes(operationField)) return layout
  return { ...layout, fields: [...layout.fields, operationField] }
}

function checkRequest(table: TableEntry, request: LoadRequest, layout: LoadColumns): void {
  const primaryOnly = [
    [request.partialUpdate, 'partial_update'],
    [request.mergeCondition !== undefined, 'merge_condition'],
    [names(layout).includes(operationField), operationField],
  ] as const
  for (const [isSet, what] of primaryOnly) {
    if (isSet && table.model !== 'primary') {
      throw new SqlError(`${what} is only supported in PRIMARY KEY table.`)
    }
  }
  if (request.partialUpdate && table.columns.some((column) => column.generated)) {
    throw unsupportedByEngine('partial_update of a table with generated columns')
  }
  if (request.mergeCondition !== undefined) {
    const column = columnNamed(table, request.mergeCondition)
    if (!column || (request.partialUpdate && !names(layout).some(isName(column.name))))
      throw new SqlError(
        `Merge condition column ${request.mergeCondition} does not exist. If you are doing partial update with condition update, please check condition column is in the given update columns. Otherwise please check condition column is in table ${table.name}`,
      )
    if (column.key)
      throw new SqlError(`Merge condition column ${column.name} should not be primary key!`)
  }
  const seen = new Set<string>()
  for (const name of names(layout)) {
    const lower = name.toLowerCase()
    if (seen.has(lower)) throw new SqlError(`Duplicate column: ${name}`)
    seen.add(lower)
  }
  for (const { column } of layout.derived) {
    if (column !== operationField) existingColumn(table, column)
  }
}

const isName =
  (name: string) =>
  (other: string): boolean =>
    other.toLowerCase() === name.toLowerCase()

const names = (layout: LoadColumns): string[] => [
  ...layout.fields,
  ...layout.derived.map(({ column }) => column),
]

function mapFields(
  table: TableEntry,
  layout: LoadColumns,
  request: LoadRequest,
  ...[read, initial]: [(expression: Expression) => TypedSql, (column: TableColumn) => TypedSql]
): MappedColumn[] {
  return table.columns.flatMap((column): MappedColumn[] => {
    if (column.generated) return []
    const derived = layout.derived.find((entry) => isName(column.name)(entry.column))
    if (derived) return [{ column, value: read(derived.expression), lenient: true }]
    const at = layout.fields.findIndex(isName(column.name))
    if (at >= 0) {
      const raw = `i.f${at}`
      const value = fieldValue(column.type, raw, request.json === true)
      // Text stays what it is: there is nothing to lose and nothing to compare.
      if (column.type.kind === 'varchar' || column.type.kind === 'char') return [{ column, value }]
      return [{ column, raw, value: column.autoIncrement ? orNextNumber(table, value) : value }]
    }
    if (!request.partialUpdate) return [{ column, value: initial(column) }]
    if (column.key) throw new SqlError(`partial update must contain key column ${column.name}`)
    return []
  })
}

/** Types whose values DuckDB prints as they are written in most files. */
const canonicalKinds: readonly SqlType['kind'][] = [
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'largeint',
  'decimal',
  'date',
  'datetime',
]

/**
 * Nested and JSON values come as JSON text; everything else converts as CAST from VARCHAR does. StarRocks' reading of numbers
 * and dates is wide and dear; a value that DuckDB's own cast prints back unchanged has no second reading.
 */
function fieldValue(type: SqlType, sql: string, isJson: boolean): TypedSql {
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'struct') {
    const read = `TRY_CAST(TRY_CAST(${sql} AS JSON) AS ${plainMapType(type)})`
    return { sql: wrapMaps(read, type), type }
  }
  if (type.kind === 'json') return { sql: `TRY_CAST(${sql} AS JSON)`, type }
  const slow = wholePart(convert({ sql, type: text }, type), { type, sql, isJson })
  if (!canonicalKinds.includes(type.kind)) return { sql: slow, type }
  const fast = `TRY_CAST(${sql} AS ${duckType(type)})`
  return { sql: `CASE WHEN CAST(${fast} AS VARCHAR) = ${sql} THEN ${fast} ELSE ${slow} END`, type }
}

/**
 * JSON's numbers with a fraction or an exponent lose the fraction in an integer column. reference: StarRocks' suite,
 * test_json_check_number_overflow
 */
function wholePart(
  otherwise: string,
  { type, sql, isJson }: { readonly type: SqlType; readonly sql: string; readonly isJson: boolean },
): string {
  if (!isJson || !isInteger(type)) return otherwise
  const number = String.raw`'^-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)$'`
  return `CASE WHEN regexp_matches(${sql}, ${number}) THEN ${convert({ sql: `TRY_CAST(${sql} AS DOUBLE)`, type: { kind: 'double' } }, type)} ELSE ${otherwise} END`
}

/** `__op` as a boolean: true deletes. Anything but StarRocks' four words is an error of the load. */
function operationSql(
  layout: LoadColumns,
  request: LoadRequest,
  read: (expression: Expression) => TypedSql,
): string | undefined {
  const derived = layout.derived.find(({ column }) => column === operationField)
  const at = layout.fields.indexOf(operationField)
  if (!derived && at < 0) return undefined
  const sql = derived ? read(derived.expression).sql : `i.f${at}`
  const said = `lower(trim(CAST(${sql} AS VARCHAR)))`
  const word = request.operationInRow ? `coalesce(${said}, 'upsert')` : said
  return `CASE WHEN ${word} IN ('1', 'delete') THEN true WHEN ${word} IN ('0', 'upsert') THEN false ELSE error('${operationField} must be 0, 1, upsert or delete, not ' || coalesce(${word}, 'NULL')) END`
}

/** The filter may name the table's columns (with their types) and source fields that are none. */
function whereSql(
  table: TableEntry,
  facts: { layout: LoadColumns; mapped: readonly MappedColumn[]; where: Expression },
  execution: Execution,
): string {
  const { layout, mapped, where } = facts
  const targets = mapped.map(({ column }, index) => ({
    name: column.name,
    type: column.type,
    sql: `t${index}`,
  }))
  const others = layout.fields.flatMap((name, index) =>
    columnNamed(table, name) ? [] : [{ name, type: text, sql: `f${index}` }],
  )
  const source: ScopeNames = {
    database: '',
    table: table.name,
    columns: [...targets, ...others],
  }
  const scope = scopeOf(execution, { trusted: true })
  return translateExpression(where, scope, [{ alias: 'i', table: source }]).sql
}

function inputSql(
  rows: string,
  options: { readonly mapped: readonly MappedColumn[]; readonly targets: boolean },
): string {
  if (!options.targets) return `${rows} AS i`
  const targets = options.mapped.map(
    ({ column, value }, index) => `${convert(value, column.type)} AS t${index}`,
  )
  return `(SELECT i.*, ${targets.join(', ')} FROM ${rows} AS i) AS i`
}
