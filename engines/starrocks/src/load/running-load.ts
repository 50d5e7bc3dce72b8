/**
 * One load: rows go as text into a temporary table, are judged at the end, and become visible in one transaction together
 * with the label. Until then nothing of it is in the table; a crash leaves nothing behind.
 *
 * Judged rows are kept in a table of their own where they have to be counted or merged; where all are wanted and the table only appends,
 * they are written as they are judged, and are kept only when one of them turns out to be bad.
 */
import { SqlError } from '../session.ts'
import type { TableEntry } from '../catalog/catalog.ts'
import { quoted } from '../sql/quote.ts'
import type { Draft } from '../catalog/catalog-store.ts'
import { dataChanged } from '../execution/engine-context.ts'
import type { LoadRecord, PreparedPlan } from '../catalog/label-registry.ts'
import { autoRule } from '../catalog/partition.ts'
import { nameMap } from '../catalog/name-map.ts'
import { stillThere } from '../catalog/lookup.ts'
import { placeOf } from '../catalog/volume.ts'
import { orderColumn, deleteColumn } from '../transaction/row-check.ts'
import type { Execution } from '../execution/execution.ts'
import { cancelBy } from '../execution/guard.ts'
import { scopeOf } from '../resolution/statement-scope.ts'
import { TableChangedError, appendRows } from '../transaction/append-rows.ts'
import { FilteredRowsError, refuseFull, writeRows } from '../transaction/write-rows.ts'
import { inAnyOrder } from '../storage/link.ts'
import { stageSelected } from './staged-load.ts'
import type { StagedLoad } from './staged-load.ts'
import type { LoadPlan } from './load-plan.ts'
import { documentFormat } from './document-row.ts'
import { partsOf, rawBlocks } from './raw-block.ts'
import type { RawBlocks, RawRows } from './raw-block.ts'
import { cutBlocks, encodeRow } from './row-encoding.ts'
import { outcomeOf, TooManyFilteredError } from '../load-sink.ts'
import type {
  JudgedRows,
  Load,
  LoadDocuments,
  LoadOutcome,
  LoadRequest,
  LoadRow,
  TextFormat,
} from '../load-sink.ts'

export interface LoadContext {
  readonly execution: Execution
  readonly table: TableEntry
  readonly plan: LoadPlan
  readonly request: LoadRequest
  readonly record: LoadRecord
  /** Of the rows on their way to DuckDB. */
  readonly format: TextFormat
  /** The load is over, however it ended: releases its connection. */
  end(): void
}

/** Reasons kept of rows that could not be read. */
const REASONS_MAX = 50

/** A load of this process: it can also be ended without releasing its label. */
export interface RunningLoad extends Omit<Load, 'isOf'> {
  leave(): void
}

/** What of a load changes while rows come. */
interface RowIntake {
  readonly context: LoadContext
  readonly raw: RawBlocks
  readonly refused: string[]
  refusedCount: number
  /** What the first documents lacked; undefined when none came. */
  absent: LoadDocuments['absent'] | undefined
  bytes: number
  state: 'open' | 'over'
}

export async function runningLoad(context: LoadContext): Promise<RunningLoad> {
  const { execution, plan, record } = context
  const isText = context.request.text !== undefined
  const intake: RowIntake = {
    context,
    raw: await rawBlocks(execution.link, record.id, execution.engine.limits.threads),
    refused: [],
    refusedCount: 0,
    absent: undefined,
    bytes: 0,
    state: 'open',
  }
  return {
    id: record.id,
    label: record.label,
    fields: plan.fields,
    jsonFields: plan.jsonFields,
    encode(row) {
      checkWidth(row, plan.fields.length)
      return encodeRow(row, context.format)
    },
    write: (rows, bytes) =>
      attempt(intake, async () => {
        if (isText) throw new SqlError('This load takes text, not single values')
        intake.bytes += bytes
        if (rows.length > 0) takeRows(intake, Buffer.from(rows.join(context.format.rowDelimiter)))
      }),
    writeDocuments: ({ rows, absent }, bytes) =>
      attempt(intake, async () => {
        if (isText) throw new SqlError('This load takes text, not documents')
        intake.absent ??= absent
        intake.bytes += bytes
        takeRows(intake, rows, true)
      }),
    writeText: (rows, bytes) =>
      attempt(intake, async () => {
        if (!isText) throw new SqlError('This load takes single values, not text')
        intake.bytes += bytes
        takeRows(intake, rows)
      }),
    refuse(reason) {
      intake.refusedCount++
      if (intake.refused.length < REASONS_MAX) intake.refused.push(reason)
    },
    prepare: (signal) => attempt(intake, () => prepare(intake), signal),
    commit: (signal) => attempt(intake, () => commit(intake), signal),
    async rollback() {
      if (intake.state === 'over') return
      execution.guard.cancel('interrupt')
      over(intake)
      const { engine } = execution
      engine.labels.release(record)
      const ended = { bytes: intake.bytes, finishedMs: engine.clock.now() }
      engine.loads.add({ ...record, ...ended, state: 'ABORTED', message: 'aborted by the user' })
    },
    leave() {
      if (intake.state === 'open') over(intake)
    },
  }
}

