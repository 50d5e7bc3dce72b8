/**
 * The histogram of a column: its most common values, and buckets of about the same number of rows of all others.
 * reference: StarRocks 3.3.7, HistogramStatisticsCollectJob and be/src/exprs/agg/histogram.h
 */
import { physicalName } from '../../catalog/catalog.ts'
import type { TableColumn, TableEntry } from '../../catalog/catalog.ts'
import type { Execution } from '../../execution/execution.ts'
import { SqlError } from '../../session.ts'
import type { WireValue } from '../../session.ts'
import { quoted } from '../../sql/quote.ts'
import { rowsOf } from '../../storage/wire-value.ts'

export interface HistogramPlan {
  readonly buckets: number
  readonly mostCommon: number
  /** The share of the rows that is looked at for the buckets; 1 is all. */
  readonly ratio: number
}

/** As StarRocks keeps both: JSON, or null when there are none. */
export interface Histogram {
  readonly buckets: string | null
  readonly mostCommon: string | null
}

/** What StarRocks' columns for them hold. */
const TEXT_CHARACTERS_MAX = 1_048_576

export async function histogramOf(
  execution: Execution,
  table: TableEntry,
  column: TableColumn,
  plan: HistogramPlan,
): Promise<Histogram> {
  const name = quoted(column.name)
  const rows = `${physicalName(table)} WHERE ${name} IS NOT NULL`
  const frequent = `SELECT ${name} AS v, count(*) AS n FROM ${rows} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${plan.mostCommon}`
  const common = jsonList(column)
  for await (const pair of valuesOf(execution, column, `SELECT v, n FROM (${frequent})`))
    common.add(pair)
  const share = plan.ratio < 1 ? ` AND random() <= ${plan.ratio}` : ''
  const others = `SELECT ${name} AS v FROM ${rows}${share} AND ${name} NOT IN (SELECT v FROM (${frequent}))`
  const counted = `SELECT v, count(*) AS n, sum(count(*)) OVER () AS total FROM (${others}) GROUP BY v ORDER BY v`
  const made = buckets(plan, column.name)
  for await (const [value, count, total] of valuesOf(execution, column, counted))
    made.take(String(value), Number(count), Number(total))
  const listed = jsonList(column)
  const shown = (count: number) => Math.trunc(count / plan.ratio)
  for (const { lower, upper, count, repeats } of made.list)
    listed.add([lower, upper, shown(count), shown(repeats)])
  return { buckets: listed.text(), mostCommon: common.text() }
}

function jsonList(column: TableColumn) {
  const items: string[] = []
  let length = 1
  return {
    add(values: readonly WireValue[]): void {
      const item = JSON.stringify(values.map(String))
      length += item.length + 1
      if (length > TEXT_CHARACTERS_MAX) throw tooLong(column.name)
      items.push(item)
    },
    text: () => (items.length > 0 ? `[${items.join(',')}]` : null),
  }
}

const tooLong = (column: string) =>
  new SqlError(`The histogram of column ${column} is longer than ${TEXT_CHARACTERS_MAX} characters`)

async function* valuesOf(
  { link, guard }: Execution,
  { type }: TableColumn,
  sql: string,
): AsyncGenerator<readonly WireValue[]> {
  const place = { table: '', database: '' }
  const long = { kind: 'bigint' } as const
  const columns = [
    { ...place, name: 'v', type },
    { ...place, name: 'n', type: long },
    { ...place, name: 'total', type: long },
  ]
  for await (const chunk of await link.stream(sql)) {
    guard.check()
    yield* rowsOf(chunk, columns.slice(0, chunk.columnCount))
  }
}

interface Bucket {
  readonly lower: string
  upper: string
  /** Up to this one. */
  count: number
  /** Of the upper value. */
  repeats: number
  own: number
}

/** Values are to come in their order. A bucket is full at its size, and takes whatever else has its last value. */
export function buckets(plan: Pick<HistogramPlan, 'buckets'>, column = '') {
  const list: Bucket[] = []
  return {
    list: list as readonly Readonly<Bucket>[],
    take(value: string, count: number, total: number): void {
      const last = list.at(-1)
      if (!last || last.own >= Math.trunc(total / plan.buckets)) {
        // Each takes ten characters at least.
        if (list.length > TEXT_CHARACTERS_MAX / 10) throw tooLong(column)
        const before = last?.count ?? 0
        list.push({
          lower: value,
          upper: value,
          count: before + count,
          repeats: count,
          own: count,
        })
        return
      }
      last.upper = value
      last.count += count
      last.own += count
      last.repeats = count
    },
  }
}
