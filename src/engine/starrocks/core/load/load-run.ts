/**
 * One load: rows go as text into a temporary table, are judged at the end, and become visible in one transaction together
 * with the label. Until then nothing of it is in the table; a crash leaves nothing behind.
 */
import { DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import type { DuckDBAppender } from '@duckdb/node-api'
import { SqlError } from '../../session.ts'
import type { TableEntry } from '../catalog.ts'
import { quoted } from '../catalog.ts'
import type { Draft } from '../catalog-store.ts'
import { dataChanged } from '../core.ts'
import type { LoadRecord, PreparedPlan } from '../label.ts'
import { stillThere } from '../resolve.ts'
import { orderColumn, deleteColumn } from '../row-check.ts'
import type { Run } from '../run.ts'
import { scopeOf } from '../statement-scope.ts'
import { refuseFull, writeRows } from '../write-rows.ts'
import { stageSelected } from './load-stage.ts'
import type { StagedLoad } from './load-stage.ts'
import type { LoadPlan } from './load-plan.ts'
import { mergeOptions } from './prepared-load.ts'
import { outcomeOf } from './load-request.ts'
import type { Load, LoadOutcome, LoadRequest, LoadRow } from './load-request.ts'

export interface LoadContext {
  readonly run: Run
  readonly table: TableEntry
  readonly plan: LoadPlan
  readonly request: LoadRequest
  readonly record: LoadRecord
  /** The load is over, however it ended; the connection is given back. */
  end(): void
}

/** Rows per chunk handed to DuckDB: its own vector size. */
const CHUNK_ROWS = 2048

/** Reasons kept of rows that could not be read. */
const REASONS_MAX = 50

export async function loadRun(context: LoadContext): Promise<Load> {
  const { run, plan, record } = context
  const { labels, store, clock } = run.core
  const raw = `temp.main.raw${record.id}`
  const fields = plan.fields.map((_, index) => `f${index} VARCHAR`)
  await run.link.run(`CREATE TEMP TABLE raw${record.id} (${fields.join(', ')})`)
  const appender = await run.link.appender(`raw${record.id}`, null)
  const types = plan.fields.map(() => VARCHAR)
  const refused: string[] = []
  let refusedCount = 0
  let bytes = 0
  let state: 'open' | 'prepared' | 'ended' = 'open'
  let outcome: LoadOutcome | undefined

  const finish = (record_: LoadRecord, reasons: readonly string[]) => {
    labels.remember(record_)
    outcome = outcomeOf(record_, reasons)
    return outcome
  }
  const stage = async (): Promise<StagedLoad> => {
    run.guard.check()
    appender.flushSync()
    appender.closeSync()
    await refuseFull(run.core)
    const staged = await stageSelected(run.link, plan.judged(raw), `staged${record.id}`)
    await run.link.run(`DROP TABLE ${raw}`)
    return withRefused(staged, refusedCount, refused)
  }
  const counted = (staged: StagedLoad, bytesRead: number): LoadRecord => ({
    ...record,
    total: staged.total,
    loaded: staged.total - staged.filtered - staged.unselected,
    filtered: staged.filtered,
    unselected: staged.unselected,
    bytes: bytesRead,
  })
  const end = () => {
    if (state === 'ended') return
    state = 'ended'
    context.end()
  }
  const fail = (error: unknown): never => {
    labels.release(record)
    end()
    throw run.guard.explain(error)
  }

  return {
    id: record.id,
    label: record.label,
    fields: plan.fields,
    async write(rows, read) {
      if (state !== 'open') throw new SqlError(`The load ${record.label} takes no more rows`)
      try {
        run.guard.check()
        appendRows(appender, types, rows)
        bytes += read
      } catch (error) {
        fail(error)
      }
    },
    refuse(reason) {
      refusedCount++
      if (refused.length < REASONS_MAX) refused.push(reason)
    },
    async prepare() {
      if (state !== 'open') throw new SqlError(`The load ${record.label} was prepared before`)
      try {
        const staged = await stage()
        judge(context.request, staged)
        const prepared = await store.change(run.link, async (draft) =>
          keep(context, draft, { staged, record: counted(staged, bytes) }),
        )
        state = 'prepared'
        context.end()
        return finish(prepared, staged.reasons)
      } catch (error) {
        return fail(error)
      }
    },
    async commit() {
      if (outcome && state !== 'open') return outcome
      try {
        const staged = await stage()
        judge(context.request, staged)
        const visible: LoadRecord = {
          ...counted(staged, bytes),
          state: 'VISIBLE',
          finishedMs: clock.now(),
        }
        await store.change(run.link, async (draft) => {
          run.guard.check()
          await apply(context, draft, staged)
          await labels.write(run.link, visible)
        })
        end()
        dataChanged(run.core, [context.table.id])
        return finish(visible, staged.reasons)
      } catch (error) {
        return fail(error)
      }
    },
    async rollback() {
      if (state !== 'open') return
      labels.release(record)
      run.guard.cancel('interrupt')
      end()
    },
  }
}

function appendRows(
  appender: DuckDBAppender,
  types: readonly (typeof VARCHAR)[],
  rows: readonly LoadRow[],
): void {
  for (let at = 0; at < rows.length; at += CHUNK_ROWS) {
    const part = rows.slice(at, at + CHUNK_ROWS)
    const chunk = DuckDBDataChunk.create(types, part.length)
    const columns = types.map((_, index) =>
      part.map((row) => {
        if (row.length !== types.length) {
          throw new SqlError(`A row has ${row.length} values, the load has ${types.length} fields`)
        }
        return row[index] ?? null
      }),
    )
    chunk.setColumns(columns)
    appender.appendDataChunk(chunk)
  }
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

/** The load failed for its rows; the HTTP side writes the reasons to its error log. */
export class TooManyFilteredError extends SqlError {
  readonly staged: StagedLoad

  constructor(staged: StagedLoad) {
    super(`too many filtered rows. ${staged.reasons[0] ?? ''}`.trim())
    this.name = 'TooManyFilteredError'
    this.staged = staged
  }
}

async function apply(context: LoadContext, draft: Draft, staged: StagedLoad): Promise<void> {
  const { run, plan, request } = context
  const table = stillThere(draft.catalog, context.table)
  const scope = scopeOf(run, { catalog: draft.catalog, trusted: true })
  const { columns } = plan
  await writeRows({
    core: run.core,
    link: run.link,
    draft,
    table,
    source: staged.accepted,
    columns,
    merge: mergeOptions(table, columns, {
      condition: request.mergeCondition,
      deletes: plan.deletes,
      scope,
    }),
    scope,
  })
}

/** First phase: the accepted rows move into a table of the file, and the label says PREPARED. */
async function keep(
  { run, plan, request, table }: LoadContext,
  draft: Draft,
  { staged, record }: { staged: StagedLoad; record: LoadRecord },
): Promise<LoadRecord> {
  run.guard.check()
  stillThere(draft.catalog, table)
  const stage = `p${record.id}`
  const names = [...plan.columns.map((column) => column.name), orderColumn]
  if (plan.deletes) names.push(deleteColumn)
  const columns = names.map(quoted).join(', ')
  await run.link.run(`CREATE TABLE stage.${stage} AS SELECT ${columns} FROM ${staged.accepted}`)
  await refuseFull(run.core)
  const prepared: PreparedPlan = {
    stage,
    columns: plan.columns.map((column) => column.name),
    condition: request.mergeCondition,
    deletes: plan.deletes,
    timeoutMs: request.timeoutSeconds * 1000,
  }
  const kept: LoadRecord = { ...record, state: 'PREPARED', plan: prepared }
  await run.core.labels.write(run.link, kept)
  return kept
}
