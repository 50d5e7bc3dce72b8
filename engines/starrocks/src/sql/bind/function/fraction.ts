/** Percentiles: aggregates of which the second argument is a share of the values. */
import { SqlError } from '../../../session.ts'
import type { Bound, Operand } from '../../bound.ts'
import { once } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { simpleType } from '../../type.ts'
import type { AggregateSignature, Render } from './aggregate.ts'
import type { ParameterKind, ReturnType } from './spec.ts'

const written = (value: Pick<Operand, 'literal'> | undefined): string =>
  value?.literal?.kind === 'number' ? value.literal.text : ''

/** With the number that was written, also where CAST stands around it, as in the mode of double literals. */
const asWritten = (value: Bound): Bound => {
  if (value.literal !== undefined || value.kind !== 'conversion') return value
  const { literal } = asWritten(value.value)
  return literal === undefined ? value : { ...value, literal }
}

export const isFraction = (value: Bound | undefined): boolean =>
  /^(?:0|1|0?\.\d+|0\.\d*|1\.0*)$/.test(written(value && asWritten(value)))

/** DuckDB and StarRocks both want the percentile as a constant. */
export const demandFraction = (value: Bound | undefined): void => {
  if (!isFraction(value)) throw analyzingError('A percentile must be a constant between 0 and 1.')
}

const isWritten = (value: Pick<Operand, 'literal'> | undefined): boolean =>
  value?.literal?.kind === 'number'

/** A number, or what a column holds. reference: StarRocks 3.3.7, test_user_variable, test_percentile_approx */
const demandShare = (value: Bound | undefined): void => {
  if (value && isWritten(asWritten(value))) demandFraction(value)
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
const quantileBy = (x: string, share: string, render: Render): string =>
  once(
    `struct_pack(v := list_sort(list_filter(${render('list', x)}, lambda item: item IS NOT NULL)), p := ${render('any_value', share)})`,
    (found) => {
      const place = `((${found}).p * (len((${found}).v) - 1) + 1)`
      const at = (index: string) => `list_extract((${found}).v, CAST(${index} AS BIGINT))`
      const low = at(`floor(${place})`)
      return `CASE WHEN (${found}).p BETWEEN 0 AND 1 THEN ${low} + (${at(`ceil(${place})`)} - ${low}) * (${place} - floor(${place})) END`
    },
  )

/** A signature whose second argument is the share. */
const sharing = (
  check: (share: Bound | undefined) => void,
  parameters: readonly ParameterKind[],
  returns: ReturnType,
  sql: AggregateSignature['sql'],
): AggregateSignature => ({
  parameters,
  returns,
  sql,
  check: ([, share]) => check(share),
  convert: (args) => args.map((value, index) => (index === 1 ? asWritten(value) : value)),
})

export const percentile = (
  parameters: readonly ParameterKind[],
  returns: ReturnType,
  sql: AggregateSignature['sql'],
): AggregateSignature => sharing(demandFraction, parameters, returns, sql)

/** StarRocks' digest computes in FLOAT. */
export const approximate = (parameters: readonly ParameterKind[]): AggregateSignature =>
  sharing(demandShare, parameters, 'double', ([x = '', given = ''], render, [, p]) => {
    const value = isWritten(p)
      ? render('approx_quantile', `${x}, CAST(${fraction(p)} AS FLOAT)`)
      : quantileBy(x, given, render)
    return `CAST(CAST(${value} AS FLOAT) AS DOUBLE)`
  })

export const discrete = percentile(
  ['any', 'double'],
  ([type]) => type ?? simpleType('null'),
  ([x = ''], render, [, p]) => render('quantile_disc', `${x}, ${fraction(p)}`),
)
