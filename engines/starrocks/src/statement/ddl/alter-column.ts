/** ALTER TABLE's changes of columns. A type changes only where no stored value can be lost. */
import type {
  AlterTableClause,
  ColumnDefinition,
  ColumnPosition,
} from '../../sql/ast-definition.ts'
import type { Link } from '../../storage/link.ts'
import { convert, translateExpression } from '../../sql/translate.ts'
import { duckType } from '../../sql/type.ts'
import { SqlError } from '../../session.ts'
import { columnNamed, isOrdered, physicalName } from '../../catalog/catalog.ts'
import { quoted } from '../../sql/quote.ts'
import type { TableColumn, TableEntry } from '../../catalog/catalog.ts'
import { defaultExpression } from '../../catalog/column-default.ts'
import { columnReferences, nameParts, withColumnsRenamed } from '../../sql/expression-walk.ts'
import { existingColumn } from '../../catalog/lookup.ts'
import { analyzingError, unsupportedByEngine } from '../../sql/sql-error.ts'
import { scopeOf, tableScope } from '../../resolution/statement-scope.ts'
import {
  checkSortKeys,
  decideColumn,
  differsFromKey,
  refuseTwice,
  unlikeKey,
} from '../../catalog/table-definition.ts'
import { checkGeneratedColumn } from './generated-column.ts'
import { checkName } from './name.ts'
import { dropRollupColumn, refuseRollupColumn } from './rollup.ts'
import { rollupQuery } from '../../resolution/rollup.ts'
import { checkColumnExpressions } from './column-expression.ts'
import { computedPartition } from './table.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import type { Execution } from '../../execution/execution.ts'

export interface TableChange {
  readonly execution: Execution
  readonly draft: Draft
  readonly table: TableEntry
}

export type Clause<Kind extends AlterTableClause['kind']> = Extract<
  AlterTableClause,
  { kind: Kind }
>

export async function addColumns(
  change: TableChange,
  clause: Clause<'addColumns'>,
): Promise<TableEntry> {
  refuseRollup(clause.rollup)
  const generated = clause.columns.filter((column) => column.generated).length
  if (generated > 0 && generated < clause.columns.length)
    throw analyzingError('Can not add normal column and Generated Column in the same time.')
  let { table } = change
  let { position } = clause
  for (const column of clause.columns) {
    table = await addColumn({ ...change, table }, column, position)
    if (position) position = { kind: 'after', column: column.name }
  }
  return table
}

async function addColumn(
  { execution, draft, table }: TableChange,
  written: ColumnDefinition,
  position: ColumnPosition | undefined,
): Promise<TableEntry> {
  checkName(written.name, 'column')
  if (columnNamed(table, written.name)) {
    throw new SqlError(`Duplicate column name '${written.name}'`, 1060, '42S21')
  }
  checkColumnExpressions(written)
  if (written.key && (table.model === 'primary' || table.model === 'unique')) {
    throw new SqlError(`Can not add a key column to a ${table.model.toUpperCase()} KEY table`)
  }
  const keys = written.key ? [...table.keys, written.name] : table.keys
  // The columns of a PRIMARY KEY table are replaced, whatever is written.
  const aggregate = table.model === 'primary' ? undefined : written.aggregate
  const column = decideColumn({ ...written, aggregate }, { model: table.model, columns: keys })
  const columns = placed(table.columns, column, position ?? lastKey(table, column))
  const altered = {
    ...table,
    columns,
    keys: columns.filter((one) => one.key).map((one) => one.name),
  }
  refuseScatteredKeys(altered)
  const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
  const name = physicalName(table)
  const type = duckType(column.type)
  await execution.link.run(`ALTER TABLE ${name} ADD COLUMN ${quoted(column.name)} ${type}`)
  // defaultExpression refuses a NOT NULL column without a default: the rows that are there need a value.
  const alias = name.slice(name.indexOf('.') + 1)
  const value = column.generated
    ? translateExpression(column.generated, scope, [{ alias, table: tableScope('', table) }])
    : translateExpression(defaultExpression(column), scope)
  if (column.generated) {
    checkGeneratedColumn(table, {
      ...column,
      expression: column.generated,
      value: value.type,
    })
    await rewrite(execution.link, name, column.name, convert(value, column.type))
  } else if (value.type.kind !== 'null') {
    // Not an UPDATE: DuckDB commits no further ALTER of a table whose rows the transaction has changed.
    await execution.link.run(
      `ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)} TYPE ${type} USING ${convert(value, column.type)}`,
    )
  }
  return altered
}

