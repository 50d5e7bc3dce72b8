/** Which conversions there are, and the types that values meet in. */
import type { Bound } from '../bound.ts'
import { constant } from '../bound.ts'
import { commonTypeOf, sameType } from '../common-type.ts'
import { convertSql } from '../emit/convert.ts'
import { analyzingError } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'

export const convertible = ({ type, literal }: Bound, to: SqlType): boolean =>
  convertSql({ sql: 'x', type, ...(literal && { literal }) }, to) !== undefined

/** What CAST makes of a value; throws SqlError where StarRocks has no conversion, or this engine no honest one. */
export const convertTo = (value: Bound, type: SqlType): Bound => {
  if (sameType(value.type, type) && value.literal === undefined) return value
  if (!convertible(value, type))
    throw analyzingError(`Invalid type cast from ${printType(value.type)} to ${printType(type)}.`)
  return { kind: 'conversion', value, type }
}

export const requiredType = (types: readonly SqlType[], what: string): SqlType => {
  const type = commonTypeOf(types)
  if (type !== undefined) return type
  throw analyzingError(
    `${what} has values of types without a common one: ${types.map(printType).join(', ')}.`,
  )
}

const boolean = simpleType('boolean')

/** WHERE, AND, IF: numbers are true unless zero, strings by their text. */
export const truth = (value: Bound): Bound => {
  if (value.type.kind === 'boolean') return value
  if (value.type.kind === 'null') return constant('CAST(NULL AS BOOLEAN)', boolean)
  if (!convertible(value, boolean))
    throw analyzingError(`A value of type ${printType(value.type)} is no condition.`)
  return { kind: 'conversion', value, type: boolean }
}
