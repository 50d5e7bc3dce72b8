/**
 * Synchronous materialized views and ROLLUPs: CREATE and DROP MATERIALIZED VIEW, ALTER TABLE … ADD, DROP and RENAME ROLLUP. They
 * belong to their table, go with it, and hold its columns. Queries of the table answer the same with and without them.
 */
import type { CreateMaterializedView, RollupDefinition } from '../../sql/ast-definition.ts'
import { translateQuery } from '../../sql/translate.ts'
import { printQuery } from '../../sql/print.ts'
import { columnReferences } from '../../sql/expression-walk.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { databaseTarget, demand, relationTarget } from '../../catalog/authority.ts'
import type { Catalog, RollupEntry, TableEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { tableNamed, writableDatabase } from '../../catalog/lookup.ts'
import type { QualifiedName } from '../../catalog/lookup.ts'
import { checkProperties } from '../../catalog/table-property.ts'
import { recordOf } from '../../catalog/partition-definition.ts'
import { ownTable, qualify } from '../../resolution/object-name.ts'
import { rollupNamed, rollupQuery } from '../../resolution/rollup.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { recordAlteration } from './alteration.ts'
import { checkName } from './name.ts'
import { refuseTemporaryBase } from './temporary-table.ts'
import { rollupDraft, rollupText, singleTable, viewDraft } from './rollup-definition.ts'
import { isViewProperty, checkViewProperty } from './view-property.ts'
import { plainText } from './kept-text.ts'

/** Neither REFRESH nor anything else that only a view with rows of its own has. */
export const isSynchronous = (statement: CreateMaterializedView): boolean =>
  (statement.refresh === undefined || statement.refresh.scheme === 'sync') &&
  statement.distribution === undefined &&
  statement.partitionBy.length === 0

export async function createSynchronousView(
  execution: Execution,
  statement: CreateMaterializedView,
): Promise<Result> {
  const name = qualify(execution, statement.name)
  checkName(name.name, 'view')
  checkViewProperties(statement)
  return execution.engine.store.change(execution.link, async (draft) => {
    execution.guard.check()
    const database = writableDatabase(draft.catalog, name.database)
    const target = databaseTarget(database)
    demand(draft.catalog, execution.state.authority, ['CREATE MATERIALIZED VIEW'], target)
    const table = baseOf(execution, draft.catalog, statement, name)
    if (isNameTaken(draft.catalog, table, name, statement.ifNotExists)) return done()
    const { columns } = translateQuery(
      statement.query,
      scopeOf(execution, { catalog: draft.catalog }),
    )
    const rollup: RollupEntry = {
      ...viewDraft(
        table,
        statement.query,
        columns.map(({ type }) => type),
      ),
      id: draft.newId(),
      name: name.name,
      statement: execution.text,
      query: plainText(execution, statement),
      database: execution.state.database,
      createdMs: execution.engine.clock.now(),
    }
    draft.put({ ...table, rollups: [...(table.rollups ?? []), rollup] })
    recordAlteration(execution, draft, table, { what: 'rollup', detail: rollup })
    return done()
  })
}

function checkViewProperties({ properties }: CreateMaterializedView): void {
  for (const { name, value } of properties) if (isViewProperty(name)) checkViewProperty(name, value)
  checkProperties(recordOf(properties.filter(({ name }) => !isViewProperty(name))))
}

function baseOf(
  execution: Execution,
  catalog: Catalog,
  statement: CreateMaterializedView,
  view: QualifiedName,
): TableEntry {
  const { from } = singleTable(statement.query)
  const base = qualify(execution, from.name)
  if (base.database !== view.database) {
    throw analyzingError(
      `Creating materialized view does not support: MV's db ${view.database} is different from table's db ${base.database}. Please use Asynchronous Materialized View instead`,
    )
  }
  const database = writableDatabase(catalog, base.database)
  const own = ownTable(execution, base, catalog)
  const shadow = own === undefined ? undefined : catalog.relation(database.id, own)
  if (shadow) refuseTemporaryBase(shadow, 'Materialized view')
  const relation = catalog.relation(database.id, base.name)
  if (relation?.kind === 'view')
    throw analyzingError(`Do not support alter non-OLAP table[${base.name}].`)
  if (relation?.kind === 'materialized view') return relation
  return tableNamed(catalog, base)
}

/** True: it is there and that is fine. */
function isNameTaken(
  catalog: Catalog,
  table: TableEntry,
  { name, database }: QualifiedName,
  ifNotExists: boolean,
): boolean {
  const rival = rollupNamed(catalog, table.databaseId, name)
  const isTable = catalog.relation(table.databaseId, name) !== undefined
  if (!rival && !isTable) return false
  if (ifNotExists) return true
  if (isTable) throw new SqlError(`Table [${name}] already exists in the db ${database}`)
  const where = rival?.table.id === table.id ? 'the table' : 'table'
  throw new SqlError(
    `Materialized view[${name}] already exists in ${where} ${rival?.table.name ?? ''}`,
  )
}

/** DROP MATERIALIZED VIEW of one that is no relation; undefined: there is none. */
export function dropSynchronousView(
  execution: Execution,
  draft: Draft,
  databaseId: number,
  name: string,
): Result | undefined {
  const found = rollupNamed(draft.catalog, databaseId, name)
  if (!found) return undefined
  demand(draft.catalog, execution.state.authority, ['DROP'], relationTarget(found.table))
  draft.put(withoutRollups(found.table, [name]))
  return done()
}

export function addRollups(
  execution: Execution,
  draft: Draft,
  table: TableEntry,
  written: readonly RollupDefinition[],
): TableEntry {
  let changed = table
  for (const one of written) {
    checkName(one.name, 'view')
    if (one.name === table.name) {
      throw new SqlError(`Rollup name should be different with base table:${table.name}`)
    }
    if (rollupNamed(draft.catalog, table.databaseId, one.name) ?? has(changed, one.name))
      throw new SqlError(`Rollup index[${one.name}] already exists`)
    if (one.from !== undefined && one.from !== table.name && !has(changed, one.from))
      throw new SqlError(`Base index[${one.from}] does not exist`)
    checkProperties(recordOf(one.properties))
    const made = rollupDraft(changed, one)
    const rollup: RollupEntry = {
      ...made,
      id: draft.newId(),
      name: one.name,
      statement: undefined,
      query: rollupText(changed, made),
      database: undefined,
      createdMs: execution.engine.clock.now(),
    }
    changed = { ...changed, rollups: [...(changed.rollups ?? []), rollup] }
  }
  return changed
}

const has = (table: TableEntry, name: string): boolean =>
  table.rollups?.some((rollup) => rollup.name === name) ?? false

export function dropRollups(table: TableEntry, names: readonly string[]): TableEntry {
  for (const name of names) {
    if (name === table.name) {
      throw new SqlError('Cannot drop base index by using DROP ROLLUP or DROP MATERIALIZED VIEW.')
    }
    if (!has(table, name)) {
      throw new SqlError(
        `Materialized view [${name}] does not exist in table [${table.name}]`,
        1064,
        '42000',
      )
    }
  }
  return withoutRollups(table, names)
}

const withoutRollups = (table: TableEntry, names: readonly string[]): TableEntry => ({
  ...table,
  rollups: (table.rollups ?? []).filter((rollup) => !names.includes(rollup.name)),
})

export function renameRollup(table: TableEntry, from: string, to: string): TableEntry {
  checkName(to, 'view')
  if (from === table.name) throw new SqlError('Rollup name is the same as base table name')
  if (!has(table, from)) throw new SqlError(`Rollup index[${from}] does not exists`)
  if (has(table, to)) throw new SqlError(`Rollup name[${to}] is already used`)
  const rollups = table.rollups?.map((rollup) =>
    rollup.name === from ? { ...rollup, name: to } : rollup,
  )
  return { ...table, ...(rollups && { rollups }) }
}

/** Throws when a column that goes or gets another type is needed: all but those that a plain rollup merely lists. */
export function refuseRollupColumn(table: TableEntry, column: string): void {
  for (const rollup of table.rollups ?? []) {
    const query = rollupQuery(rollup, [table.name])
    if (isListed(table, rollup)) continue
    if (!columnReferences(query).some((name) => name.toLowerCase() === column.toLowerCase()))
      continue
    throw new SqlError(
      `Can not drop/modify the column ${column}, because the column is used in the related rollup ${rollup.name}, please drop the rollup index first.`,
    )
  }
}

/** Columns of the table as they are, and all its rows. */
function isListed(table: TableEntry, rollup: RollupEntry): boolean {
  const { body } = rollupQuery(rollup, [table.name])
  if (body.kind !== 'select' || body.where || body.groupBy || body.distinct) return false
  return body.items.every((item) => item.kind === 'expression' && item.expression.kind === 'column')
}

/** A column that is dropped goes from the rollups that list it, and the last one with its rollup. */
export function dropRollupColumn(table: TableEntry, column: string): TableEntry {
  if (!table.rollups) return table
  const is = (name: string | undefined) => name?.toLowerCase() === column.toLowerCase()
  const rollups = table.rollups.map((rollup): RollupEntry => {
    if (!isListed(table, rollup)) return rollup
    const query = rollupQuery(rollup, [table.name])
    if (query.body.kind !== 'select') return rollup
    const items = query.body.items.filter(
      (item) =>
        !(
          item.kind === 'expression' &&
          item.expression.kind === 'column' &&
          is(item.expression.path.at(-1))
        ),
    )
    const orderBy = query.orderBy.filter(
      ({ expression }) => !(expression.kind === 'column' && is(expression.path.at(-1))),
    )
    const columns = rollup.columns.filter(({ name }) => !is(name))
    const hasKey = (list: RollupEntry['columns']) => list.some(({ key }) => key)
    if (columns.length > 0 && hasKey(rollup.columns) && !hasKey(columns))
      throw new SqlError(`No key column left. index[${rollup.name}]`)
    return {
      ...rollup,
      columns,
      query: printQuery({ ...query, orderBy, body: { ...query.body, items } }),
    }
  })
  return { ...table, rollups: rollups.filter((rollup) => rollup.columns.length > 0) }
}

/** After a column got another type or name: what the rollups' queries answer now. */
export function retypedRollups(execution: Execution, draft: Draft, table: TableEntry): TableEntry {
  if (!table.rollups) return table
  const database = draft.catalog.entries.get(table.databaseId)
  const name = database?.kind === 'database' ? database.name : ''
  const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
  const rollups = table.rollups.map((rollup): RollupEntry => {
    const { columns } = translateQuery(rollupQuery(rollup, [name, table.name]), scope)
    return {
      ...rollup,
      columns: rollup.columns.map((column, at) => ({
        ...column,
        type: columns[at]?.type ?? column.type,
      })),
    }
  })
  return { ...table, rollups }
}
