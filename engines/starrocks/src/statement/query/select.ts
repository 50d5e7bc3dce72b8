/**
 * SELECT: translated, bounded by sql_select_limit, and sent to DuckDB as a stream, or in one piece when it is surely small. So is one that is
 * sent again and was small before, bounded by a LIMIT: a stream takes four trips to DuckDB's threads, as long as a small query takes. Of
 * these the plan may be kept.
 */
import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { Execution } from '../../execution/execution.ts'
import { rowsResult, wholeResult } from '../../execution/result.ts'
import { translatedQuery } from '../../execution/translation.ts'
import { refuseOldEngine, variableOf } from '../../execution/statement-context.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import { keptQuery } from '../../resolution/kept-query.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { refuseChanged } from '../../transaction/transaction.ts'
import type { Query } from '../../sql/ast.ts'
import { newPlanning } from '../../sql/planning.ts'
import type { DuckSql } from '../../sql/translate.ts'
import type { Link } from '../../storage/link.ts'
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
  const planning = newPlanning()
  const options = {
    planning,
    wait: (more: number) => (planning.seconds += more),
    onRelation: refuseChanged(execution),
  }
  const found = keptQuery(execution, query, options)
  const isWide = found === 'wide'
  const kept = isWide ? undefined : found
  const { sql, columns } =
    kept ?? (await translatedQuery({ ...execution, isWide }, query, scopeOf(execution, options)))
  if (planning.seconds > 0) await pause(execution, planning.seconds)
  const limited = most === SELECT_UNLIMITED ? sql : `SELECT * FROM (${sql}) LIMIT ${most}`
  await demandFewRows(execution, limited)
  const { link, guard } = execution
  const whole = isSmall(query, execution)
    ? await (kept ? link.again(limited) : link.whole(limited))
    : kept && (await fewRows(link, kept, limited))
  if (whole) return wholeResult(columns, whole, guard)
  return rowsResult(columns, counted(await link.stream(limited), kept), guard)
}

/** Of a query that is sent again; beyond 5 000 DuckDB sorts all rows instead of finding the first. */
const ROWS_FEW = 4096

/** Queries that are kept, and answered few rows when they were last read to their end. */
const few = new WeakSet<DuckSql>()

/** The rows of one of these, in one piece, as long as they are few; it is asked again where they are no longer. */
async function fewRows(link: Link, kept: DuckSql, sql: string) {
  if (!few.has(kept)) return undefined
  const chunks = await link.again(`SELECT * FROM (${sql}) LIMIT ${ROWS_FEW + 1}`)
  const rows = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0)
  if (rows <= ROWS_FEW) return chunks
  few.delete(kept)
  return undefined
}

async function* counted(chunks: AsyncIterable<DuckDBDataChunk>, kept: DuckSql | undefined) {
  let rows = 0
  for await (const chunk of chunks) {
    rows += chunk.rowCount
    yield chunk
  }
  if (kept && rows <= ROWS_FEW) few.add(kept)
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
