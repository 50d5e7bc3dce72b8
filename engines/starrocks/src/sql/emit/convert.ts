/**
 * CAST with StarRocks' answers. What cannot be converted becomes NULL, never an error: StarRocks' default sql_mode.
 * DuckDB's own casts differ in many places (they round where StarRocks cuts, read `1_000`, `inf`, `epoch`, time zones),
 * so strings pass a pattern first, and each pair of types is named here or refused.
 */
import type { Operand } from '../bound.ts'
import { wrappedKey } from '../map-key.ts'
import type { SqlType } from '../type.ts'
import { arrayFromText } from './array-text.ts'
import { asDecimal, isDate, isInteger, isNumeric, isString, sameType } from '../common-type.ts'
import { dateFromText, trimmedDigits } from './date-text.ts'
import { mapOf } from './map-entry.ts'
import { checkedConversion } from './strictness.ts'
import { castTo, nested, once, quote, quoteName, tryCast } from './text.ts'
import { numberOfTime, textFromTime, timeFromText, timeOfDay, timeOfNumber } from './time-text.ts'

/** Undefined when StarRocks has no conversion, or this engine no honest one. */
export const convertSql = (value: Operand, to: SqlType): string | undefined => {
  const sql = conversion(value, to)
  if (sql === undefined || sql === value.sql) return sql
  return checkedConversion(value.sql, sql, value.type, to)
}

const conversion = (value: Operand, to: SqlType): string | undefined => {
  const from = value.type
  if (from.kind === 'null') return castTo('NULL', to)
  if (value.literal !== undefined) {
    const direct = convertLiteral(value.literal, to)
    if (direct !== undefined) return direct
  }
  if (sameType(from, to)) return value.sql
  if (isString(to)) return toStringSql(value.sql, from)
  if (isString(from)) return fromString(value.sql, to)
  if (to.kind === 'time') return toTime(value.sql, from)
  if (from.kind === 'time') return fromTime(value.sql, to)
  if (from.kind === 'json') return fromJson(value.sql, to)
  if (to.kind === 'boolean') return isNumeric(from) ? `(${value.sql} <> 0)` : undefined
  if (from.kind === 'boolean' && to.kind !== 'json') return fromBoolean(value.sql, to)
  if (isNumeric(from) && isNumeric(to)) return fromNumber(value.sql, from, to)
  if (isDate(from)) return fromDate(value.sql, from, to)
  if (isDate(to) && isInteger(from)) return fromString(`CAST(${value.sql} AS VARCHAR)`, to)
  if (to.kind === 'json') return toJson(value.sql, from)
  return convertNested(value.sql, from, to)
}

/** For what is known to be convertible: binding refuses the rest. */
export const convertTyped = (value: Operand, to: SqlType): Operand => {
  if (sameType(value.type, to) && value.literal === undefined) return value
  const sql = convertSql(value, to)
  if (sql === undefined) throw new RangeError(`no conversion of ${value.type.kind} to ${to.kind}`)
  return { sql, type: to }
}

/** What is written into the statement takes its final type at once, without passing patterns at run time. */
const convertLiteral = (
  { kind, text }: NonNullable<Operand['literal']>,
  to: SqlType,
): string | undefined => {
  if (kind === 'string') {
    if (canonical(to)?.test(text) === true) return tryCast(quote(text), to)
    const digits = to.kind === 'datetime' ? trimmedDigits(text) : text
    return digits === text ? undefined : fromString(quote(digits), to)
  }
  if (isInteger(to) && /^-?\d+$/.test(text)) return tryCast(text, to)
  if (to.kind === 'double' || to.kind === 'float') return castTo(quote(text), to)
  return to.kind === 'decimal' && /^-?\d*\.?\d*$/.test(text) ? tryCast(quote(text), to) : undefined
}

const toTime = (sql: string, from: SqlType): string | undefined => {
  if (from.kind === 'datetime') return timeOfDay(sql)
  if (from.kind === 'date') return `CASE WHEN ${sql} IS NOT NULL THEN 0::DOUBLE END`
  return isNumeric(from) ? timeOfNumber(sql) : undefined
}

const fromTime = (sql: string, to: SqlType): string | undefined => {
  if (to.kind === 'boolean') return `(${sql} <> 0)`
  return isNumeric(to) ? tryCast(numberOfTime(sql), to) : undefined
}

/** The forms that StarRocks and DuckDB read alike. */
const canonical = (to: SqlType): RegExp | undefined => {
  if (isInteger(to)) return /^-?\d{1,39}$/
  if (isNumeric(to)) return /^-?\d{1,38}(?:\.\d{1,38})?$/
  if (to.kind === 'date') return /^\d{4}-\d{2}-\d{2}$/
  return to.kind === 'datetime'
    ? /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?$/
    : undefined
}

