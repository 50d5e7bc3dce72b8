/** The time that an inquiry is about, in seconds since 1970. */
import type { TimeRange } from '../../../../domain/inquiry.ts'
import { integer } from '../../../../shape/shape.ts'
import { pageSizeMax } from '../cluster/listing.ts'
import { invalid } from '../refusal.ts'

/** The last second of 9999, UTC. */
export const secondsMax = 253_402_300_799
const DAY_SECONDS = 86_400

export const seconds = integer({ min: 0, max: secondsMax })

const times = { StartTime: seconds, EndTime: seconds }

export const pagedWindow = {
  ...times,
  PageSize: integer({ min: 1, max: pageSizeMax }),
  Page: integer({ min: 1 }),
}

export const offsetWindow = {
  ...times,
  Offset: integer({ min: 0 }),
  Limit: integer({ min: 1, max: pageSizeMax }),
}

interface Window {
  readonly StartTime: number
  readonly EndTime: number
}

/** Both seconds whole. */
export function rangeOf({ StartTime, EndTime }: Window): TimeRange {
  return { fromMs: StartTime * 1000, toMs: EndTime * 1000 + 999 }
}

/** Throws InvalidParameterValue, or what the action has for it. */
export function checkOrder({ StartTime, EndTime }: Window, code = 'InvalidParameterValue'): void {
  if (EndTime >= StartTime) return
  throw invalid({ name: 'EndTime', code, rule: 'it must not be before StartTime', value: EndTime })
}

/** At most a day, where the documents bound it so. */
export function checkDay(window: Window, code: string): void {
  checkOrder(window, code)
  if (window.EndTime - window.StartTime <= DAY_SECONDS) return
  const rule = `it must be at most ${DAY_SECONDS} seconds after StartTime`
  throw invalid({ name: 'EndTime', code, rule, value: window.EndTime })
}
