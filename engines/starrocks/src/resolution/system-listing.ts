/** What information_schema says of very many columns or partitions is listed before a statement is bound, so that others have their turns meanwhile. */
import { systemTableSteps } from '../information/system-table.ts'
import { inTurns } from '../information/step.ts'
import { scopeTableSteps } from '../information/virtual-table.ts'
import { isSystemDatabase } from '../catalog/lookup.ts'
import type { Execution } from '../execution/execution.ts'
import type { ScopeTable } from '../sql/scope.ts'
import { tableItems } from './external-table.ts'

/** A longer text is bound in a thread of its own, and lists by itself. */
const TEXT_MAX = 16_384

/** The tables of this engine's own databases that it names, by `listedKey`; undefined where it names none. */
export function listedTables(
  execution: Execution,
  statement: unknown,
): Promise<ReadonlyMap<string, ScopeTable>> | undefined {
  const { text, state } = execution
  if (text.length > TEXT_MAX || state.catalog !== undefined) return undefined
  const isCurrent = state.database !== undefined && isSystemDatabase(state.database)
  return isCurrent || /information_schema/i.test(text) ? listed(execution, statement) : undefined
}

export const listedKey = (database: string, table: string): string =>
  `${database}.${table}`.toLowerCase()

async function listed(
  execution: Execution,
  statement: unknown,
): Promise<ReadonlyMap<string, ScopeTable>> {
  const found = new Map<string, ScopeTable>()
  for (const { name } of tableItems(statement)) {
    const [table = '', database = execution.state.database, catalog] = name.parts.toReversed()
    if (database === undefined || catalog !== undefined || !isSystemDatabase(database)) continue
    const key = listedKey(database, table)
    if (found.has(key)) continue
    const made = await inTurns(systemTableSteps(execution, database, table))
    if (made) found.set(key, await inTurns(scopeTableSteps(made)))
  }
  return found
}
