/**
 * Analyze jobs: CREATE ANALYZE has the engine analyze tables by itself, at once and then whenever their rows have become others.
 * reference: StarRocks 3.3.7, NativeAnalyzeJob, StatisticAutoCollector, StatisticsCollectJobFactory
 */
import { demand, relationTarget } from '../../catalog/authority.ts'
import type { Catalog, TableEntry } from '../../catalog/catalog.ts'
import { databaseNamed } from '../../catalog/lookup.ts'
import { recordOf } from '../../catalog/partition-definition.ts'
import type { AnalyzeJobEntry } from '../../catalog/record-kind.ts'
import { numberOf, settingOf } from '../../execution/configuration-item.ts'
import type { EngineContext } from '../../execution/engine-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { hasNoRows } from '../../execution/storage-volume.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import type { Statement } from '../../sql/ast.ts'
import { literal } from '../../sql/quote.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { analyze, rowCount } from './analysis.ts'
import { analysisOf, analyzedTable } from './analyze.ts'
import { health } from './health.ts'
import { checkAnalyzeProperties } from './histogram-property.ts'

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>

const JOBS_MAX = 1000

export async function createAnalyze(
  execution: Execution,
  statement: Of<'createAnalyze'>,
): Promise<Result> {
  const { engine, link } = execution
  const facts = await jobFacts(execution, statement)
  const job: Omit<AnalyzeJobEntry, 'id'> = {
    kind: 'analyze job',
    ...facts,
    status: 'PENDING',
    workedMs: undefined,
    reason: '',
  }
  const { authority } = execution.state
  for (const table of tablesOf(engine.store.current, job))
    for (const privilege of ['SELECT', 'INSERT'])
      if (privilege === 'SELECT' || table.kind === 'table')
        demand(engine.store.current, authority, [privilege], relationTarget(table))
  const id = await engine.store.change(link, async (draft) => {
    if (draft.catalog.records('analyze job').length >= JOBS_MAX)
      throw new SqlError(`There are more than ${JOBS_MAX} analyze jobs`)
    const newId = draft.newId()
    draft.put({ ...job, id: newId })
    return newId
  })
  engine.analyses.enqueue((own) => runJob(own, id))
  return done()
}

type JobFacts = Pick<
  AnalyzeJobEntry,
  'databaseId' | 'onlyTableId' | 'columns' | 'type' | 'properties'
>

async function jobFacts(execution: Execution, statement: Of<'createAnalyze'>): Promise<JobFacts> {
  const { name, scope, mode } = statement
  if (name && scope === 'table') {
    const table = analyzedTable(execution, name)
    if (table.session !== undefined)
      throw analyzingError("Don't support create analyze job for temporary table.")
    const { columns, type, properties } = await analysisOf(execution, table, statement, 'SCHEDULE')
    return { databaseId: table.databaseId, onlyTableId: table.id, columns, type, properties }
  }
  const properties = recordOf(statement.properties)
  checkAnalyzeProperties(properties)
  const databaseId =
    name && databaseNamed(execution.engine.store.current, name.parts.at(-1) ?? '').id
  const type = mode === 'sample' ? 'SAMPLE' : 'FULL'
  return { databaseId, onlyTableId: undefined, columns: [], type, properties }
}

/** As in StarRocks, one that is not there is no error. */
export async function dropAnalyze(
  { engine, link, state }: Execution,
  { id }: Of<'dropAnalyze'>,
): Promise<Result> {
  await engine.store.change(link, async (draft) => {
    for (const job of draft.catalog.records('analyze job')) {
      if (id !== undefined && job.id !== id) continue
      for (const table of tablesOf(draft.catalog, job))
        demand(draft.catalog, state.authority, ['SELECT'], relationTarget(table))
      draft.remove(job.id)
    }
  })
  return done()
}

type Scope = Pick<AnalyzeJobEntry, 'databaseId' | 'onlyTableId'>

function tablesOf(catalog: Catalog, { databaseId, onlyTableId }: Scope): readonly TableEntry[] {
  const databases =
    databaseId === undefined ? catalog.databases().map(({ id }) => id) : [databaseId]
  return databases
    .flatMap((id) => catalog.relations(id))
    .filter((relation) => relation.kind !== 'view')
    .filter((table) => onlyTableId === undefined || table.id === onlyTableId)
}

