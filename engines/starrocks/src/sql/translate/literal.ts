/** Literals with the smallest type that StarRocks gives them. */
import type { Literal } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { maxDecimalPrecision, maxVarcharLength, simpleType, stringType } from '../type.ts'
import type { SimpleKind, SqlType } from '../type.ts'
import { convertSql } from './convert.ts'
import { castTo, quote } from './typed.ts'
import type { TypedExpression } from './typed.ts'

const bounds: readonly (readonly [kind: SimpleKind, limit: bigint])[] = [
  ['tinyint', 2n ** 7n],
  ['smallint', 2n ** 15n],
  ['int', 2n ** 31n],
  ['bigint', 2n ** 63n],
  ['largeint', 2n ** 127n],
]

export const translateLiteral = (literal: Literal): TypedExpression => {
  switch (literal.kind) {
    case 'null':
      return { sql: 'NULL', type: simpleType('null') }
    case 'boolean':
      return { sql: `CAST(${literal.value} AS BOOLEAN)`, type: simpleType('boolean') }
    case 'integer':
      return integer(literal.text)
    case 'decimal':
      return decimal(literal.text)
    case 'double':
      return number(literal.text, simpleType('double'))
    case 'string':
      return {
        sql: quote(literal.value),
        type: stringType,
        literal: { kind: 'string', text: literal.value },
      }
    case 'bytes':
      return {
        sql: `unhex('${literal.hex}')`,
        type: { kind: 'varbinary', length: maxVarcharLength },
      }
    case 'temporal':
      return temporal(literal.type, literal.value)
  }
}

const number = (text: string, type: SqlType): TypedExpression => ({
  sql: castTo(`'${text}'`, type),
  type,
  literal: { kind: 'number', text },
})

const integer = (digits: string): TypedExpression => {
  // Longer than any LARGEINT: no need to build the number.
  if (digits.length > 200)
    throw analyzingError(`Number overflow. literal: ${digits.slice(0, 40)}...`)
  const value = BigInt(digits)
  const found = bounds.find(([, limit]) => value < limit)
  if (found === undefined) return number(digits, simpleType('double'))
  const type = simpleType(found[0])
  const text = value.toString()
  const sql = found[0] === 'largeint' ? castTo(`'${text}'`, type) : castTo(text, type)
  return { sql, type, literal: { kind: 'number', text } }
}

const decimal = (text: string): TypedExpression => {
  const [whole = '', fraction = ''] = text.split('.')
  const wholeDigits = whole.replace(/^0+/, '').length
  if (wholeDigits > maxDecimalPrecision)
    throw analyzingError(`Non-typed decimal literal is overflow, value='${text.slice(0, 80)}'.`)
  const scale = Math.min(fraction.length, maxDecimalPrecision - wholeDigits)
  const type: SqlType = { kind: 'decimal', precision: Math.max(wholeDigits + scale, 1), scale }
  return number(scale === fraction.length ? text : roundedText(whole, fraction, scale), type)
}

/** Half up, to the digits that 38 leave room for. */
const roundedText = (whole: string, fraction: string, scale: number): string => {
  const up = (fraction[scale] ?? '0') >= '5' ? 1n : 0n
  const unscaled = (BigInt(`${whole}${fraction.slice(0, scale)}`) + up).toString()
  const padded = unscaled.padStart(scale + 1, '0')
  return scale === 0
    ? padded
    : `${padded.slice(0, padded.length - scale)}.${padded.slice(padded.length - scale)}`
}

/** A date literal must be a date; a string that only might be one becomes NULL instead. */
const temporal = (kind: 'date' | 'datetime', value: string): TypedExpression => {
  const type = simpleType(kind)
  const found =
    /^\s*(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[ T]+\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?)?\s*$/.exec(
      value,
    )
  const sql = convertSql(
    { sql: quote(value), type: stringType, literal: { kind: 'string', text: value } },
    type,
  )
  if (
    sql === undefined ||
    found === null ||
    !isCalendarDay(Number(found[1]), Number(found[2]), Number(found[3]))
  ) {
    throw analyzingError(`Invalid date literal ${value}.`)
  }
  return { sql, type }
}

const isCalendarDay = (year: number, month: number, day: number): boolean =>
  month >= 1 &&
  month <= 12 &&
  day >= 1 &&
  day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