/** DuckDB's ALTER binds no column inside TRY and lambdas, so the rows are rewritten. */
export async function rewrite(
  link: Link,
  table: string,
  column: string,
  value: string,
): Promise<void> {
  const written = `${table}_written`
  const alias = table.slice(table.indexOf('.') + 1)
  await link.run(
    `CREATE TABLE ${written} AS SELECT * REPLACE (${value} AS ${quoted(column)}) FROM ${table} AS ${alias}`,
  )
  await link.run(`DROP TABLE ${table}`)
  await link.run(`ALTER TABLE ${written} RENAME TO ${alias}`)
}

/** ORDER BY of all columns moves the columns; of some, it says what rows are sorted by. */
export function orderColumns(table: TableEntry, names: readonly string[]): TableEntry {
  refuseTwice(names)
  const columns = names.map((name) => existingColumn(table, name))
  if (columns.length !== table.columns.length) {
    if (differsFromKey(table.model, table.columns, columns))
      throw new SqlError(unlikeKey(table.model))
    checkSortKeys(table.model, columns)
    return { ...table, sortKeys: columns.map((column) => column.name), ordered: true }
  }
  if (table.model === 'primary') {
    throw new SqlError(
      'Primary key table do not support reorder table schema. Please confirm if you want to modify the sorting columns.',
    )
  }
  const ordered = { ...table, columns }
  refuseScatteredKeys(ordered)
  const keys = columns.filter((column) => column.key).map((column) => column.name)
  return { ...ordered, keys, sortKeys: isOrdered(table) ? table.sortKeys : keys }
}

/** A key column without a position goes behind the last key; others to the end. */
function lastKey(table: TableEntry, column: TableColumn): ColumnPosition | undefined {
  const key = table.keys.at(-1)
  return column.key && key !== undefined ? { kind: 'after', column: key } : undefined
}

export function placed(
  columns: readonly TableColumn[],
  column: TableColumn,
  position: ColumnPosition | undefined,
): TableColumn[] {
  if (!position) {
    // Generated columns stay behind all others.
    const generated = column.generated ? -1 : columns.findIndex((other) => other.generated)
    const at = generated < 0 ? columns.length : generated
    return [...columns.slice(0, at), column, ...columns.slice(at)]
  }
  if (position.kind === 'first') return [column, ...columns]
  const lower = position.column.toLowerCase()
  const at = columns.findIndex((other) => other.name.toLowerCase() === lower)
  const before = columns[at]
  if (!before) throw new SqlError(`Column '${position.column}' does not exist`, 1054, '42S22')
  if (before.generated && !column.generated)
    throw new SqlError('Can not add column after Generated Column')
  return [...columns.slice(0, at + 1), column, ...columns.slice(at + 1)]
}

export function refuseScatteredKeys(table: TableEntry): void {
  const firstValue = table.columns.findIndex((column) => !column.key)
  const after = table.columns.slice(firstValue).find((column) => firstValue >= 0 && column.key)
  if (after) {
    throw new SqlError(
      `Invalid column order. value column should be after key column. index[${table.name}]`,
    )
  }
}

export async function dropColumn(
  { execution, table }: TableChange,
  clause: Clause<'dropColumn'>,
): Promise<TableEntry> {
  refuseRollup(clause.rollup)
  const column = existingColumn(table, clause.name)
  refuseRollupColumn(table, column.name)
  if (table.columns.length === 1) throw new SqlError('Can not drop the last column of a table')
  if (column.key && table.model !== 'duplicate') {
    throw new SqlError(
      `Can not drop key column '${column.name}' of a ${table.model.toUpperCase()} KEY table`,
    )
  }
  const isSorted = table.sortKeys.some((key) => key.toLowerCase() === column.name.toLowerCase())
  if (table.model === 'primary' && isOrdered(table) && isSorted)
    throw new SqlError('Can not drop sort column in primary data model table')
  refuseUsed(table, column, 'drop')
  await execution.link.run(`ALTER TABLE ${physicalName(table)} DROP COLUMN ${quoted(column.name)}`)
  return dropRollupColumn(
    {
      ...table,
      columns: table.columns.filter((other) => other !== column),
      keys: table.keys.filter((key) => key !== column.name),
      sortKeys: table.sortKeys.filter((key) => key.toLowerCase() !== column.name.toLowerCase()),
    },
    column.name,
  )
}

