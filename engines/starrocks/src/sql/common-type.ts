/** Which type two values meet in: CASE, COALESCE, UNION, arrays (StarRocks' TypeManager), and what a string can become. */
import { maxDecimalPrecision, simpleType, stringType } from './type.ts'
import type { SimpleKind, SqlType, StructField } from './type.ts'

const integerOrder: readonly SimpleKind[] = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'largeint',
]

/** Digits that hold every value of an integer type. */
const integerDigits: Readonly<Partial<Record<SqlType['kind'], number>>> = {
  boolean: 1,
  tinyint: 3,
  smallint: 5,
  int: 10,
  bigint: 19,
  largeint: maxDecimalPrecision,
}

export const isString = (type: SqlType): boolean => type.kind === 'varchar' || type.kind === 'char'

export const isInteger = (type: SqlType): boolean =>
  type.kind !== 'boolean' && Object.hasOwn(integerDigits, type.kind)

export const isNumeric = (type: SqlType): boolean =>
  isInteger(type) || type.kind === 'decimal' || type.kind === 'float' || type.kind === 'double'

export const isDate = (type: SqlType): boolean => type.kind === 'date' || type.kind === 'datetime'

/** Somewhere in it only NULL was seen: `[]`, `[NULL]`. */
export const isUntyped = (type: SqlType): boolean => {
  if (type.kind === 'array') return isUntyped(type.element)
  if (type.kind === 'map') return isUntyped(type.key) || isUntyped(type.value)
  if (type.kind === 'struct') return type.fields.some((field) => isUntyped(field.type))
  return type.kind === 'null'
}

/** The decimal that holds an integer or decimal type, before any cap. */
export const asDecimal = (type: SqlType): { precision: number; scale: number } => {
  if (type.kind === 'decimal') return type
  return { precision: integerDigits[type.kind] ?? maxDecimalPrecision, scale: 0 }
}

export const sameType = (a: SqlType, b: SqlType): boolean => {
  if (a.kind !== b.kind) return isString(a) && isString(b)
  if (a.kind === 'decimal' && b.kind === 'decimal')
    return a.precision === b.precision && a.scale === b.scale
  if (a.kind === 'array' && b.kind === 'array') return sameType(a.element, b.element)
  if (a.kind === 'map' && b.kind === 'map')
    return sameType(a.key, b.key) && sameType(a.value, b.value)
  return a.kind !== 'struct' || b.kind !== 'struct' || sameFields(a.fields, b.fields)
}

const sameFields = (a: readonly StructField[], b: readonly StructField[]): boolean =>
  a.length === b.length &&
  a.every((field, index) => {
    const other = b[index]
    return other !== undefined && field.name === other.name && sameType(field.type, other.type)
  })

/** Undefined when StarRocks finds none, or none that this engine can honour. */
export const commonType = (a: SqlType, b: SqlType): SqlType | undefined => {
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  if (isString(a) && isString(b)) return longerString(a, b)
  if (sameType(a, b)) return a
  if (a.kind === 'array' && b.kind === 'array') return commonArray(a.element, b.element)
  if (a.kind === 'map' && b.kind === 'map') {
    const key = commonType(a.key, b.key)
    const value = commonType(a.value, b.value)
    return key && value ? { kind: 'map', key, value } : undefined
  }
  if (a.kind === 'struct' && b.kind === 'struct') return commonStruct(a.fields, b.fields)
  const numeric = commonNumeric(a, b)
  if (numeric !== undefined) return numeric
  if (isDate(a) && isDate(b)) return simpleType('datetime')
  const dated = isDate(a) ? besideDate(a, b) : isDate(b) ? besideDate(b, a) : undefined
  if (dated !== undefined) return dated
  const scalar = (type: SqlType): boolean =>
    isNumeric(type) || isDate(type) || isString(type) || type.kind === 'json'
  return (isString(a) && scalar(b)) || (isString(b) && scalar(a)) ? stringType : undefined
}

/** Numbers that have room for the digits of a date are its common type, by StarRocks' table of types. */
const besideDate = (date: SqlType, { kind }: SqlType): SqlType | undefined => {
  if (kind === 'decimal') return simpleType('double')
  const wide: readonly string[] =
    date.kind === 'date' ? ['int', 'bigint', 'largeint'] : ['bigint', 'largeint', 'double']
  return wide.includes(kind) ? simpleType(kind as SimpleKind) : undefined
}

const longerString = (a: SqlType, b: SqlType): SqlType => {
  const length = Math.max('length' in a ? a.length : 0, 'length' in b ? b.length : 0)
  return { kind: 'varchar', length }
}

const commonArray = (a: SqlType, b: SqlType): SqlType | undefined => {
  const element = commonType(a, b)
  return element && { kind: 'array', element }
}

/** Field by field; the names are the first one's. */
const commonStruct = (
  a: readonly StructField[],
  b: readonly StructField[],
): SqlType | undefined => {
  if (a.length !== b.length) return undefined
  const fields = a.flatMap(({ name, type }, index) => {
    const other = b[index]
    const common = other && commonType(type, other.type)
    return common === undefined ? [] : [{ name, type: common }]
  })
  return fields.length === a.length ? { kind: 'struct', fields } : undefined
}

const commonNumeric = (a: SqlType, b: SqlType): SqlType | undefined => {
  const left = integerOrder.indexOf(a.kind as SimpleKind)
  const right = integerOrder.indexOf(b.kind as SimpleKind)
  if (left !== -1 && right !== -1) return left >= right ? a : b
  if ((left === -1 && !isNumeric(a)) || (right === -1 && !isNumeric(b))) return undefined
  if (a.kind === 'decimal' || b.kind === 'decimal') {
    if (a.kind === 'float' || a.kind === 'double' || b.kind === 'float' || b.kind === 'double')
      return simpleType('double')
    return commonDecimal(asDecimal(a), asDecimal(b))
  }
  return simpleType('double')
}

interface Digits {
  readonly precision: number
  readonly scale: number
}

const commonDecimal = (a: Digits, b: Digits): SqlType => {
  const scale = Math.max(a.scale, b.scale)
  const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale
  return precision > maxDecimalPrecision
    ? simpleType('double')
    : { kind: 'decimal', precision, scale }
}

export const commonTypeOf = (types: readonly SqlType[]): SqlType | undefined =>
  types.reduce<SqlType | undefined>(
    (found, type) => (found === undefined ? undefined : commonType(found, type)),
    simpleType('null'),
  )
