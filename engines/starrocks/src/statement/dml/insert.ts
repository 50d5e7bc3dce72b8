/**
 * INSERT INTO and INSERT OVERWRITE. A row that the table cannot take fails the whole statement unless the session set
 * `enable_insert_strict = false`, which filters such rows up to `insert_max_filter_ratio`.
 */
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import type { Insert } from '../../sql/ast-data.ts'
import type { TypedSql } from '../../sql/scope.ts'
import type { DuckSql } from '../../sql/translate.ts'
import { quoted } from '../../sql/quote.ts'
import type { PartitionEntry, TableColumn, TableEntry } from '../../catalog/catalog.ts'
import { defaultValue, orNextNumber } from '../../catalog/column-default.ts'
import { dataChanged } from '../../execution/engine-context.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { appendRows } from '../../transaction/append-rows.ts'
import { pause } from '../query/pause.ts'
import {
  autoRule,
  namedPartitions,
  partitionCondition,
  temporaryRows,
  temporaryTable,
} from '../../catalog/partition.ts'
import { existingColumn, stillThere } from '../../catalog/lookup.ts'
import { judgedRows, reasonColumn, writtenColumns } from '../../transaction/row-check.ts'
import type { MappedColumn } from '../../transaction/row-check.ts'
import { translatedQuery } from '../../execution/translation.ts'
import { refuseOldEngine, variableOf } from '../../execution/statement-context.ts'
import type { Execution } from '../../execution/execution.ts'
import type { RowWrite } from '../../transaction/write-rows.ts'
import { withBadRow } from './bad-row.ts'
import { stageRows } from '../../transaction/staged-rows.ts'
import type { StagedRows } from '../../execution/open-transaction.ts'
import { discardRows } from './discarded-row.ts'
import { insertFiles } from './insert-file.ts'
import { isPartialUpdate, keptOut, refuseUnfit } from './partial-insert.ts'
import { insertProperties } from './insert-property.ts'
import { withDefaults } from './insert-value.ts'
import { targetOf } from './insert-target.ts'
import { clearReplaced } from './overwrite.ts'
import { asLoad } from './statement-load.ts'
import type { StatementLoad } from './statement-load.ts'
import { keyPartition } from './key-partition.ts'
import { done } from '../../execution/result.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { refuseTwice } from '../../catalog/table-definition.ts'
import {
  addPending,
  refuseChanged,
  refuseOtherPlace,
  transactionInfo,
} from '../../transaction/transaction.ts'
import { FilteredRowsError, failOnReason, writeRows } from '../../transaction/write-rows.ts'

export async function insert(execution: Execution, statement: Insert): Promise<Result> {
  if (statement.files) return insertFiles(execution, statement, statement.files)
  if (statement.discards) return discardRows(execution, statement)
  const partitions = await keyPartition(execution, statement)
  let seconds = 0
  const wait = (more: number) => void (seconds += more)
  const open = execution.transaction.open
  const isLone = statement.label === undefined && !open
  const plan = await planInsert(execution, statement, { partitions, wait, mayAppend: isLone })
  await pause(execution, seconds)
  if (open) {
    if (statement.overwrite) throw unsupportedByEngine('INSERT OVERWRITE in a transaction')
    if (statement.temporaryPartitions)
      throw unsupportedByEngine('INSERT INTO TEMPORARY PARTITION in a transaction')
    refuseOtherPlace(open, plan.table)
    const staged = await stageInsert(execution, plan)
    addPending(open, { table: plan.table, staged, columns: plan.columns })
    return done(staged.total - staged.filtered, transactionInfo(open.label, 'PREPARE', open.id))
  }
  const { table, label } = plan
  await execution.engine.volumes.admit(table.volume, execution.guard)
  const isGiven = statement.label !== undefined
  return asLoad(execution, { table, label, isGiven }, (load) => {
    if (!plan.direct) return insertStaged(execution, plan, { load })
    if (valueRows(statement) === undefined && plan.appends)
      return withBadRow(execution, plan, insertAside(execution, plan, load))
    // Nobody waits for a writer who waits for an object storage.
    return valueRows(statement) === undefined && (execution.files || execution.lakes)
      ? insertStaged(execution, plan, { load })
      : withBadRow(execution, plan, insertDirectly(execution, plan, load))
  })
}

/** How many rows a plain VALUES list has. */
function valueRows({ query }: Insert): number | undefined {
  return query.body.kind === 'values' && !query.limit ? query.body.rows.length : undefined
}

