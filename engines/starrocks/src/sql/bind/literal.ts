/** Literals with the smallest type that StarRocks gives them. */
import type { Literal } from '../ast.ts'
import type { Bound } from '../bound.ts'
import { constant } from '../bound.ts'
import { castTo, quote } from '../emit/text.ts'
import { analyzingError } from '../sql-error.ts'
import { maxDecimalPrecision, maxVarcharLength, simpleType, stringType } from '../type.ts'
import type { SimpleKind, SqlType } from '../type.ts'
import { convertTo } from './conversion.ts'

const bounds: readonly (readonly [kind: SimpleKind, limit: bigint])[] = [
  ['tinyint', 2n ** 7n],
  ['smallint', 2n ** 15n],
  ['int', 2n ** 31n],
  ['bigint', 2n ** 63n],
  ['largeint', 2n ** 127n],
]

export const bindLiteral = (literal: Literal): Bound => {
  switch (literal.kind) {
    case 'null':
      return nullValue
    case 'boolean':
      return known(constant(`CAST(${literal.value} AS BOOLEAN)`, simpleType('boolean')))
    case 'integer':
      return integer(literal.text)
    case 'decimal':
      return decimal(literal.text)
    case 'double':
      return scientific(literal.text)
    case 'string':
      return text(literal.value)
    case 'bytes':
      return known(
        constant(`unhex('${literal.hex}')`, { kind: 'varbinary', length: maxVarcharLength }),
      )
    case 'temporal':
      return temporal(literal.type, literal.value)
  }
}

export const nullValue: Bound = constant('NULL', simpleType('null'))

const known = (value: Bound): Bound => ({ ...value, notNull: true })

const text = (value: string): Bound => ({
  ...constant(quote(value), stringType),
  literal: { kind: 'string', text: value },
  notNull: true,
})

const number = (digits: string, type: SqlType, sql = `'${digits}'`): Bound => ({
  ...constant(castTo(sql, type), type),
  literal: { kind: 'number', text: digits },
  notNull: true,
})

const integer = (digits: string): Bound => {
  // Longer than any LARGEINT: no need to build the number.
  if (digits.length > 200)
    throw analyzingError(`Number overflow. literal: ${digits.slice(0, 40)}...`)
  const value = BigInt(digits)
  const found = bounds.find(([, limit]) => value < limit)
  if (found === undefined) return number(digits, simpleType('double'))
  const [kind] = found
  const plain = value.toString()
  return kind === 'largeint'
    ? number(plain, simpleType(kind))
    : number(plain, simpleType(kind), plain)
}

const decimal = (written: string): Bound => {
  const [whole = '', fraction = ''] = written.split('.')
  const wholeDigits = whole.replace(/^0+/, '').length
  if (wholeDigits > maxDecimalPrecision)
    throw analyzingError(`Non-typed decimal literal is overflow, value='${written.slice(0, 80)}'.`)
  const scale = Math.min(fraction.length, maxDecimalPrecision - wholeDigits)
  const type: SqlType = { kind: 'decimal', precision: Math.max(wholeDigits + scale, 1), scale }
  return number(scale === fraction.length ? written : roundedText(whole, fraction, scale), type)
}

/** A DECIMAL, as far as its whole digits fit one. reference: StarRocks 3.3.7, AstBuilder.visitDoubleValue. */
const scientific = (written: string): Bound => {
  const [mantissa = '', exponent = '0'] = written.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = `${whole}${fraction}`
  const point = whole.length + Number(exponent)
  const zeros = Math.min(/^0*/.exec(digits)?.[0].length ?? 0, digits.length - 1)
  if (point - zeros > maxDecimalPrecision) return number(written, simpleType('double'))
  // Digits further behind the point than any DECIMAL has are none.
  if (point <= 0)
    return decimal(`0.${'0'.repeat(Math.min(-point, 2 * maxDecimalPrecision))}${digits}`)
  const filled = digits.padEnd(point, '0')
  return decimal(
    filled.length === point ? filled : `${filled.slice(0, point)}.${filled.slice(point)}`,
  )
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
const temporal = (kind: 'date' | 'datetime', value: string): Bound => {
  const found =
    /^\s*(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[ T]+\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?)?\s*$/.exec(
      value,
    )
  if (found === null || !isCalendarDay(Number(found[1]), Number(found[2]), Number(found[3])))
    throw analyzingError(`Invalid date literal ${value}.`)
  return known(convertTo(text(value), simpleType(kind)))
}

const isCalendarDay = (year: number, month: number, day: number): boolean =>
  month >= 1 &&
  month <= 12 &&
  day >= 1 &&
  day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
