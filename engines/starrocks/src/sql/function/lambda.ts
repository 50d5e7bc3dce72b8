/** Array functions that take a lambda: array_map, array_filter, all_match, any_match, array_sortby. */
import type { Expression } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { truth } from '../translate/comparison.ts'
import { convertTyped } from '../translate/convert.ts'
import { castTo, once, typed } from '../translate/typed.ts'
import type { TypedExpression } from '../translate/typed.ts'
import { printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { elementOf } from './array-set.ts'
import { requireArity } from './special-call.ts'
import type { SpecialCall, SpecialFunction } from './special-call.ts'

type Lambda = Extract<Expression, { kind: 'lambda' }>

interface Parts {
  readonly lambda: Lambda
  readonly arrays: readonly TypedExpression[]
}

/** The lambda may stand first or last. */
const partsOf = ({ call, environment, translate }: SpecialCall): Parts | undefined => {
  const lambda = call.args.find((argument) => argument.kind === 'lambda')
  if (lambda?.kind !== 'lambda') return undefined
  const others = call.args.filter((argument) => argument !== lambda)
  const arrays = others
    .map((argument) => translate(argument, environment))
    .map((array) =>
      array.type.kind === 'null' && others.length > 1
        ? typed('CAST(NULL AS INTEGER[])', nullArray)
        : array,
    )
  if (arrays.length === 0 || arrays.some((array) => array.type.kind !== 'array')) {
    throw analyzingError(`${call.name}() needs a lambda and arrays.`)
  }
  if (lambda.parameters.length !== arrays.length)
    throw analyzingError(
      `The lambda of ${call.name}() must take as many parameters as there are arrays.`,
    )
  return { lambda, arrays }
}

const nullArray: SqlType = { kind: 'array', element: simpleType('null') }

interface LambdaApplication {
  /** The list that DuckDB walks, the lambda's parameter and its body. */
  readonly list: string
  readonly parameter: string
  readonly body: TypedExpression
}

/** Several arrays are walked together as structs; arrays of different lengths are an error, as in StarRocks. */
const apply = (special: SpecialCall, { lambda, arrays }: Parts): LambdaApplication => {
  const parameter = `item${lambdaDepth(special)}`
  const [only] = arrays
  const single = arrays.length === 1 && only !== undefined
  const variables = new Map(special.environment.variables)
  for (const [index, name] of lambda.parameters.entries()) {
    const sql = single ? parameter : `struct_extract(${parameter}, ${index + 1})`
    variables.set(name.toLowerCase(), { sql, type: elementOf(arrays[index]?.type) })
  }
  variables.set(`\0depth`, { sql: String(lambdaDepth(special) + 1), type: simpleType('int') })
  const body = special.translate(lambda.body, { ...special.environment, variables })
  return { list: single ? only.sql : zipped(arrays), parameter, body }
}

/** Nested lambdas need parameters of their own; equal calls need equal names, or GROUP BY would not recognise them. */
const lambdaDepth = ({ environment }: SpecialCall): number =>
  Number(environment.variables.get(`\0depth`)?.sql ?? 1)

const zipped = (arrays: readonly TypedExpression[]): string => {
  const lengths = arrays
    .slice(1)
    .map((array) => `len(${array.sql}) <> len(${arrays[0]?.sql ?? ''})`)
  const missing = arrays.map((array) => `${array.sql} IS NULL`)
  return `CASE WHEN ${missing.join(' OR ')} THEN NULL WHEN ${lengths.join(' OR ')} THEN error('Input array element''s size is not equal in array_map()') ELSE list_zip(${arrays.map((array) => array.sql).join(', ')}) END`
}

const arrayMap: SpecialFunction = (special) => {
  const parts = partsOf(special)
  if (parts === undefined) throw analyzingError(`${special.call.name}() needs a lambda.`)
  const { list, parameter, body } = apply(special, parts)
  const sql = body.type.kind === 'null' ? 'CAST(NULL AS INTEGER)' : body.sql
  return typed(`list_transform(${list}, lambda ${parameter}: ${sql})`, {
    kind: 'array',
    element: body.type,
  })
}

const arrayFilter: SpecialFunction = (special) => {
  const parts = partsOf(special)
  if (parts === undefined) return filterBy(special)
  const { list, parameter, body } = apply(special, parts)
  const kept = `list_filter(${list}, lambda ${parameter}: ${truth(body)})`
  const type = parts.arrays[0]?.type ?? simpleType('null')
  if (parts.arrays.length === 1) return typed(kept, type)
  return typed(`list_transform(${kept}, lambda ${parameter}: ${firstOf(parts, parameter)})`, type)
}

/** Of several arrays that are walked together, the first is the one that is filtered or sorted. */
const firstOf = ({ arrays }: Parts, parameter: string): string =>
  arrays.length === 1 ? parameter : `struct_extract(${parameter}, 1)`

const plainArrays = (special: SpecialCall, least: number, most: number): TypedExpression[] => {
  requireArity(special, least, most)
  const { call, environment, translate } = special
  return call.args.map((argument) => {
    const array = translate(argument, environment)
    if (array.type.kind === 'array' || array.type.kind === 'null') return array
    throw analyzingError(`${call.name}() takes arrays, not ${printType(array.type)}.`)
  })
}

const untypedArray: SqlType = { kind: 'array', element: simpleType('boolean') }

/** The elements beside which the second array says true. */
const filterBy: SpecialFunction = (special) => {
  const [array, tests] = plainArrays(special, 2, 2)
  if (array === undefined || tests === undefined) return undefined
  if (array.type.kind === 'null') return typed(castTo('NULL', untypedArray), untypedArray)
  const flags = convertTyped(tests, { kind: 'array', element: simpleType('boolean') }).sql
  const sql = once(array.sql, (list) => {
    const kept = `list_filter(list_zip(${list}, coalesce(${flags}, []), true), lambda pair: pair[2])`
    return `CASE WHEN ${list} IS NOT NULL THEN list_transform(${kept}, lambda pair: pair[1]) END`
  })
  return typed(sql, array.type)
}

/** By the first array of keys, then the next: NULL first, equal keys in their old order. An array that is NULL orders nothing. */
const sortByKeys: SpecialFunction = (special) => {
  const [array, ...keys] = plainArrays(special, 2, 100)
  if (array === undefined || array.type.kind === 'null') return array
  const known = keys.filter((key) => key.type.kind === 'array')
  const unequal = known.map((key) => `len(${key.sql}) <> len(${array.sql})`)
  const parts = known.flatMap((_, at) => [
    `f${at} := item[${at + 2}] IS NOT NULL`,
    `k${at} := item[${at + 2}]`,
  ])
  const keyed = `struct_pack(${[...parts, 'p := place', 'v := item[1]'].join(', ')})`
  const zip = `list_zip(${[array, ...known].map(({ sql }) => sql).join(', ')})`
  const sorted = `list_sort(list_transform(${zip}, lambda item, place: ${keyed}), 'ASC', 'NULLS FIRST')`
  const sql = `list_transform(${sorted}, lambda pair: (pair).v)`
  return typed(
    `CASE WHEN ${array.sql} IS NULL THEN NULL WHEN ${[...unequal, 'false'].join(' OR ')} THEN error('Input arrays'' size are not equal in array_sortby.') ELSE ${sql} END`,
    array.type,
  )
}

/** Three-valued: a NULL among the answers leaves the whole undecided unless another answer decides. */
const match =
  (decides: boolean): SpecialFunction =>
  (special) => {
    const parts = partsOf(special)
    const answers = parts === undefined ? plainAnswers(special) : listOfAnswers(special, parts)
    const sql = once(
      answers,
      (list) =>
        `CASE WHEN ${list} IS NULL THEN NULL WHEN coalesce(list_contains(${list}, ${decides}), false) THEN ${decides} WHEN len(list_filter(${list}, lambda x: x IS NULL)) > 0 THEN NULL ELSE ${!decides} END`,
    )
    return typed(sql, simpleType('boolean'))
  }

const listOfAnswers = (special: SpecialCall, parts: Parts): string => {
  const { list, parameter, body } = apply(special, parts)
  return `list_transform(${list}, lambda ${parameter}: ${truth(body)})`
}

const plainAnswers = ({ call, environment, translate }: SpecialCall): string => {
  const [argument] = call.args
  if (argument === undefined || call.args.length !== 1)
    throw analyzingError(`${call.name}() needs a lambda and arrays, or one array.`)
  return convertTyped(translate(argument, environment), {
    kind: 'array',
    element: simpleType('boolean'),
  }).sql
}

const sortBy: SpecialFunction = (special) => {
  const parts = partsOf(special)
  if (parts === undefined) return sortByKeys(special)
  const { list, parameter, body } = apply(special, parts)
  // NULL keys first, equal keys in their old order: the flag and the position make the struct's order total.
  const keyed = `struct_pack(f := ${body.sql} IS NOT NULL, k := ${body.sql}, p := place, v := ${firstOf(parts, parameter)})`
  const sorted = `list_sort(list_transform(${list}, lambda ${parameter}, place: ${keyed}), 'ASC', 'NULLS FIRST')`
  return typed(
    `list_transform(${sorted}, lambda pair: (pair).v)`,
    parts.arrays[0]?.type ?? simpleType('null'),
  )
}

export const lambdaFunctions: Readonly<Record<string, SpecialFunction>> = {
  array_map: arrayMap,
  transform: arrayMap,
  array_filter: arrayFilter,
  any_match: match(true),
  all_match: match(false),
  array_sortby: sortBy,
}
