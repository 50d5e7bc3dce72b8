/**
 * UPDATE, DELETE and TRUNCATE. UPDATE belongs to PRIMARY KEY tables; DELETE works on every model, with conditions on key
 * columns only where rows are folded by key. Both read and write in one transaction.
 * reference: StarRocks documentation, UPDATE, DELETE, TRUNCATE TABLE.
 */
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import type { Delete, Truncate, Update } from '../../sql/ast-data.ts'
import type { Expression, ObjectName, Query, FromItem } from '../../sql/ast.ts'
import { plainItem, selectQuery } from '../../sql/ast-build.ts'
import type { TypedSql } from '../../sql/scope.ts'
import { physicalName } from '../../catalog/catalog.ts'
import { quoted } from '../../sql/quote.ts'
import type { TableColumn, TableEntry } from '../../catalog/catalog.ts'
import { defaultExpression, orNextNumber } from '../../catalog/column-default.ts'
import { dataChanged } from '../../execution/engine-context.ts'
import { columnReferences } from '../../sql/expression-walk.ts'
import { onKeys } from '../../transaction/merge.ts'
import { namedPartitions, partitionCondition } from '../../catalog/partition.ts'
import { existingColumn, columnsOfExpression, stillThere } from '../../catalog/lookup.ts'
import { authorisedTable, qualify, refuseOutsideWrite } from '../../resolution/object-name.ts'
import { judgedRows, writtenColumns } from '../../transaction/row-check.ts'
import type { MappedColumn } from '../../transaction/row-check.ts'
import { translatedExpression, translatedQuery } from '../../execution/translation.ts'
import { variableOf } from '../../execution/statement-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { stageRows } from '../../transaction/staged-rows.ts'
import { done } from '../../execution/result.ts'
import { recordDeletion } from './deletion.ts'
import { asLoad } from './statement-load.ts'
import type { StatementLoad } from './statement-load.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { scopeOf, tableScope } from '../../resolution/statement-scope.ts'
import { refuseTwice } from '../../catalog/table-definition.ts'
import { transactionInfo } from '../../transaction/transaction.ts'
import { FilteredRowsError, writeRows } from '../../transaction/write-rows.ts'

export async function update(execution: Execution, statement: Update): Promise<Result> {
  refuseOutsideWrite(execution, statement.table, 'UPDATE')
  const table = authorisedTable(execution, statement.table, 'UPDATE')
  if (table.model !== 'primary') {
    throw new SqlError(
      `Getting analyzing error. Detail message: ${table.name} is not a PRIMARY KEY table, it does not support UPDATE.`,
    )
  }
  const byColumn = updatesByColumn(execution, statement, table)
  if (!statement.where && !byColumn)
    throw analyzingError('must specify where clause to prevent full table update.')
  const columns = assigned(table, statement)
  if (byColumn) refuseMissingSources(table, columns)
  if (byColumn && columns.some((column) => table.sortKeys.includes(column.name)))
    throw new SqlError(
      'column mode partial update on table with sort key cannot update sort key column',
    )
  await execution.engine.volumes.admit(table.volume, execution.guard)
  return asLoad(execution, loadOf(execution, table, 'update'), (load) =>
    updateRows(execution, statement, { table, columns, load }),
  )
}

interface UpdateTarget {
  readonly table: TableEntry
  readonly columns: readonly TableColumn[]
  readonly load: StatementLoad
}

async function updateRows(
  execution: Execution,
  statement: Update,
  { table, columns, load }: UpdateTarget,
): Promise<Result> {
  const { engine, link } = execution
  const changed = await engine.store.change(link, async (draft) => {
    execution.guard.check()
    const now = stillThere(draft.catalog, table)
    const scope = scopeOf(execution, { catalog: draft.catalog, free: now.id })
    const trusted = scopeOf(execution, { catalog: draft.catalog, trusted: true })
    const whole = updateOf(now, statement, columns)
    const query = await translatedQuery(execution, updateQuery(execution, whole, now), scope)
    const written = [...now.keys, ...whole.assignments.map(({ column }) => column)].map((name) =>
      existingColumn(now, name),
    )
    const mapped: MappedColumn[] = written.map((column, index) => ({
      column,
      value: numbered(now, column, {
        sql: `i.i${index}`,
        type: query.columns[index]?.type ?? { kind: 'null' },
      }),
    }))
    const names = query.columns.map((_, index) => `i${index}`).join(', ')
    const input = `(${query.sql}) AS i(${names})`
    const judged = judgedRows({
      table: now,
      mapped,
      strict: true,
      partitions: [],
      scope: trusted,
      input,
    })
    const staged = await stageRows(link, judged, `s${engine.random.hex(12)}`)
    if (staged.filtered > 0) throw new FilteredRowsError(staged)
    await writeRows({
      engine,
      link,
      draft,
      table: now,
      source: staged.accepted,
      columns: writtenColumns(now, mapped),
      merge: { updateOnly: true },
      scope: trusted,
    })
    const keys = now.keys.map(quoted).join(', ')
    // Another table's rows may meet a key more than once.
    const count = statement.from
      ? Number((await link.rows(`SELECT count(DISTINCT (${keys})) FROM ${staged.table}`))[0]?.[0])
      : staged.total
    await staged.drop()
    return count
  })
  dataChanged(engine, [table.id])
  return done(changed, visibleInfo(execution, 'update', load.id))
}

