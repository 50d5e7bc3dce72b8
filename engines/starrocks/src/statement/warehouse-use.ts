/** Which statements are work for a warehouse: those that read or write tables; what only asks the engine itself is none. */
import { isSystemDatabase } from '../catalog/lookup.ts'
import type { ResourceGroupEntry } from '../catalog/resource-group.ts'
import { databaseIdsOf, groupOf } from '../execution/resource-group.ts'
import type { SessionState } from '../execution/session-state.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import type { Statement } from '../sql/ast.ts'
import { visitNodes } from '../sql/expression-walk.ts'

const WRITES: readonly Statement['kind'][] = ['insert', 'update', 'delete', 'createTableAs']

export function needsWarehouse(statement: Statement, state: SessionState): boolean {
  if (WRITES.includes(statement.kind)) return true
  if (statement.kind !== 'select') return false
  return [...databasesIn(statement.query, state)].some((name) => !isSystemDatabase(name))
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
function databasesIn(statement: unknown, state: SessionState): ReadonlySet<string> {
  const found = new Set<string>()
  visitNodes(statement, ({ kind, name, table }: TableNode) => {
    const parts = kind === 'table' ? name?.parts : table?.parts
    if (Array.isArray(parts)) found.add(String(parts.at(-2) ?? state.database ?? ''))
  })
  return found
}

interface TableNode {
  readonly kind?: unknown
  readonly name?: { readonly parts?: unknown }
  readonly table?: { readonly parts?: unknown }
}
