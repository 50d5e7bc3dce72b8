/**
 * Materialized views: a table of a query's rows, computed anew as a whole by each refresh. A refresh replaces rows and facts
 * in one transaction: readers see the old rows or the new ones. Queries are not rewritten to use them; that is only speed.
 */
import type {
  AlterMaterializedViewClause,
  CreateMaterializedView,
  DefinitionStatement,
  Refresh,
} from '../../sql/ast-definition.ts'
import { parseStatements } from '../../sql/parse.ts'
import { translateQuery } from '../../sql/translate.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { databaseTarget, demand, relationTarget } from '../authority.ts'
import type { MaterializedViewFacts, RefreshFacts, TableEntry } from '../catalog.ts'
import { insertStaged, planInsert } from '../insert.ts'
import { recordOf } from '../partition-define.ts'
import { fullName, qualify, tableNamed, unknownTable, writableDatabase } from '../resolve.ts'
import type { Run } from '../run.ts'
import { done, unsupported } from '../statement-run.ts'
import { scopeOf } from '../statement-scope.ts'
import { defineTable } from '../table-define.ts'
import { checkName } from './name.ts'
import { columnsOfQuery, createPhysical, dropPhysical, isTaken } from './table.ts'
import { keptText, namedColumns } from './view.ts'

type Of<Kind extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: Kind }>

export async function createMaterializedView(
  run: Run,
  statement: CreateMaterializedView,
): Promise<Result> {
  const name = qualify(run, statement.name)
  checkName(name.name, 'view')
  const { store, clock } = run.core
  const made = await store.change(run.link, async (draft) => {
    const database = writableDatabase(draft.catalog, name.database)
    const target = databaseTarget(database)
    demand(draft.catalog, run.state.authority, ['CREATE MATERIALIZED VIEW'], target)
    if (isTaken(draft.catalog, database, name.name, statement.ifNotExists)) return undefined
    const table: TableEntry = {
      ...defineView(run, statement, { newId: () => draft.newId(), nowMs: clock.now() }),
      kind: 'materialized view',
      id: draft.newId(),
      databaseId: database.id,
      name: name.name,
      createdMs: clock.now(),
      view: firstFacts(run, statement),
    }
    await createPhysical(run.link, table)
    draft.put(table)
    return table
  })
  if (made?.view && !made.view.refresh.deferred) await run.core.refresher.request(made.id)
  run.core.refresher.reschedule()
  return done()
}

function defineView(
  run: Run,
  statement: CreateMaterializedView,
  making: Parameters<typeof defineTable>[1],
) {
  const properties = statement.properties.filter(({ name }) => !isViewProperty(name))
  const query = translateQuery(statement.query, scopeOf(run))
  const columns = namedColumns(statement.columns, query.columns)
  const comments = columns.map((column) => column.comment)
  const definition = defineTable(
    {
      name: statement.name.parts.at(-1) ?? '',
      columns: columnsOfQuery([], columns).map((column, index) => ({
        ...column,
        comment: comments[index],
      })),
      indexes: statement.indexes,
      options: {
        engine: undefined,
        key: undefined,
        comment: statement.comment,
        partition:
          statement.partitionBy.length > 0
            ? { method: 'expression', by: statement.partitionBy, items: [] }
            : undefined,
        distribution: statement.distribution,
        orderBy: statement.orderBy,
        rollups: [],
        properties,
      },
    },
    making,
  )
  return { ...definition, properties: recordOf(statement.properties) }
}

/** Properties that steer query rewriting or refreshing by partition: neither happens here, so they change no result. */
const viewProperties: readonly string[] = [
  'auto_refresh_partitions_limit',
  'enable_query_rewrite',
  'mv_rewrite_staleness_second',
  'partition_refresh_number',
  'query_rewrite_consistency',
  'resource_group',
]

const isViewProperty = (name: string): boolean => viewProperties.includes(name.toLowerCase())

function firstFacts(run: Run, statement: CreateMaterializedView): MaterializedViewFacts {
  return {
    query: keptText(run, statement),
    database: run.state.database,
    creator: run.state.user,
    refresh: refreshFacts(statement.refresh),
    active: true,
    inactiveReason: '',
    lastRefreshStartMs: undefined,
    lastRefreshEndMs: undefined,
    lastRefreshState: 'PENDING',
    lastRefreshError: '',
    baseVersions: {},
  }
}

function refreshFacts(refresh: Refresh | undefined): RefreshFacts {
  const scheme = refresh?.scheme
  if (!refresh || scheme === 'sync')
    throw unsupported('A synchronous materialized view (without REFRESH)')
  if (scheme === 'incremental') throw unsupported('REFRESH INCREMENTAL')
  if (refresh.every && !(refresh.every.count > 0)) {
    throw new SqlError('The refresh interval must be larger than 0')
  }
  return {
    scheme: scheme ?? 'async',
    deferred: refresh.moment === 'deferred',
    start: refresh.start,
    every: refresh.every,
  }
}

