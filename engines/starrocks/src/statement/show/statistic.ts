/**
 * SHOW ANALYZE STATUS and JOB, SHOW STATS META, SHOW HISTOGRAM META. DuckDB keeps the statistics; what is listed is what ANALYZE did.
 * Jobs and histograms are refused by name, so that their lists are empty in truth. reference: StarRocks 3.3.7, ShowAnalyzeStatusStmt,
 * ShowBasicStatsMetaStmt, ShowAnalyzeJobStmt, ShowHistogramStatsMetaStmt.
 */
import { hasNoRows } from '../../execution/storage-volume.ts'
import { sees } from '../../catalog/authority.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import type { StatisticEntry } from '../../catalog/record-kind.ts'
import { physicalName } from '../../catalog/catalog.ts'
import { catalogName } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { momentText, text } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { shown } from './object.ts'

const columnsNamed = (names: string) => names.split(' ').map((name) => ({ name, type: text }))

export function analyzeStatus(context: StatementContext): VirtualTable {
  const zone = timeZoneOf(context)
  const columns = columnsNamed(
    'Id Database Table Columns Type Schedule Status StartTime EndTime Properties Reason',
  )
  const rows = context.engine.store.current.records('analysis').flatMap((entry): Cell[][] => {
    const found = visibleTable(context, entry.tableId)
    if (!found) return []
    return [
      [
        String(entry.id),
        `${catalogName}.${found.database}`,
        found.table.name,
        chosen(found.table, entry.columns),
        entry.type,
        'ONCE',
        'SUCCESS',
        momentText(entry.startMs, zone),
        momentText(entry.endMs, zone),
        propertyText(entry.properties),
        '',
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
      `${health(entry, Number(count?.[0] ?? 0))}%`,
      types.join(','),
    ])
  }
  return shown('stats meta', columns, rows)
}

/** StarRocks counts the rows that loads changed; here, by how many rows there are more or fewer. */
function health(entry: StatisticEntry, rows: number): number {
  const larger = Math.max(rows, entry.rows)
  return larger === 0 ? 100 : Math.floor((100 * Math.min(rows, entry.rows)) / larger)
}

export const analyzeJobs = (): VirtualTable =>
  shown(
    'analyze job',
    columnsNamed(
      'Id Catalog Database Table Columns Type Schedule Properties Status LastWorkTime Reason',
    ),
    [],
  )

export const histogramMeta = (): VirtualTable =>
  shown('histogram meta', columnsNamed('Database Table Column Type UpdateTime Properties'), [])

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
