/** The keys of maps in DuckDB: each is a struct around the key, since no key may be NULL there (type.ts). */
import { literal, quoted } from './quote.ts'
import type { SqlType } from './type.ts'
import { duckType } from './type.ts'

export const wrappedKey = (sql: string): string => `struct_pack(k := ${sql})`

export const wrappedKeys = (list: string): string =>
  `list_transform(${list}, lambda map_key: ${wrappedKey('map_key')})`

/** The keys of a map as a list of plain keys. */
export const plainKeys = (map: string): string =>
  `list_transform(map_keys(${map}), lambda map_key: (map_key).k)`

export const hasMap = (type: SqlType): boolean => {
  if (type.kind === 'array') return hasMap(type.element)
  return type.kind === 'struct'
    ? type.fields.some((field) => hasMap(field.type))
    : type.kind === 'map'
}

/** DuckDB's type with plain keys: what JSON is read as, and what earlier versions stored. */
export const plainMapType = (type: SqlType): string => {
  if (type.kind === 'array') return `${plainMapType(type.element)}[]`
  if (type.kind === 'map') return `MAP(${plainMapType(type.key)}, ${plainMapType(type.value)})`
  if (type.kind !== 'struct') return duckType(type)
  const fields = type.fields.map((field) => `${quoted(field.name)} ${plainMapType(field.type)}`)
  return `STRUCT(${fields.join(', ')})`
}

/** The value with the keys of all its maps as `keyOf` makes them, at whatever depth. */
const withKeys = (
  sql: string,
  type: SqlType,
  keyOf: (key: string) => string,
  depth = 0,
): string => {
  if (!hasMap(type)) return sql
  const item = `map_item_${depth}`
  const inner = (value: string, of: SqlType) => withKeys(value, of, keyOf, depth + 1)
  if (type.kind === 'array')
    return `list_transform(${sql}, lambda ${item}: ${inner(item, type.element)})`
  if (type.kind === 'map') {
    const entry = `struct_pack(k := ${keyOf(`(${item}).key`)}, v := ${inner(`(${item}).value`, type.value)})`
    return `map_from_entries(list_transform(map_entries(${sql}), lambda ${item}: ${entry}))`
  }
  if (type.kind !== 'struct') return sql
  const fields = type.fields.map(
    ({ name, type: of }) =>
      `${quoted(name)} := ${inner(`struct_extract(${sql}, ${literal(name)})`, of)}`,
  )
  return `CASE WHEN ${sql} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
}

/** From keys in structs to a value with plain keys, as files and other programs know them. */
export const unwrapMaps = (sql: string, type: SqlType): string =>
  withKeys(sql, type, (key) => `(${key}).k`)

/** From a value with plain keys to one with keys in structs. */
export const wrapMaps = (sql: string, type: SqlType): string => withKeys(sql, type, wrappedKey)
