/** Judged rows of a load: which were selected by `where`, and which of those the table can take. */
import { quoted } from '../sql/quote.ts'
import { inAnyOrder } from '../storage/link.ts'
import type { Link } from '../storage/link.ts'
import { orderColumn, reasonColumn } from '../transaction/row-check.ts'
import { selectedColumn } from './load-plan.ts'

export interface StagedLoad {
  /** A FROM item of the accepted rows. */
  readonly accepted: string
  readonly total: number
  readonly filtered: number
  readonly unselected: number
  readonly reasons: readonly string[]
}

const REASONS_MAX = 50

/** `judged`: SELECTs of rows, one after the other. */
export async function stageSelected(
  link: Link,
  judged: readonly string[],
  name: string,
): Promise<StagedLoad> {
  const table = `temp.main.${name}`
  const [reason, selected] = [quoted(reasonColumn), quoted(selectedColumn)]
  await inAnyOrder(link, async () => {
    for (const [at, rows] of judged.entries())
      await link.run(
        `${at === 0 ? `CREATE TEMP TABLE ${table} AS` : `INSERT INTO ${table}`} ${rows}`,
      )
  })
  const [counts] = await link.rows(
    `SELECT count(*), count(*) FILTER (WHERE ${selected} AND ${reason} IS NOT NULL), count(*) FILTER (WHERE NOT ${selected}) FROM ${table}`,
  )
  const [total = 0, filtered = 0, unselected = 0] = (counts ?? []).map(Number)
  const numbered = `SELECT *, row_number() OVER (ORDER BY ${quoted(orderColumn)}) AS number FROM (SELECT ${[reason, selected, quoted(orderColumn)].join(', ')} FROM ${table})`
  const reasons =
    filtered > 0
      ? await link.rows(
          `SELECT ${reason} || ' Row: ' || number FROM (${numbered}) WHERE ${selected} AND ${reason} IS NOT NULL ORDER BY number LIMIT ${REASONS_MAX}`,
        )
      : []
  return {
    accepted: `(SELECT * FROM ${table} WHERE ${selected} AND ${reason} IS NULL)`,
    total,
    filtered,
    unselected,
    reasons: reasons.map(([text]) => String(text)),
  }
}