function checkWidth(row: LoadRow, fields: number): void {
  if (row.length === fields) return
  throw new SqlError(`A row has ${row.length} values, the load has ${fields} fields`)
}

/** After any failure the load is over and its label is free again. */
async function attempt<T>(
  intake: RowIntake,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { execution, record } = intake.context
  if (intake.state === 'over') throw new SqlError(`The load ${record.label} is over`)
  cancelBy(signal, execution.guard)
  try {
    execution.guard.check()
    return await work()
  } catch (error) {
    over(intake)
    const { engine } = execution
    engine.labels.release(record)
    const { database, table } = intake.context.request
    engine.work.failedLoad(`${database}.${table}`)
    const shown = error instanceof TooManyFilteredError ? error : execution.guard.explain(error)
    const rows = error instanceof TooManyFilteredError ? error.rows : undefined
    engine.loads.keepReasons(record.id, rows?.reasons ?? [])
    engine.loads.add({
      ...record,
      state: 'ABORTED',
      total: rows?.total ?? 0,
      filtered: rows?.filtered ?? 0,
      unselected: rows?.unselected ?? 0,
      bytes: intake.bytes,
      message: nameMap(engine.store.current)(shown.message),
      finishedMs: engine.clock.now(),
    })
    throw shown
  }
}

function over(intake: RowIntake): void {
  intake.state = 'over'
  intake.context.end()
}

async function stage(intake: RowIntake, raw: RawRows): Promise<StagedLoad> {
  const { execution, record, request } = intake.context
  await refuseFull(execution.engine)
  const staged = await stageSelected(execution.link, judgedParts(intake, raw), `staged${record.id}`)
  await intake.raw.drop()
  const all = withRefused(staged, intake.refusedCount, intake.refused)
  judge(request, all)
  return all
}

function judgedParts({ context, absent }: RowIntake, raw: RawRows): readonly string[] {
  const { execution, plan } = context
  const parts = partsOf(raw, execution.engine.limits.memoryBytes)
  return parts.map((part) => plan.judged(part, absent))
}

function counted(intake: RowIntake, staged: JudgedRows): LoadRecord {
  return {
    ...intake.context.record,
    total: staged.total,
    loaded: staged.total - staged.filtered - staged.unselected,
    filtered: staged.filtered,
    unselected: staged.unselected,
    bytes: intake.bytes,
  }
}

async function prepare(intake: RowIntake): Promise<LoadOutcome> {
  const { context } = intake
  const { store, labels } = context.execution.engine
  const staged = await stage(intake, intake.raw.finish())
  await admitted(context)
  const record = counted(intake, staged)
  const prepared = await store.change(context.execution.link, (draft) =>
    keep(context, draft, { staged, record }),
  )
  labels.remember(prepared)
  context.execution.engine.loads.keepReasons(prepared.id, staged.reasons)
  await context.execution.engine.durability.settle(context.execution.guard)
  over(intake)
  return outcomeOf(prepared, staged.reasons)
}

const admitted = ({ execution, table }: LoadContext): Promise<void> =>
  execution.engine.volumes.admit(table.volume, execution.guard)

async function commit(intake: RowIntake): Promise<LoadOutcome> {
  const { context } = intake
  const { execution } = context
  const { labels } = execution.engine
  const raw = intake.raw.finish()
  const whole = isWhole(intake) ? await writeWhole(intake, raw) : undefined
  const { visible, reasons } = whole ?? (await writeStaged(intake, raw))
  try {
    await execution.engine.durability.settle(execution.guard)
  } finally {
    labels.remember(visible)
    execution.engine.loads.keepReasons(visible.id, reasons)
    dataChanged(execution.engine, [context.table.id])
  }
  over(intake)
  return outcomeOf(visible, reasons)
}

interface WrittenLoad {
  readonly visible: LoadRecord
  readonly reasons: readonly string[]
}

