/**
 * ANALYZE TABLE: DuckDB reads its statistics of the table anew, and SHOW ANALYZE STATUS and SHOW STATS META list it. Histograms it does
 * not keep, so they are refused. reference: StarRocks 3.3.7, AnalyzeStmtAnalyzer, StmtExecutor.handleAnalyzeStmt.
 */
import { demandRows } from '../../execution/storage-volume.ts'
import { physicalName } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { existingColumn, stillThere } from '../../catalog/lookup.ts'
import { recordOf } from '../../catalog/partition-definition.ts'
import { addRecord, recordsOfDatabase } from '../../catalog/record.ts'
import { authorisedTable, qualify } from '../../resolution/object-name.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { Result } from '../../session.ts'
import type { Statement } from '../../sql/ast.ts'
import { quoted } from '../../sql/quote.ts'
import { analyzingError, unsupportedByEngine } from '../../sql/sql-error.ts'
import { directRows } from '../show/show.ts'

type Analyze = Extract<Statement, { kind: 'analyzeTable' }>

export async function analyzeTable(execution: Execution, statement: Analyze): Promise<Result> {
  const { action } = statement
  if (action === 'drop stats') return dropStatistics(execution, statement)
  if (action !== 'collect') throw unsupportedByEngine(`ANALYZE TABLE … ${action.toUpperCase()}`)
  const table = authorisedTable(execution, statement.table, 'SELECT')
  checkProperties(statement)
  const columns = statement.columns.map((name) => existingColumn(table, name).name)
  const twice = columns.find((name, at) => columns.indexOf(name) !== at)
  if (twice !== undefined) throw analyzingError(`Column '${twice}' specified twice.`)
  const { link, engine, startMs } = execution
  demandRows(execution, table)
  const [count] = await link.rows(`SELECT count(*) FROM ${physicalName(table)}`)
  const rows = Number(count?.[0] ?? 0)
  // StarRocks, too, answers nothing at all about an empty table.
  if (rows === 0) return done()
  const listed = columns.length > 0 ? ` (${columns.map(quoted).join(', ')})` : ''
  await link.run(`ANALYZE ${physicalName(table)}${listed}`)
  await engine.store.change(link, async (draft) => {
    const now = stillThere(draft.catalog, table)
    const type = statement.mode === 'sample' ? 'SAMPLE' : 'FULL'
    const properties = recordOf(statement.properties)
    const endMs = engine.clock.now()
    const head = { tableId: now.id, columns, type, properties } as const
    addRecord(
      draft,
      { kind: 'analysis', id: draft.newId(), ...head, startMs, endMs },
      recordsOfDatabase(draft, 'analysis', now.databaseId),
    )
    recordStatistic(draft, now, { columns, type, rows, updatedMs: endMs, properties })
  })
  const { database } = qualify(execution, statement.table)
  return directRows({
    database: '',
    name: 'analyze',
    columns: virtualColumns({ Table: text, Op: text, Msg_type: text, Msg_text: text }),
    rows: [
      [
        `${database}.${table.name}`,
        statement.mode === 'sample' ? 'sample' : 'analyze',
        'status',
        'OK',
      ],
    ],
  })
}

interface Collected {
  readonly columns: readonly string[]
  readonly type: 'FULL' | 'SAMPLE'
  readonly rows: number
  readonly updatedMs: number
  readonly properties: Readonly<Record<string, string>>
}

function recordStatistic(draft: Draft, table: TableEntry, collected: Collected): void {
  const { columns, type, rows, updatedMs, properties } = collected
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
    updatedMs,
    rows,
    properties,
    columns: { ...old?.columns, ...Object.fromEntries(named) },
  })
}

/** What was collected is forgotten; DuckDB's own statistics follow the rows. */
async function dropStatistics(execution: Execution, statement: Analyze): Promise<Result> {
  const table = authorisedTable(execution, statement.table, 'SELECT')
  await execution.engine.store.change(execution.link, async (draft) => {
    for (const kind of ['analysis', 'statistic'] as const) {
      for (const entry of recordsOfDatabase(draft, kind, table.databaseId))
        if (entry.tableId === table.id) draft.remove(entry.id)
    }
  })
  return done()
}

/** reference: StarRocks 3.3.7, AnalyzeStmtAnalyzer. */
const known: readonly string[] = [
  'statistic_auto_collect_ratio',
  'statistic_auto_collect_interval',
  'statistic_sample_collect_rows',
  'statistic_exclude_pattern',
  'histogram_bucket_num',
  'histogram_mcv_size',
  'histogram_sample_ratio',
  'init_sample_statistic_job',
  'sample_ratio',
  'update_interval_sec',
  'collect_interval_sec',
]

const numeric: readonly string[] = known.filter(
  (name) => name.startsWith('histogram_') || name === 'statistic_sample_collect_rows',
)

function checkProperties({ properties }: Analyze): void {
  for (const { name } of properties)
    if (!known.includes(name)) throw analyzingError(`Property '${name}' is not valid.`)
  for (const { name, value } of properties)
    if (numeric.includes(name) && !Number.isFinite(Number(value)))
      throw analyzingError(`Property '${name}' value must be numeric.`)
}
