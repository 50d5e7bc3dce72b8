/** Arrays are equal when their elements are, one by one; NULL elements leave it unknown, but for `<=>`, where NULL equals NULL. */
import type { SqlType } from '../type.ts'
import { simpleType } from '../type.ts'
import { commonType } from './common-type.ts'
import { convertTyped } from './convert.ts'
import { nested, onceBoth, typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

/** Undefined where StarRocks' rule for the elements is not known here. */
export const compareArrays = (
  operator: '=' | '!=' | '<=>',
  a: TypedExpression,
  b: TypedExpression,
): TypedExpression | undefined => {
  if (a.type.kind !== 'array' || b.type.kind !== 'array') return undefined
  const type = commonType(a.type, b.type)
  if (type?.kind !== 'array' || !isPlain(type.element)) return undefined
  const [left, right] = [convertTyped(a, type).sql, convertTyped(b, type).sql]
  const boolean = simpleType('boolean')
  if (operator === '<=>') return typed(`(${left} IS NOT DISTINCT FROM ${right})`, boolean)
  const equal = onceBoth(left, right, (x, y) => equality(x, y, type))
  return typed(operator === '=' ? `(${equal})` : `(NOT (${equal}))`, boolean)
}

const unplain: readonly SqlType['kind'][] = [
  'json',
  'map',
  'struct',
  'bitmap',
  'hll',
  'percentile',
  'varbinary',
]

const isPlain = (type: SqlType): boolean =>
  type.kind === 'array' ? isPlain(type.element) : !unplain.includes(type.kind)

const equality = (a: string, b: string, type: SqlType): string => {
  if (type.kind !== 'array') return `${a} = ${b}`
  const pairs = nested(
    (pair) =>
      `list_transform(list_zip(${a}, ${b}), lambda ${pair}: ${equality(`${pair}[1]`, `${pair}[2]`, type.element)})`,
  )
  return nested(
    (answers) =>
      `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL WHEN len(${a}) <> len(${b}) THEN false ELSE list_extract(list_transform([${pairs}], lambda ${answers}: CASE WHEN list_contains(${answers}, false) THEN false WHEN list_count(${answers}) < len(${answers}) THEN NULL ELSE true END), 1) END`,
  )
}
