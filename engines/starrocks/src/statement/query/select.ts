/** SELECT: translated, bounded by sql_select_limit, and sent to DuckDB as a stream, or in one piece when it is surely small. */
import type { Execution } from '../../execution/execution.ts'
import { rowsResult } from '../../execution/result.ts'
import { translatedQuery } from '../../execution/translation.ts'
import { refuseOldEngine, variableOf } from '../../execution/statement-context.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import { keptQuery } from '../../resolution/kept-query.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { refuseChanged } from '../../transaction/transaction.ts'
import type { Query } from '../../sql/ast.ts'
import { certainRows } from './certain-rows.ts'
import { pause } from './pause.ts'
import { pointResult } from './point-query.ts'
import { isSmall } from './small-result.ts'

/** The initial value of sql_select_limit: 2^63-1. */
const SELECT_UNLIMITED = '9223372036854775807'

export async function select(execution: Execution, query: Query): Promise<Result> {
  refuseOldEngine(execution)
  const { point } = execution
  const most = variableOf(execution, 'sql_select_limit')
  if (point && most === SELECT_UNLIMITED) {
    const result = await pointResult(execution, point)
    if (result) return result
  }
  let seconds = 0
  const options = {
    wait: (more: number) => (seconds += more),
    onRelation: refuseChanged(execution),
  }
  const { sql, columns } =
    keptQuery(execution, query, options) ??
    (await translatedQuery(execution, query, scopeOf(execution, options)))
  if (seconds > 0) await pause(execution, seconds)
  const limited = most === SELECT_UNLIMITED ? sql : `SELECT * FROM (${sql}) LIMIT ${most}`
  await demandFewRows(execution, limited)
  const small = isSmall(query, execution)
  const chunks = small ? await execution.link.whole(limited) : await execution.link.stream(limited)
  return rowsResult(columns, chunks, execution.guard)
}

/** What is certain to read more than its group's queries may does not begin. */
async function demandFewRows({ group, link }: Execution, sql: string): Promise<void> {
  const limit = group?.limits.bigQueryScanRowsLimit ?? '0'
  if (limit === '0') return
  const [row] = await link.rows(`EXPLAIN (FORMAT json) ${sql}`)
  const rows = certainRows(String(row?.at(-1)))
  if (rows > Number(limit))
    throw new SqlError(`exceed big query scan_rows limit: current is ${rows} but limit is ${limit}`)
}
