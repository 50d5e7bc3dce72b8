/** When something that repeats by the calendar is due: once, or every so many days, weeks or months. Pure. */

export interface Recurrence {
  readonly every: 'once' | 'day' | 'week' | 'month'
  /** Every so many days, weeks or months, counted from the one of `from`; at least 1. */
  readonly interval: number
  /** Days of a week from Monday, 1 to 7, or of a month, 1 to 31, which shorter months leave out; empty for that of `from`. */
  readonly days: readonly number[]
  /** Never due before this date; `month` from 1. */
  readonly from: { readonly year: number; readonly month: number; readonly day: number }
  readonly time: { readonly hour: number; readonly minute: number; readonly second: number }
  /** How far the clocks that it follows are ahead of UTC. */
  readonly offsetMs: number
}

const DAY_MS = 24 * 60 * 60_000
const DAYS_OF_WEEK = 7
/** 1970-01-01 was a Thursday: so many days after a Monday. */
const EPOCH_WEEKDAY = 3
/** A month that has the 29th to 31st comes within so many days, per month of the interval: four years for the 29th of February. */
const SEARCH_DAYS = 4 * 366

/** The first time after `afterMs`, in ms since 1970; undefined when there is none. */
export function nextOccurrence(it: Recurrence, afterMs: number): number | undefined {
  const { hour, minute, second } = it.time
  const timeMs = ((hour * 60 + minute) * 60 + second) * 1000
  const first = dayOf(it.from)
  const momentOf = (day: number) => day * DAY_MS + timeMs - it.offsetMs
  if (it.every === 'once') return momentOf(first) > afterMs ? momentOf(first) : undefined
  const start = Math.max(first, Math.floor((afterMs + it.offsetMs - timeMs) / DAY_MS) + 1)
  for (let day = start; day <= start + SEARCH_DAYS * it.interval; day++)
    if (isDue(it, first, day)) return momentOf(day)
  return undefined
}

function isDue({ every, interval, days }: Recurrence, first: number, day: number): boolean {
  switch (every) {
    case 'once':
      return day === first
    case 'day':
      return (day - first) % interval === 0
    case 'week': {
      const weeks = weekOf(day) - weekOf(first)
      return weeks % interval === 0 && includes(days, weekdayOf(day), weekdayOf(first))
    }
    case 'month': {
      const [now, was] = [new Date(day * DAY_MS), new Date(first * DAY_MS)]
      const months = monthsOf(now) - monthsOf(was)
      return months % interval === 0 && includes(days, now.getUTCDate(), was.getUTCDate())
    }
  }
}

function includes(days: readonly number[], day: number, otherwise: number): boolean {
  return days.length === 0 ? day === otherwise : days.includes(day)
}

/** Days since 1970-01-01. */
function dayOf({ year, month, day }: Recurrence['from']): number {
  return Math.floor(Date.UTC(year, month - 1, day) / DAY_MS)
}

function weekOf(day: number): number {
  return Math.floor((day + EPOCH_WEEKDAY) / DAYS_OF_WEEK)
}

/** From 1 for Monday. */
function weekdayOf(day: number): number {
  return ((((day + EPOCH_WEEKDAY) % DAYS_OF_WEEK) + DAYS_OF_WEEK) % DAYS_OF_WEEK) + 1
}

function monthsOf(date: Date): number {
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