/** StarRocks lets columns be updated by themselves when they are few, and all rows then without saying so. */
function updatesByColumn(execution: Execution, statement: Update, table: TableEntry): boolean {
  const mode = variableOf(execution, 'partial_update_mode')
  const hasRows = table.properties['storage_type']?.toLowerCase() === 'column_with_row'
  if (mode === 'column' && hasRows)
    throw analyzingError('column_with_row table do not support column mode update.')
  if (mode === 'column') return true
  const count = statement.assignments.length
  const isSmall = count <= 3 && count < table.columns.length * 0.3
  return mode === 'auto' && !statement.where && isSmall && !hasRows
}

function assigned(table: TableEntry, statement: Update): TableColumn[] {
  refuseTwice(statement.assignments.map((assignment) => assignment.column))
  return statement.assignments.map(({ column: name, value }) => {
    const column = existingColumn(table, name)
    if (column.autoIncrement && value.kind === 'null')
      throw analyzingError(`AUTO_INCREMENT column: ${column.name} must not be NULL.`)
    if (column.key) throw analyzingError(`primary key column cannot be updated: ${column.name}.`)
    if (column.generated)
      throw analyzingError(`generated column cannot be updated: ${column.name}.`)
    return column
  })
}

/** DEFAULT of an AUTO_INCREMENT column is the next number. */
const numbered = (table: TableEntry, column: TableColumn, value: TypedSql): TypedSql =>
  column.autoIncrement ? orNextNumber(table, value) : value

/** With the other columns that generated ones are made of, as they are: a generated value follows the row. */
function updateOf(table: TableEntry, statement: Update, columns: readonly TableColumn[]): Update {
  const sources = table.columns.flatMap(({ generated }) =>
    generated ? columnsOfExpression(table.columns, generated) : [],
  )
  const kept = [...new Set(sources)].filter((column) => !column.key && !columns.includes(column))
  const path = statement.table.parts.slice(-1)
  const assignments = kept.map(({ name }) => ({
    column: name,
    value: { kind: 'column', path: [...path, name], at: 0 } as const,
  }))
  return { ...statement, assignments: [...statement.assignments, ...assignments] }
}

/** Where columns are updated by themselves, all that a generated one is made of must be among them. */
function refuseMissingSources(table: TableEntry, columns: readonly TableColumn[]): void {
  const sources = table.columns.flatMap(({ generated }) =>
    generated ? columnsOfExpression(table.columns, generated) : [],
  )
  if (sources.some((column) => !column.key && !columns.includes(column)))
    throw analyzingError('All ref Column must be sepecfied in partial update mode.')
}

/** SELECT keys and new values: what UPDATE reads, so that there is one way from StarRocks' SQL to DuckDB's. */
function updateQuery(execution: Execution, statement: Update, table: TableEntry): Query {
  const target = targetItem(statement.table, [])
  const values = statement.assignments.map(({ column, value }): Expression => {
    if (value.kind !== 'default') return value
    const written = existingColumn(table, column)
    return written.autoIncrement ? { kind: 'null' } : defaultExpression(written)
  })
  const path = [qualify(execution, statement.table).name]
  const keys = table.keys.map((key): Expression => ({
    kind: 'column',
    path: [...path, key],
    at: 0,
  }))
  return selectQuery({
    with: statement.with,
    items: [...keys, ...values].map(plainItem),
    from: crossed(target, statement.from),
    where: statement.where,
  })
}

function targetItem(name: ObjectName, partitions: readonly string[]): FromItem {
  return { kind: 'table', name, alias: undefined, columns: [], partitions }
}

function crossed(left: FromItem, right: FromItem | undefined): FromItem {
  return right ? { kind: 'join', type: 'cross', left, right, on: undefined, using: [] } : left
}

