/** Times as this cloud writes them: without a zone, in UTC+8 (reference: tencent-emr.md 5.1). */

/** `2024-11-05 20:39:44` */
export function timeText(ms: number): string {
  return new Date(ms + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

/** What stands for a time that never comes or is not known. */
export const noTime = '0000-00-00 00:00:00'

/** `0天18小时32分钟28秒`; in this form in either language. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor(seconds / 3600) % 24
  return `${days}天${hours}小时${Math.floor(seconds / 60) % 60}分钟${seconds % 60}秒`
}

/** `20241105`, the beginning of order numbers. */
export function orderStamp(ms: number): string {
  return timeText(ms).slice(0, 10).replaceAll('-', '')
}

/** The same day and time so many months later; the last day of the month where it has no such day. */
export function addMonths(ms: number, months: number): number {
  const from = new Date(ms + OFFSET_MS)
  const to = new Date(from)
  to.setUTCMonth(from.getUTCMonth() + months)
  // The 31st of a month of 30 days has become the 1st of the next: back to the last day before.
  if (to.getUTCDate() !== from.getUTCDate()) to.setUTCDate(0)
  return to.getTime() - OFFSET_MS
}

const OFFSET_MS = 8 * 3_600_000
