/** When an inspection is due: every day, week or month, on UTC+8 (reference: api.json, ModifyInspectionSettings). */
import type { Recurrence } from '../../../../domain/recurrence.ts'
import { given, invalid, missing, oneOf } from '../refusal.ts'

const OFFSET_MS = 8 * 3_600_000
const STRATEGIES = ['EveryDay', 'EveryWeek', 'EveryMonth']
const WEEKDAYS = 7
const MONTH_DAYS = 31
const CODE = 'InvalidParameter'

export interface CalendarInput {
  readonly Strategy?: string | undefined
  readonly Clock?: string | undefined
  readonly DayOfWeek?: string | undefined
  readonly DayOfMonth?: string | undefined
}

/** Throws MissingParameter, InvalidParameter. */
export function readCalendar(input: CalendarInput, nowMs: number): Recurrence {
  const strategy = given(input.Strategy)
  if (strategy === undefined) throw missing('Strategy', STRATEGIES[0])
  if (!STRATEGIES.includes(strategy))
    throw invalid({ name: 'Strategy', code: CODE, rule: oneOf(STRATEGIES), value: strategy })
  const clock = given(input.Clock)
  if (clock === undefined) throw missing('Clock', '15:04:05')
  const [, hour, minute, second] =
    /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(clock)?.map(Number) ?? []
  if (hour === undefined || minute === undefined || second === undefined)
    throw invalid({ name: 'Clock', code: CODE, rule: 'it must look like 15:04:05', value: clock })
  const today = new Date(nowMs + OFFSET_MS)
  const base = {
    interval: 1,
    from: {
      year: today.getUTCFullYear(),
      month: today.getUTCMonth() + 1,
      day: today.getUTCDate(),
    },
    time: { hour, minute, second },
    offsetMs: OFFSET_MS,
  }
  if (strategy === 'EveryDay') return { ...base, every: 'day', days: [] }
  const weekly = strategy === 'EveryWeek'
  const name = weekly ? 'DayOfWeek' : 'DayOfMonth'
  const day = readDay(name, input[name], weekly ? WEEKDAYS : MONTH_DAYS)
  return { ...base, every: weekly ? 'week' : 'month', days: [day] }
}

function readDay(name: string, text: string | undefined, last: number): number {
  const asked = given(text)
  if (asked === undefined) throw missing(name, '1')
  const day = /^\d{1,2}$/.test(asked) ? Number(asked) : 0
  if (day >= 1 && day <= last) return day
  throw invalid({ name, code: CODE, rule: `it must be a day from 1 to ${last}`, value: asked })
}
