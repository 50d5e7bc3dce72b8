/** Array and map functions over plain arguments; those that take a lambda are in lambda.ts. */
import type { Bound, Operand } from '../../bound.ts'
import { commonType, isInteger, isNumeric, isString } from '../../common-type.ts'
import { divideDecimals } from '../../emit/arithmetic.ts'
import { convertTyped } from '../../emit/convert.ts'
import { mapOf } from '../../emit/map-entry.ts'
import { castTo, once, onceBoth, wrapped } from '../../emit/text.ts'
import { plainKeys, wrappedKey, wrappedKeys } from '../../map-key.ts'
import { analyzingError } from '../../sql-error.ts'
import { printType, simpleType } from '../../type.ts'
import type { SqlType } from '../../type.ts'
import { convertTo } from '../conversion.ts'
import { arrayOf, arraySetFunctions, elementOf, minified, requireCommon } from './array-set.ts'
import { joinTexts } from './join.ts'
import { define, signature } from './spec.ts'
import type { FunctionSpec, ReturnType, Signature } from './spec.ts'

const nullType = simpleType('null')

const sameAsFirst = ([type]: readonly SqlType[]): SqlType => type ?? nullType

/** An array and a value, brought to one element type. */
const withElement = (
  returns: ReturnType,
  write: (array: string, value: string) => string,
): Signature => ({
  ...signature(['array', 'any'], returns, ([array = '', value = ''], [typed]) =>
    elementOf(typed?.type).kind === 'json'
      ? write(minified(array), `json(${value})`)
      : write(array, value),
  ),
  convert: ([array, value]) => {
    if (array === undefined || value === undefined) return []
    const element = requireCommon([elementOf(array.type), value.type])
    return [convertTo(array, arrayOf(element)), convertTo(value, element)]
  },
})

const contains = (array: string, value: string): string =>
  once(array, (list) =>
    once(
      value,
      (item) =>
        `CASE WHEN ${item} IS NULL THEN len(list_filter(${list}, lambda x: x IS NULL)) > 0 ELSE coalesce(list_contains(${list}, ${item}), CASE WHEN ${list} IS NOT NULL THEN false END) END`,
    ),
  )

const position = (array: string, value: string): string =>
  once(
    array,
    (list) =>
      `CAST(coalesce(list_position(${list}, ${value}), CASE WHEN ${list} IS NOT NULL THEN 0 END) AS INTEGER)`,
  )

/** Of decimals exact, of texts as DOUBLE. NULL elements add nothing but count in the average. */
const totals = (name: 'sum' | 'avg'): readonly Signature[] => [
  {
    ...signature(['array'], ([type]) => totalType(name, elementOf(type)), ''),
    sql: (_, [value]) => (value === undefined ? '' : total(name, value)),
  },
]

const total = (name: 'sum' | 'avg', value: Operand): string => {
  const element = elementOf(value.type)
  const sum = totalType('sum', element)
  const summand = sum.kind === 'bigint' ? simpleType('bigint') : sum
  const counted = isString(element) ? convertTyped(value, arrayOf(simpleType('boolean'))) : value
  const array = convertTyped(counted, arrayOf(element.kind === 'decimal' ? element : summand)).sql
  if (name === 'sum') return sumOf(array, sum)
  return once(array, (list) => {
    const length = { sql: `len(${list})`, type: simpleType('bigint') }
    if (sum.kind === 'decimal')
      return divideDecimals({ sql: sumOf(list, sum), type: sum }, length).sql
    return `(CAST(list_sum(${list}) AS DOUBLE) / ${length.sql})`
  })
}

const sumOf = (list: string, type: SqlType): string => {
  if (type.kind === 'bigint') return wrapped(`list_sum(${list})`)
  return castTo(`list_sum(${list})`, type)
}