const toStringSql = (sql: string, from: SqlType): string | undefined => {
  if (from.kind === 'boolean') return `CAST(CAST(${sql} AS TINYINT) AS VARCHAR)`
  if (from.kind === 'float' || from.kind === 'double') {
    // DuckDB prints 1.0 where StarRocks prints 1.
    return `regexp_replace(CAST(${sql} AS VARCHAR), '\\.0$', '')`
  }
  if (from.kind === 'datetime') {
    return `regexp_replace(strftime(${sql}, '%Y-%m-%d %H:%M:%S.%f'), '\\.000000$', '')`
  }
  if (from.kind === 'json') return jsonText(sql)
  if (from.kind === 'time') return textFromTime(sql)
  return isNumeric(from) || from.kind === 'date' ? `CAST(${sql} AS VARCHAR)` : undefined
}

/** StarRocks prints JSON with a space after `:` and `,`, a JSON string without its quotes, and null as NULL. */
export const jsonText = (sql: string): string =>
  once(
    sql,
    (value) =>
      `CASE json_type(${value}) WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN json_extract_string(${value}, '$') ELSE ${jsonSpaced(value)} END`,
  )

/** Spaces and line breaks that a client wrote between the values. */
const jsonUnspaced = (sql: string): string =>
  `regexp_replace(CAST(${sql} AS VARCHAR), '("(?:[^"\\\\]|\\\\.)*")|\\s+', '\\1', 'g')`

/** The same with the quotes of a string kept. */
export const jsonSpaced = (sql: string): string =>
  `rtrim(regexp_replace(${jsonUnspaced(sql)}, '((?:"(?:[^"\\\\]|\\\\.)*"|[^",:])*)([:,]|$)', '\\1\\2 ', 'g'), ' ')`

const extract = (sql: string, pattern: string): string =>
  `regexp_extract(${sql}, ${quote(pattern)}, 1)`

/** Sign and digits: with a fraction it is no integer (reference: StarRocks documentation, CAST). */
const integerPattern = '^\\s*([+-]?\\d+)\\s*$'
const numberPattern = '^\\s*([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*$'

const fromString = (sql: string, to: SqlType): string | undefined => {
  if (isInteger(to)) return tryCast(extract(sql, integerPattern), to)
  if (isNumeric(to)) return tryCast(extract(sql, numberPattern), to)
  if (to.kind === 'boolean') return booleanFromString(sql)
  if (to.kind === 'date' || to.kind === 'datetime') return dateFromText(sql, { kind: to.kind })
  if (to.kind === 'json') return jsonFromString(sql)
  if (to.kind === 'time') return timeFromText(sql)
  if (to.kind === 'array') {
    const { element } = to
    return arrayFromText(sql, element, (item) =>
      isString(element) ? item : fromString(item, element),
    )
  }
  return to.kind === 'varbinary' ? `encode(${sql})` : undefined
}

const booleanFromString = (sql: string): string =>
  once(
    `lower(trim(${sql}))`,
    (text) =>
      `CASE ${text} WHEN 'true' THEN true WHEN 'false' THEN false ELSE TRY_CAST(${extract(text, integerPattern)} AS HUGEINT) <> 0 END`,
  )

/** A text that begins as an object, an array or a string is parsed, and NULL where it is none; any other is a JSON string. */
export const jsonFromString = (sql: string): string =>
  once(
    sql,
    (text) =>
      `CASE WHEN regexp_matches(${text}, '^\\s*[\\[{"]') THEN TRY_CAST(${text} AS JSON) ELSE to_json(${text}) END`,
  )

/** DuckDB compares what TRY_CAST took, not what it made of it: `TRY_CAST(x AS TINYINT) < 5` holds for -300. */
const narrowed = (sql: string, to: SqlType): string =>
  once(sql, (value) => `CASE WHEN ${tryCast(value, to)} IS NOT NULL THEN ${castTo(value, to)} END`)

const fromNumber = (sql: string, from: SqlType, to: SqlType): string => {
  if (isInteger(to) && !isInteger(from)) return truncated(sql, from, to)
  const isExact = from.kind === to.kind || (isInteger(from) && isInteger(to))
  if (isExact && !holds(from, to)) return narrowed(sql, to)
  return isInteger(from) && (to.kind === 'double' || to.kind === 'float')
    ? castTo(sql, to)
    : tryCast(sql, to)
}

/** DuckDB has the smallest LARGEINT, and takes no DOUBLE for it. */
const truncated = (sql: string, from: SqlType, to: SqlType): string => {
  const cut = tryCast(`trunc(${sql})`, to)
  if (to.kind !== 'largeint' || from.kind === 'decimal') return cut
  return once(
    sql,
    (value) =>
      `CASE WHEN ${value} = -170141183460469231731687303715884105728::DOUBLE THEN -170141183460469231731687303715884105728 ELSE ${tryCast(`trunc(${value})`, to)} END`,
  )
}

const fromDate = (sql: string, from: SqlType, to: SqlType): string | undefined => {
  if (isDate(to)) return castTo(sql, to)
  const format = from.kind === 'date' ? '%Y%m%d' : '%Y%m%d%H%M%S'
  if (
    to.kind === 'bigint' ||
    to.kind === 'largeint' ||
    (to.kind === 'int' && from.kind === 'date')
  ) {
    return castTo(`strftime(${sql}, '${format}')`, to)
  }
  return to.kind === 'double' ? `CAST(strftime(${sql}, '${format}') AS DOUBLE)` : undefined
}

