/** The share of values that a percentile is about. */
import { analyzingError } from '../sql-error.ts'
import type { TypedExpression } from '../translate/typed.ts'

/** DuckDB and StarRocks both want the percentile as a constant. */
export const fraction = (value: TypedExpression | undefined): string => {
  const text = value?.literal?.kind === 'number' ? value.literal.text : ''
  if (!/^(?:0|1|0?\.\d+|0\.\d*|1\.0*)$/.test(text))
    throw analyzingError('A percentile must be a constant between 0 and 1.')
  return `CAST('${text}' AS DOUBLE)`
}
