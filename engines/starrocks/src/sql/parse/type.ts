/** Types as they are written in CREATE TABLE and CAST. */
import { maxDecimalPrecision, maxVarcharLength, simpleType, stringType } from '../type.ts'
import type { SimpleKind, SqlType, StructField } from '../type.ts'
import type { Cursor } from './cursor.ts'
import { commaList, identifier, integer } from './name.ts'

const simple: Readonly<Record<string, SimpleKind>> = {
  BOOLEAN: 'boolean',
  BOOL: 'boolean',
  TINYINT: 'tinyint',
  SMALLINT: 'smallint',
  INT: 'int',
  INTEGER: 'int',
  BIGINT: 'bigint',
  LARGEINT: 'largeint',
  FLOAT: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  DATETIME: 'datetime',
  TIMESTAMP: 'datetime',
  TIME: 'time',
  JSON: 'json',
  BITMAP: 'bitmap',
  HLL: 'hll',
  PERCENTILE: 'percentile',
}

/** Display widths, `INT(11)`, say nothing about values. */
const withWidth: ReadonlySet<string> = new Set([
  'TINYINT',
  'SMALLINT',
  'INT',
  'INTEGER',
  'BIGINT',
  'LARGEINT',
  'DATETIME',
])

const decimalNames: Readonly<Record<string, number>> = {
  DECIMAL: maxDecimalPrecision,
  NUMERIC: maxDecimalPrecision,
  NUMBER: maxDecimalPrecision,
  DECIMALV2: 27,
  DECIMAL32: 9,
  DECIMAL64: 18,
  DECIMAL128: maxDecimalPrecision,
}

export const parseType = (cursor: Cursor): SqlType => cursor.nest(() => readType(cursor))

const readType = (cursor: Cursor): SqlType => {
  const start = cursor.peek()
  if (start.kind !== 'word') return cursor.fail('a type')
  const name = start.keyword
  cursor.next()
  const kind = Object.hasOwn(simple, name) ? simple[name] : undefined
  if (kind !== undefined) {
    if (withWidth.has(name) && cursor.take('(')) {
      integer(cursor)
      cursor.expect(')')
    }
    return simpleType(kind)
  }
  const precision = Object.hasOwn(decimalNames, name) ? decimalNames[name] : undefined
  if (precision !== undefined) return readDecimal(cursor, name, precision)
  switch (name) {
    case 'CHAR':
      return { kind: 'char', length: readLength(cursor, 1, 255) }
    case 'VARCHAR':
      return { kind: 'varchar', length: readLength(cursor, maxVarcharLength, maxVarcharLength) }
    case 'STRING':
    case 'TEXT':
      return stringType
    case 'VARBINARY':
    case 'BINARY':
      return { kind: 'varbinary', length: readLength(cursor, maxVarcharLength, maxVarcharLength) }
    case 'SIGNED':
      if (!cursor.take('INT')) cursor.take('INTEGER')
      return simpleType('bigint')
    case 'UNSIGNED':
      if (!cursor.take('INT')) cursor.take('INTEGER')
      return simpleType('bigint')
    case 'ARRAY':
    case 'MAP':
    case 'STRUCT':
      return readNested(cursor, name)
    default:
      return cursor.refuse(`Unknown type '${start.text}'.`, start.start)
  }
}

const readLength = (cursor: Cursor, fallback: number, limit: number): number => {
  if (!cursor.take('(')) return fallback
  if (cursor.take('*')) {
    cursor.expect(')')
    return limit
  }
  const at = cursor.peek().start
  const length = integer(cursor)
  if (length < 1 || length > limit) {
    cursor.refuse(`The length of a string type must be between 1 and ${limit}, not ${length}.`, at)
  }
  cursor.expect(')')
  return length
}

const readDecimal = (cursor: Cursor, name: string, limit: number): SqlType => {
  if (!cursor.take('(')) {
    // StarRocks' defaults: DECIMAL(10, 0); DECIMALV2 keeps nine digits behind the point; the sized names have all of them there.
    if (name === 'DECIMALV2') return { kind: 'decimal', precision: limit, scale: 9 }
    return /\d/.test(name)
      ? { kind: 'decimal', precision: limit, scale: limit }
      : { kind: 'decimal', precision: 10, scale: 0 }
  }
  const at = cursor.peek().start
  const precision = integer(cursor)
  const scale = cursor.take(',') ? integer(cursor) : 0
  cursor.expect(')')
  if (precision < 1 || precision > limit) {
    cursor.refuse(`${name}'s precision should range from 1 to ${limit}.`, at)
  }
  if (scale > precision) {
    cursor.refuse(`${name}'s scale must not exceed its precision ${precision}, not ${scale}.`, at)
  }
  return { kind: 'decimal', precision, scale }
}

const readNested = (cursor: Cursor, name: 'ARRAY' | 'MAP' | 'STRUCT'): SqlType => {
  cursor.expect('<')
  if (name === 'ARRAY') {
    const element = parseType(cursor)
    cursor.expect('>')
    return { kind: 'array', element }
  }
  if (name === 'MAP') {
    const key = parseType(cursor)
    cursor.expect(',')
    const value = parseType(cursor)
    cursor.expect('>')
    return { kind: 'map', key, value }
  }
  const fields = commaList(cursor, readField)
  cursor.expect('>')
  return { kind: 'struct', fields }
}

const readField = (cursor: Cursor): StructField => {
  const name = identifier(cursor)
  cursor.take(':')
  const type = parseType(cursor)
  return { name, type }
}
