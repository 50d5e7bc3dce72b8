/**
 * The names, columns and variables that binding sees while it reads one statement. Reading a table demands SELECT on
 * it; tables inside a view are read with the view's own right unless the view says SECURITY INVOKER.
 */
import { demandRows } from '../execution/storage-volume.ts'
import { variableSql } from '../execution/variable-text.ts'
import { SqlError } from '../session.ts'
import { isInteger } from '../sql/common-type.ts'
import type { Scope, ScopeDictionary, ScopeTable, SessionScope, TypedSql } from '../sql/scope.ts'
import { analyzingError } from '../sql/sql-error.ts'
import { bindView } from '../sql/translate.ts'
import { closure, demand, relationTarget, userOf } from '../catalog/authority.ts'
import { identityText, userText } from '../catalog/user-identity.ts'
import { outputColumns, physicalName } from '../catalog/catalog.ts'
import { addBoundColumns, addWork, newPlanning } from '../sql/planning.ts'
import type { Planning } from '../sql/planning.ts'
import { literal, quoted } from '../sql/quote.ts'
import type { Query } from '../sql/ast.ts'
import { readNotNull } from '../sql/bound.ts'
import { boundView, keepBoundView, parsedView } from './bound-view.ts'
import type { BoundViewEntry, Finding, ViewRead } from './bound-view.ts'
import { externalScope } from './external-table.ts'
import { ownTable } from './object-name.ts'
import { rollupNamed, rollupQuery } from './rollup.ts'
import type { FoundRollup } from './rollup.ts'
import type { Catalog, Relation, TableEntry, ViewEntry } from '../catalog/catalog.ts'
import { mysqlVersion } from '../execution/version.ts'
import { systemTable } from '../information/system-table.ts'
import { listedKey } from './system-listing.ts'
import { namedPartitions, partitionCondition, temporaryRows } from '../catalog/partition.ts'
import { isSystemDatabase } from '../catalog/lookup.ts'
import type { QualifiedName } from '../catalog/lookup.ts'
import { timeZoneOf, variableOf } from '../execution/statement-context.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { scopeTableOf } from '../information/virtual-table.ts'
import { findVariable } from '../execution/variable.ts'

export interface ScopeOptions {
  /** In place of the session's current database. */
  readonly database?: string | undefined
  /** Tables may be read without SELECT: inside a view, or by the engine itself. */
  readonly trusted?: boolean
  /** A table that may be read without SELECT: the target of an UPDATE or DELETE. */
  readonly free?: number
  /** Called with every view and stored table that is read, also inside views. */
  readonly onRelation?: (relation: Relation) => void
  /** In place of the committed catalog: inside a change. */
  readonly catalog?: Catalog
  /** Takes what sleep() asks for. */
  readonly wait?: (seconds: number) => void
  /** What is found while a view, or a query that is kept, is bound. */
  readonly finding?: Finding
  /** What planning the statement takes so far; shared with the scopes of views. */
  readonly planning?: Planning
}

/**
 * Tables and views that one statement reads, those inside views included: each view may name the one below it several
 * times, so few statements could otherwise make DuckDB plan for ever.
 */
const RELATIONS_MAX = 512

/** Views can be made to read each other in a circle by ALTER VIEW; nobody nests this deep on purpose. */
const VIEW_DEPTH_MAX = 32

function sourceOf(context: StatementContext, options: ScopeOptions): ScopeSource {
  const catalog = options.catalog ?? context.engine.store.current
  const planning = options.planning ?? newPlanning()
  return { context, catalog, options: { ...options, planning }, planning }
}

/** For what was bound before and reads the same: all of it has to be readable now. */
export const readKept = (
  context: StatementContext,
  options: ScopeOptions,
  kept: Pick<BoundViewEntry, 'reads' | 'work' | 'columns' | 'height'>,
): void => readAgain(sourceOf(context, options), kept)

