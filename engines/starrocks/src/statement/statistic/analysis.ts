/**
 * An analysis of a table: DuckDB reads its statistics again, or histograms are made; both are listed by SHOW ANALYZE STATUS.
 * reference: StarRocks 3.3.7, StmtExecutor.executeAnalyze
 */
import { physicalName } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { existingColumn, stillThere } from '../../catalog/lookup.ts'
import type {
  AnalysisEntry,
  AnalysisSchedule,
  AnalysisType,
  CollectionType,
} from '../../catalog/record-kind.ts'
import { addRecord, recordsOfDatabase } from '../../catalog/record.ts'
import type { EngineContext } from '../../execution/engine-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { cleared } from '../../execution/guard.ts'
import { AS_ROOT, internalExecution } from '../../execution/internal-execution.ts'
import { demandRows } from '../../execution/storage-volume.ts'
import { SqlError } from '../../session.ts'
import { quoted } from '../../sql/quote.ts'
import { histogramOf } from './histogram.ts'
import type { Histogram } from './histogram.ts'
import { histogramPlan } from './histogram-property.ts'

export interface Analysis {
  readonly type: AnalysisType
  readonly schedule: AnalysisSchedule
  /** Empty: all. */
  readonly columns: readonly string[]
  readonly properties: Readonly<Record<string, string>>
}

/** False when there is nothing to analyze: as in StarRocks, an empty table is skipped. */
export async function analyze(
  execution: Execution,
  table: TableEntry,
  what: Analysis,
): Promise<boolean> {
  const { link, engine, guard } = execution
  const rows = await rowCount(execution, table)
  if (rows === 0) return false
  const id = await engine.store.change(link, async (draft) => draft.newId())
  const startMs = engine.clock.now()
  const cancel = () => guard.cancel('interrupt', new SqlError('kill analyze', 1317, '70100'))
  engine.analyses.running.set(id, { tableId: table.id, ...what, startMs, cancel })
  const ended = (reason?: string): AnalysisEntry => ({
    kind: 'analysis',
    id,
    tableId: table.id,
    startMs,
    endMs: engine.clock.now(),
    ...what,
    ...(reason !== undefined && { reason }),
  })
  try {
    const histograms = await collect(execution, table, what)
    await engine.store.change(link, async (draft) => {
      const now = stillThere(draft.catalog, table)
      addAnalysis(draft, now, ended())
      const facts = { rows, updatedMs: engine.clock.now(), properties: what.properties }
      if (what.type === 'HISTOGRAM') recordHistograms(draft, now, { ...facts, histograms })
      else recordStatistic(draft, now, { ...facts, type: what.type, columns: what.columns })
    })
  } catch (error) {
    await cleared(guard, addFailure(engine, table, ended(guard.explain(error).message)))
    throw error
  } finally {
    engine.analyses.running.delete(id)
  }
  return true
}

export async function rowCount(execution: Execution, table: TableEntry): Promise<number> {
  demandRows(execution, table)
  const [count] = await execution.link.rows(`SELECT count(*) FROM ${physicalName(table)}`)
  return Number(count?.[0] ?? 0)
}

async function collect(
  execution: Execution,
  table: TableEntry,
  { type, columns, properties }: Analysis,
): Promise<ReadonlyMap<string, Histogram>> {
  const made = new Map<string, Histogram>()
  if (type !== 'HISTOGRAM') {
    const listed = columns.length > 0 ? ` (${columns.map(quoted).join(', ')})` : ''
    await execution.link.run(`ANALYZE ${physicalName(table)}${listed}`)
    return made
  }
  const plan = histogramPlan(properties)
  for (const name of columns)
    made.set(name, await histogramOf(execution, table, existingColumn(table, name), plan))
  return made
}

function addAnalysis(draft: Draft, table: TableEntry, entry: AnalysisEntry): void {
  addRecord(draft, entry, recordsOfDatabase(draft, 'analysis', table.databaseId))
}

/** On a connection of its own, for the statement's may have been cancelled. */
async function addFailure(
  engine: EngineContext,
  table: TableEntry,
  entry: AnalysisEntry,
): Promise<void> {
  const { execution, end } = await internalExecution(engine, AS_ROOT)
  try {
    await engine.store.change(execution.link, async (draft) => {
      if (draft.catalog.entries.has(table.id)) addAnalysis(draft, table, entry)
    })
  } finally {
    end()
  }
}

interface Collected {
  readonly rows: number
  readonly updatedMs: number
  readonly properties: Readonly<Record<string, string>>
}

function recordStatistic(
  draft: Draft,
  table: TableEntry,
  collected: Collected & { readonly type: CollectionType; readonly columns: readonly string[] },
): void {
  const { columns, type, ...facts } = collected
  const old = recordsOfDatabase(draft, 'statistic', table.databaseId).find(
    (entry) => entry.tableId === table.id,
  )
  const isWhole = columns.length === 0
  const named = isWhole ? [] : columns.map((name) => [name, type] as const)
  draft.put({
    kind: 'statistic',
    id: old?.id ?? draft.newId(),
    tableId: table.id,
    type: isWhole ? type : (old?.type ?? type),
    ...facts,
    columns: { ...old?.columns, ...Object.fromEntries(named) },
  })
}

function recordHistograms(
  draft: Draft,
  table: TableEntry,
  collected: Collected & { readonly histograms: ReadonlyMap<string, Histogram> },
): void {
  const { histograms, ...facts } = collected
  const old = recordsOfDatabase(draft, 'histogram', table.databaseId)
  for (const [column, histogram] of histograms) {
    const before = old.find((entry) => entry.tableId === table.id && entry.column === column)
    const id = before?.id ?? draft.newId()
    draft.put({ kind: 'histogram', id, tableId: table.id, column, ...facts, ...histogram })
  }
}
