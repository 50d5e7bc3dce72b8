/** Which statements are work for a warehouse: those that read or write tables; what only asks the engine itself is none. */
import { isSystemDatabase } from '../catalog/lookup.ts'
import type { SessionState } from '../execution/session-state.ts'
import type { Statement } from '../sql/ast.ts'

const WRITES: readonly Statement['kind'][] = ['insert', 'update', 'delete', 'createTableAs']

export function needsWarehouse(statement: Statement, state: SessionState): boolean {
  if (WRITES.includes(statement.kind)) return true
  return statement.kind === 'select' && readsTables(statement.query, state)
}

function readsTables(value: unknown, state: SessionState): boolean {
  if (Array.isArray(value)) return value.some((item) => readsTables(item, state))
  if (value === null || typeof value !== 'object') return false
  const node = value as { readonly kind?: unknown; readonly name?: { readonly parts?: unknown } }
  if (node.kind === 'table' && Array.isArray(node.name?.parts)) {
    const database = (node.name.parts as readonly string[]).at(-2) ?? state.database ?? ''
    return !isSystemDatabase(database)
  }
  return Object.values(value).some((member) => readsTables(member, state))
}
