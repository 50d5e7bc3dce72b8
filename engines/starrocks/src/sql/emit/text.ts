/** How DuckDB's SQL is put together: casts, and values that a text needs several times. */
import { analyzingError } from '../sql-error.ts'
import { duckType } from '../type.ts'
import type { SqlType } from '../type.ts'

/** As templates of functions name them. */
export { literal as quote, quoted as quoteName } from '../quote.ts'

/**
 * How long one expression may grow: only its text says, so this is refused here. Templates may name an argument twice, so nesting
 * multiplies; a statement that reaches this was built to.
 */
const maxExpressionLength = 4 * 1024 * 1024

export const sized = (sql: string): string => {
  if (sql.length > maxExpressionLength) throw analyzingError('The expression is too complex.')
  return sql
}

export const castTo = (sql: string, type: SqlType): string => `CAST(${sql} AS ${duckType(type)})`

export const tryCast = (sql: string, type: SqlType): string =>
  `TRY_CAST(${sql} AS ${duckType(type)})`

/** Below this an expression is a column, a literal or a cast of one: naming it twice costs nothing. */
const cheapLength = 48

/**
 * An integer of 128 bits cut to 64, as StarRocks' BIGINT arithmetic does: overflow wraps around silently.
 */
export const wrapped = (sql: string): string =>
  `CAST(((${sql} + 9223372036854775808) & 18446744073709551615) - 9223372036854775808 AS BIGINT)`

/** How many `once` bodies are being written around this one: their variables need names of their own. */
let depth = 0

export const nested = (write: (variable: string) => string): string => {
  depth += 1
  try {
    return write(`once_${depth}`)
  } finally {
    depth -= 1
  }
}

/**
 * Uses a value several times in `body` without writing it several times. DuckDB has no LET, but a lambda over a
 * one-element list is one. Nested templates stay linear in length that way. Equal calls give equal text.
 */
export const once = (value: string, body: (value: string) => string): string =>
  value.length <= cheapLength
    ? body(value)
    : nested((name) => `list_extract(list_transform([${value}], lambda ${name}: ${body(name)}), 1)`)

/** A pair in one variable: neither value comes to stand inside a lambda, where DuckDB takes no subquery. */
const paired = (a: string, b: string, body: (a: string, b: string) => string): string =>
  nested(
    (name) =>
      `list_extract(list_transform([struct_pack(a := ${a}, b := ${b})], lambda ${name}: ${body(`(${name}).a`, `(${name}).b`)}), 1)`,
  )

/** The same for any number of values. */
export const onceAll = (
  values: readonly string[],
  body: (values: readonly string[]) => string,
): string => {
  if (values.every((value) => value.length <= cheapLength)) return body(values)
  const fields = values.map((value, at) => `v${at} := ${value}`)
  return nested(
    (name) =>
      `list_extract(list_transform([struct_pack(${fields.join(', ')})], lambda ${name}: ${body(values.map((_, at) => `(${name}).v${at}`))}), 1)`,
  )
}

/** The same for two values. */
export const onceBoth = (a: string, b: string, body: (a: string, b: string) => string): string => {
  const [isLongA, isLongB] = [a.length > cheapLength, b.length > cheapLength]
  if (isLongA && isLongB) return paired(a, b, body)
  return isLongA ? once(a, (first) => body(first, b)) : once(b, (second) => body(a, second))
}

/** A name, a literal, or a cast of one: it may stand where DuckDB takes neither aggregates nor subqueries. */
const plainText =
  /^to_\w+\(\(?(?:(?:TRY_)?CAST\()?-?\d+(?: AS \w+\))?(?: \* \d+)?\)?\)$|^CAST\(TRY_CAST\('[\d.: -]*' AS DATE\) AS TIMESTAMP\)$|^(?:(?:TRY_)?CAST\()?(?:[\w".]+|-?\d+|'[\d.: -]*')(?: AS [\w(),]+\))?$/

export const isPlainSql = (sql: string): boolean => plainText.test(sql)

/** Plain, and no name. */
export const isConstantSql = (sql: string): boolean =>
  isPlainSql(sql) && /^(?:to_|(?:(?:TRY_)?CAST\(){0,2}['\d-])/.test(sql)

/** Like `onceBoth`, but whatever is more than plain is always bound outside of `body`. */
export const boundBoth = (a: string, b: string, body: (a: string, b: string) => string): string => {
  if (!isPlainSql(a) && !isPlainSql(b)) return paired(a, b, body)
  if (isPlainSql(a) && isPlainSql(b)) return body(a, b)
  return nested((name) => {
    const [value, inner] = isPlainSql(a) ? [b, body(a, name)] : [a, body(name, b)]
    return `list_extract(list_transform([${value}], lambda ${name}: ${inner}), 1)`
  })
}

/** NULL where DuckDB has an error. Its TRY takes neither aggregates nor subqueries, so that what is more than plain is bound outside of it. */
export const tried = (value: string, body: (value: string) => string): string =>
  isPlainSql(value)
    ? `TRY(${body(value)})`
    : nested(
        (name) => `list_extract(list_transform([${value}], lambda ${name}: TRY(${body(name)})), 1)`,
      )

export const triedBoth = (a: string, b: string, body: (a: string, b: string) => string): string =>
  boundBoth(a, b, (first, second) => `TRY(${body(first, second)})`)
