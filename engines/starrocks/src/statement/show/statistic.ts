/**
 * SHOW ANALYZE STATUS and JOB, SHOW STATS META, SHOW HISTOGRAM META. DuckDB keeps the statistics, the catalog the histograms; what is
 * listed is what ANALYZE did. reference: StarRocks 3.3.7, ShowAnalyzeStatusStmt, ShowBasicStatsMetaStmt, ShowAnalyzeJobStmt,
 * ShowHistogramStatsMetaStmt.
 */
import { hasNoRows } from '../../execution/storage-volume.ts'
import { sees } from '../../catalog/authority.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { physicalName } from '../../catalog/catalog.ts'
import { catalogName } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { momentText, text } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { health } from '../statistic/health.ts'
import { shown } from './object.ts'

const columnsNamed = (names: string) => names.split(' ').map((name) => ({ name, type: text }))

export function analyzeStatus(context: StatementContext): VirtualTable {
  const zone = timeZoneOf(context)
  const columns = columnsNamed(
    'Id Database Table Columns Type Schedule Status StartTime EndTime Properties Reason',
  )
  const { current } = context.engine.store
  const ended = current.records('analysis').map((entry) => ({
    ...entry,
    status: entry.reason === undefined ? 'SUCCESS' : 'FAILED',
    ended: momentText(entry.endMs, zone),
  }))
  const running = [...context.engine.analyses.running]
    .filter(([id]) => !current.entries.has(id))
    .map(([id, it]) => ({ ...it, id, status: 'RUNNING (0%)', ended: '', reason: undefined }))
  const rows = [...ended, ...running].flatMap((entry): Cell[][] => {
    const found = visibleTable(context, entry.tableId)
    if (!found) return []
    return [
      [
        String(entry.id),
        `${catalogName}.${found.database}`,
        found.table.name,
        chosen(found.table, entry.columns),
        entry.type,
        entry.schedule ?? 'ONCE',
        entry.status,
        momentText(entry.startMs, zone),
        entry.ended,
        propertyText(entry.properties),
        entry.reason ?? '',
      ],
    ]
  })
  return shown('analyze status', columns, rows)
}

export async function statisticMeta(execution: Execution): Promise<VirtualTable> {
  const zone = timeZoneOf(execution)
  const columns = columnsNamed(
    'Database Table Columns Type UpdateTime Properties Healthy ColumnStats',
  )
  const rows: Cell[][] = []
  for (const entry of execution.engine.store.current.records('statistic')) {
    const found = visibleTable(execution, entry.tableId)
    if (!found || hasNoRows(execution, found.table)) continue
    const [count] = await execution.link.rows(`SELECT count(*) FROM ${physicalName(found.table)}`)
    const types = Object.entries(entry.columns).map(([name, type]) => `(${name},${type})`)
    rows.push([
      found.database,
      found.table.name,
      'ALL',
      entry.type,
      momentText(entry.updatedMs, zone),
      propertyText(entry.properties),
      `${Math.floor(100 * health(entry.rows, Number(count?.[0] ?? 0)))}%`,
      types.join(','),
    ])
  }
  return shown('stats meta', columns, rows)
}

export function analyzeJobs(context: StatementContext): VirtualTable {
  const columns = columnsNamed(
    'Id Catalog Database Table Columns Type Schedule Properties Status LastWorkTime Reason',
  )
  const { current } = context.engine.store
  const rows = current.records('analyze job').flatMap((job): Cell[][] => {
    const database = job.databaseId === undefined ? undefined : current.entries.get(job.databaseId)
    const only = job.onlyTableId === undefined ? undefined : visibleTable(context, job.onlyTableId)
    // Those of what is gone, or may not be seen.
    if (job.databaseId !== undefined && database?.kind !== 'database') return []
    if (job.onlyTableId !== undefined && !only) return []
    return [
      [
        String(job.id),
        catalogName,
        database?.kind === 'database' ? database.name : 'ALL',
        only?.table.name ?? 'ALL',
        only ? chosen(only.table, job.columns) : 'ALL',
        job.type,
        'SCHEDULE',
        propertyText(job.properties),
        job.status,
        job.workedMs === undefined ? 'None' : momentText(job.workedMs, timeZoneOf(context)),
        job.reason,
      ],
    ]
  })
  return shown('analyze job', columns, rows)
}

export function histogramMeta(context: StatementContext): VirtualTable {
  const columns = columnsNamed('Database Table Column Type UpdateTime Properties')
  const rows = context.engine.store.current.records('histogram').flatMap((entry): Cell[][] => {
    const found = visibleTable(context, entry.tableId)
    if (!found) return []
    const updated = momentText(entry.updatedMs, timeZoneOf(context))
    const head = [found.database, found.table.name, entry.column, 'HISTOGRAM', updated]
    return [[...head, propertyText(entry.properties)]]
  })
  return shown('histogram meta', columns, rows)
}

function visibleTable(
  { engine, state }: StatementContext,
  id: number,
): { readonly table: TableEntry; readonly database: string } | undefined {
  const { current } = engine.store
  const table = current.entries.get(id)
  if (table?.kind !== 'table' && table?.kind !== 'materialized view') return undefined
  if (!sees(current, state.authority, table)) return undefined
  const database = current.entries.get(table.databaseId)
  return { table, database: database?.kind === 'database' ? database.name : '' }
}

const chosen = (table: TableEntry, columns: readonly string[]): string =>
  columns.length === 0 || columns.length === table.columns.length ? 'ALL' : columns.join(',')

/** As Java writes a map. */
const propertyText = (properties: Readonly<Record<string, string>>): string =>
  `{${Object.entries(properties)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')}}`
