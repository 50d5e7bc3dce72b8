/** A stored value in another shape of its type: fields of structs by their names, NULL in those that the old shape has not. */
import { duckType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { nested, quote, quoteName } from './text.ts'

export function reshaped(value: string, from: SqlType, to: SqlType): string {
  if (duckType(from) === duckType(to)) return value
  if (from.kind === 'array' && to.kind === 'array') {
    return nested(
      (item) =>
        `list_transform(${value}, lambda ${item}: ${reshaped(item, from.element, to.element)})`,
    )
  }
  if (from.kind !== 'struct' || to.kind !== 'struct') return `CAST(${value} AS ${duckType(to)})`
  const parts = to.fields.map((field) => {
    const old = from.fields.find(({ name }) => name.toLowerCase() === field.name.toLowerCase())
    const part = old
      ? reshaped(`struct_extract(${value}, ${quote(old.name)})`, old.type, field.type)
      : `CAST(NULL AS ${duckType(field.type)})`
    return `${quoteName(field.name)} := ${part}`
  })
  return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${parts.join(', ')}) END`
}
