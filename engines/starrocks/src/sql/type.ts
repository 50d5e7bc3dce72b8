/**
 * StarRocks' types as data, and their two spellings: StarRocks' own and DuckDB's storage type.
 * Limits are StarRocks': DECIMAL up to 38 digits, VARCHAR up to 1048576 bytes, STRING = VARCHAR(65533).
 */
import { quoted } from './quote.ts'

export type SimpleKind =
  | 'null'
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'largeint'
  | 'float'
  | 'double'
  | 'date'
  | 'datetime'
  | 'time'
  | 'json'
  | 'bitmap'
  | 'hll'
  | 'percentile'

export interface StructField {
  readonly name: string
  readonly type: SqlType
}

export type SqlType =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'char' | 'varchar' | 'varbinary'; readonly length: number }
  | { readonly kind: 'array'; readonly element: SqlType }
  | { readonly kind: 'map'; readonly key: SqlType; readonly value: SqlType }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] }

const stringLength = 65_533
export const maxVarcharLength = 1_048_576
export const maxDecimalPrecision = 38

export const stringType: SqlType = { kind: 'varchar', length: stringLength }

export const simpleType = (kind: SimpleKind): SqlType => ({ kind })

/** StarRocks' spelling: `varchar(20)`, `array<int>`; sql/type-text.ts adds what SHOW CREATE TABLE and DESC want. */
export const printType = (type: SqlType): string => {
  if (type.kind === 'decimal') return `decimal(${type.precision}, ${type.scale})`
  if (type.kind === 'char' || type.kind === 'varchar') return `${type.kind}(${type.length})`
  if (type.kind === 'varbinary')
    return type.length < maxVarcharLength ? `varbinary(${type.length})` : 'varbinary'
  if (type.kind === 'array') return `array<${printType(type.element)}>`
  if (type.kind === 'map') return `map<${printType(type.key)},${printType(type.value)}>`
  if (type.kind === 'struct') {
    const fields = type.fields.map(
      (field) => `${printFieldName(field.name)} ${printType(field.type)}`,
    )
    return `struct<${fields.join(', ')}>`
  }
  return type.kind === 'null' ? 'null_type' : type.kind
}

const printFieldName = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``

const duckNames: Readonly<Record<SimpleKind, string>> = {
  null: '"NULL"',
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
  largeint: 'HUGEINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  date: 'DATE',
  datetime: 'TIMESTAMP',
  time: 'DOUBLE',
  json: 'JSON',
  bitmap: 'UBIGINT[]',
  hll: 'UBIGINT[]',
  percentile: 'DOUBLE[]',
}

/** DuckDB's type that stores and computes the same values. */
export const duckType = (type: SqlType): string => {
  if (type.kind === 'decimal') return `DECIMAL(${type.precision},${type.scale})`
  if (type.kind === 'char' || type.kind === 'varchar') return 'VARCHAR'
  if (type.kind === 'varbinary') return 'BLOB'
  if (type.kind === 'array') return `${duckType(type.element)}[]`
  // StarRocks' maps may have NULL for a key and DuckDB's may not: the key stands in a struct of its own.
  if (type.kind === 'map') return `MAP(STRUCT(k ${duckType(type.key)}), ${duckType(type.value)})`
  if (type.kind === 'struct') {
    const fields = type.fields.map((field) => `${quoted(field.name)} ${duckType(field.type)}`)
    return `STRUCT(${fields.join(', ')})`
  }
  return duckNames[type.kind]
}
