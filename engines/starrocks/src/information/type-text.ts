/** Types as DESC, SHOW CREATE TABLE and information_schema print them: with MySQL's display widths. */
import { printType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'

const widths: Readonly<Partial<Record<SqlType['kind'], string>>> = {
  boolean: 'boolean',
  tinyint: 'tinyint(4)',
  smallint: 'smallint(6)',
  int: 'int(11)',
  bigint: 'bigint(20)',
  largeint: 'largeint(40)',
}

export function typeText(type: SqlType): string {
  if (type.kind === 'array') return `array<${typeText(type.element)}>`
  if (type.kind === 'map') return `map<${typeText(type.key)},${typeText(type.value)}>`
  if (type.kind === 'struct') {
    return `struct<${type.fields.map((field) => `${field.name} ${typeText(field.type)}`).join(', ')}>`
  }
  return widths[type.kind] ?? printType(type)
}

/** information_schema.columns.DATA_TYPE: the bare word. */
export const dataType = (type: SqlType): string =>
  type.kind === 'largeint' ? 'bigint unsigned' : type.kind
