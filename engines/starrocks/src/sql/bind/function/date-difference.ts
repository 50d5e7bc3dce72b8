/**
 * Whole units between two moments. StarRocks counts years, quarters and months in two ways: `months_diff` and its kin by day
 * and time of day alone, `date_diff` with care for months of different lengths.
 * reference: be/src/exprs/time_functions.cpp, months_diff, months_diff_v2 and their kin
 */
import { once, onceBoth } from '../../emit/text.ts'

/** `years_diff`, `timestampdiff` and their kin. */
export const wholeUnits = (unit: string, later: string, earlier: string): string => {
  switch (unit) {
    case 'year':
      return whole(later, earlier, (date) => `year(${date})`, 'month')
    case 'quarter':
      return `(${wholeUnits('month', later, earlier)} // 3)`
    case 'month':
      return whole(later, earlier, monthNumber, 'day')
    case 'week':
      return `(date_sub('day', ${earlier}, ${later}) // 7)`
    default:
      return `date_sub('${unit}', ${earlier}, ${later})`
  }
}

const monthNumber = (date: string): string => `(year(${date}) * 12 + month(${date}))`

/** The rest below the unit decides about the last one; two moments within one unit are 0 or -1 apart. */
const whole = (
  later: string,
  earlier: string,
  count: (date: string) => string,
  rest: 'month' | 'day',
): string =>
  onceBoth(later, earlier, (a, b) => {
    const below = (date: string) =>
      `(${rest === 'month' ? `month(${date}), ` : ''}day(${date}), CAST(${date} AS TIME))`
    return once(
      `CAST(${count(a)} - ${count(b)} AS BIGINT)`,
      (n) =>
        `CASE WHEN ${n} >= 0 THEN ${n} - CASE WHEN ${below(a)} < ${below(b)} THEN 1 ELSE 0 END ELSE ${n} + CASE WHEN ${below(a)} > ${below(b)} THEN 1 ELSE 0 END END`,
    )
  })

/** `date_diff`. */
export const alignedUnits = (unit: string, later: string, earlier: string): string => {
  switch (unit) {
    case 'year':
      return aligned(later, earlier, yearsBetween)
    case 'quarter':
      return `(${alignedUnits('month', later, earlier)} // 3)`
    case 'month':
      return aligned(later, earlier, monthsBetween)
    default:
      return wholeUnits(unit, later, earlier)
  }
}

const aligned = (
  later: string,
  earlier: string,
  between: (from: string, to: string) => string,
): string =>
  onceBoth(
    later,
    earlier,
    (a, b) =>
      `CAST(CASE WHEN ${a} > ${b} THEN ${between(b, a)} WHEN ${a} <= ${b} THEN -(${between(a, b)}) END AS BIGINT)`,
  )

const lastOf = (date: string): string => `day(last_day(${date}))`

/** StarRocks adds microseconds to milliseconds here; equal answers need the same sum. */
const momentOf = (date: string): string =>
  `(hour(${date}) * 3600000 + minute(${date}) * 60000 + second(${date}) * 1000 + microsecond(${date}) % 1000000)`

const monthsBetween = (from: string, to: string): string =>
  `(${monthNumber(to)} - ${monthNumber(from)} - CASE WHEN day(${from}) > day(${to}) AND day(${to}) <> ${lastOf(to)} THEN 1 WHEN ${momentOf(from)} <= ${momentOf(to)} THEN 0 WHEN day(${from}) > day(${to}) AND day(${from}) = ${lastOf(from)} THEN 1 WHEN day(${from}) = day(${to}) AND (day(${to}) <> ${lastOf(to)} OR day(${from}) = ${lastOf(from)}) THEN 1 ELSE 0 END)`

const yearsBetween = (from: string, to: string): string => {
  const sameLength = `CASE WHEN (day(${from}), ${momentOf(from)}) > (day(${to}), ${momentOf(to)}) THEN 1 ELSE 0 END`
  const february = `CASE WHEN day(${from}) > day(${to}) AND day(${to}) <> ${lastOf(to)} THEN 1 WHEN ${momentOf(from)} <= ${momentOf(to)} THEN 0 WHEN day(${from}) > day(${to}) AND day(${from}) = ${lastOf(from)} THEN 1 WHEN day(${from}) = day(${to}) AND day(${to}) <> ${lastOf(to)} THEN 1 ELSE 0 END`
  return `(year(${to}) - year(${from}) - CASE WHEN month(${from}) > month(${to}) THEN 1 WHEN month(${from}) < month(${to}) THEN 0 WHEN ${lastOf(from)} <> ${lastOf(to)} THEN ${february} ELSE ${sameLength} END)`
}
