/** approx_top_k(): the most frequent values with their counts, NULL among them, as JSON text. reference: the suite's recorded answers. */
import type { Bound, Operand } from '../../bound.ts'
import { isNumeric } from '../../common-type.ts'
import { convertTyped } from '../../emit/convert.ts'
import { nested } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { stringType } from '../../type.ts'
import { convertTo } from '../conversion.ts'

/** StarRocks' own bounds. */
const DEFAULT_ITEMS = 5
const ITEMS_MAX = 100_000

/** What of a call of a DuckDB aggregate stands around its argument. */
type Render = (name: string, args: string) => string

export const demandCounts = ([value, items, counters]: readonly Bound[]): void => {
  const k = items === undefined ? DEFAULT_ITEMS : constantCount(items, 'first')
  if (counters !== undefined && constantCount(counters, 'second') < k)
    throw analyzingError('The counter number of approx_top_k must not be smaller than its k.')
  if (value !== undefined) convertTo(value, stringType)
}

export const topItems = ([value, items]: readonly Operand[], render: Render): string => {
  if (value === undefined) return 'NULL'
  const k = items?.literal?.text ?? DEFAULT_ITEMS
  return nested((entry) => {
    const counted = `map_entries(coalesce(${render('histogram', value.sql)}, MAP {}))`
    const known = `list_transform(${counted}, lambda ${entry}: struct_pack(n := -CAST((${entry}).value AS BIGINT), known := true, item := ${itemText(value, `(${entry}).key`)}))`
    const unknown = `CASE WHEN ${render('count', '*')} > ${render('count', value.sql)} THEN [struct_pack(n := ${render('count', value.sql)} - ${render('count', '*')}, known := false, item := 'null')] ELSE [] END`
    const best = `list_slice(list_sort(list_concat(${unknown}, ${known})), 1, ${k})`
    return `'[' || array_to_string(list_transform(${best}, lambda ${entry}: '{"item":' || (${entry}).item || ',"count":' || -(${entry}).n || '}'), ',') || ']'`
  })
}

const itemText = ({ type }: Operand, sql: string): string => {
  const text = convertTyped({ sql, type }, stringType).sql
  return isNumeric(type) || type.kind === 'boolean' ? text : `CAST(to_json(${text}) AS VARCHAR)`
}

const constantCount = ({ literal }: Bound, which: string): number => {
  const count = literal?.kind === 'number' ? Number(literal.text) : Number.NaN
  if (!Number.isInteger(count) || count < 1 || count > ITEMS_MAX)
    throw analyzingError(
      `The ${which} number of approx_top_k must be a constant between 1 and ${ITEMS_MAX}.`,
    )
  return count
}
