/** The share of values that a percentile is about. */
import { SqlError } from '../../../session.ts'
import type { Bound, Operand } from '../../bound.ts'
import { once } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import type { Render } from './aggregate.ts'

const written = (value: Pick<Operand, 'literal'> | undefined): string =>
  value?.literal?.kind === 'number' ? value.literal.text : ''

export const isFraction = (value: Bound | undefined): boolean =>
  /^(?:0|1|0?\.\d+|0\.\d*|1\.0*)$/.test(written(value))

/** DuckDB and StarRocks both want the percentile as a constant. */
export const demandFraction = (value: Bound | undefined): void => {
  if (!isFraction(value)) throw analyzingError('A percentile must be a constant between 0 and 1.')
}

export const isWritten = (value: Pick<Operand, 'literal'> | undefined): boolean =>
  value?.literal?.kind === 'number'

/** A number, or what a column holds. reference: StarRocks 3.3.7, test_user_variable, test_percentile_approx */
export const demandShare = (value: Bound | undefined): void => {
  if (isWritten(value)) demandFraction(value)
  else if (value && isNull(value))
    throw new SqlError('percentile_approx the second argument is expected to be non-null')
}

const isNull = (value: Bound): boolean =>
  value.kind === 'conversion'
    ? isNull(value.value)
    : value.kind === 'constant' && value.sql === 'NULL'

export const fraction = (value: Operand | undefined): string =>
  `CAST('${written(value)}' AS DOUBLE)`

/** DuckDB wants a constant share, so of one that a column holds the values are counted off. */
export const quantileBy = (x: string, share: string, render: Render): string =>
  once(
    `struct_pack(v := list_sort(list_filter(${render('list', x)}, lambda item: item IS NOT NULL)), p := ${render('any_value', share)})`,
    (found) => {
      const place = `((${found}).p * (len((${found}).v) - 1) + 1)`
      const at = (index: string) => `list_extract((${found}).v, CAST(${index} AS BIGINT))`
      const low = at(`floor(${place})`)
      return `CASE WHEN (${found}).p BETWEEN 0 AND 1 THEN ${low} + (${at(`ceil(${place})`)} - ${low}) * (${place} - floor(${place})) END`
    },
  )