export function scopeOf(
  context: StatementContext,
  options: ScopeOptions = {},
): Scope & { readonly planning: Planning } {
  const { state } = context
  const { finding, trusted = false } = options
  const source = sourceOf(context, options)
  const { catalog, planning } = source
  const isView = finding !== undefined && finding.depth > 0
  let session: SessionScope | undefined
  return {
    planning,
    database: 'database' in options ? options.database : state.database,
    get session() {
      if (finding) finding.asksSession = true
      return (session ??= sessionScope(source))
    },
    hasDatabase: (name) => isSystemDatabase(name) || catalog.database(name) !== undefined,
    table(database, name, partitions = [], temporary = false) {
      if (isSystemDatabase(database)) {
        if (finding) finding.asksSession = true
        const listed = context.listed?.get(listedKey(database, name))
        if (listed) return listed
        const table = systemTable(context, database, name)
        return table && scopeTableOf(table)
      }
      const entry = catalog.database(database)
      // A view means the tables that all sessions have.
      const own = isView ? undefined : ownTable(context, { database, name }, catalog)
      const relation = entry && catalog.relation(entry.id, own ?? name)
      if (!relation) return undefined
      const isDemanded = !trusted && options.free !== relation.id
      return relationScope(source, database, relation, {
        names: partitions,
        temporary,
        isDemanded,
      })
    },
    external: (item) => externalScope(context, item, isView),
    rollup(database, name) {
      const entry = catalog.database(database)
      const found = entry && rollupNamed(catalog, entry.id, name)
      if (!found) return undefined
      readRelation(source, { relation: found.table, isDemanded: !trusted, hasRows: false })
      return rollupScope(source, database, found)
    },
    // Headers of loads and generated columns are read with the engine's right, and with nobody's leave to look up others' tables.
    dictionary(database, name) {
      return dictionaryScope(source, { database, name, isDemanded: !isView || !trusted })
    },
  }
}

function sessionScope({ context, catalog, options }: ScopeSource): SessionScope {
  const { state, engine } = context
  const who = identityText({ user: state.login, host: state.host })
  const user = userOf(catalog, state.authority)
  return {
    catalog: state.catalog,
    user: who,
    currentUser: user ? userText(user) : who,
    connectionId: state.id,
    version: mysqlVersion,
    currentVersion: `${engine.identity.version} (Emrys)`,
    timeZone: timeZoneOf(context),
    now: context.startMs,
    currentRole: state.authority.activeRoles.join(', ') || 'NONE',
    lastQueryId: state.lastQueryId,
    hasRole: (name) =>
      closure(catalog, state.authority.activeRoles).some((role) => role.name === name),
    get sessionId() {
      return (state.temporarySession ??= engine.random.uuid())
    },
    wait: options.wait,
    files: (properties) => context.files?.get(JSON.stringify(properties)),
    systemVariable: (scope, name) => systemVariable(context, scope, name),
    userVariable(name) {
      const key = name.toLowerCase()
      const value = context.hintVariables.get(key) ?? state.userVariables.get(key)
      if (!value) return undefined
      const { text, type } = value
      const isNumber = text !== undefined && (isInteger(type) || type.kind === 'decimal')
      return { sql: variableSql(text, type), type, ...(isNumber && { number: text }) }
    },
    parameter(index) {
      const bound = context.parameters[index]
      if (!bound) throw new SqlError(`Parameter ${index + 1} has no value`)
      return bound
    },
  }
}

interface ScopeSource {
  readonly context: StatementContext
  readonly catalog: Catalog
  readonly options: ScopeOptions
  readonly planning: Planning
}

/** What has to hold of a relation each time that a statement reads it, itself or inside a view. */
function readRelation({ context, catalog, options, planning }: ScopeSource, read: ViewRead): void {
  const { relation, isDemanded, hasRows } = read
  if (isDemanded) demand(catalog, context.state.authority, ['SELECT'], relationTarget(relation))
  planning.relations += 1
  if (planning.relations > RELATIONS_MAX)
    throw new SqlError(`The statement reads more than ${RELATIONS_MAX} relations`)
  options.onRelation?.(relation)
  if (hasRows && relation.kind !== 'view') demandRows(context, relation)
  options.finding?.reads.push(read)
}

