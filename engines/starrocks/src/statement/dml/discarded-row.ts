/** INSERT INTO BLACKHOLE(): a query is computed whole, and its rows go nowhere. reference: StarRocks 3.3.7, InsertAnalyzer. */
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { translatedQuery } from '../../execution/translation.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import type { Result } from '../../session.ts'
import type { Insert } from '../../sql/ast-data.ts'
import { newPlanning } from '../../sql/planning.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { pause } from '../query/pause.ts'

export async function discardRows(execution: Execution, statement: Insert): Promise<Result> {
  const { overwrite, label, columns, byName, partitions } = statement
  if (execution.transaction.open)
    throw unsupportedByEngine('INSERT INTO BLACKHOLE() in a transaction')
  if (overwrite || label !== undefined || byName || partitions.length + columns.length > 0)
    throw unsupportedByEngine('INSERT INTO BLACKHOLE() with anything but a query')
  const planning = newPlanning()
  const wait = (more: number) => void (planning.seconds += more)
  const scope = scopeOf(execution, { planning, wait })
  const query = await translatedQuery(execution, statement.query, scope)
  await pause(execution, planning.seconds)
  const names = query.columns.map((_, index) => `c${index + 1}`).join(', ')
  // DuckDB leaves out what nobody asks for: the hash asks for every value.
  const [row] = await execution.link.rows(
    `SELECT count(*), bit_xor(hash(${names})) FROM (${query.sql}) AS q(${names})`,
  )
  return done(Number(row?.[0] ?? 0))
}
