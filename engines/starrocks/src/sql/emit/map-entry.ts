/** Maps from entries. Of entries with the same key the last one stays, at its place; DuckDB would refuse them. */
import { once } from './text.ts'

/** From a list of structs of `k` (a key in its struct) and `v`. */
export const mapOf = (entries: string): string => {
  const placed = `list_sort(list_transform(${entries}, lambda entry, place: struct_pack(k := (entry).k, p := place, v := (entry).v)))`
  const last = once(
    placed,
    (sorted) =>
      `list_filter(list_zip(${sorted}, list_slice(${sorted}, 2, len(${sorted}))), lambda pair: pair[2] IS NULL OR (pair[1]).k IS DISTINCT FROM (pair[2]).k)`,
  )
  const ordered = `list_sort(list_transform(${last}, lambda pair: struct_pack(p := (pair[1]).p, k := (pair[1]).k, v := (pair[1]).v)))`
  return `map_from_entries(list_transform(${ordered}, lambda entry: struct_pack(k := (entry).k, v := (entry).v)))`
}

/** A literal number or text: two such texts that differ are two keys. */
const literal = /^struct_pack\(k := (?:CAST\()?(?:-?\d+|'(?:[^']|'')*')(?: AS \w+\))?\)$/

export const mapOfParts = (keys: readonly string[], values: readonly string[]): string =>
  new Set(keys).size === keys.length && keys.every((key) => literal.test(key))
    ? `map([${keys.join(', ')}], [${values.join(', ')}])`
    : mapOf(
        `[${keys.map((key, at) => `struct_pack(k := ${key}, v := ${values[at] ?? 'NULL'})`).join(', ')}]`,
      )
