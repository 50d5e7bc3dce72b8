/**
 * Rows that were computed but not yet written: a temporary table of the connection, with the verdict on each row.
 * Staging keeps the time in which a writer holds the mutex short, and lets filtered rows be counted and named.
 */
import type { Link } from '../storage/link.ts'
import { quoted } from '../sql/quote.ts'
import { orderColumn, reasonColumn } from './row-check.ts'
import type { StagedRows } from '../execution/open-transaction.ts'

/** As StarRocks logs: a sample, not everything. */
const REASONS_MAX = 50

/** `name` must be new on this connection. */
export async function stageRows(
  link: Link,
  judged: string,
  name: string,
  reasonsMax = REASONS_MAX,
): Promise<StagedRows> {
  const table = `temp.main.${name}`
  await link.run(`CREATE TEMP TABLE ${table} AS ${judged}`)
  return describeStaged(link, table, reasonsMax)
}

async function describeStaged(
  link: Link,
  table: string,
  reasonsMax = REASONS_MAX,
): Promise<StagedRows> {
  const reason = quoted(reasonColumn)
  const [counts] = await link.rows(`SELECT count(*), count(${reason}) FROM ${table}`)
  const filtered = Number(counts?.[1] ?? 0)
  const reasons =
    filtered > 0
      ? await link.rows(
          `SELECT ${reason} || ' Row: ' || ${quoted(orderColumn)} FROM ${table} WHERE ${reason} IS NOT NULL ORDER BY ${quoted(orderColumn)} LIMIT ${reasonsMax}`,
        )
      : []
  return {
    table,
    accepted: filtered > 0 ? `(SELECT * FROM ${table} WHERE ${reason} IS NULL)` : table,
    total: Number(counts?.[0] ?? 0),
    filtered,
    reasons: reasons.map(([text]) => String(text)),
    async drop() {
      await link.run(`DROP TABLE IF EXISTS ${table}`)
    },
  }
}
