/**
 * Materialized views: a table of a query's rows, computed again as a whole by each refresh. A refresh replaces rows and facts
 * in one transaction: readers see the old rows or the new ones. Queries are not rewritten to use them; that is only speed.
 */
import type {
  AlterMaterializedViewClause,
  CreateMaterializedView,
  DefinitionStatement,
  Refresh,
} from '../../sql/ast-definition.ts'
import { translatedQuery } from '../../execution/translation.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { databaseTarget, demand, relationTarget } from '../../catalog/authority.ts'
import type {
  Catalog,
  MaterializedViewFacts,
  RefreshFacts,
  TableEntry,
} from '../../catalog/catalog.ts'
import { insertStaged, planInsert } from '../dml/insert.ts'
import { recordOf } from '../../catalog/partition-definition.ts'
import { fullName, tableNamed, writableDatabase } from '../../catalog/lookup.ts'
import { qualify } from '../../resolution/object-name.ts'
import { chosenVolume, refuseOtherVolume } from '../../execution/storage-volume.ts'
import type { Execution } from '../../execution/execution.ts'
import type { RefreshOptions } from '../../execution/refresher.ts'
import { done } from '../../execution/result.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { defineTable } from '../../catalog/table-definition.ts'
import { settingOf } from '../../execution/configuration-item.ts'
import { replicationDefaults } from '../../execution/replication.ts'
import { asView, checkSource, deactivateViews, sourceOf, viewQuery } from './dependent-view.ts'
import { checkName } from './name.ts'
import { createSynchronousView, dropSynchronousView, isSynchronous } from './rollup.ts'
import { checkViewProperty, isViewProperty, refreshVariables } from './view-property.ts'
import { createPhysical } from './physical-table.ts'
import { columnsOfQuery, isTaken } from './table.ts'
import { keptText } from './kept-text.ts'
import { inTime } from './partition-time.ts'
import { dropForGood, droppingOf } from './recycle-bin.ts'
import { lastCondition, partCondition } from './view-part.ts'
import { refuseTemporaryBase } from './temporary-table.ts'
import { firstRefresh } from './view-refresh.ts'
import { namedColumns } from './view.ts'
import { keysFirst, viewKeys } from './view-key.ts'

type Of<Kind extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: Kind }>

const ENABLED = 'enable_materialized_view'

export async function createMaterializedView(
  execution: Execution,
  statement: CreateMaterializedView,
): Promise<Result> {
  if (settingOf(execution.engine.identity.settings, 'frontend', ENABLED) !== 'true')
    throw new SqlError(`Materialized views are disabled: the frontend config ${ENABLED} is false`)
  if (isSynchronous(statement)) return createSynchronousView(execution, statement)
  const name = qualify(execution, statement.name)
  checkName(name.name, 'view')
  const { store, clock } = execution.engine
  const made = await store.change(execution.link, async (draft) => {
    const database = writableDatabase(draft.catalog, name.database)
    const target = databaseTarget(database)
    demand(draft.catalog, execution.state.authority, ['CREATE MATERIALIZED VIEW'], target)
    if (isTaken(draft.catalog, database, name.name, statement.ifNotExists)) return undefined
    const defaults = { newId: () => draft.newId(), nowMs: clock.now() }
    const { definition, outputs } = await defineView(execution, statement, defaults)
    const { catalog } = draft
    const { properties } = statement
    const volume = chosenVolume(execution, { catalog, properties, database })
    draft.enter(volume)
    const facts = await firstFacts(execution, statement, catalog)
    const copies = mostCopies(catalog, Object.keys(facts.baseVersions))
    const table: TableEntry = {
      ...definition,
      properties: { ...replicationDefaults(execution.engine, copies), ...definition.properties },
      kind: 'materialized view',
      id: draft.newId(),
      databaseId: database.id,
      name: name.name,
      createdMs: clock.now(),
      ...(volume !== undefined && { volume }),
      view: { ...facts, outputs },
    }
    await createPhysical(execution.link, table)
    draft.put(table)
    return table
  })
  execution.engine.refresher.reschedule()
  if (made?.view && !made.view.refresh.deferred) await firstRefresh(execution, made)
  return done()
}

/** Of the tables that it reads, as StarRocks takes it. */
function mostCopies(catalog: Catalog, ids: readonly string[]): number | undefined {
  const counts = ids.flatMap((id) => {
    const entry = catalog.entries.get(Number(id))
    return entry?.kind === 'table' ? [Number(entry.properties['replication_num'] ?? 1)] : []
  })
  return counts.length > 0 ? Math.max(...counts) : undefined
}