export async function renameColumn(
  change: TableChange,
  clause: Clause<'renameColumn'>,
): Promise<TableEntry> {
  const { execution, table } = change
  const column = existingColumn(table, clause.from)
  checkName(clause.to, 'column')
  const rival = columnNamed(table, clause.to)
  if (rival && rival !== column) {
    throw new SqlError(`Duplicate column name '${clause.to}'`, 1060, '42S21')
  }
  refuseGenerated(table, column, 'rename')
  for (const rollup of table.rollups ?? []) {
    if (columnReferences(rollupQuery(rollup, [table.name])).includes(column.name)) {
      throw new SqlError(
        `Can not rename the column ${column.name}, because the column is used in the related rollup ${rollup.name}, please drop the rollup index first.`,
      )
    }
  }
  const renamed = (name: string) =>
    name.toLowerCase() === column.name.toLowerCase() ? clause.to : name
  const columns = table.columns.map((other) =>
    other === column ? { ...other, name: clause.to } : other,
  )
  const partition = partitionRenamed(change, columns, renamed)
  if (column.name !== clause.to) {
    await execution.link.run(
      `ALTER TABLE ${physicalName(table)} RENAME COLUMN ${quoted(column.name)} TO ${quoted(clause.to)}`,
    )
  }
  return {
    ...table,
    columns,
    keys: table.keys.map(renamed),
    sortKeys: table.sortKeys.map(renamed),
    distribution: {
      ...table.distribution,
      columns: table.distribution.columns.map(renamed),
    },
    partition,
    indexes: table.indexes.map((index) => ({ ...index, columns: index.columns.map(renamed) })),
    properties: withFiltersOf(table, renamed),
  }
}

function withFiltersOf(
  { properties }: TableEntry,
  renamed: (name: string) => string,
): TableEntry['properties'] {
  const { bloom_filter_columns: filters } = properties
  if (filters === undefined) return properties
  const names = filters.split(',').map((name) => renamed(name.trim()))
  return { ...properties, bloom_filter_columns: names.join(', ') }
}

function partitionRenamed(
  { execution, draft, table }: TableChange,
  columns: TableEntry['columns'],
  renamed: (name: string) => string,
): TableEntry['partition'] {
  const { partition } = table
  if (!partition) return undefined
  const by = partition.by.map((expression) => withColumnsRenamed(expression, renamed))
  const names = partition.columns.map(renamed)
  const isRenamed = names.some((name, at) => name !== partition.columns[at])
  const scheme = { ...partition, by, ...(isRenamed && { quoted: true as const }), columns: names }
  const [before] = partition.by
  const [after] = by
  if (!partition.computed || !before || !after || !isRenamed) return scheme
  const compute = computedPartition(execution, draft.catalog)
  // What a partition holds may not change with the time zone of the session that renames.
  if (compute(before, table.columns).sql !== partition.computed.sql)
    throw new SqlError(`Can not rename partition column '${partition.columns.join()}'`)
  return { ...scheme, computed: compute(after, columns) }
}

/** Columns that partitions, buckets or other columns are made of stay as they are. */
export function refuseUsed(table: TableEntry, column: TableColumn, what: string): void {
  const is = (name: string) => name.toLowerCase() === column.name.toLowerCase()
  const users = [
    [table.partition?.columns ?? [], 'partition'],
    [table.distribution.columns, 'distribution'],
  ] as const
  for (const [names, sort] of users) {
    if (names.some(is)) throw new SqlError(`Can not ${what} ${sort} column '${column.name}'`)
  }
  refuseGenerated(table, column, what)
}

function refuseGenerated(table: TableEntry, column: TableColumn, what: string): void {
  const named = table.columns.flatMap((other) =>
    other.generated ? nameParts(other.generated) : [],
  )
  if (named.some((name) => name.toLowerCase() === column.name.toLowerCase()))
    throw new SqlError(`Can not ${what} generated column '${column.name}'`)
}

export function refuseRollup(rollup: string | undefined): void {
  if (rollup !== undefined) throw unsupportedByEngine('A change of one ROLLUP only')
}