/** StarRocks types a bare NULL inside of nested values as BOOLEAN, so that one becomes any of these, and NULL. */
const fromBoolean = (sql: string, to: SqlType): string | undefined => {
  if (to.kind === 'array' || to.kind === 'map' || to.kind === 'struct') return castTo('NULL', to)
  return isNumeric(to) ? castTo(sql, to) : undefined
}

const toJson = (sql: string, from: SqlType): string | undefined => {
  // JSON's numbers are of 64 bits.
  if (from.kind === 'largeint') return `to_json(TRY_CAST(${sql} AS BIGINT))`
  if (from.kind === 'decimal') return `to_json(CAST(${sql} AS DOUBLE))`
  return from.kind === 'boolean' || isNumeric(from) ? `to_json(${sql})` : undefined
}

/** Booleans count as 1 and 0, numbers are true unless zero, strings convert as CAST of them does; all else is NULL. */
const fromJson = (sql: string, to: SqlType): string | undefined => {
  if (to.kind === 'array') return arrayFromJson(sql, to.element)
  if (to.kind !== 'boolean' && !isNumeric(to)) return undefined
  return once(sql, (value) => {
    const text = `json_extract_string(${value}, '$')`
    const isTrue = `(${text} = 'true')`
    const number = `TRY_CAST(${text} AS DOUBLE)`
    const string = fromString(text, to) ?? 'NULL'
    const cases =
      to.kind === 'boolean'
        ? [isTrue, string, `(${number} <> 0)`, `(${number} <> 0)`]
        : [
            castTo(isTrue, to),
            string,
            tryCast(isInteger(to) ? `trunc(${number})` : text, to),
            tryCast(text, to),
          ]
    return `CASE json_type(${value}) WHEN 'BOOLEAN' THEN ${cases[0]} WHEN 'VARCHAR' THEN ${cases[1]} WHEN 'DOUBLE' THEN ${cases[2]} WHEN 'BIGINT' THEN ${cases[3]} WHEN 'UBIGINT' THEN ${cases[3]} END`
  })
}

/** Element by element; what is no array is NULL. */
const arrayFromJson = (sql: string, element: SqlType): string | undefined =>
  nested((item) => {
    const body = convertSql({ sql: item, type: { kind: 'json' } }, element)
    if (body === undefined) return ''
    return once(
      sql,
      (value) =>
        `CASE WHEN json_type(${value}) = 'ARRAY' THEN list_transform(json_extract(${value}, '$[*]'), lambda ${item}: ${body}) END`,
    )
  }) || undefined

/** Whether every value of one exact type is one of the other. */
const holds = (from: SqlType, to: SqlType): boolean => {
  const [a, b] = [asDecimal(from), asDecimal(to)]
  return a.precision - a.scale <= b.precision - b.scale && a.scale <= b.scale
}

const convertNested = (sql: string, from: SqlType, to: SqlType): string | undefined => {
  if (from.kind === 'array' && to.kind === 'array') {
    if (from.element.kind === 'null') return castTo(sql, to)
    const body = convertSql({ sql: 'element_value', type: from.element }, to.element)
    return body === undefined ? undefined : `list_transform(${sql}, lambda element_value: ${body})`
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const key = convertSql({ sql: '((entry_value).key).k', type: from.key }, to.key)
    const value = convertSql({ sql: '(entry_value).value', type: from.value }, to.value)
    if (key === undefined || value === undefined) return undefined
    const entries = `list_transform(map_entries(${sql}), lambda entry_value: struct_pack(k := ${wrappedKey(key)}, v := ${value}))`
    return `CASE WHEN ${sql} IS NOT NULL THEN ${sameType(from.key, to.key) ? `map_from_entries(${entries})` : mapOf(sortedEntries(entries))} END`
  }
  if (from.kind === 'struct' && to.kind === 'struct' && from.fields.length === to.fields.length) {
    if (structSql('value', from.fields, to) === undefined) return undefined
    return once(sql, (value) => structSql(value, from.fields, to) ?? '')
  }
  return undefined
}

/** StarRocks sorts the constant whose keys it casts, NULL first; what tables hold came from such a one. */
const sortedEntries = (entries: string): string =>
  once(
    entries,
    (list) =>
      `list_concat(list_filter(${list}, lambda entry: (entry.k).k IS NULL), list_sort(list_filter(${list}, lambda entry: (entry.k).k IS NOT NULL)))`,
  )

const structSql = (
  value: string,
  fields: Extract<SqlType, { kind: 'struct' }>['fields'],
  to: Extract<SqlType, { kind: 'struct' }>,
): string | undefined => {
  const parts: string[] = []
  for (const [index, field] of fields.entries()) {
    const target = to.fields[index]
    const part =
      target &&
      convertSql(
        {
          sql: `struct_extract(${value}, ${quote(field.name)})`,
          type: field.type,
        },
        target.type,
      )
    if (target === undefined || part === undefined) return undefined
    parts.push(`${quoteName(target.name)} := ${part}`)
  }
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE struct_pack(${parts.join(', ')}) END`
}
