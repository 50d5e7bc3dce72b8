/**
 * Comparisons of ARRAY, MAP and STRUCT as StarRocks makes them: `=` (and `!=` of maps and structs) is unknown where a NULL inside would
 * decide, `<=>` takes NULL for equal to NULL; arrays are ordered, and `!=` of them distinguished, with NULL after everything else. An equality
 * that joins two relations is answered by the hash of both sides: there NULL inside is equal to NULL.
 * reference: StarRocks' binary_predicate.cpp, map_column.cpp; test_join_array, test_join_map, test_binary of its suite.
 */
import { hasMap } from '../map-key.ts'
import type { SqlType } from '../type.ts'
import { boundBoth, nested, once, quote, quoteName } from './text.ts'

export type ComparisonOperator = '=' | '<=>' | '!=' | '<' | '<=' | '>' | '>='

/** Two values of one type; undefined where StarRocks refuses, or where its rule is not known here. */
export const nestedComparison = (
  operator: ComparisonOperator,
  type: SqlType,
): ((left: string, right: string) => string) | undefined => {
  if (operator === '<=>')
    return (left, right) =>
      `(${canonical(left, type)} IS NOT DISTINCT FROM ${canonical(right, type)})`
  if (operator === '=' || (operator === '!=' && type.kind !== 'array'))
    return (left, right) => {
      const equal = boundBoth(left, right, (x, y) => equality(x, y, type))
      return operator === '=' ? `(${equal})` : `(NOT (${equal}))`
    }
  return type.kind === 'array' ? ordered(operator, type.element) : undefined
}

/** Maps with the same entries in another order are the same: here as sorted lists of them. */
export const canonical = (sql: string, type: SqlType): string =>
  withEntries(sql, type, (entries) => `list_sort(${entries})`)

/**
 * The same as a value of its type, its maps in the order of their keys, NULL first: what StarRocks' GROUP BY and DISTINCT keep of a row.
 * reference: MapColumn::serialize.
 */
export const withSortedMaps = (sql: string, type: SqlType): string =>
  withEntries(sql, type, (entries, item) => {
    const ranked = `list_transform(${entries}, lambda ${item}: struct_pack(n := ((${item}).k).k IS NOT NULL, k := (${item}).k, v := (${item}).v))`
    return `map_from_entries(list_transform(list_sort(${ranked}), lambda ${item}: struct_pack(k := (${item}).k, v := (${item}).v)))`
  })

/** The value with each of its maps as what `write` makes of its entries, lists of structs of `k` (a key in its struct) and `v`. */
const withEntries = (
  sql: string,
  type: SqlType,
  write: (entries: string, item: string) => string,
): string => {
  if (!hasMap(type)) return sql
  const inner = (value: string, of: SqlType): string => withEntries(value, of, write)
  if (type.kind === 'array')
    return nested((item) => `list_transform(${sql}, lambda ${item}: ${inner(item, type.element)})`)
  if (type.kind === 'map')
    return once(sql, (map) =>
      nested((item) => {
        const entries = `list_transform(map_entries(${map}), lambda ${item}: struct_pack(k := (${item}).key, v := ${inner(`(${item}).value`, type.value)}))`
        return `CASE WHEN ${map} IS NOT NULL THEN ${write(entries, item)} END`
      }),
    )
  if (type.kind !== 'struct') return sql
  return once(sql, (value) => {
    const fields = type.fields.map(
      (field) =>
        `${quoteName(field.name)} := ${inner(`struct_extract(${value}, ${quote(field.name)})`, field.type)}`,
    )
    return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
  })
}

/** DuckDB orders lists as StarRocks does. Two maps are never equal there, so arrays of them differ unless they hold nothing but NULL. */
const ordered = (
  operator: Exclude<ComparisonOperator, '=' | '<=>'>,
  element: SqlType,
): ((left: string, right: string) => string) | undefined => {
  if (!hasMap(element))
    return (left, right) => `(${left} ${operator === '!=' ? '<>' : operator} ${right})`
  if (operator !== '!=' || element.kind !== 'map') return undefined
  return (left, right) => {
    const same = boundBoth(
      left,
      right,
      (x, y) => `len(${x}) = len(${y}) AND list_count(${x}) = 0 AND list_count(${y}) = 0`,
    )
    return `(NOT (${same}))`
  }
}

/** True, false, or NULL where a NULL inside leaves it open. */
const equality = (a: string, b: string, type: SqlType): string => {
  if (type.kind === 'array') return arrayEquality(a, b, type.element)
  if (type.kind === 'map') return mapEquality(a, b, type.value)
  if (type.kind !== 'struct') return `${a} = ${b}`
  const fields = type.fields.map(({ name, type: field }) => {
    const part = (value: string): string => `struct_extract(${value}, ${quote(name)})`
    return `(${equality(part(a), part(b), field)})`
  })
  return fields.join(' AND ')
}

/** Of a list of answers: false if one is, else unknown if one is. */
const all = (answers: string): string =>
  nested(
    (list) =>
      `list_extract(list_transform([${answers}], lambda ${list}: CASE WHEN list_contains(${list}, false) THEN false WHEN list_count(${list}) < len(${list}) THEN NULL ELSE true END), 1)`,
  )

const arrayEquality = (a: string, b: string, element: SqlType): string => {
  const pairs = nested(
    (pair) =>
      `list_transform(list_zip(${a}, ${b}), lambda ${pair}: ${equality(`${pair}[1]`, `${pair}[2]`, element)})`,
  )
  return `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL WHEN len(${a}) <> len(${b}) THEN false ELSE ${all(pairs)} END`
}

/**
 * Keys that both have are compared by their values. What is left over can only meet a NULL key on the other side, which may be any key: then
 * the answer is unknown unless the values differ.
 */
const mapEquality = (a: string, b: string, value: SqlType): string => {
  const shared = nested(
    (entry) =>
      `list_transform(list_filter(map_entries(${a}), lambda ${entry}: ((${entry}).key).k IS NOT NULL AND map_contains(${b}, (${entry}).key)), lambda ${entry}: ${equality(`(${entry}).value`, `${b}[(${entry}).key]`, value)})`,
  )
  const left = rest(a, b)
  // An ordinary key meets the NULL key, the NULL key whatever else is left.
  const right = `list_sort(${rest(b, a)}, 'ASC', 'NULLS LAST')`
  const open = nested((entry) => {
    const partner = `CASE WHEN ((${entry}).key).k IS NULL THEN 1 ELSE len(${right}) END`
    const other = `list_extract(${right}, ${partner})`
    return `list_transform(${left}, lambda ${entry}: CASE WHEN ((${entry}).key).k IS NOT NULL AND ((${other}).key).k IS NOT NULL THEN false WHEN NOT (${equality(`(${entry}).value`, `(${other}).value`, value)}) THEN false END)`
  })
  const answers = `list_concat(CAST(${shared} AS BOOLEAN[]), CASE WHEN len(${left}) > 2 THEN [false] ELSE CAST(${open} AS BOOLEAN[]) END)`
  return `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL WHEN cardinality(${a}) <> cardinality(${b}) THEN false ELSE ${all(answers)} END`
}

const rest = (map: string, other: string): string =>
  nested(
    (entry) =>
      `list_filter(map_entries(${map}), lambda ${entry}: ((${entry}).key).k IS NULL OR NOT map_contains(${other}, (${entry}).key))`,
  )