async function defineView(
  execution: Execution,
  statement: CreateMaterializedView,
  defaults: Parameters<typeof defineTable>[1],
) {
  for (const { name, value } of statement.properties)
    if (isViewProperty(name)) checkViewProperty(name, value)
  const properties = statement.properties.filter(({ name }) => !isViewProperty(name))
  const query = await translatedQuery(
    execution,
    statement.query,
    scopeOf(execution, {
      onRelation: (relation) => refuseTemporaryBase(relation, 'Materialized view'),
    }),
  )
  const columns = namedColumns(statement.columns, query.columns)
  const comments = columns.map((column) => column.comment)
  const typed = columns.map((column, index) => ({
    ...column,
    table: query.columns[index]?.table ?? '',
  }))
  const defined = columnsOfQuery([], typed).map((column, index) => ({
    ...column,
    nullable: query.columns[index]?.notNull?.column !== true,
    comment: comments[index],
  }))
  const keys = viewKeys(defined, statement.orderBy)
  const definition = await defineTable(
    {
      name: statement.name.parts.at(-1) ?? '',
      columns: keysFirst(defined, keys),
      indexes: statement.indexes,
      options: {
        engine: undefined,
        key: keys.length > 0 ? { model: 'duplicate', columns: keys } : undefined,
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
    { ...defaults, ofView: true },
  )
  const outputs = defined.map(({ name }) => name)
  return { definition: { ...definition, properties: recordOf(statement.properties) }, outputs }
}

async function firstFacts(
  execution: Execution,
  statement: CreateMaterializedView,
  catalog: Catalog,
): Promise<MaterializedViewFacts> {
  return {
    query: await keptText(execution, statement, 'materialized view'),
    database: execution.state.database,
    creator: execution.state.user,
    creatorId: execution.state.authority.userId,
    ...(statement.orderBy.length > 0 && { ordered: true }),
    refresh: refreshFacts(statement.refresh ?? (statement.distribution && byHand)),
    active: true,
    inactiveReason: '',
    lastRefreshStartMs: undefined,
    lastRefreshEndMs: undefined,
    lastRefreshState: 'PENDING',
    lastRefreshError: '',
    baseVersions: sourceOf(execution, statement.query, catalog).baseVersions,
  }
}

/** With DISTRIBUTED BY but without REFRESH a view is refreshed by hand, the first time at once; with neither it is synchronous. */
const byHand: Refresh = {
  moment: 'immediate',
  scheme: 'manual',
  start: undefined,
  every: undefined,
}

function refreshFacts(refresh: Refresh | undefined): RefreshFacts {
  const scheme = refresh?.scheme
  if (!refresh || scheme === 'sync')
    throw unsupportedByEngine('REFRESH SYNC of a view with rows of its own')
  if (scheme === 'incremental') throw unsupportedByEngine('REFRESH INCREMENTAL')
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
export async function refreshRows(
  execution: Execution,
  view: TableEntry,
  { part, automatic }: Pick<RefreshOptions, 'part' | 'automatic'>,
): Promise<void> {
  const facts = view.view
  const { store, clock } = execution.engine
  if (!facts) return
  const startMs = clock.now()
  const own = refreshingAs(execution, view, facts)
  const query = viewQuery(facts)
  const { baseVersions } = sourceOf(own, query)
  const whole = await planInsert(
    own,
    {
      kind: 'insert',
      overwrite: true,
      table: { parts: fullNameParts(execution, view), at: 0 },
      files: undefined,
      label: undefined,
      partitions: [],
      partitionKeys: [],
      temporaryPartitions: false,
      columns: facts.outputs ?? [],
      byName: false,
      query,
      properties: [],
    },
    { trusted: true },
  )
  const last = () => (automatic ? lastCondition(store.current, view) : undefined)
  const condition = part ? partCondition(store.current, view, part) : last()
  const plan =
    condition === undefined
      ? whole
      : {
          ...whole,
          judged: `SELECT * FROM (${whole.judged}) WHERE ${condition}`,
          replaced: condition,
        }
  const more = async (draft: Draft): Promise<void> => {
    const now = draft.catalog.entries.get(view.id)
    if (now?.kind !== 'materialized view' || !now.view) return
    draft.put({
      ...(await inTime(execution, draft, now)),
      view: {
        ...now.view,
        baseVersions,
        lastRefreshStartMs: startMs,
        lastRefreshEndMs: clock.now(),
        lastRefreshState: 'SUCCESS',
        lastRefreshError: '',
      },
    })
  }
  await insertStaged(own, plan, { more })
  execution.engine.log.debug({ view: fullName(store.current, view) }, 'materialized view refreshed')
}

function refreshingAs(
  execution: Execution,
  view: TableEntry,
  facts: MaterializedViewFacts,
): Execution {
  const own = asView(execution, facts)
  const variables = new Map([...own.state.variables, ...refreshVariables(view.properties)])
  return { ...own, state: { ...own.state, variables } }
}

function fullNameParts(execution: Execution, view: TableEntry): string[] {
  const database = execution.engine.store.current.entries.get(view.databaseId)
  return [database?.kind === 'database' ? database.name : '', view.name]
}

export async function alterMaterializedView(
  execution: Execution,
  statement: Of<'alterMaterializedView'>,
): Promise<Result> {
  const name = qualify(execution, statement.name)
  let refreshed: number | undefined
  await execution.engine.store.change(execution.link, async (draft) => {
    const view = tableNamed(draft.catalog, name, 'materialized view')
    demand(draft.catalog, execution.state.authority, ['ALTER'], relationTarget(view))
    const { clause } = statement
    if (clause.kind === 'rename' || clause.kind === 'swap') checkName(clause.name, 'view')
    if (clause.kind === 'swap') {
      if (clause.name === view.name)
        throw new SqlError(`New name conflicts with rollup index name: ${view.name}`)
      const other = tableNamed(draft.catalog, { ...name, name: clause.name }, 'materialized view')
      demand(draft.catalog, execution.state.authority, ['ALTER'], relationTarget(other))
      refuseOtherVolume(view, other)
      draft.put({ ...other, name: view.name })
      draft.put({ ...view, name: other.name })
      deactivateViews(draft, view.id, `base-table swapped: ${view.name}`)
      deactivateViews(draft, other.id, `base-table swapped: ${other.name}`)
      return
    }
    if (clause.kind === 'rename') {
      isTaken(draft.catalog, writableDatabase(draft.catalog, name.database), clause.name, false)
    }
    draft.put(altered(view, clause))
    if (clause.kind !== 'status') return
    if (clause.active) draft.put(activated(execution, view, draft.catalog))
    else deactivateViews(draft, view.id, `base-mv inactive: ${view.name}`)
    if (clause.active && view.view?.refresh.scheme === 'async') refreshed = view.id
  })
  execution.engine.refresher.reschedule()
  if (refreshed !== undefined) execution.engine.refresher.request(refreshed).catch(() => undefined)
  return done()
}

function activated(execution: Execution, view: TableEntry, catalog: Catalog): TableEntry {
  const facts = view.view
  if (!facts) return view
  try {
    const baseVersions = checkSource(execution, view, catalog)
    refuseInactiveBase(catalog, baseVersions)
    return { ...view, view: { ...facts, active: true, inactiveReason: '', baseVersions } }
  } catch (error) {
    throw new SqlError(
      `Can not active materialized view [${view.name}] because analyze materialized view define sql: \n\n${facts.query}\n\nCause an error: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function refuseInactiveBase(catalog: Catalog, bases: Readonly<Record<string, number>>): void {
  for (const id of Object.keys(bases)) {
    const base = catalog.entries.get(Number(id))
    if (base?.kind === 'materialized view' && base.view?.active === false)
      throw new SqlError(`base-mv inactive: ${base.name}`)
  }
}

function altered(view: TableEntry, clause: AlterMaterializedViewClause): TableEntry {
  const facts = view.view
  if (!facts || clause.kind === 'swap') return view
  if (clause.kind === 'rename') return { ...view, name: clause.name }
  if (clause.kind === 'refresh') {
    return { ...view, view: { ...facts, refresh: refreshFacts(clause.refresh) } }
  }
  if (clause.kind === 'status') {
    const inactiveReason = 'user use alter materialized view set status to inactive'
    return clause.active ? view : { ...view, view: { ...facts, active: false, inactiveReason } }
  }
  for (const property of clause.properties) {
    if (!isViewProperty(property.name)) throw unsupportedByEngine(`The property "${property.name}"`)
    checkViewProperty(property.name, property.value)
  }
  return { ...view, properties: { ...view.properties, ...recordOf(clause.properties) } }
}

export async function dropMaterializedView(
  execution: Execution,
  statement: Of<'dropMaterializedView'>,
): Promise<Result> {
  const { store, refresher } = execution.engine
  const name = qualify(execution, statement.name)
  let dropped: number | undefined
  const answer = await store.change(execution.link, async (draft) => {
    const database = writableDatabase(draft.catalog, name.database)
    if (!draft.catalog.relation(database.id, name.name)) {
      const synchronous = dropSynchronousView(execution, draft, database.id, name.name)
      if (synchronous) return synchronous
      if (statement.ifExists) return done()
      throw new SqlError(`Materialized view ${name.name} is not found`)
    }
    const view = tableNamed(draft.catalog, name, 'materialized view')
    demand(draft.catalog, execution.state.authority, ['DROP'], relationTarget(view))
    draft.enter(view.volume)
    await dropForGood(droppingOf(execution, draft), view)
    deactivateViews(draft, view.id, `base-table dropped: ${view.name}`)
    dropped = view.id
    return done()
  })
  if (dropped !== undefined) refresher.cancel(dropped)
  refresher.reschedule()
  return answer
}