export interface InsertPlan {
  readonly statement: Insert
  readonly table: TableEntry
  readonly columns: readonly TableColumn[]
  readonly partitions: readonly PartitionEntry[]
  readonly judged: string
  readonly strict: boolean
  /** As the statement says; without it, the session. */
  readonly maxFilterRatio?: number
  /** One DuckDB statement is enough: nothing has to be known about the rows before they are written. */
  readonly direct: boolean
  /** Its rows are appended as they are computed, and have no numbers: numbering them takes one thread. */
  readonly appends: boolean
  readonly label: string
  /** The rows that INSERT OVERWRITE replaces, where neither its partitions nor its rows say it. */
  readonly replaced?: string
}

interface InsertOptions {
  /** Without asking for privileges. */
  readonly trusted?: boolean
  /** In place of those that the statement names. */
  readonly partitions?: readonly PartitionEntry[] | undefined
  /** Whether rows may be written without being counted or named before. */
  readonly mayAppend?: boolean
  /** Takes what sleep() asks for. */
  readonly wait?: (seconds: number) => void
}

export async function planInsert(
  execution: Execution,
  statement: Insert,
  { trusted = false, mayAppend = false, ...chosen }: InsertOptions = {},
): Promise<InsertPlan> {
  if (statement.files) throw unsupportedByEngine('INSERT INTO FILES()')
  if (statement.discards) throw unsupportedByEngine('INSERT INTO BLACKHOLE()')
  refuseOldEngine(execution)
  const { current } = execution.engine.store
  const table = targetOf(execution, statement, trusted)
  const properties = insertProperties(statement)
  const columns = targetColumns(table, statement.columns)
  const scope = scopeOf(execution, {
    trusted,
    onRelation: refuseChanged(execution),
    ...(chosen.wait && { wait: chosen.wait }),
  })
  const query = await translatedQuery(execution, withDefaults(statement.query, columns), scope)
  const order = statement.byName ? columnsByName(table, query) : columns
  if (query.columns.length !== order.length) {
    throw new SqlError(
      `Getting analyzing error. Detail message: Inserted target column count: ${order.length} doesn't match select/value column count: ${query.columns.length}.`,
      1136,
      '21S01',
    )
  }
  const isPartial = isPartialUpdate(table, order)
  if (isPartial) refuseUnfit(table, order)
  const mapped = mapColumns(isPartial ? keptOut(table, order) : table, order, query, scope)
  const strict =
    (properties.get('strict_mode') ?? variableOf(execution, 'enable_insert_strict')) === 'true'
  const ratio = properties.get('max_filter_ratio')
  const partitions =
    chosen.partitions ?? namedPartitions(table, statement.partitions, statement.temporaryPartitions)
  const names = query.columns.map((_, index) => `i${index}`).join(', ')
  const isPlain = !statement.overwrite && !statement.temporaryPartitions
  const simple = strict && ratio === undefined && isPlain && !autoRule(table.partition)
  const isOfValues = valueRows(statement) !== undefined
  const direct = simple && (table.model === 'duplicate' || isOfValues)
  const appends = direct && !isOfValues && mayAppend
  const judged = judgedRows({
    table,
    mapped,
    strict,
    partitions,
    scope: scopeOf(execution, { trusted: true, catalog: current }),
    input: `(${query.sql}) AS i(${names})`,
    ...(appends && { order: '0' }),
  })
  return {
    statement,
    table,
    columns: writtenColumns(table, mapped),
    partitions,
    judged,
    strict,
    ...(ratio !== undefined && { maxFilterRatio: Number(ratio) }),
    direct,
    appends,
    label: statement.label ?? `insert_${execution.queryId}`,
  }
}

function targetColumns(table: TableEntry, names: readonly string[]): TableColumn[] {
  if (names.length === 0) return table.columns.filter((column) => !column.generated)
  refuseTwice(names)
  return names.map((name) => {
    const column = existingColumn(table, name)
    if (column.generated) {
      throw new SqlError(
        `Getting analyzing error. Detail message: generated column '${name}' can not be specified.`,
      )
    }
    return column
  })
}

function columnsByName(table: TableEntry, query: DuckSql): TableColumn[] {
  const names = query.columns.map((column) => column.name)
  refuseTwice(names)
  return targetColumns(table, names)
}

