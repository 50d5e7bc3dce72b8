/** One DATA INFILE of a LOAD: its files as an INSERT … SELECT that is judged and kept aside. */
import { defaultExpression } from '../../catalog/column-default.ts'
import { columnNamed } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { existingColumn } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import type { StagedRows } from '../../execution/open-transaction.ts'
import { csvOptions } from '../../file/csv-option.ts'
import { fileTable, formatOf, sizeOf } from '../../file/file-table.ts'
import type { FileRequest } from '../../file/file-table.ts'
import { SqlError } from '../../session.ts'
import type { LoadSource } from '../../sql/ast-data.ts'
import type { Expression, Property, SelectItem } from '../../sql/ast.ts'
import type { ScopeTable } from '../../sql/scope.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { stageRows } from '../../transaction/staged-rows.ts'
import { planInsert } from './insert.ts'
import type { InsertPlan } from './insert.ts'

export interface StagedSource {
  readonly plan: InsertPlan
  readonly rows: StagedRows
  readonly unselected: number
  readonly bytes: number
  /** How many. */
  readonly files: number
}

/** What can be known before the files are looked at. */
export function checkLoadSource(execution: Execution, source: LoadSource, table: TableEntry): void {
  requestOf(source, table)
  for (const { column } of source.sets) existingColumn(table, column)
  execution.engine.duck.objects.check(source.paths)
}

const OPTIONS: readonly string[] = ['skip_header', 'trim_space', 'enclose', 'escape']

function requestOf(source: LoadSource, table: TableEntry): FileRequest {
  const options = new Map<string, string>()
  for (const { name, value } of source.options) {
    if (!OPTIONS.includes(name)) throw unsupportedByEngine(`The option "${name}" of a format`)
    options.set(`csv.${name}`, value)
  }
  if (source.columnSeparator !== undefined)
    options.set('csv.column_separator', source.columnSeparator)
  if (source.rowDelimiter !== undefined) options.set('csv.row_delimiter', source.rowDelimiter)
  const [path = ''] = source.paths
  const suffix = /\.(parquet|orc|avro|json)$/i.exec(path)?.[1] ?? 'csv'
  const format = formatOf(source.format ?? suffix)
  const all = table.columns.filter(({ generated }) => !generated).map(({ name }) => name)
  const given = source.fields.length > 0 ? source.fields : all
  return {
    path: source.paths.join(','),
    format,
    columnsFromPath: source.pathFields,
    sampleFiles: 1,
    sampleRows: 1,
    exact: false,
    csv: csvOptions(options),
    asText: true,
    ...(format === 'csv' && {
      fields: given.filter((name) => !source.pathFields.includes(name)),
    }),
  }
}

export async function stageSource(
  execution: Execution,
  source: LoadSource,
  it: { readonly stage: string; readonly strict: boolean },
): Promise<StagedSource> {
  const table = targetOf(execution, source)
  const files = await fileTable(execution, requestOf(source, table))
  const key: readonly Property[] = []
  const plan = await planInsert(
    { ...execution, files: new Map([[JSON.stringify(key), files]]) },
    {
      kind: 'insert',
      overwrite: false,
      table: { parts: [source.table], at: 0 },
      files: undefined,
      label: undefined,
      partitions: source.partitions,
      partitionKeys: [],
      temporaryPartitions: false,
      byName: false,
      properties: [{ name: 'strict_mode', value: String(it.strict) }],
      ...selection(source, { table, files, key }),
    },
  )
  const rows = await stageRows(execution.link, plan.judged, it.stage)
  const counted = source.where
    ? await execution.link.rows(`SELECT count(*) FROM ${files.source}`)
    : [[rows.total]]
  const unselected = Number(counted[0]?.[0]) - rows.total
  const { bytes, count } = await sizeOf(execution, source.paths.join(','))
  return { plan, rows, unselected, bytes, files: count }
}

function targetOf({ engine, state }: Execution, source: LoadSource): TableEntry {
  const { current } = engine.store
  const database = current.database(state.database ?? '')
  const table = database && current.relation(database.id, source.table)
  if (table?.kind !== 'table') throw new SqlError(`Unknown table '${source.table}'`, 1146, '42S02')
  return table
}

/** Every column of the table: computed, from a field of its name, or with what it holds by default. */
function selection(
  source: LoadSource,
  { table, files, key }: { table: TableEntry; files: ScopeTable; key: readonly Property[] },
): Pick<Parameters<typeof planInsert>[1], 'columns' | 'query'> {
  const is = (name: string) => (other: string) => other.toLowerCase() === name.toLowerCase()
  const fields = files.columns.map(({ name }) => name)
  for (const field of source.fields) {
    if (!fields.some(is(field)))
      throw new SqlError(`Column: ${field} is not found in file: ${source.paths.join(',')}`)
  }
  if (!fields.some((field) => columnNamed(table, field)) && source.sets.length === 0)
    throw new SqlError('The files of the load have no column of the table')
  const listed = source.fields.length > 0 ? [...source.fields, ...source.pathFields] : fields
  const columns: string[] = []
  const items: SelectItem[] = []
  for (const column of table.columns) {
    if (column.generated) continue
    const set = source.sets.find((each) => is(column.name)(each.column))
    const field = listed.find(is(column.name))
    if (!set && field === undefined && column.autoIncrement) continue
    const initial: Expression = column.default ? defaultExpression(column) : { kind: 'null' }
    const named: Expression =
      field === undefined ? initial : { kind: 'column', path: [field], at: 0 }
    columns.push(column.name)
    items.push({ kind: 'expression', expression: set?.value ?? named, alias: undefined })
  }
  const from = {
    kind: 'tableFunction',
    table: false,
    name: 'files',
    args: [],
    properties: key,
    alias: undefined,
    columns: [],
    at: 0,
  } as const
  const clauses = { groupBy: undefined, having: undefined, qualify: undefined }
  return {
    columns,
    query: {
      kind: 'query',
      with: [],
      orderBy: [],
      limit: undefined,
      offset: undefined,
      body: { kind: 'select', distinct: false, items, from, where: source.where, ...clauses },
    },
  }
}
