/** When a strategy is due: from the wire to the calendar of the core. All times are UTC+8 (reference: api.json, RepeatStrategy). */
import { nextOccurrence, type Recurrence } from '../../../../domain/recurrence.ts'
import { given, invalid } from '../refusal.ts'
import type { TimeStrategyInput } from './shape.ts'

export const OFFSET_MS = 8 * 3_600_000
const HOUR_MAX = 23
const SIXTY = 60
/** Far behind every time that a clock here can be moved to. */
export const neverEndsMs = Date.UTC(9999, 0)

type Repeat = TimeStrategyInput['RepeatStrategy']

interface Moment {
  readonly from: Recurrence['from']
  readonly time: Recurrence['time']
  readonly atMs: number
}

/** Throws InvalidTimeLayout for what is no time, or never comes. */
export function readCalendar(
  path: string,
  repeat: Repeat,
  nowMs: number,
): { readonly at: Recurrence; readonly untilMs: number } {
  const name = `${path}.RepeatStrategy`
  const start = given(repeat.StartTime)
  const begins = start === undefined ? nowMs : momentOf(`${name}.StartTime`, start).atMs
  const at = recurrenceOf(name, repeat, begins)
  const expire = given(repeat.Expire)
  const untilMs = expire === undefined ? neverEndsMs : momentOf(`${name}.Expire`, expire).atMs
  const next = nextOccurrence(at, nowMs)
  if (next !== undefined && next <= untilMs) return { at, untilMs }
  throw layout(name, 'it must come to pass in the future, and before it expires', repeat.RepeatType)
}

function recurrenceOf(name: string, repeat: Repeat, beginsMs: number): Recurrence {
  const { from } = partsOf(new Date(beginsMs + OFFSET_MS))
  const base = { interval: 1, days: [], from, offsetMs: OFFSET_MS }
  const { DayRepeat, WeekRepeat, MonthRepeat, NotRepeat } = repeat
  switch (repeat.RepeatType) {
    case 'DAY': {
      const it = required(`${name}.DayRepeat`, DayRepeat)
      const time = timeOf(`${name}.DayRepeat.ExecuteAtTimeOfDay`, it.ExecuteAtTimeOfDay)
      return { ...base, every: 'day', interval: it.Step, time }
    }
    case 'DOW': {
      const it = required(`${name}.WeekRepeat`, WeekRepeat)
      const time = timeOf(`${name}.WeekRepeat.ExecuteAtTimeOfDay`, it.ExecuteAtTimeOfDay)
      return { ...base, every: 'week', days: it.DaysOfWeek, time }
    }
    case 'DOM': {
      const it = required(`${name}.MonthRepeat`, MonthRepeat)
      const time = timeOf(`${name}.MonthRepeat.ExecuteAtTimeOfDay`, it.ExecuteAtTimeOfDay)
      const [first = 1, last = 0] = it.DaysOfMonthRange
      if (last < first)
        throw layout(
          `${name}.MonthRepeat.DaysOfMonthRange`,
          'it must have two days, the first and the last',
          last,
        )
      const days = Array.from({ length: last - first + 1 }, (_, at) => first + at)
      return { ...base, every: 'month', days, time }
    }
    case 'NONE': {
      const it = required(`${name}.NotRepeat`, NotRepeat)
      const moment = momentOf(`${name}.NotRepeat.ExecuteAt`, it.ExecuteAt)
      return { ...base, every: 'once', from: moment.from, time: moment.time }
    }
  }
}

function required<T>(name: string, value: T | undefined): T {
  if (value !== undefined) return value
  throw layout(name, 'it must be given for this RepeatType', 'null')
}

/** `10:01:00` */
function timeOf(name: string, written: string): Recurrence['time'] {
  const match = /^(\d{2}):(\d{2}):(\d{2})$/.exec(written)
  const [hour = SIXTY, minute = SIXTY, second = SIXTY] = (match ?? []).slice(1).map(Number)
  if (hour <= HOUR_MAX && minute < SIXTY && second < SIXTY) return { hour, minute, second }
  throw layout(name, 'it must look like 10:01:00', written)
}

/** `2024-12-05 08:38:00` */
export function momentOf(name: string, written: string): Moment {
  const match = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(written)
  const [, year, month, day, clock = ''] = match ?? []
  const time = timeOf(name, clock)
  const from = { year: Number(year), month: Number(month), day: Number(day) }
  const date = new Date(Date.UTC(from.year, from.month - 1, from.day))
  if (partsOf(date).text !== `${year}-${month}-${day}`)
    throw layout(name, 'it must look like 2024-12-05 08:38:00', written)
  const { hour, minute, second } = time
  const ofDayMs = ((hour * SIXTY + minute) * SIXTY + second) * 1000
  return { from, time, atMs: date.getTime() + ofDayMs - OFFSET_MS }
}

function partsOf(date: Date) {
  const from = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  }
  return { from, text: Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10) }
}

export function layout(name: string, rule: string, value: unknown) {
  return invalid({ name, code: 'InvalidParameter.InvalidTimeLayout', rule, value })
}
