/** generate_series(). */
import { SqlError } from '../../session.ts'
import type { Expression } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { isInteger } from './common-type.ts'
import { convertTyped } from './convert.ts'
import type { Environment } from './environment.ts'
import { translate } from './recursion.ts'
import type { TypedExpression } from './typed.ts'

/** A SELECT of one column `c1`; no row when an argument is NULL. */
export const series = (args: readonly Expression[], environment: Environment): TypedExpression => {
  const values = args.map((argument) => translate(argument, environment))
  if (values.length < 2 || values.length > 3 || !values.every(isSeriesArgument)) {
    const types = values.map(({ type }) => printType(type).toUpperCase()).join(',')
    throw analyzingError(`Unknown table function 'generate_series(${types})'.`)
  }
  if (args.some(({ kind }) => kind === 'null'))
    throw new SqlError('table function not support null parameter')
  const narrow = values.every(({ type }) => type.kind !== 'bigint')
  const [from, to, step] = values.map((value) => convertTyped(value, simpleType('bigint')).sql)
  const by =
    step === undefined
      ? '1'
      : `CASE WHEN ${step} = 0 THEN error('step size cannot equal zero') ELSE ${step} END`
  return {
    sql: `SELECT CAST(generate_series AS ${narrow ? 'INTEGER' : 'BIGINT'}) AS c1 FROM generate_series(${from}, ${to}, ${by})`,
    type: simpleType(narrow ? 'int' : 'bigint'),
  }
}

const isSeriesArgument = ({ type }: { readonly type: SqlType }): boolean =>
  type.kind === 'null' || (isInteger(type) && type.kind !== 'largeint')
