/** TIME: seconds as DOUBLE, of any number of hours, and negative. reference: be/src/util/date_func.cpp, be/src/exprs/cast_expr.cpp */
import { once } from './text.ts'

/** `-25:00:07`; fractions of a second are cut. */
export const textFromTime = (sql: string): string =>
  once(sql, (time) => {
    const seconds = `CAST(trunc(abs(${time})) AS BIGINT)`
    return `CASE WHEN ${time} < 0 THEN '-' ELSE '' END || printf('%02d:%02d:%02d', ${seconds} // 3600, ${seconds} // 60 % 60, ${seconds} % 60)`
  })

/** Hours, minutes and seconds, all three of them; anything else is NULL. */
export const timeFromText = (sql: string): string =>
  once(sql, (text) => {
    const part = (index: number): string =>
      `CAST(regexp_extract(${text}, '^(\\d+):(\\d+):(\\d+)$', ${index}) AS BIGINT)`
    return `CASE WHEN regexp_matches(${text}, '^\\d{1,9}:0*[0-5]?\\d:0*[0-5]?\\d$') THEN CAST(${part(1)} * 3600 + ${part(2)} * 60 + ${part(3)} AS DOUBLE) END`
  })

/** The time of day. */
export const timeOfDay = (sql: string): string =>
  once(
    sql,
    (moment) =>
      `CAST(date_part('hour', ${moment}) * 3600 + date_part('minute', ${moment}) * 60 + date_part('second', ${moment}) AS DOUBLE)`,
  )

/** `12:34:56` is the number 123456. */
export const numberOfTime = (sql: string): string =>
  once(sql, (time) => {
    const seconds = `CAST(trunc(abs(${time})) AS BIGINT)`
    return `CASE WHEN ${time} < 0 THEN -1 ELSE 1 END * (${seconds} // 3600 * 10000 + ${seconds} // 60 % 60 * 100 + ${seconds} % 60)`
  })

/** NULL where its last digits are no minutes and seconds. */
export const timeOfNumber = (sql: string): string =>
  once(`TRY_CAST(trunc(${sql}) AS BIGINT)`, (number) => {
    const isTime = `${number} >= 0 AND ${number} % 100 < 60 AND ${number} // 100 % 100 < 60`
    return `CASE WHEN ${isTime} THEN CAST(${number} // 10000 * 3600 + ${number} // 100 % 100 * 60 + ${number} % 100 AS DOUBLE) END`
  })
