/** Arrays as sets: NULL among the elements is a member like any other, an array that is NULL makes the answer NULL. */
import type { Operand } from '../../bound.ts'
import { commonTypeOf, isInteger, isNumeric } from '../../common-type.ts'
import { canonical } from '../../emit/nested-comparison.ts'
import { nested, once, onceBoth } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { duckType, printType, simpleType } from '../../type.ts'
import type { SqlType } from '../../type.ts'
import { isNested } from '../comparison.ts'
import { define, signature, unified, variadic } from './spec.ts'
import type { FunctionSpec, Signature } from './spec.ts'

export const elementOf = (type: SqlType | undefined): SqlType =>
  type?.kind === 'array' ? type.element : simpleType('null')

export const arrayOf = (element: SqlType): SqlType => ({ kind: 'array', element })

export const requireCommon = (types: readonly SqlType[]): SqlType => {
  const type = commonTypeOf(types)
  if (type === undefined)
    throw analyzingError(`The types ${types.map(printType).join(', ')} have none in common.`)
  return type
}

/** JSON's own equality does not see blanks; DuckDB compares the texts. */
export const minified = (array: string): string =>
  nested((item) => `list_transform(${array}, lambda ${item}: json(${item}))`)

/** With the JSON in the arrays in one form. */
const alike = ({ sql, ...form }: Signature): Signature => ({
  ...form,
  sql: (texts, typed) => {
    const lists = texts.map((text, index) =>
      elementOf(typed[index]?.type).kind === 'json' ? minified(text) : text,
    )
    return typeof sql === 'string' ? sql : sql(lists, typed)
  },
})

const joinedType = (types: readonly SqlType[]): SqlType =>
  arrayOf(requireCommon(types.map((type) => elementOf(type))))

const hasNull = (list: string): string => `(list_count(${list}) < len(${list}))`

/** Each of several values once, then `body` unless one of them is NULL. */
const known = (values: readonly string[], body: (values: readonly string[]) => string): string => {
  const bind = (rest: readonly string[], bound: readonly string[]): string => {
    const [first, ...others] = rest
    if (first !== undefined) return once(first, (name) => bind(others, [...bound, name]))
    const tests = bound.map((name) => `${name} IS NOT NULL`)
    return `CASE WHEN ${tests.join(' AND ')} THEN ${body(bound)} END`
  }
  return bind(values, [])
}

/**
 * Each element at its first place. Sorted with their places, equal elements stand side by side; no lambda looks at the whole
 * list, for that would take time by its square.
 */
export const distinct = (array: string): string =>
  once(array, (list) => `CASE WHEN ${list} IS NOT NULL THEN ${distinctOf(list)} END`)

const distinctOf = (list: string): string => {
  const placed = `list_sort(list_transform(${list}, lambda item, place: struct_pack(v := item, p := place)))`
  const first = once(
    placed,
    (sorted) =>
      `list_filter(list_zip(${sorted}, list_concat([NULL], ${sorted}), true), lambda pair: pair[2] IS NULL OR (pair[1]).v IS DISTINCT FROM (pair[2]).v)`,
  )
  const ordered = `list_sort(list_transform(${first}, lambda pair: struct_pack(p := (pair[1]).p, v := (pair[1]).v)))`
  return `list_transform(${ordered}, lambda entry: (entry).v)`
}

const overlap = (a: string, b: string): string =>
  `(list_has_any(${a}, ${b}) OR (${hasNull(a)} AND ${hasNull(b)}))`

const intersection = (a: string, b: string): string =>
  onceBoth(
    a,
    b,
    (x, y) =>
      `list_concat(list_intersect(${x}, ${y}), CASE WHEN ${hasNull(x)} AND ${hasNull(y)} THEN [NULL] ELSE [] END)`,
  )

/** Elements as words between commas: no lambda looks at the whole list, which would take time by its square. */
const words = (list: string, element: SqlType): string =>
  nested((item) => {
    const value = isNested(element) ? `to_json(${canonical(item, element)})` : item
    return `array_to_string(list_transform(${list}, lambda ${item}: CASE WHEN ${item} IS NULL THEN 'n' ELSE hex(CAST(${value} AS VARCHAR)) END || ','), '')`
  })

