/**
 * Queries are translated once per catalog, as views are: what a session sends again costs no binding. Whether it may read what it reads, and
 * whether the rows can be had, is asked each time. A query that asks for anything of the session but its database and sql_mode is translated
 * by each statement, and so is what depends on a session's own tables, or on files and tables outside.
 */
import type { Catalog } from '../catalog/catalog.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import type { Query } from '../sql/ast.ts'
import { KEPT_LENGTH } from '../sql/kept-statement.ts'
import { unlessWide } from '../sql/planning.ts'
import { sqlModes, translateQuery } from '../sql/translate.ts'
import type { DuckSql } from '../sql/translate.ts'
import type { BoundViewEntry, Finding } from './bound-view.ts'
import { readKept, scopeOf } from './statement-scope.ts'
import type { ScopeOptions } from './statement-scope.ts'

interface KeptQuery extends Pick<BoundViewEntry, 'reads' | 'work' | 'columns' | 'height'> {
  readonly translated: DuckSql
}

/** Of one tree: databases and modes that it was read in. */
const ENTRIES_MAX = 16

/** A catalog never changes, and a tree is kept by whoever has parsed it (sql/kept-statement.ts, a prepared statement). */
const entries = new WeakMap<Catalog, WeakMap<Query, Map<string, KeptQuery>>>()

/** Undefined: it is to be translated by itself; 'wide': and by the thread for long statements. */
export function keptQuery(
  context: StatementContext,
  query: Query,
  options: Pick<ScopeOptions, 'planning' | 'wait' | 'onRelation'>,
): DuckSql | 'wide' | undefined {
  const { engine, state, files, lakes, length = 0 } = context
  const isOwn = state.temporarySession !== undefined || state.catalog !== undefined
  if (isOwn || files || (lakes?.size ?? 0) > 0 || length > KEPT_LENGTH) return undefined
  const finding: Finding = { depth: 0, height: 0, asksSession: false, reads: [] }
  const scope = scopeOf(context, { ...options, finding })
  const modes = sqlModes(scope)
  const known = entriesOf(engine.store.current, query)
  const key = `${state.database ?? ''} ${modes}`
  const kept = known.get(key)
  if (kept) {
    readKept(context, options, kept)
    return kept.translated
  }
  finding.asksSession = false
  const translated = unlessWide(scope.planning, () => translateQuery(query, scope, modes))
  if (!translated) return 'wide'
  const { reads, height, asksSession } = finding
  if (asksSession) return translated
  if (known.size >= ENTRIES_MAX) known.clear()
  known.set(key, { translated, reads, height, work: scope.planning.work, columns: 0 })
  return translated
}

function entriesOf(catalog: Catalog, query: Query): Map<string, KeptQuery> {
  const trees = entries.get(catalog) ?? new WeakMap<Query, Map<string, KeptQuery>>()
  entries.set(catalog, trees)
  const known = trees.get(query) ?? new Map<string, KeptQuery>()
  trees.set(query, known)
  return known
}