function relationScope(
  source: ScopeSource,
  database: string,
  relation: Relation,
  chosen: ChosenPartitions & { readonly isDemanded: boolean },
): ScopeTable {
  const { isDemanded } = chosen
  const transparent = chosen.names.length === 0 ? transparentView(relation) : undefined
  const hasRows = relation.kind !== 'view' && !transparent
  readRelation(source, { relation, isDemanded, hasRows })
  if (transparent && relation.kind !== 'view')
    return inOrder(viewScope(source, database, transparent), relation)
  if (relation.kind !== 'view') return tableScope(database, relation, chosen)
  if (chosen.names.length > 0) {
    throw new SqlError('PARTITION () clause on non partitioned table', 1747, 'HY000')
  }
  return viewScope(source, database, relation)
}

/** The columns of a materialized view in their order, which its query need not have. */
const inOrder = (scope: ScopeTable, { columns }: TableEntry): ScopeTable => ({
  ...scope,
  columns: columns.flatMap(({ name }) => scope.columns.filter((column) => column.name === name)),
})

type ReadView = Pick<ViewEntry, 'id' | 'name' | 'query' | 'database' | 'security' | 'columns'>

/** A materialized view that is to answer as its tables are now, whenever it was refreshed: it is read as the view that it is. */
function transparentView(relation: Relation): ReadView | undefined {
  if (relation.kind !== 'materialized view' || relation.view?.active !== true) return undefined
  const mode = relation.properties['transparent_mv_rewrite_mode'] ?? 'false'
  if (mode.toLowerCase() === 'false') return undefined
  const { query, database } = relation.view
  const columns = outputColumns(relation).map(({ name, type, comment }) => ({
    name,
    type,
    comment: comment ?? '',
  }))
  return { id: relation.id, name: relation.name, query, database, security: 'none', columns }
}

function dictionaryScope(
  source: ScopeSource,
  { database, name, isDemanded }: QualifiedName & { readonly isDemanded: boolean },
): ScopeDictionary | undefined {
  const entry = source.catalog.database(database)
  const table = entry && source.catalog.relation(entry.id, name)
  if (!table) return undefined
  if (table.kind === 'view') throw analyzingError('dict table type is not OlapTable, type=View')
  if (table.kind === 'materialized view')
    throw analyzingError("dict table can't be materialized view")
  if (table.model !== 'primary')
    throw analyzingError(`dict table ${database}.${name} should be primary key table`)
  readRelation(source, { relation: table, isDemanded, hasRows: true })
  return {
    ...tableScope(database, table),
    keys: table.keys,
    numbered: table.columns.find((column) => column.autoIncrement)?.name,
  }
}

interface ChosenPartitions {
  readonly names: readonly string[]
  readonly temporary: boolean
}

/** All rows; or those of some partitions. */
function rowsSql(table: TableEntry, { names, temporary }: ChosenPartitions): string {
  const name = physicalName(table)
  if (names.length === 0) return name
  const chosen = namedPartitions(table, names, temporary)
  if (temporary) {
    const parts = chosen.map((entry) => `SELECT * FROM ${temporaryRows(table, entry)}`)
    return `(${parts.join(' UNION ALL BY NAME ')})`
  }
  const condition = chosen.map((entry) => `(${partitionCondition(table, entry)})`).join(' OR ')
  return `(SELECT * FROM ${name} WHERE ${condition})`
}

export function tableScope(
  database: string,
  table: TableEntry,
  chosen: ChosenPartitions = { names: [], temporary: false },
): ScopeTable {
  return {
    source: rowsSql(table, chosen),
    database,
    table: table.name,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      sql: quoted(column.name),
      ...(!column.nullable && { notNull: { column: true, origin: false } }),
    })),
  }
}

/** The table may be called otherwise now than in the text of the view. */
function rollupScope(
  source: ScopeSource,
  database: string,
  { table, rollup }: FoundRollup,
): ScopeTable {
  const columns = rollup.columns.map(({ name, type }) => ({ name, type, comment: '' }))
  const view = { ...rollup, security: 'none' as const, columns }
  return queryScope(source, database, view, () => rollupQuery(rollup, [database, table.name]))
}

