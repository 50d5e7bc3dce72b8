/** Array and map functions over plain arguments; those that take a lambda are in lambda.ts. */
import { analyzingError } from '../sql-error.ts'
import { commonType, commonTypeOf, isInteger } from '../translate/common-type.ts'
import { convertTyped } from '../translate/convert.ts'
import { once, wrapped } from '../translate/typed.ts'
import type { TypedExpression } from '../translate/typed.ts'
import { printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { joinTexts } from './join.ts'
import { define, signature, variadic } from './spec.ts'
import type { FunctionSpec, Signature } from './spec.ts'

const nullType = simpleType('null')

export const elementOf = (type: SqlType | undefined): SqlType =>
  type?.kind === 'array' ? type.element : nullType

const arrayOf = (element: SqlType): SqlType => ({ kind: 'array', element })

const sameAsFirst = ([type]: readonly SqlType[]): SqlType => type ?? nullType

const common = (types: readonly SqlType[]): SqlType => {
  const type = commonTypeOf(types)
  if (type === undefined)
    throw analyzingError(`The types ${types.map(printType).join(', ')} have none in common.`)
  return type
}

/** An array and a value brought to one element type. */
const withElement = (
  array: TypedExpression | undefined,
  value: TypedExpression | undefined,
): { array: string; value: string } => {
  if (array === undefined || value === undefined) return { array: '', value: '' }
  const element = common([elementOf(array.type), value.type])
  return {
    array: convertTyped(array, arrayOf(element)).sql,
    value: convertTyped(value, element).sql,
  }
}

const joinedType = (types: readonly SqlType[]): SqlType =>
  arrayOf(common(types.map((type) => elementOf(type))))

const unified = (values: readonly TypedExpression[]): readonly string[] => {
  const type = joinedType(values.map((value) => value.type))
  return values.map((value) => convertTyped(value, type).sql)
}

const contains = (
  array: TypedExpression | undefined,
  value: TypedExpression | undefined,
): string => {
  const pair = withElement(array, value)
  return once(pair.array, (list) =>
    once(
      pair.value,
      (item) =>
        `CASE WHEN ${item} IS NULL THEN len(list_filter(${list}, lambda x: x IS NULL)) > 0 ELSE coalesce(list_contains(${list}, ${item}), CASE WHEN ${list} IS NOT NULL THEN false END) END`,
    ),
  )
}

const position = (
  array: TypedExpression | undefined,
  value: TypedExpression | undefined,
): string => {
  const pair = withElement(array, value)
  return once(
    pair.array,
    (list) =>
      `CAST(coalesce(list_position(${list}, ${pair.value}), CASE WHEN ${list} IS NOT NULL THEN 0 END) AS INTEGER)`,
  )
}

const remove = (array: TypedExpression | undefined, value: TypedExpression | undefined): string => {
  const pair = withElement(array, value)
  return `list_filter(${pair.array}, lambda x: x IS DISTINCT FROM ${pair.value})`
}

/** DuckDB's list_distinct loses NULL, StarRocks keeps one. */
const distinct = (array: string): string =>
  once(
    array,
    (list) =>
      `CASE WHEN len(list_filter(${list}, lambda x: x IS NULL)) > 0 THEN list_append(list_distinct(${list}), NULL) ELSE list_distinct(${list}) END`,
  )

const totals = (name: 'sum' | 'avg'): readonly Signature[] => [
  {
    ...signature(['array'], ([type]) => totalType(name, elementOf(type)), ''),
    sql: ([list = ''], [value]) => {
      const element = elementOf(value?.type)
      const type = totalType(name, element)
      const numbers =
        element.kind === 'boolean' ? `list_transform(${list}, lambda x: CAST(x AS TINYINT))` : list
      const total = `list_${name}(${numbers})`
      if (type.kind === 'bigint') return wrapped(total)
      return `CAST(${total} AS ${type.kind === 'decimal' ? `DECIMAL(38,${type.scale})` : type.kind.toUpperCase()})`
    },
  },
]

const totalType = (name: 'sum' | 'avg', element: SqlType): SqlType => {
  if (element.kind === 'decimal' && name === 'sum')
    return { kind: 'decimal', precision: 38, scale: element.scale }
  if (name === 'avg' && (isInteger(element) || element.kind === 'boolean'))
    return simpleType('double')
  if (isInteger(element) || element.kind === 'boolean') return simpleType('bigint')
  if (element.kind === 'float' || element.kind === 'double') return simpleType('double')
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

/** A negative start counts from the end. */
const slice = (list: string, from: string, count: string | undefined): string =>
  once(list, (value) =>
    once(`CASE WHEN ${from} < 0 THEN len(${value}) + ${from} + 1 ELSE ${from} END`, (start) => {
      const end =
        count === undefined
          ? `len(${value})`
          : `${start} + greatest(CAST(${count} AS BIGINT), 0) - 1`
      return `CASE WHEN ${start} > 0 THEN list_slice(${value}, ${start}, ${end}) WHEN ${start} IS NOT NULL AND ${value} IS NOT NULL THEN list_slice(${value}, 1, 0) END`
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
  ...define(
    'array_contains',
    signature(['array', 'any'], 'boolean', (_, [array, value]) => contains(array, value)),
  ),
  ...define(
    'array_position',
    signature(['array', 'any'], 'int', (_, [array, value]) => position(array, value)),
  ),
  ...define(
    'array_remove',
    signature(['array', 'any'], sameAsFirst, (_, [array, value]) => remove(array, value)),
  ),
  ...define(
    'array_append',
    signature(
      ['array', 'any'],
      ([array, value]) => arrayOf(common([elementOf(array), value ?? nullType])),
      (_, [array, value]) => {
        const pair = withElement(array, value)
        return `CASE WHEN ${pair.array} IS NOT NULL THEN list_append(${pair.array}, ${pair.value}) END`
      },
    ),
  ),
  ...define(
    'array_concat',
    variadic(['array'], 1, joinedType, (_, values) =>
      unified(values).reduce(
        (a, b) => `CASE WHEN ${b} IS NOT NULL THEN list_concat(${a}, ${b}) END`,
      ),
    ),
  ),
  ...define(
    'array_distinct',
    signature(['array'], sameAsFirst, ([list = '']) => distinct(list)),
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
    'arrays_overlap',
    signature(
      ['array', 'array'],
      'boolean',
      (_, values) => `list_has_any(${unified(values).join(', ')})`,
    ),
  ),
  ...define(
    'array_contains_all',
    signature(
      ['array', 'array'],
      'boolean',
      (_, values) => `list_has_all(${unified(values).join(', ')})`,
    ),
  ),
  ...define(
    'array_intersect',
    variadic(['array'], 1, joinedType, (_, values) =>
      unified(values).reduce((a, b) => `list_intersect(${a}, ${b})`),
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
      'list_resize([$1], greatest(CAST($2 AS BIGINT), 0), $1)',
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
      'map_keys($1)',
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
      'map($1, $2)',
    ),
  ),
  ...define(
    'element_at',
    signature(
      ['array', 'int'],
      ([type]) => elementOf(type),
      'list_extract($1, greatest(CAST($2 AS BIGINT), 0))',
    ),
    signature(
      ['map', 'any'],
      ([type]) => (type?.kind === 'map' ? type.value : nullType),
      (_, [map, key]) => mapValue(map, key),
    ),
  ),
]

/** map[key] with the key brought to the map's key type. */
export const mapValue = (
  map: TypedExpression | undefined,
  key: TypedExpression | undefined,
): string => {
  if (map?.type.kind !== 'map' || key === undefined) return 'NULL'
  if (commonType(map.type.key, key.type) === undefined)
    throw analyzingError(
      `A key of type ${printType(key.type)} does not fit ${printType(map.type)}.`,
    )
  return `(${map.sql})[${convertTyped(key, map.type.key).sql}]`
}

export const collectionFunctions: readonly FunctionSpec[] = [...arrays, ...maps]
