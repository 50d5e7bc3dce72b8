/** approx_top_k(): the most frequent values with their counts, NULL among them. reference: the suite's recorded answers. */
import type { Bound, Operand } from '../../bound.ts'
import { nested } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { duckType, simpleType, stringType } from '../../type.ts'
import type { SqlType } from '../../type.ts'
import { convertTo } from '../conversion.ts'

/** StarRocks' own bounds. */
const DEFAULT_ITEMS = 5
const ITEMS_MAX = 100_000

/** What of a call of a DuckDB aggregate stands around its argument. */
type Render = (name: string, args: string) => string

export const demandCounts = ([, items, counters]: readonly Bound[]): void => {
  const k = items === undefined ? DEFAULT_ITEMS : constantCount(items, 'first')
  if (counters !== undefined && constantCount(counters, 'second') < k)
    throw analyzingError('The counter number of approx_top_k must not be smaller than its k.')
}

/** StarRocks counts numbers, dates and texts; anything else is made a text, if it can be. */
export const convertCounted = ([value, ...rest]: readonly Bound[]): readonly Bound[] =>
  value === undefined || isCounted(value.type)
    ? [...(value ? [value] : []), ...rest]
    : [convertTo(value, stringType), ...rest]

const isCounted = ({ kind }: SqlType): boolean =>
  !['null', 'json', 'array', 'map', 'struct', 'bitmap', 'hll', 'percentile', 'varbinary'].includes(
    kind,
  )

/** reference: StarRocks 3.3.7, FunctionSet, APPROX_TOP_N_RET_TYPE_BUILDER. */
export const topType = ([value = simpleType('null')]: readonly SqlType[]): SqlType => ({
  kind: 'array',
  element: {
    kind: 'struct',
    fields: [
      { name: 'item', type: isCounted(value) ? value : stringType },
      { name: 'count', type: simpleType('bigint') },
    ],
  },
})

export const topItems = ([value, items]: readonly Operand[], render: Render): string => {
  if (value === undefined) return 'NULL'
  const k = items?.literal?.text ?? DEFAULT_ITEMS
  const item = duckType(value.type)
  return nested((entry) => {
    const counted = `map_entries(coalesce(${render('histogram', value.sql)}, MAP {}))`
    const known = `list_transform(${counted}, lambda ${entry}: struct_pack(n := -CAST((${entry}).value AS BIGINT), known := true, item := (${entry}).key))`
    const unknown = `CASE WHEN ${render('count', '*')} > ${render('count', value.sql)} THEN [struct_pack(n := ${render('count', value.sql)} - ${render('count', '*')}, known := false, item := CAST(NULL AS ${item}))] ELSE [] END`
    const best = `list_slice(list_sort(list_concat(${unknown}, ${known})), 1, ${k})`
    return `CAST(list_transform(${best}, lambda ${entry}: struct_pack("item" := (${entry}).item, "count" := -(${entry}).n)) AS ${duckType(topType([value.type]))})`
  })
}

const constantCount = ({ literal }: Bound, which: string): number => {
  const count = literal?.kind === 'number' ? Number(literal.text) : Number.NaN
  if (!Number.isInteger(count) || count < 1 || count > ITEMS_MAX)
    throw analyzingError(
      `The ${which} number of approx_top_k must be a constant between 1 and ${ITEMS_MAX}.`,
    )
  return count
}
