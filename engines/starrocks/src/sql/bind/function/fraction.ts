/** The share of values that a percentile is about. */
import type { Bound, Operand } from '../../bound.ts'
import { analyzingError } from '../../sql-error.ts'

const written = (value: Pick<Operand, 'literal'> | undefined): string =>
  value?.literal?.kind === 'number' ? value.literal.text : ''

/** DuckDB and StarRocks both want the percentile as a constant. */
export const demandFraction = (value: Bound | undefined): void => {
  if (!/^(?:0|1|0?\.\d+|0\.\d*|1\.0*)$/.test(written(value)))
    throw analyzingError('A percentile must be a constant between 0 and 1.')
}

export const fraction = (value: Operand | undefined): string =>
  `CAST('${written(value)}' AS DOUBLE)`