/** Recomputes the rows. Runs as the engine: whoever created the view was allowed to read its tables. */
export async function refreshRows(run: Run, view: TableEntry): Promise<void> {
  const facts = view.view
  const { store, clock, dataVersions } = run.core
  if (!facts) return
  const startMs = clock.now()
  const own: Run = { ...run, state: { ...run.state, database: facts.database } }
  const [parsed] = parseStatements(facts.query)
  if (parsed?.statement.kind !== 'select') throw new SqlError('The view has no query')
  const { query } = parsed.statement
  const baseVersions: Record<string, number> = {}
  translateQuery(
    query,
    scopeOf(own, {
      trusted: true,
      onTable: (table) => (baseVersions[table.id] = dataVersions.get(table.id) ?? 0),
    }),
  )
  const plan = planInsert(
    own,
    {
      kind: 'insert',
      overwrite: true,
      table: { parts: fullNameParts(run, view), at: 0 },
      files: undefined,
      label: undefined,
      partitions: [],
      temporaryPartitions: false,
      columns: [],
      byName: false,
      query,
      properties: [],
    },
    true,
  )
  await insertStaged(own, plan, (draft) => {
    const now = draft.catalog.entries.get(view.id)
    if (now?.kind !== 'materialized view' || !now.view) return
    draft.put({
      ...now,
      view: {
        ...now.view,
        baseVersions,
        lastRefreshStartMs: startMs,
        lastRefreshEndMs: clock.now(),
        lastRefreshState: 'SUCCESS',
        lastRefreshError: '',
      },
    })
  })
  run.core.log.debug({ view: fullName(store.current, view) }, 'materialized view refreshed')
}

function fullNameParts(run: Run, view: TableEntry): string[] {
  const database = run.core.store.current.entries.get(view.databaseId)
  return [database?.kind === 'database' ? database.name : '', view.name]
}

export async function refreshMaterializedView(
  run: Run,
  statement: Of<'refreshMaterializedView'>,
): Promise<Result> {
  if (statement.range) throw unsupported('REFRESH MATERIALIZED VIEW … PARTITION START … END')
  const { current } = run.core.store
  const view = tableNamed(current, qualify(run, statement.name), 'materialized view')
  demand(current, run.state.authority, ['REFRESH'], relationTarget(view))
  if (view.view?.active === false) {
    throw new SqlError(
      `Refresh materialized view failed because [${view.name}] is not active. You can try to active it with ALTER MATERIALIZED VIEW ${view.name} ACTIVE;`,
    )
  }
  const refreshed = run.core.refresher.request(view.id)
  if (statement.mode === 'sync') await refreshed
  else refreshed.catch(() => undefined)
  return done()
}

export async function alterMaterializedView(
  run: Run,
  statement: Of<'alterMaterializedView'>,
): Promise<Result> {
  const name = qualify(run, statement.name)
  await run.core.store.change(run.link, async (draft) => {
    const view = tableNamed(draft.catalog, name, 'materialized view')
    demand(draft.catalog, run.state.authority, ['ALTER'], relationTarget(view))
    const { clause } = statement
    if (clause.kind === 'rename' || clause.kind === 'swap') checkName(clause.name, 'view')
    if (clause.kind === 'swap') {
      const other = tableNamed(draft.catalog, { ...name, name: clause.name }, 'materialized view')
      demand(draft.catalog, run.state.authority, ['ALTER'], relationTarget(other))
      draft.put({ ...other, name: view.name })
      draft.put({ ...view, name: other.name })
      return
    }
    if (clause.kind === 'rename') {
      isTaken(draft.catalog, writableDatabase(draft.catalog, name.database), clause.name, false)
    }
    draft.put(altered(view, clause))
  })
  run.core.refresher.reschedule()
  return done()
}

function altered(view: TableEntry, clause: AlterMaterializedViewClause): TableEntry {
  const facts = view.view
  if (!facts || clause.kind === 'swap') return view
  if (clause.kind === 'rename') return { ...view, name: clause.name }
  if (clause.kind === 'refresh') {
    return { ...view, view: { ...facts, refresh: refreshFacts(clause.refresh) } }
  }
  if (clause.kind === 'status') {
    const inactiveReason = clause.active
      ? ''
      : 'user use alter materialized view set status to inactive'
    return { ...view, view: { ...facts, active: clause.active, inactiveReason } }
  }
  for (const property of clause.properties) {
    if (!isViewProperty(property.name)) throw unsupported(`The property "${property.name}"`)
  }
  return { ...view, properties: { ...view.properties, ...recordOf(clause.properties) } }
}

export async function dropMaterializedView(
  run: Run,
  statement: Of<'dropMaterializedView'>,
): Promise<Result> {
  const name = qualify(run, statement.name)
  const answer = await run.core.store.change(run.link, async (draft) => {
    const database = writableDatabase(draft.catalog, name.database)
    if (!draft.catalog.relation(database.id, name.name)) {
      if (statement.ifExists) return done()
      throw unknownTable(name)
    }
    const view = tableNamed(draft.catalog, name, 'materialized view')
    demand(draft.catalog, run.state.authority, ['DROP'], relationTarget(view))
    await dropPhysical(run.link, view)
    draft.remove(view.id)
    return done()
  })
  run.core.refresher.reschedule()
  return answer
}
