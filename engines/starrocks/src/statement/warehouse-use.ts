/** Which statements are work for a warehouse: those that read or write tables; what only asks the engine itself is none. */
import { isSystemDatabase } from '../catalog/lookup.ts'
import type { ResourceGroupEntry } from '../catalog/resource-group.ts'
import { databaseIdsOf, groupOf } from '../execution/resource-group.ts'
import type { SessionState } from '../execution/session-state.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import type { Query, Statement } from '../sql/ast.ts'
import { visitNodes } from '../sql/expression-walk.ts'

const WRITES: readonly Statement['kind'][] = ['insert', 'update', 'delete', 'createTableAs']

/** `form`: of a query that differs from others in a value only. */
export function needsWarehouse(statement: Statement, state: SessionState, form?: Query): boolean {
  if (WRITES.includes(statement.kind)) return true
  if (statement.kind !== 'select') return false
  return [...databasesIn(form ?? statement.query, state)].some((name) => !isSystemDatabase(name))
}

/** The resource group of a statement. */
export function statementGroup(
  context: Pick<StatementContext, 'engine' | 'state' | 'overrides'>,
  statement: Statement,
): ResourceGroupEntry | undefined {
  const names = databasesIn(statement, context.state)
  return groupOf(context, {
    queryType: WRITES.includes(statement.kind) ? 'INSERT' : 'SELECT',
    databaseIds: databaseIdsOf(context.engine.store.current, names),
  })
}

/** The databases of the tables that a statement names. */
function databasesIn(statement: object, { database = '' }: SessionState): ReadonlySet<string> {
  return new Set([...writtenDatabases(statement)].map((written) => written ?? database))
}

/** Of trees that are kept (sql/kept-statement.ts). */
const written = new WeakMap<object, ReadonlySet<string | undefined>>()

/** As they are written; undefined where a table is named without one. */
function writtenDatabases(tree: object): ReadonlySet<string | undefined> {
  const known = written.get(tree)
  if (known) return known
  const found = new Set<string | undefined>()
  visitNodes(tree, ({ kind, name, table }: TableNode) => {
    const parts: unknown = kind === 'table' ? name?.parts : table?.parts
    if (Array.isArray(parts)) found.add((parts as readonly string[]).at(-2))
  })
  written.set(tree, found)
  return found
}

interface TableNode {
  readonly kind?: unknown
  readonly name?: { readonly parts?: unknown }
  readonly table?: { readonly parts?: unknown }
}