async function writeStaged(intake: RowIntake, raw: RawRows): Promise<WrittenLoad> {
  const { context } = intake
  const { execution } = context
  const { store, labels, clock } = execution.engine
  const staged = await stage(intake, raw)
  await admitted(context)
  const visible: LoadRecord = {
    ...counted(intake, staged),
    state: 'VISIBLE',
    finishedMs: clock.now(),
  }
  await store.change(execution.link, async (draft) => {
    execution.guard.check()
    await apply(context, draft, staged)
    await labels.write(execution.link, visible)
  })
  return { visible, reasons: staged.reasons }
}

/** Whether all rows have to be taken, by a table that appends them as they are. */
function isWhole({ context, refusedCount }: RowIntake): boolean {
  const { table, request } = context
  return (
    table.model === 'duplicate' &&
    !autoRule(table.partition) &&
    request.maxFilterRatio === 0 &&
    request.where === undefined &&
    refusedCount === 0
  )
}

/** Undefined when nothing is written because the rows have to be looked at before: one is bad, or the table was changed. */
async function writeWhole(intake: RowIntake, raw: RawRows): Promise<WrittenLoad | undefined> {
  const { context } = intake
  const { execution, plan, table, record } = context
  const { labels, clock, writing } = execution.engine
  await admitted(context)
  let visible: LoadRecord = record
  try {
    await labels.sweep(execution.link, table.volume, writing)
    const append = {
      table,
      columns: plan.columns,
      judged: judgedParts(intake, raw),
      more: async (total: number) => {
        const counts = { total, filtered: 0, unselected: 0, reasons: [] }
        visible = { ...counted(intake, counts), state: 'VISIBLE', finishedMs: clock.now() }
        await labels.add(execution.link, visible)
      },
    }
    await inAnyOrder(execution.link, () => appendRows(execution, append))
  } catch (error) {
    const { message } = execution.guard.explain(error)
    if (error instanceof TableChangedError || FilteredRowsError.reasonsIn(message).length > 0)
      return
    throw error
  }
  return { visible, reasons: [] }
}

function takeRows({ raw, context }: RowIntake, rows: Buffer, isDocuments = false): void {
  raw.append(cutBlocks(rows, isDocuments ? documentFormat : context.format), isDocuments)
}

function withRefused(staged: StagedLoad, count: number, reasons: readonly string[]): StagedLoad {
  return {
    ...staged,
    total: staged.total + count,
    filtered: staged.filtered + count,
    reasons: [...reasons, ...staged.reasons].slice(0, REASONS_MAX),
  }
}

/** StarRocks: filtered / (total - unselected) must not be over max_filter_ratio. */
function judge(request: LoadRequest, staged: StagedLoad): void {
  const looked = staged.total - staged.unselected
  if (staged.filtered > looked * request.maxFilterRatio) throw new TooManyFilteredError(staged)
}

async function apply(context: LoadContext, draft: Draft, staged: StagedLoad): Promise<void> {
  const { execution, plan, request } = context
  const table = stillThere(draft.catalog, context.table)
  const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
  const { columns } = plan
  await writeRows({
    engine: execution.engine,
    link: execution.link,
    draft,
    table,
    source: staged.accepted,
    columns,
    merge: { condition: request.mergeCondition, deletes: plan.deletes },
    scope,
  })
}

/** First phase: the accepted rows move into a table of the file, and the label says PREPARED. */
async function keep(
  { execution, plan, request, table }: LoadContext,
  draft: Draft,
  { staged, record }: { staged: StagedLoad; record: LoadRecord },
): Promise<LoadRecord> {
  execution.guard.check()
  stillThere(draft.catalog, table)
  draft.enter(table.volume)
  const name = `p${record.id}`
  const names = [...plan.columns.map((column) => column.name), orderColumn]
  if (plan.deletes) names.push(deleteColumn)
  const columns = names.map(quoted).join(', ')
  await execution.link.run(
    `CREATE TABLE ${placeOf(table.volume)}stage.${name} AS SELECT ${columns} FROM ${staged.accepted}`,
  )
  await refuseFull(execution.engine)
  const prepared: PreparedPlan = {
    stage: name,
    columns: plan.columns.map((column) => column.name),
    condition: request.mergeCondition,
    deletes: plan.deletes,
    timeoutMs: request.timeoutSeconds * 1000,
  }
  const kept: LoadRecord = { ...record, state: 'PREPARED', plan: prepared }
  await execution.engine.labels.write(execution.link, kept)
  return kept
}
