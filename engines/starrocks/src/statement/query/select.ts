/** SELECT: translated, bounded by sql_select_limit, and sent to DuckDB as a stream, or in one piece when it is surely small. */
import type { Execution } from '../../execution/execution.ts'
import { rowsResult } from '../../execution/result.ts'
import { variableOf } from '../../execution/statement-context.ts'
import type { Result } from '../../session.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { translateQuery } from '../../sql/translate.ts'
import type { Query } from '../../sql/ast.ts'
import { pause } from './pause.ts'
import { isSmall } from './small-result.ts'

/** The initial value of sql_select_limit: 2^63-1. */
const SELECT_UNLIMITED = '9223372036854775807'

export async function select(execution: Execution, query: Query): Promise<Result> {
  let seconds = 0
  const scope = scopeOf(execution, { wait: (more) => (seconds += more) })
  const { sql, columns } = translateQuery(query, scope)
  if (seconds > 0) await pause(execution, seconds)
  const most = variableOf(execution, 'sql_select_limit')
  const limited = most === SELECT_UNLIMITED ? sql : `SELECT * FROM (${sql}) LIMIT ${most}`
  const small = isSmall(query, execution)
  const chunks = small ? await execution.link.whole(limited) : await execution.link.stream(limited)
  return rowsResult(columns, chunks, execution.guard)
}
