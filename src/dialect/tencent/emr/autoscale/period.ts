/**
 * When load counts: a JSON document, of which one form is known by example (api.json, LoadAutoScaleStrategy): category 1, days from one to
 * another one, and on each of them the time from one clock to another, in UTC+8.
 */
import type { LoadHours } from '../../../../domain/load-trigger.ts'
import { readJson } from '../../../../shape/json-text.ts'
import { given, unsupportedValue } from '../refusal.ts'
import { layout, momentOf, OFFSET_MS } from './calendar.ts'

export interface Period {
  readonly hours?: LoadHours
  /** The end of the last day's time. */
  readonly untilMs?: number
}

const DAYS = 1
const EXAMPLE =
  '{"Category":1,"StartDay":"2024-12-24","EndDay":"2024-12-24","StartTime":"00:00:00","EndTime":"23:59:59"}'

/** Throws InvalidTimeLayout for what is no such time. */
export function readPeriod(name: string, written: string | undefined): Period {
  const text = given(written)
  if (text === undefined) return {}
  const read = readJson(Buffer.from(text))
  const value = 'value' in read ? read.value : undefined
  if (typeof value !== 'object' || value === null)
    throw layout(name, `it must look like ${EXAMPLE}`, text)
  const all = value as Readonly<Record<string, unknown>>
  if (all['Category'] !== DAYS)
    throw unsupportedValue(`${name}.Category`, {
      value: String(all['Category']),
      why: 'only days with a time are documented',
      instead: `use ${EXAMPLE}`,
    })
  const [startDay, endDay, startTime, endTime] = PARTS.map((part) => {
    const own = all[part]
    if (typeof own === 'string') return own
    throw layout(`${name}.${part}`, `it must be there, as in ${EXAMPLE}`, text)
  }) as [string, string, string, string]
  const first = momentOf(`${name}.StartDay`, `${startDay} 00:00:00`).atMs
  const last = momentOf(`${name}.EndDay`, `${endDay} 00:00:00`).atMs
  const dayFromMs = momentOf(`${name}.StartTime`, `${startDay} ${startTime}`).atMs - first
  // The second that it names is part of it.
  const dayToMs = momentOf(`${name}.EndTime`, `${endDay} ${endTime}`).atMs - last + 999
  if (last < first) throw layout(`${name}.EndDay`, 'it must not be before StartDay', endDay)
  if (dayToMs < dayFromMs)
    throw layout(
      `${name}.EndTime`,
      'it must not be before StartTime, which is of the same day',
      endTime,
    )
  return {
    hours: { fromMs: first, dayFromMs, dayToMs, offsetMs: OFFSET_MS },
    untilMs: last + dayToMs,
  }
}

const PARTS = ['StartDay', 'EndDay', 'StartTime', 'EndTime'] as const