function mapColumns(
  table: TableEntry,
  given: readonly TableColumn[],
  query: DuckSql,
  scope: Parameters<typeof defaultValue>[2],
): MappedColumn[] {
  const places = new Map(given.map((column, index) => [column, index]))
  return table.columns.flatMap((column) => {
    if (column.generated) return []
    const at = places.get(column)
    if (at === undefined) return [{ column, value: defaultValue(table, column, scope) }]
    const value: TypedSql = { sql: `i.i${at}`, type: query.columns[at]?.type ?? { kind: 'null' } }
    return [{ column, value: column.autoIncrement ? orNextNumber(table, value) : value }]
  })
}

async function insertDirectly(
  execution: Execution,
  plan: InsertPlan,
  load: StatementLoad,
): Promise<Result> {
  const { engine, link } = execution
  const reason = quoted(reasonColumn)
  const source = `(SELECT * FROM (${plan.judged}) WHERE ${failOnReason(reason)})`
  const count = await engine.store.change(link, async (draft) => {
    execution.guard.check()
    const table = stillThere(draft.catalog, plan.table)
    const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
    const written = await writeRows({
      engine,
      link,
      draft,
      table,
      source,
      columns: plan.columns,
      scope,
    })
    // A merge counts keys, not rows; every row of VALUES was taken, or the statement failed.
    const taken = valueRows(plan.statement) ?? written
    await load.write(taken)
    return taken
  })
  dataChanged(engine, [plan.table.id])
  return done(count, transactionInfo(plan.label, 'VISIBLE', load.id))
}

/** INSERT … SELECT into a table that only appends. */
async function insertAside(
  execution: Execution,
  plan: InsertPlan,
  load: StatementLoad,
): Promise<Result> {
  const count = await appendRows(execution, { ...plan, judged: [plan.judged] })
  dataChanged(execution.engine, [plan.table.id])
  return done(count, transactionInfo(plan.label, 'VISIBLE', load.id))
}

/** Judges the rows of the INSERT; throws when more are bad than the session allows. */
async function stageInsert(execution: Execution, plan: InsertPlan): Promise<StagedRows> {
  const staged = await stageRows(execution.link, plan.judged, `s${execution.engine.random.hex(12)}`)
  const initial = plan.strict ? 0 : Number(variableOf(execution, 'insert_max_filter_ratio'))
  const ratio = plan.maxFilterRatio ?? initial
  if (staged.filtered > staged.total * ratio) {
    await staged.drop()
    throw new FilteredRowsError(staged)
  }
  return staged
}

interface StagedInsert {
  readonly load?: StatementLoad
  /** Joins the transaction, after the rows. */
  readonly more?: (draft: Draft) => Promise<void>
}

export async function insertStaged(
  execution: Execution,
  plan: InsertPlan,
  { load, more }: StagedInsert,
): Promise<Result> {
  const { engine, link } = execution
  const staged = await stageInsert(execution, plan)
  if (load) load.judged = staged
  try {
    await engine.store.change(link, async (draft) => {
      execution.guard.check()
      const table = stillThere(draft.catalog, plan.table)
      const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
      const { columns } = plan
      const write = { engine, link, draft, table, source: staged.accepted, columns, scope }
      draft.enter(table.volume)
      if (plan.statement.temporaryPartitions) await writeTemporary(write, plan)
      else {
        if (plan.statement.overwrite) await clearReplaced(execution, table, plan, staged)
        await writeRows(write)
      }
      await load?.write(staged.total - staged.filtered)
      await more?.(draft)
    })
    dataChanged(engine, [plan.table.id])
  } finally {
    await staged.drop().catch(() => undefined)
  }
  const info = transactionInfo(plan.label, 'VISIBLE', load?.id ?? engine.labels.newId())
  return done(staged.total - staged.filtered, info, staged.filtered > 0 ? 1 : 0)
}

/** Each temporary partition is written to as if it were the table. */
async function writeTemporary(
  write: RowWrite,
  { statement, partitions }: InsertPlan,
): Promise<void> {
  const names = partitions.map(({ name }) => name)
  for (const entry of namedPartitions(write.table, names, true)) {
    if (statement.overwrite)
      await write.link.run(`DELETE FROM ${temporaryRows(write.table, entry)}`)
    const condition = partitionCondition(write.table, entry)
    const source = `(SELECT * FROM ${write.source} WHERE ${condition})`
    await writeRows({ ...write, source, table: temporaryTable(write.table, entry) })
  }
}
