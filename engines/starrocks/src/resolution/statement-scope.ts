/**
 * The names, columns and variables that the translator sees while it reads one statement. Reading a table demands SELECT on
 * it; tables inside a view are read with the view's own right unless the view says SECURITY INVOKER.
 */
import { demandRows } from '../execution/storage-volume.ts'
import { variableSql } from '../execution/variable-text.ts'
import { SqlError } from '../session.ts'
import { parseStatements } from '../sql/parse.ts'
import type { Scope, ScopeTable, TypedSql } from '../sql/scope.ts'
import { translateQuery } from '../sql/translate.ts'
import { closure, demand, relationTarget, userOf } from '../catalog/authority.ts'
import { outputColumns, physicalName } from '../catalog/catalog.ts'
import { newPlanning } from '../sql/planning.ts'
import type { Planning } from '../sql/planning.ts'
import { literal, quoted } from '../sql/quote.ts'
import type { Query } from '../sql/ast.ts'
import { externalScope } from './external-table.ts'
import { ownTable } from './object-name.ts'
import { rollupNamed, rollupQuery } from './rollup.ts'
import type { FoundRollup } from './rollup.ts'
import type { Catalog, Relation, TableEntry, ViewEntry } from '../catalog/catalog.ts'
import { mysqlVersion } from '../execution/version.ts'
import { systemTable } from '../information/system-table.ts'
import { namedPartitions, partitionCondition, temporaryRows } from '../catalog/partition.ts'
import { isSystemDatabase } from '../catalog/lookup.ts'
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
  /** Views above this one. */
  readonly depth?: number
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

export function scopeOf(context: StatementContext, options: ScopeOptions = {}): Scope {
  const { state, engine } = context
  const catalog = options.catalog ?? engine.store.current
  const who = `'${state.user}'@'${state.host}'`
  const planning = options.planning ?? newPlanning()
  return {
    planning,
    database: 'database' in options ? options.database : state.database,
    catalog: state.catalog,
    user: `'${state.user}'@'${state.host}'`,
    currentUser: userOf(catalog, state.authority) ? `'${state.user}'@'%'` : who,
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
    hasDatabase: (name) => isSystemDatabase(name) || catalog.database(name) !== undefined,
    table(database, name, partitions = [], temporary = false) {
      if (isSystemDatabase(database)) {
        const table = systemTable(context, database, name)
        return table && scopeTableOf(table)
      }
      const entry = catalog.database(database)
      // A view means the tables that all sessions have.
      const own =
        options.depth === undefined ? ownTable(context, { database, name }, catalog) : undefined
      const relation = entry && catalog.relation(entry.id, own ?? name)
      if (!relation) return undefined
      if (!options.trusted && options.free !== relation.id) {
        demand(catalog, state.authority, ['SELECT'], relationTarget(relation))
      }
      planning.relations += 1
      if (planning.relations > RELATIONS_MAX) {
        throw new SqlError(`The statement reads more than ${RELATIONS_MAX} relations`)
      }
      const source = { context, catalog, options: { ...options, planning } }
      return relationScope(source, database, relation, { names: partitions, temporary })
    },
    files: (properties) => context.files?.get(JSON.stringify(properties)),
    external: (item) => externalScope(context, item, options.depth !== undefined),
    rollup(database, name) {
      const entry = catalog.database(database)
      const found = entry && rollupNamed(catalog, entry.id, name)
      if (!found) return undefined
      if (!options.trusted) {
        demand(catalog, state.authority, ['SELECT'], relationTarget(found.table))
      }
      planning.relations += 1
      const source = { context, catalog, options: { ...options, planning } }
      options.onRelation?.(found.table)
      return rollupScope(source, database, found)
    },
    ...variableScope(context),
  }
}

function variableScope(
  context: StatementContext,
): Pick<Scope, 'systemVariable' | 'userVariable' | 'parameter'> {
  return {
    systemVariable: (scope, name) => systemVariable(context, scope, name),
    userVariable(name) {
      const key = name.toLowerCase()
      const value = context.hintVariables.get(key) ?? context.state.userVariables.get(key)
      if (!value) return undefined
      return { sql: variableSql(value.text, value.type), type: value.type }
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
}

function relationScope(
  source: ScopeSource,
  database: string,
  relation: Relation,
  chosen: ChosenPartitions,
): ScopeTable {
  source.options.onRelation?.(relation)
  const transparent = chosen.names.length === 0 ? transparentView(relation) : undefined
  if (transparent && relation.kind !== 'view')
    return inOrder(viewScope(source, database, transparent), relation)
  if (relation.kind !== 'view') {
    demandRows(source.context, relation)
    return tableScope(database, relation, chosen)
  }
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

type ReadView = Pick<ViewEntry, 'name' | 'query' | 'database' | 'security' | 'columns'>

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
  return { name: relation.name, query, database, security: 'none', columns }
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
    sql: rowsSql(table, chosen),
    database,
    table: table.name,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      sql: quoted(column.name),
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
  return queryScope(source, database, view, rollupQuery(rollup, [database, table.name]))
}

function viewScope(source: ScopeSource, database: string, view: ReadView): ScopeTable {
  const [parsed] = parseStatements(view.query)
  if (parsed?.statement.kind !== 'select') throw new SqlError(`View '${view.name}' is invalid`)
  return queryScope(source, database, view, parsed.statement.query)
}

function queryScope(
  { context, catalog, options }: ScopeSource,
  database: string,
  view: ReadView,
  written: Query,
): ScopeTable {
  const depth = (options.depth ?? 0) + 1
  if (depth > VIEW_DEPTH_MAX) {
    throw new SqlError(`View '${database}.${view.name}' nests deeper than ${VIEW_DEPTH_MAX} views`)
  }
  const inner = scopeOf(context, {
    ...(options.onRelation && { onRelation: options.onRelation }),
    catalog,
    depth,
    ...(options.planning && { planning: options.planning }),
    database: view.database,
    trusted: view.security === 'none' || (options.trusted ?? false),
  })
  const query = translateQuery(written, inner)
  if (query.columns.length !== view.columns.length) {
    throw new SqlError(
      `Getting analyzing error. Detail message: View '${database}.${view.name}' is invalid: its query now has other columns.`,
    )
  }
  const names = view.columns.map((column) => quoted(column.name)).join(', ')
  return {
    sql: `(SELECT * FROM (${query.sql}) AS v(${names}))`,
    database,
    table: view.name,
    columns: view.columns.map((column, index) => ({
      name: column.name,
      type: query.columns[index]?.type ?? column.type,
      sql: quoted(column.name),
    })),
  }
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
