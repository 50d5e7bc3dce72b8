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

const dropTable = (link: Link, table: string): Promise<number> =>
  link.run(`DROP TABLE IF EXISTS ${table}`)

export const stagedTable = (name: string): string => `temp.main.${name}`

/** `name` must be new on this connection. */
export async function stageRows(
  link: Link,
  judged: string,
  name: string,
  reasonsMax = REASONS_MAX,
): Promise<StagedRows> {
  const table = stagedTable(name)
  await link.run(`CREATE TEMP TABLE ${table} AS ${judged}`)
  try {
    return await describeStaged(link, table, reasonsMax)
  } catch (error) {
    // The first error is the one to report.
    await dropTable(link, table).catch(() => 0)
    throw error
  }
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
          `SELECT ${reason} || ' Row: ' || ${await rowText(link, table)} FROM ${table} WHERE ${reason} IS NOT NULL ORDER BY ${quoted(orderColumn)} LIMIT ${reasonsMax}`,
        )
      : []
  return {
    table,
    accepted: filtered > 0 ? `(SELECT * FROM ${table} WHERE ${reason} IS NULL)` : table,
    total: Number(counts?.[0] ?? 0),
    filtered,
    reasons: reasons.map(([text]) => String(text)),
    async drop() {
      await dropTable(link, table)
    },
  }
}

/** Why the first of these rows is bad, with its values; undefined when none is, or its values cannot be computed again. */
export async function firstReason(link: Link, judged: string): Promise<string | undefined> {
  const reason = quoted(reasonColumn)
  try {
    const source = `(${judged})`
    const [row] = await link.rows(
      `SELECT ${reason} || ' Row: ' || ${await rowText(link, source)} FROM ${source} WHERE ${reason} IS NOT NULL LIMIT 1`,
    )
    return row && String(row[0])
  } catch {
    return undefined
  }
}

/** More of a row is not kept. */
const ROW_CHARACTERS = 1024

/** A row as StarRocks logs it: `[1, 'a', NULL]`. reference: be/src/column, debug_row of Chunk and debug_item of its columns */
async function rowText(link: Link, source: string): Promise<string> {
  const columns = (await link.rows(`DESCRIBE SELECT * FROM ${source}`))
    .map(([name, type]) => ({ name: String(name), type: String(type) }))
    .filter(({ name }) => name !== reasonColumn && name !== orderColumn)
  const values = columns.map(({ name, type }) => {
    const text = `CAST(${type === 'BOOLEAN' ? `CAST(${quoted(name)} AS TINYINT)` : quoted(name)} AS VARCHAR)`
    return `coalesce(${type === 'VARCHAR' ? `'''' || ${text} || ''''` : text}, 'NULL')`
  })
  return `left('[' || concat_ws(', ', ${values.join(', ')}) || ']', ${ROW_CHARACTERS})`
}
