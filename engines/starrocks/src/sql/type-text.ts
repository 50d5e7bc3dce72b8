/** Types as SHOW CREATE TABLE and information_schema print them, with MySQL's display widths, and as DESC does, without. */
import { printType } from './type.ts'
import type { SqlType } from './type.ts'

const widths: Readonly<Partial<Record<SqlType['kind'], string>>> = {
  boolean: 'boolean',
  tinyint: 'tinyint(4)',
  smallint: 'smallint(6)',
  int: 'int(11)',
  bigint: 'bigint(20)',
  largeint: 'largeint(40)',
}

export function typeText(type: SqlType): string {
  if (type.kind === 'array') return `array<${elementText(type.element)}>`
  if (type.kind === 'map') return `map<${typeText(type.key)},${typeText(type.value)}>`
  if (type.kind === 'struct') {
    return `struct<${type.fields.map((field) => `${field.name} ${typeText(field.type)}`).join(', ')}>`
  }
  return widths[type.kind] ?? printType(type)
}

/** StarRocks prints a decimal in an array, and only there, by how it is stored. */
const elementText = (type: SqlType): string =>
  type.kind === 'decimal' ? storedDecimal(type).toUpperCase() : typeText(type)

/** DESC and SHOW COLUMNS. A decimal inside another type is named by how it is stored. */
export function describedType(type: SqlType): string {
  if (type.kind === 'decimal') return `decimal(${type.precision},${type.scale})`
  if (type.kind === 'array') return `array<${internalType(type.element)}>`
  if (type.kind === 'map') return `map<${internalType(type.key)},${internalType(type.value)}>`
  if (type.kind === 'struct') {
    return `struct<${type.fields.map((field) => `${field.name} ${internalType(field.type)}`).join(', ')}>`
  }
  return printType(type)
}

/** As errors spell types, in small letters. */
export function internalType(type: SqlType): string {
  return type.kind === 'decimal' ? storedDecimal(type) : describedType(type)
}

function storedDecimal(type: Extract<SqlType, { kind: 'decimal' }>): string {
  const bits = type.precision <= 9 ? 32 : type.precision <= 18 ? 64 : 128
  return `decimal${bits}(${type.precision},${type.scale})`
}

/** information_schema.columns.DATA_TYPE: the bare word. */
export const dataType = (type: SqlType): string => {
  if (type.kind === 'boolean') return 'tinyint'
  return type.kind === 'largeint' ? 'bigint unsigned' : type.kind
}

/** information_schema.columns.COLUMN_TYPE: as MySQL would spell it, for its clients. */
export const columnType = (type: SqlType): string => {
  if (type.kind === 'boolean') return 'tinyint(1)'
  return type.kind === 'largeint' ? 'bigint(20) unsigned' : typeText(type)
}
