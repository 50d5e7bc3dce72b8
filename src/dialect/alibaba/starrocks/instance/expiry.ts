/**
 * When a subscription ends: at 00:00 of the day after its last day, in UTC+8, whatever the hour it began.
 * Facts: reference alibaba-starrocks.md 11.5; 6.1 for the time that stands for "never".
 */

const HOUR_MS = 3_600_000
const BILLING_OFFSET_MS = 8 * HOUR_MS
const DAY_MS = 24 * HOUR_MS

/** What pay-as-you-go instances show as their end: 2124-12-04T16:00:00Z. */
export const NEVER_MS = 4_889_001_600_000

/** The next 00:00 of that time zone, from which on a change of a subscription is paid for. */
export function nextDayMs(nowMs: number): number {
  return (Math.floor((nowMs + BILLING_OFFSET_MS) / DAY_MS) + 1) * DAY_MS - BILLING_OFFSET_MS
}

/** A month has no 31st day of February: the last day it has is taken. */
export function subscriptionEndMs(startMs: number, months: number): number {
  const start = new Date(startMs + BILLING_OFFSET_MS)
  const year = start.getUTCFullYear()
  const month = start.getUTCMonth() + months
  const daysThere = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const lastDay = Date.UTC(year, month, Math.min(start.getUTCDate(), daysThere))
  return lastDay + DAY_MS - BILLING_OFFSET_MS
}
