/** The share of values that a percentile is about. */
import { SqlError } from '../../../session.ts'
import type { Bound, Operand } from '../../bound.ts'
import { analyzingError } from '../../sql-error.ts'

const written = (value: Pick<Operand, 'literal'> | undefined): string =>
  value?.literal?.kind === 'number' ? value.literal.text : ''

/** DuckDB and StarRocks both want the percentile as a constant. */
export const demandFraction = (value: Bound | undefined): void => {
  if (!/^(?:0|1|0?\.\d+|0\.\d*|1\.0*)$/.test(written(value)))
    throw analyzingError('A percentile must be a constant between 0 and 1.')
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