export async function deleteRows(execution: Execution, statement: Delete): Promise<Result> {
  refuseOutsideWrite(execution, statement.table, 'DELETE')
  const table = authorisedTable(execution, statement.table, 'DELETE')
  checkDelete(table, statement)
  await execution.engine.volumes.admit(table.volume, execution.guard)
  // As in StarRocks, where only a table with a primary key learns of its deletions by a load.
  if (table.model === 'primary')
    return asLoad(execution, loadOf(execution, table, 'delete'), (load) =>
      removeRows(execution, statement, { table, id: load.id }),
    )
  return removeRows(execution, statement, { table, id: execution.engine.labels.newId() })
}

async function removeRows(
  execution: Execution,
  statement: Delete,
  { table, id }: { readonly table: TableEntry; readonly id: number },
): Promise<Result> {
  const { engine, link } = execution
  const changed = await engine.store.change(link, async (draft) => {
    execution.guard.check()
    const now = stillThere(draft.catalog, table)
    draft.enter(now.volume)
    recordDeletion(draft, now, statement, execution.startMs)
    return statement.using || statement.with.length > 0
      ? deleteByKeys(execution, statement, now)
      : deleteByCondition(execution, statement, now)
  })
  dataChanged(engine, [table.id])
  return done(changed, visibleInfo(execution, 'delete', id))
}

function checkDelete(table: TableEntry, statement: Delete): void {
  if (!statement.where && statement.partitions.length === 0) {
    throw new SqlError(
      'Getting analyzing error. Detail message: Delete must specify where clause to prevent full table delete.',
    )
  }
  if (table.model === 'primary') {
    if (statement.partitions.length === 0) return
    throw analyzingError('Delete for primary key table do not support specifying partitions.')
  }
  if (statement.using || statement.with.length > 0) {
    throw new SqlError(
      `Getting analyzing error. Detail message: Do not support USING or WITH in DELETE on ${table.model.toUpperCase()} KEY tables.`,
    )
  }
  if (table.model === 'duplicate' || !statement.where) return
  for (const name of columnReferences(statement.where)) {
    if (!existingColumn(table, name).key) {
      throw new SqlError(
        `Getting analyzing error. Detail message: delete condition on column ${name}, which is not a key column of the ${table.model.toUpperCase()} KEY table.`,
      )
    }
  }
}

async function deleteByCondition(
  execution: Execution,
  statement: Delete,
  table: TableEntry,
): Promise<number> {
  const scope = scopeOf(execution, { free: table.id })
  const { database } = qualify(execution, statement.table)
  const source = { alias: 't', table: tableScope(database, table) }
  const conditions = namedPartitions(table, statement.partitions).map(
    (entry) => `(${partitionCondition(table, entry)})`,
  )
  const inside = conditions.length > 0 ? [`(${conditions.join(' OR ')})`] : []
  const where = statement.where
    ? [`(${(await translatedExpression(execution, statement.where, scope, [source])).sql})`]
    : []
  return execution.link.run(
    `DELETE FROM ${physicalName(table)} AS t WHERE ${[...inside, ...where].join(' AND ')}`,
  )
}

async function deleteByKeys(
  execution: Execution,
  statement: Delete,
  table: TableEntry,
): Promise<number> {
  const name = qualify(execution, statement.table).name
  const target = targetItem(statement.table, statement.partitions)
  const query = await translatedQuery(
    execution,
    selectQuery({
      with: statement.with,
      items: table.keys.map((key) => plainItem({ kind: 'column', path: [name, key], at: 0 })),
      from: crossed(target, statement.using),
      where: statement.where,
    }),
    scopeOf(execution, { free: table.id }),
  )
  const keys = table.keys.map(quoted).join(', ')
  return execution.link.run(
    `DELETE FROM ${physicalName(table)} AS t USING (SELECT DISTINCT * FROM (${query.sql}) AS i(${keys})) AS s WHERE ${onKeys(table)}`,
  )
}

export async function truncate(execution: Execution, statement: Truncate): Promise<Result> {
  const table = authorisedTable(execution, statement.table, 'DELETE')
  const { engine, link } = execution
  await engine.volumes.admit(table.volume, execution.guard)
  await engine.store.change(link, async (draft) => {
    const now = stillThere(draft.catalog, table)
    draft.enter(now.volume)
    const conditions = namedPartitions(now, statement.partitions).map(
      (entry) => `(${partitionCondition(now, entry)})`,
    )
    const where = conditions.length > 0 ? ` WHERE ${conditions.join(' OR ')}` : ''
    await link.run(`DELETE FROM ${physicalName(now)}${where}`)
  })
  dataChanged(engine, [table.id])
  return done()
}

const loadOf = (execution: Execution, table: TableEntry, what: string) => ({
  table,
  label: `${what}_${execution.queryId}`,
  isGiven: false,
})

function visibleInfo(execution: Execution, what: string, id: number): string {
  return transactionInfo(`${what}_${execution.queryId}`, 'VISIBLE', id)
}