/** Looks at all jobs now and again; answers how to stop. */
export function scheduleAnalyzeJobs(engine: EngineContext): () => void {
  let cancel: () => void = () => undefined
  let stopped = false
  const arm = () => {
    if (stopped) return
    const everyMs =
      numberOf(engine.identity.settings, 'frontend', 'statistic_collect_interval_sec') * 1000
    cancel = engine.clock.at(engine.clock.now() + everyMs, () => {
      const { settings } = engine.identity
      const isOn = settingOf(settings, 'frontend', 'enable_statistic_collect') === 'true'
      if (!isOn || engine.store.current.records('analyze job').length === 0) return arm()
      // The next look comes when this one is over.
      try {
        engine.analyses.enqueue((own) => runJobs(own).finally(arm))
      } catch {
        // Others wait already.
        arm()
      }
    })
  }
  arm()
  return () => {
    stopped = true
    cancel()
  }
}

/** Newer ones first, as there. */
async function runJobs(execution: Execution): Promise<void> {
  const jobs = execution.engine.store.current.records('analyze job').toReversed()
  for (const { id } of jobs) await runJob(execution, id)
}

async function runJob(execution: Execution, id: number): Promise<void> {
  const { engine } = execution
  const job = engine.store.current.entries.get(id)
  if (job?.kind !== 'analyze job') return
  const { columns, type, properties } = job
  let worked = 0
  try {
    for (const table of tablesOf(engine.store.current, job)) {
      if (hasNoRows(execution, table) || !(await isDue(execution, job, table))) continue
      await analyze(execution, table, { type, schedule: 'SCHEDULE', columns, properties })
      worked += 1
    }
    if (worked > 0) await update(execution, id, { status: 'FINISH', reason: '' })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    engine.log.warn({ job: id, reason }, 'an analyze job failed')
    await update(execution, id, { status: 'FAILED', reason })
  }
}

async function update(
  { engine, link }: Execution,
  id: number,
  what: Pick<AnalyzeJobEntry, 'status' | 'reason'>,
): Promise<void> {
  await engine.store.change(link, async (draft) => {
    const job = draft.catalog.entries.get(id)
    if (job?.kind === 'analyze job') draft.put({ ...job, ...what, workedMs: engine.clock.now() })
  })
}

/** StarRocks' statistic_auto_collect_histogram_interval; of a small table it waits for nothing. */
const HISTOGRAM_SECONDS = 3600

/** When nothing is known of the table yet; or when enough rows are others, and the interval since the last time is over. */
async function isDue(
  execution: Execution,
  job: AnalyzeJobEntry,
  table: TableEntry,
): Promise<boolean> {
  const { engine } = execution
  if (await isExcluded(execution, job, table)) return false
  const last = lastOf(engine.store.current, job, table)
  if (!last) return true
  const { properties, type } = job
  const seconds =
    properties['statistic_auto_collect_interval'] ?? (type === 'HISTOGRAM' ? HISTOGRAM_SECONDS : 0)
  if (last.updatedMs + Number(seconds) * 1000 > engine.clock.now()) return false
  const ratio =
    properties['statistic_auto_collect_ratio'] ??
    settingOf(engine.identity.settings, 'frontend', 'statistic_auto_collect_ratio')
  return health(last.rows, await rowCount(execution, table)) <= Number(ratio)
}

function lastOf(
  catalog: Catalog,
  { type, columns }: AnalyzeJobEntry,
  table: TableEntry,
): { readonly updatedMs: number; readonly rows: number } | undefined {
  if (type !== 'HISTOGRAM')
    return catalog.records('statistic').find(({ tableId }) => tableId === table.id)
  const known = catalog.records('histogram').filter(({ tableId }) => tableId === table.id)
  const made = columns.flatMap((name) => known.find(({ column }) => column === name) ?? [])
  return made.length < columns.length
    ? undefined
    : made.toSorted((one, other) => one.updatedMs - other.updatedMs)[0]
}

/** DuckDB matches: its expressions take linear time. */
async function isExcluded(
  { engine, link }: Execution,
  { properties }: AnalyzeJobEntry,
  table: TableEntry,
): Promise<boolean> {
  const pattern = properties['statistic_exclude_pattern']
  if (!pattern) return false
  const database = engine.store.current.entries.get(table.databaseId)
  const name = `${database?.kind === 'database' ? database.name : ''}.${table.name}`
  const [row] = await link.rows(`SELECT regexp_matches(${literal(name)}, ${literal(pattern)})`)
  return row?.[0] === true
}