const totalType = (name: 'sum' | 'avg', element: SqlType): SqlType => {
  if (element.kind === 'decimal') {
    const sum: SqlType = { kind: 'decimal', precision: 38, scale: element.scale }
    if (name === 'sum') return sum
    return divideDecimals({ sql: '', type: sum }, { sql: '', type: simpleType('bigint') }).type
  }
  if (element.kind === 'largeint' && name === 'sum') return element
  if (isInteger(element) || ['boolean', 'null'].includes(element.kind))
    return simpleType(name === 'sum' ? 'bigint' : 'double')
  // StarRocks counts the texts that read as true.
  if (isString(element)) return simpleType(name === 'sum' ? 'bigint' : 'double')
  if (isNumeric(element)) return simpleType('double')
  throw analyzingError(`array_${name}() does not take array<${printType(element)}>.`)
}

const ordered = (type: SqlType): SqlType => {
  if (['json', 'map', 'struct', 'array', 'bitmap', 'hll'].includes(type.kind))
    throw analyzingError(`Values of type ${printType(type)} have no order.`)
  return type
}

const nestedElement = (type: SqlType | undefined): SqlType => {
  const element = elementOf(type)
  if (element.kind !== 'array') throw analyzingError('array_flatten() takes an array of arrays.')
  return element
}

/** A negative start counts from the end; what lies before the first element is left out, and counted in the length. */
const slice = (list: string, from: string, count: string | undefined): string =>
  once(list, (value) =>
    once(`CASE WHEN ${from} < 0 THEN len(${value}) + ${from} ELSE ${from} - 1 END`, (start) => {
      const end =
        count === undefined
          ? `len(${value})`
          : `greatest(least(len(${value}), ${start} + CAST(${count} AS BIGINT)), 0)`
      return `CASE WHEN ${from} = 0 AND ${value} IS NOT NULL THEN list_slice(${value}, 1, 0) ELSE list_slice(${value}, CASE WHEN ${start} < 0 THEN 0 ELSE ${start} END + 1, ${end}) END`
    }),
  )

const joined = (list: string, separator: string): string =>
  once(separator, (by) => once(list, (texts) => joinTexts(texts, by)))

const arrays: readonly FunctionSpec[] = [
  ...define('array_length', signature(['array'], 'int', 'CAST(len($1) AS INTEGER)')),
  ...define(
    'cardinality',
    signature(['array'], 'int', 'CAST(len($1) AS INTEGER)'),
    signature(['map'], 'int', 'CAST(cardinality($1) AS INTEGER)'),
  ),
  ...define('array_contains', withElement('boolean', contains)),
  ...define('array_position', withElement('int', position)),
  ...define(
    'array_remove',
    withElement(
      sameAsFirst,
      (array, value) => `list_filter(${array}, lambda x: x IS DISTINCT FROM ${value})`,
    ),
  ),
  ...define(
    'array_append',
    withElement(
      ([array, value]) => arrayOf(requireCommon([elementOf(array), value ?? nullType])),
      (array, value) => `CASE WHEN ${array} IS NOT NULL THEN list_append(${array}, ${value}) END`,
    ),
  ),
  ...define(
    'array_sort',
    signature(
      ['array'],
      ([type]) => (ordered(elementOf(type)), type ?? nullType),
      "list_sort($1, 'ASC', 'NULLS FIRST')",
    ),
  ),
  ...define(
    'array_min',
    signature(['array'], ([type]) => ordered(elementOf(type)), 'list_min($1)'),
  ),
  ...define(
    'array_max',
    signature(['array'], ([type]) => ordered(elementOf(type)), 'list_max($1)'),
  ),
  ...define('array_sum', ...totals('sum')),
  ...define('array_avg', ...totals('avg')),
  ...define(
    'array_join',
    signature(['array<varchar>', 'varchar'], 'varchar', ([list = '', by = '']) =>
      joined(`list_filter(${list}, lambda x: x IS NOT NULL)`, by),
    ),
    signature(
      ['array<varchar>', 'varchar', 'varchar'],
      'varchar',
      ([list = '', by = '', missing = '']) =>
        joined(`list_transform(${list}, lambda x: coalesce(x, ${missing}))`, by),
    ),
  ),
  ...define(
    'array_slice',
    signature(['array', 'int'], sameAsFirst, ([list = '', from = '']) =>
      slice(list, from, undefined),
    ),
    signature(['array', 'int', 'int'], sameAsFirst, ([list = '', from = '', count = '']) =>
      slice(list, from, count),
    ),
  ),
  ...define(
    'array_flatten',
    signature(['array'], ([type]) => nestedElement(type), 'flatten($1)'),
  ),
  ...define(
    'array_generate',
    signature(['bigint'], () => arrayOf(simpleType('bigint')), 'generate_series(1, $1)'),
    signature(
      ['bigint', 'bigint'],
      () => arrayOf(simpleType('bigint')),
      ([a = '', b = '']) =>
        `generate_series(${a}, ${b}, CASE WHEN ${a} <= ${b} THEN 1 ELSE -1 END)`,
    ),
    signature(
      ['bigint', 'bigint', 'bigint'],
      () => arrayOf(simpleType('bigint')),
      'generate_series($1, $2, $3)',
    ),
  ),
  ...define(
    'array_repeat',
    signature(
      ['any', 'int'],
      ([type]) => arrayOf(type ?? nullType),
      ([value = '', count = '']) =>
        once(
          count,
          (n) =>
            `CASE WHEN ${n} IS NOT NULL THEN list_resize([${value}], greatest(CAST(${n} AS BIGINT), 0), ${value}) END`,
        ),
    ),
  ),
]

