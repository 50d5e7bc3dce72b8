/**
 * Weeks as MySQL counts them, in eight modes: bit 0 says that they begin on Monday, bit 1 that a week has one year throughout, bit 2
 * whether a year's first week is that with its first whole days or that with most of its days in it.
 */
import type { Operand } from '../../bound.ts'
import { once, onceBoth } from '../../emit/text.ts'
import { define, signature } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

const modes = [0, 1, 2, 3, 4, 5, 6, 7] as const

const traits = (mode: number) => {
  const monday = (mode & 1) !== 0
  return { monday, whole: (mode & 2) !== 0, begins: ((mode & 4) !== 0) !== !monday }
}

/** The day of a week that says which year the week is of. */
const pivot = (date: string, monday: boolean, begins: boolean): string =>
  `(CAST(${date} AS DATE) - CAST(${monday ? `isodow(${date}) - 1` : `dayofweek(${date})`} AS INTEGER)${begins ? '' : ' + 3'})`

const numberOf = (day: string): string => `CAST((dayofyear(${day}) - 1) // 7 + 1 AS INTEGER)`

export const weekOf = (date: string, mode: number): string => {
  const { monday, whole, begins } = traits(mode)
  return once(date, (value) =>
    once(pivot(value, monday, begins), (day) =>
      whole
        ? numberOf(day)
        : `CASE WHEN year(${day}) < year(${value}) THEN 0 WHEN year(${day}) > year(${value}) THEN ${numberOf(`(${day} - 7)`)} + 1 ELSE ${numberOf(day)} END`,
    ),
  )
}

export const yearWeekOf = (date: string, mode: number): string => {
  const { monday, begins } = traits(mode)
  return once(date, (value) =>
    once(
      pivot(value, monday, begins),
      (day) => `CAST(year(${day}) * 100 + ${numberOf(day)} AS INTEGER)`,
    ),
  )
}

/** Of a mode only its three bits count. */
const byMode =
  (write: (date: string, mode: number) => string) =>
  ([date = '', mode = '']: readonly string[], [, written]: readonly Operand[]): string => {
    const text = written?.literal?.text
    if (text !== undefined && /^-?\d{1,9}$/.test(text)) return write(date, Number(text) & 7)
    return onceBoth(date, mode, (value, chosen) => {
      const cases = modes.map((each) => `WHEN ${each} THEN ${write(value, each)}`)
      return `CASE ${chosen} & 7 ${cases.join(' ')} END`
    })
  }

export const weekFunctions: readonly FunctionSpec[] = [
  ...define(
    'week',
    signature(['datetime'], 'int', "CAST(strftime($1, '%U') AS INTEGER)"),
    signature(['datetime', 'int'], 'int', byMode(weekOf)),
  ),
  ...define(
    'yearweek',
    signature(['datetime'], 'int', ([date = '']) => yearWeekOf(date, 0)),
    signature(['datetime', 'int'], 'int', byMode(yearWeekOf)),
  ),
]
