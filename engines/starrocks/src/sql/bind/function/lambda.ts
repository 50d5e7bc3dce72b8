/** Array functions that take a lambda: array_map, array_filter, all_match, any_match, array_sortby. */
import type { Expression } from '../../ast.ts'
import type { Bound } from '../../bound.ts'
import { callNode, constant } from '../../bound.ts'
import { castTo, once } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { printType, simpleType } from '../../type.ts'
import type { SqlType } from '../../type.ts'
import { convertTo, truth } from '../conversion.ts'
import { bind } from '../recursion.ts'
import { settled } from '../window.ts'
import { elementOf } from './array-set.ts'
import { requireArity } from './special-call.ts'
import type { SpecialCall, SpecialFunction } from './special-call.ts'

type Lambda = Extract<Expression, { kind: 'lambda' }>

interface Parts {
  readonly lambda: Lambda
  readonly arrays: readonly Bound[]
}

/** The lambda may stand first or last. */
const partsOf = ({ call, environment }: SpecialCall): Parts | undefined => {
  const lambda = call.args.find((argument) => argument.kind === 'lambda')
  if (lambda?.kind !== 'lambda') return undefined
  const others = call.args.filter((argument) => argument !== lambda)
  const arrays = others
    .map((argument) => bind(argument, environment))
    .map((array) =>
      array.type.kind === 'null' && others.length > 1
        ? constant('CAST(NULL AS INTEGER[])', nullArray)
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
  readonly list: Bound
  readonly parameter: string
  readonly body: Bound
}

/** Several arrays are walked together as structs; arrays of different lengths are an error, as in StarRocks. */
const apply = ({ environment }: SpecialCall, { lambda, arrays }: Parts): LambdaApplication => {
  const lambdas = environment.lambdas + 1
  const parameter = `item${lambdas}`
  const [only] = arrays
  const single = arrays.length === 1 && only !== undefined
  const variables = new Map(environment.variables)
  for (const [index, name] of lambda.parameters.entries()) {
    const sql = single ? parameter : `struct_extract(${parameter}, ${index + 1})`
    variables.set(name.toLowerCase(), constant(sql, elementOf(arrays[index]?.type)))
  }
  const body = bind(lambda.body, { ...environment, variables, lambdas })
  return { list: single ? only : callNode(nullArray, arrays, zipped), parameter, body }
}

const zipped = (arrays: readonly string[]): string => {
  const lengths = arrays.slice(1).map((array) => `len(${array}) <> len(${arrays[0] ?? ''})`)
  const missing = arrays.map((array) => `${array} IS NULL`)
  return `CASE WHEN ${missing.join(' OR ')} THEN NULL WHEN ${lengths.join(' OR ')} THEN error('Input array element''s size is not equal in array_map()') ELSE list_zip(${arrays.join(', ')}) END`
}

const arrayMap: SpecialFunction = (special) => {
  const parts = partsOf(special)
  if (parts === undefined) throw analyzingError(`${special.call.name}() needs a lambda.`)
  const { list, parameter, body } = apply(special, parts)
  return callNode(
    { kind: 'array', element: body.type },
    [list, settled(body)],
    ([x = '', each = '']) => `list_transform(${x}, lambda ${parameter}: ${each})`,
  )
}

const arrayFilter: SpecialFunction = (special) => {
  const parts = partsOf(special)
  if (parts === undefined) return filterBy(special)
  const { list, parameter, body } = apply(special, parts)
  const type = parts.arrays[0]?.type ?? simpleType('null')
  return callNode(type, [list, truth(body)], ([x = '', test = '']) => {
    const kept = `list_filter(${x}, lambda ${parameter}: ${test})`
    return parts.arrays.length === 1
      ? kept
      : `list_transform(${kept}, lambda ${parameter}: ${firstOf(parts, parameter)})`
  })
}

/** Of several arrays that are walked together, the first is the one that is filtered or sorted. */
const firstOf = ({ arrays }: Parts, parameter: string): string =>
  arrays.length === 1 ? parameter : `struct_extract(${parameter}, 1)`

const plainArrays = (special: SpecialCall, least: number, most: number): readonly Bound[] => {
  requireArity(special, least, most)
  const { call, environment } = special
  return call.args.map((argument) => {
    const array = bind(argument, environment)
    if (array.type.kind === 'array' || array.type.kind === 'null') return array
    throw analyzingError(`${call.name}() takes arrays, not ${printType(array.type)}.`)
  })
}

const booleans: SqlType = { kind: 'array', element: simpleType('boolean') }

/** The elements beside which the second array says true. */
const filterBy: SpecialFunction = (special) => {
  const [array, tests] = plainArrays(special, 2, 2)
  if (array === undefined || tests === undefined) return undefined
  if (array.type.kind === 'null') return constant(castTo('NULL', booleans), booleans)
  return callNode(array.type, [array, convertTo(tests, booleans)], ([x = '', flags = '']) =>
    once(x, (list) => {
      const kept = `list_filter(list_zip(${list}, coalesce(${flags}, []), true), lambda pair: pair[2])`
      return `CASE WHEN ${list} IS NOT NULL THEN list_transform(${kept}, lambda pair: pair[1]) END`
    }),
  )
}

/** By the first array of keys, then the next: NULL first, equal keys in their old order. An array that is NULL orders nothing. */
const sortByKeys: SpecialFunction = (special) => {
  const [array, ...keys] = plainArrays(special, 2, 100)
  if (array === undefined || array.type.kind === 'null') return array
  const known = keys.filter((key) => key.type.kind === 'array')
  return callNode(array.type, [array, ...known], (texts) => {
    const [list = '', ...others] = texts
    const unequal = others.map((key) => `len(${key}) <> len(${list})`)
    const parts = others.flatMap((_, at) => [
      `f${at} := item[${at + 2}] IS NOT NULL`,
      `k${at} := item[${at + 2}]`,
    ])
    const keyed = `struct_pack(${[...parts, 'p := place', 'v := item[1]'].join(', ')})`
    const zip = `list_zip(${texts.join(', ')})`
    const sorted = `list_sort(list_transform(${zip}, lambda item, place: ${keyed}), 'ASC', 'NULLS FIRST')`
    return `CASE WHEN ${list} IS NULL THEN NULL WHEN ${[...unequal, 'false'].join(' OR ')} THEN error('Input arrays'' size are not equal in array_sortby.') ELSE list_transform(${sorted}, lambda pair: (pair).v) END`
  })
}

/** Three-valued: a NULL among the answers leaves the whole undecided unless another answer decides. */
const match =
  (decides: boolean): SpecialFunction =>
  (special) => {
    const parts = partsOf(special)
    const answers = parts === undefined ? plainAnswers(special) : listOfAnswers(special, parts)
    return callNode(simpleType('boolean'), [answers], ([x = '']) =>
      once(
        x,
        (list) =>
          `CASE WHEN ${list} IS NULL THEN NULL WHEN coalesce(list_contains(${list}, ${decides}), false) THEN ${decides} WHEN len(list_filter(${list}, lambda x: x IS NULL)) > 0 THEN NULL ELSE ${!decides} END`,
      ),
    )
  }

const listOfAnswers = (special: SpecialCall, parts: Parts): Bound => {
  const { list, parameter, body } = apply(special, parts)
  return callNode(
    booleans,
    [list, truth(body)],
    ([x = '', test = '']) => `list_transform(${x}, lambda ${parameter}: ${test})`,
  )
}

const plainAnswers = ({ call, environment }: SpecialCall): Bound => {
  const [argument] = call.args
  if (argument === undefined || call.args.length !== 1)
    throw analyzingError(`${call.name}() needs a lambda and arrays, or one array.`)
  return convertTo(bind(argument, environment), booleans)
}

const sortBy: SpecialFunction = (special) => {
  const parts = partsOf(special)
  if (parts === undefined) return sortByKeys(special)
  const { list, parameter, body } = apply(special, parts)
  const [first] = parts.arrays
  const type = first?.type ?? simpleType('null')
  return callNode(type, [list, body, first ?? list], ([x = '', key = '', own = '']) => {
    // NULL keys first, equal keys in their old order: the flag and the position make the struct's order total.
    const keyed = `struct_pack(f := ${key} IS NOT NULL, k := ${key}, p := place, v := ${firstOf(parts, parameter)})`
    const sorted = `list_sort(list_transform(${x}, lambda ${parameter}, place: ${keyed}), 'ASC', 'NULLS FIRST')`
    // Keys that are NULL as a whole order nothing.
    return `CASE WHEN ${x} IS NULL THEN ${own} ELSE list_transform(${sorted}, lambda pair: (pair).v) END`
  })
}

export const lambdaFunctions: Readonly<Record<string, SpecialFunction>> = {
  array_map: arrayMap,
  transform: arrayMap,
  array_filter: arrayFilter,
  any_match: match(true),
  all_match: match(false),
  array_sortby: sortBy,
}
