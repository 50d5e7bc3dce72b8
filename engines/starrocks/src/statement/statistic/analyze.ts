/** ANALYZE TABLE and its histograms, DROP STATS, KILL ANALYZE. reference: StarRocks 3.3.7, AnalyzeStmtAnalyzer, StmtExecutor. */
import { demand, relationTarget } from '../../catalog/authority.ts'
import type { TableColumn, TableEntry } from '../../catalog/catalog.ts'
import { existingColumn, storedNamed } from '../../catalog/lookup.ts'
import { recordOf } from '../../catalog/partition-definition.ts'
import { recordsOfDatabase } from '../../catalog/record.ts'
import type { RecordEntry } from '../../catalog/record-kind.ts'
import { qualify, qualifyTable } from '../../resolution/object-name.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { Result } from '../../session.ts'
import type { ObjectName, Statement } from '../../sql/ast.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { typeText } from '../../sql/type-text.ts'
import type { SqlType } from '../../sql/type.ts'
import { directRows } from '../show/show.ts'
import { analyze, rowCount } from './analysis.ts'
import type { Analysis } from './analysis.ts'
import { checkAnalyzeProperties, histogramProperties } from './histogram-property.ts'

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>

const operations = { FULL: 'analyze', SAMPLE: 'sample', HISTOGRAM: 'histogram' }

export async function analyzeTable(
  execution: Execution,
  statement: Of<'analyzeTable'>,
): Promise<Result> {
  const { action } = statement
  const table = analyzedTable(execution, statement.table)
  if (action === 'drop stats')
    return forget(execution, table, ['analysis', 'statistic'], () => true)
  if (action === 'drop histogram') {
    const names = statement.columns.map((name) => existingColumn(table, name).name)
    return forget(execution, table, ['analysis', 'histogram'], (entry) =>
      entry.kind === 'histogram' ? names.includes(entry.column) : entry.kind === 'analysis',
    )
  }
  const what = await analysisOf(execution, table, { ...statement, action }, 'ONCE')
  if (statement.async) {
    if ((await rowCount(execution, table)) === 0) return done()
    execution.engine.analyses.enqueue(async (own) => void (await analyze(own, table, what)))
    // StarRocks, too, answers nothing at all about an empty table.
  } else if (!(await analyze(execution, table, what))) return done()
  const { database } = qualify(execution, statement.table)
  return directRows({
    database: '',
    name: 'analyze',
    columns: virtualColumns({ Table: text, Op: text, Msg_type: text, Msg_text: text }),
    rows: [[`${database}.${table.name}`, operations[what.type], 'status', 'OK']],
  })
}

/** Whoever analyzes a table may also write it; a materialized view is written by nobody. */
export function analyzedTable(execution: Execution, name: ObjectName): TableEntry {
  const { current } = execution.engine.store
  const table = storedNamed(current, qualifyTable(execution, name))
  const target = relationTarget(table)
  demand(current, execution.state.authority, ['SELECT'], target)
  if (table.kind === 'table') demand(current, execution.state.authority, ['INSERT'], target)
  return table
}

type Asked = Pick<Of<'analyzeTable'>, 'mode' | 'columns' | 'properties' | 'buckets'> & {
  readonly action: 'collect' | 'update histogram'
}

export async function analysisOf(
  execution: Execution,
  table: TableEntry,
  asked: Asked,
  schedule: Analysis['schedule'],
): Promise<Analysis> {
  const found = asked.columns.map((name) => existingColumn(table, name))
  const columns = found.map(({ name }) => name)
  const twice = columns.find((name, at) => columns.indexOf(name) !== at)
  if (twice !== undefined) throw analyzingError(`Column '${twice}' specified twice.`)
  const properties = recordOf(asked.properties)
  checkAnalyzeProperties(properties)
  if (asked.action === 'collect')
    return { type: asked.mode === 'sample' ? 'SAMPLE' : 'FULL', schedule, columns, properties }
  for (const column of found) refuseType(column)
  const rows = await rowCount(execution, table)
  const completed = histogramProperties(execution.engine.identity.settings, properties, {
    buckets: asked.buckets,
    rows,
  })
  return { type: 'HISTOGRAM', schedule, columns, properties: completed }
}

/** VARBINARY, which StarRocks takes, has no text that is kept as one. */
const UNORDERED: readonly SqlType['kind'][] = [
  'json',
  'array',
  'map',
  'struct',
  'bitmap',
  'hll',
  'percentile',
  'varbinary',
]

function refuseType({ type }: TableColumn): void {
  if (UNORDERED.includes(type.kind))
    throw analyzingError(`Can't create histogram statistics on column type is ${typeText(type)}.`)
}

/** What was collected is forgotten; DuckDB's own statistics follow the rows. */
async function forget(
  { engine, link }: Execution,
  table: TableEntry,
  kinds: readonly ('analysis' | 'statistic' | 'histogram')[],
  isMeant: (entry: RecordEntry) => boolean,
): Promise<Result> {
  await engine.store.change(link, async (draft) => {
    for (const kind of kinds)
      for (const entry of recordsOfDatabase(draft, kind, table.databaseId))
        if (entry.tableId === table.id && isMeant(entry)) draft.remove(entry.id)
  })
  return done()
}

export function killAnalyze(execution: Execution, { id }: Of<'killAnalyze'>): Result {
  const { engine, state } = execution
  const { current } = engine.store
  const running = engine.analyses.running.get(id)
  const table = running && current.entries.get(running.tableId)
  if (!running || table?.kind !== 'table')
    throw analyzingError(`There is no running task with analyzeId ${id}.`)
  for (const privilege of ['SELECT', 'INSERT'])
    demand(current, state.authority, [privilege], relationTarget(table))
  running.cancel()
  return done()
}