const containsSequence = (a: string, b: string, element: SqlType): string =>
  `contains(CAST(',' || ${words(a, element)} AS VARCHAR), CAST(',' || ${words(b, element)} AS VARCHAR))`

/** Of nothing but NULL, as if they were numbers. */
const sequenceType = (types: readonly SqlType[]): SqlType => {
  const type = joinedType(types)
  return elementOf(type).kind === 'null' ? arrayOf(simpleType('int')) : type
}

const sequenceOf = (lists: readonly string[], [first]: readonly Operand[]): string =>
  known(lists, ([a = '', b = '']) => containsSequence(a, b, elementOf(first?.type)))

/** Each element less the one before it; the first one less itself. */
const differences = ([list = '']: readonly string[], [value]: readonly Operand[]): string =>
  once(
    list,
    (items) =>
      `CASE WHEN ${items} IS NOT NULL THEN list_transform(list_zip(${items}, list_concat([NULL], ${items}), true), lambda pair, place: CAST(CASE WHEN place = 1 THEN pair[1] - pair[1] ELSE pair[1] - pair[2] END AS ${duckType(elementOf(value?.type))})) END`,
  )

const differenceType = ([array]: readonly SqlType[]): SqlType => {
  const element = elementOf(array)
  if (isInteger(element) || element.kind === 'boolean') return arrayOf(simpleType('bigint'))
  if (element.kind === 'decimal' || element.kind === 'null') return arrayOf(element)
  if (isNumeric(element)) return arrayOf(simpleType('double'))
  throw analyzingError(`array_difference() does not take array<${printType(element)}>.`)
}

/** Each element with all before it; NULL adds nothing and stays NULL. */
const runningSum = (list: string): string =>
  once(list, (items) => {
    const single = `list_transform(${items}, lambda item: [coalesce(item, 0)])`
    const sums = `list_reduce(${single}, lambda sums, item: list_append(sums, sums[-1] + item[1]), [list_extract(${single}, 1)[1] * 0])`
    return `CASE WHEN len(${items}) = 0 THEN ${items} WHEN ${items} IS NOT NULL THEN list_transform(list_zip(${items}, list_slice(${sums}, 2, len(${items}) + 1)), lambda pair: CASE WHEN pair[1] IS NOT NULL THEN pair[2] END) END`
  })

const runningType = ([array]: readonly SqlType[]): SqlType =>
  arrayOf(simpleType(isInteger(elementOf(array)) ? 'bigint' : 'double'))

export const arraySetFunctions: readonly FunctionSpec[] = [
  ...define(
    'array_difference',
    unified(differenceType, signature(['array'], differenceType, differences)),
  ),
  ...define(
    'array_cum_sum',
    unified(
      runningType,
      signature(['array'], runningType, ([list = '']) => runningSum(list)),
    ),
  ),
  ...define(
    'array_concat',
    unified(
      joinedType,
      variadic(['array'], 1, joinedType, (texts) =>
        known(texts, (lists) => lists.reduce((a, b) => `list_concat(${a}, ${b})`)),
      ),
    ),
  ),
  ...define(
    'array_distinct',
    alike(
      signature(
        ['array'],
        ([type]) => type ?? simpleType('null'),
        ([list = '']) => distinct(list),
      ),
    ),
  ),
  ...define(
    'arrays_overlap',
    unified(
      joinedType,
      alike(
        signature(['array', 'array'], 'boolean', (texts) =>
          known(texts, ([a = '', b = '']) => overlap(a, b)),
        ),
      ),
    ),
  ),
  ...define(
    'array_contains_seq',
    unified(sequenceType, alike(signature(['array', 'array'], 'boolean', sequenceOf))),
  ),
  ...define(
    'array_contains_all',
    unified(
      joinedType,
      alike(
        signature(['array', 'array'], 'boolean', (texts) =>
          known(
            texts,
            ([a = '', b = '']) =>
              `(list_has_all(${a}, ${b}) AND (${hasNull(a)} OR NOT ${hasNull(b)}))`,
          ),
        ),
      ),
    ),
  ),
  ...define(
    'array_intersect',
    unified(
      joinedType,
      alike(
        variadic(['array'], 1, joinedType, (texts) =>
          known(texts, (lists) =>
            lists.length === 1 ? distinct(lists[0] ?? '') : lists.reduce(intersection),
          ),
        ),
      ),
    ),
  ),
]