const viewScope = (source: ScopeSource, database: string, view: ReadView): ScopeTable =>
  queryScope(source, database, view, () => parsedView(view))

function queryScope(
  source: ScopeSource,
  database: string,
  view: ReadView,
  written: () => Query,
): ScopeTable {
  const { catalog, options } = source
  const trusted = view.security === 'none' || (options.trusted ?? false)
  const key = `${view.id} ${trusted}`
  const kept = boundView(catalog, key)
  demandDepth(source, `${database}.${view.name}`, kept?.height ?? 1)
  if (kept) readAgain(source, kept)
  const { query } = kept ?? bindNew(source, { view, trusted, key }, written)
  if (query.columns.length !== view.columns.length) {
    throw new SqlError(
      `Getting analyzing error. Detail message: View '${database}.${view.name}' is invalid: its query now has other columns.`,
    )
  }
  return {
    source: { query, names: view.columns.map(({ name }) => name) },
    database,
    table: view.name,
    columns: view.columns.map((column, index) => ({
      name: column.name,
      type: query.columns[index]?.type ?? column.type,
      sql: quoted(column.name),
      notNull: readNotNull(query.columns[index]?.notNull),
    })),
  }
}

/** A view that was bound before costs what it costs, and its relations have to be readable now. */
function readAgain(
  source: ScopeSource,
  { reads, work, columns, height }: Pick<BoundViewEntry, 'reads' | 'work' | 'columns' | 'height'>,
): void {
  const { finding } = source.options
  if (finding) finding.height = Math.max(finding.height, height)
  for (const read of reads) readRelation(source, read)
  addWork(source.planning, work)
  addBoundColumns(source.planning, columns)
}

function demandDepth({ options }: ScopeSource, name: string, height: number): void {
  if ((options.finding?.depth ?? 0) + height > VIEW_DEPTH_MAX)
    throw new SqlError(`View '${name}' nests deeper than ${VIEW_DEPTH_MAX} views`)
}

function bindNew(
  { context, catalog, options, planning }: ScopeSource,
  it: { readonly view: ReadView; readonly trusted: boolean; readonly key: string },
  written: () => Query,
): BoundViewEntry {
  const { view, trusted, key } = it
  const outer = options.finding
  const depth = (outer?.depth ?? 0) + 1
  const finding: Finding = { depth, height: 0, asksSession: false, reads: [] }
  const before = { ...planning }
  const inner = scopeOf(context, {
    ...(options.onRelation && { onRelation: options.onRelation }),
    catalog,
    finding,
    planning,
    database: view.database,
    trusted,
  })
  const query = bindView(written(), inner)
  const { reads, asksSession } = finding
  const height = finding.height + 1
  if (outer) {
    outer.reads.push(...reads)
    outer.height = Math.max(outer.height, height)
    outer.asksSession ||= asksSession
  }
  const work = planning.work - before.work
  const entry = { query, reads, height, work, columns: planning.columns - before.columns }
  if (!asksSession) keepBoundView(catalog, key, entry)
  return entry
}

function systemVariable(
  context: StatementContext,
  scope: 'default' | 'session' | 'global',
  name: string,
): TypedSql | undefined {
  const definition = findVariable(name)
  if (!definition) return undefined
  const value = variableOf(context, definition.name, scope === 'global' ? 'global' : 'session')
  if (definition.kind === 'boolean') {
    return { sql: `CAST(${value === 'true'} AS BOOLEAN)`, type: { kind: 'boolean' } }
  }
  if (definition.kind === 'integer' || definition.kind === 'int') {
    return { sql: `CAST(${value} AS BIGINT)`, type: { kind: 'bigint' } }
  }
  if (definition.kind === 'real') {
    return { sql: `CAST(${value} AS DOUBLE)`, type: { kind: 'double' } }
  }
  return { sql: literal(value), type: { kind: 'varchar', length: 65_533 } }
}
