/**
 * Materialized views and what they are made of. One whose table or view is gone, renamed or no longer has its columns becomes
 * inactive: it keeps its rows, is not refreshed, and says why.
 * reference: fe/fe-core, com.starrocks.common.MaterializedViewExceptions
 */
import { SqlError } from '../../session.ts'
import { columnReferences } from '../../sql/expression-walk.ts'
import { parseStatements } from '../../sql/parse.ts'
import { translateQuery } from '../../sql/translate.ts'
import type { Query } from '../../sql/ast.ts'
import type { Catalog, MaterializedViewFacts, TableEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import type { Execution } from '../../execution/execution.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'

export function viewQuery(facts: MaterializedViewFacts): Query {
  const [parsed] = parseStatements(facts.query)
  if (parsed?.statement.kind !== 'select') throw new SqlError('The view has no query')
  return parsed.statement.query
}

/** The view's query runs as the engine, in the database that was current when the view was made. */
export function asView(execution: Execution, facts: MaterializedViewFacts): Execution {
  return { ...execution, state: { ...execution.state, database: facts.database } }
}

interface ViewSource {
  readonly columns: ReturnType<typeof translateQuery>['columns']
  /** Of every table and view that is read, its data version. */
  readonly baseVersions: Record<string, number>
}

export function sourceOf(execution: Execution, query: Query, catalog?: Catalog): ViewSource {
  const { dataVersions } = execution.engine
  const baseVersions: Record<string, number> = {}
  const { columns } = translateQuery(
    query,
    scopeOf(execution, {
      trusted: true,
      ...(catalog && { catalog }),
      onRelation: ({ id }) => (baseVersions[id] = dataVersions.get(id) ?? 0),
    }),
  )
  return { columns, baseVersions }
}

/** Also the views on these views. */
export function deactivateViews(draft: Draft, baseId: number, reason: string): void {
  for (const view of viewsOn(draft.catalog, baseId)) {
    const facts = view.view
    if (!facts) continue
    draft.put({ ...view, view: { ...facts, active: false, inactiveReason: reason } })
    deactivateViews(draft, view.id, `base-mv inactive: ${view.name}`)
  }
}

function viewsOn(catalog: Catalog, baseId: number): TableEntry[] {
  return [...catalog.entries.values()].filter(
    (entry): entry is TableEntry =>
      entry.kind === 'materialized view' &&
      entry.view?.active === true &&
      String(baseId) in entry.view.baseVersions,
  )
}

/** After columns of a table were dropped, renamed or given another type. The draft holds the changed table. */
export function deactivateViewsOfColumns(
  execution: Execution,
  draft: Draft,
  tableId: number,
  columns: readonly string[],
): void {
  for (const view of viewsOn(draft.catalog, tableId)) {
    const facts = view.view
    if (!facts || !reads(execution, draft.catalog, view, columns)) continue
    const inactiveReason = `base table schema changed for columns: ${columns.join(',')}`
    draft.put({ ...view, view: { ...facts, active: false, inactiveReason } })
    deactivateViews(draft, view.id, `base-mv inactive: ${view.name}`)
  }
}

/** Whether a view names one of these columns, or can no longer be computed. */
function reads(
  execution: Execution,
  catalog: Catalog,
  view: TableEntry,
  columns: readonly string[],
): boolean {
  const facts = view.view
  if (!facts) return false
  try {
    checkSource(execution, view, catalog)
  } catch {
    return true
  }
  const named = columnReferences(viewQuery(facts)).map((name) => name.toLowerCase())
  return columns.some((name) => named.includes(name.toLowerCase()))
}

/** Throws when the view's query does not answer the view's columns any more. */
export function checkSource(
  execution: Execution,
  view: TableEntry,
  catalog: Catalog,
): Record<string, number> {
  const facts = view.view
  if (!facts) return {}
  const source = sourceOf(asView(execution, facts), viewQuery(facts), catalog)
  if (source.columns.length !== view.columns.length) {
    throw new SqlError(
      `number of columns changed: ${view.columns.length} != ${source.columns.length}`,
    )
  }
  return source.baseVersions
}