const maps: readonly FunctionSpec[] = [
  ...define('map_size', signature(['map'], 'int', 'CAST(cardinality($1) AS INTEGER)')),
  ...define(
    'map_keys',
    signature(
      ['map'],
      ([type]) => (type?.kind === 'map' ? arrayOf(type.key) : nullType),
      ([map = '']) => plainKeys(map),
    ),
  ),
  ...define(
    'map_values',
    signature(
      ['map'],
      ([type]) => (type?.kind === 'map' ? arrayOf(type.value) : nullType),
      'map_values($1)',
    ),
  ),
  ...define(
    'map_from_arrays',
    signature(
      ['array', 'array'],
      ([keys, values]) => ({ kind: 'map', key: elementOf(keys), value: elementOf(values) }),
      ([keys = '', values = '']) =>
        onceBoth(keys, values, (names, items) => {
          const entries = `list_transform(list_zip(${wrappedKeys(names)}, ${items}), lambda pair: struct_pack(k := pair[1], v := pair[2]))`
          return `CASE WHEN len(${names}) <> len(${items}) THEN error('Key and value arrays must be the same length') WHEN ${names} IS NOT NULL AND ${items} IS NOT NULL THEN ${mapOf(entries)} END`
        }),
    ),
  ),
  ...define(
    'element_at',
    signature(
      ['array', 'int'],
      ([type]) => elementOf(type),
      'list_extract($1, greatest(CAST($2 AS BIGINT), 0))',
    ),
    {
      ...signature(
        ['map', 'any'],
        ([type]) => (type?.kind === 'map' ? type.value : nullType),
        mapValue,
      ),
      convert: keyOfMap,
    },
  ),
]

/** A key brought to the type of the map's. */
export function keyOfMap([map, key]: readonly Bound[]): readonly Bound[] {
  if (map?.type.kind !== 'map' || key === undefined) return []
  if (map.type.key.kind === 'null') return [map, key]
  if (commonType(map.type.key, key.type) === undefined)
    throw analyzingError(
      `A key of type ${printType(key.type)} does not fit ${printType(map.type)}.`,
    )
  return [map, convertTo(key, map.type.key)]
}

/** map[key]. */
export function mapValue(
  [map = '', key = '']: readonly string[],
  [value]: readonly Operand[],
): string {
  if (value?.type.kind !== 'map' || value.type.key.kind === 'null') return 'NULL'
  return `(${map})[${wrappedKey(key)}]`
}

export const collectionFunctions: readonly FunctionSpec[] = [
  ...arrays,
  ...arraySetFunctions,
  ...maps,
]
