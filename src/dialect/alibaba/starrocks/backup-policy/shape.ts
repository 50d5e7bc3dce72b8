/**
 * What a backup policy is on this wire: when it is due, in UTC+8, how long a backup may take and how long it is kept.
 * Facts: reference alibaba-starrocks.md 3.2, 13 (U20: base, time zone and ranges are in no source).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { BackupPolicy } from '../../../../domain/backup.ts'
import { Fault, refuse } from '../../../../domain/fault.ts'
import type { Recurrence } from '../../../../domain/recurrence.ts'
import { integer, list, optional } from '../../../../shape/shape.ts'
import { instanceExtension } from '../instance/extension.ts'
import { shortText } from '../shape.ts'

/** Clocks of this service are China's. */
const OFFSET_MS = 8 * 3_600_000

export const recurrenceTypes = ['DAILY', 'WEEKLY', 'MONTHLY'] as const
export type RecurrenceType = (typeof recurrenceTypes)[number]

const everyOf = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' } as const
/** The last of the days that may be named. */
const daysOf = { DAILY: 0, WEEKLY: 7, MONTHLY: 31 } as const

export const policyId = shortText('Policy id', 'bk-policy-0123456789abcdef')

export const timeShape = {
  Hour: integer({ min: 0, max: 23, label: 'Hour', example: 2 }),
  Minute: integer({ min: 0, max: 59, label: 'Minute', example: 30 }),
}

/** A day or less: then the next one may be due. */
export const timeoutSeconds = integer({
  min: 60,
  max: 86_400,
  label: 'Timeout seconds',
  example: 7200,
})
export const expireDays = integer({ min: 1, max: 365, label: 'Expire days', example: 7 })

export const recurrenceValues = optional(
  list(integer({ min: 1, max: 31, label: 'Recurrence value', example: 1 }), {
    max: 31,
    label: 'Number of recurrence values',
  }),
)

/** Throws ParametersRefused for days that the recurrence has not. */
export function recurrenceOf(
  it: {
    readonly type: RecurrenceType
    readonly days: readonly number[]
    readonly hour: number
    readonly minute: number
  },
  nowMs: number,
): Recurrence {
  const { type, days, hour, minute } = it
  const last = daysOf[type]
  const wrong = days.some((day) => day > last)
  if (last > 0 && (wrong || days.length === 0))
    throw refuse({
      name: 'RecurrenceValues',
      problem: 'value',
      label: 'Recurrence value',
      min: 1,
      max: last,
      example: '[1]',
    })
  if (last === 0 && days.length > 0)
    throw refuse({
      name: 'RecurrenceValues',
      problem: 'value',
      message: 'Recurrence values should be empty for DAILY',
      example: '[]',
    })
  const now = new Date(nowMs + OFFSET_MS)
  return {
    every: everyOf[type],
    interval: 1,
    days,
    from: { year: now.getUTCFullYear(), month: now.getUTCMonth() + 1, day: now.getUTCDate() },
    time: { hour, minute, second: 0 },
    offsetMs: OFFSET_MS,
  }
}

export function recurrenceTypeOf({ recurrence }: Pick<BackupPolicy, 'recurrence'>): RecurrenceType {
  const found = recurrenceTypes.find((type) => everyOf[type] === recurrence.every)
  if (!found) throw new Error(`no backup recurs ${recurrence.every}`)
  return found
}

/** Data of the other run mode lie in object storage, which the service does not copy. */
export function requireOwnData(cluster: Cluster): void {
  const { runMode } = instanceExtension(cluster)
  if (runMode !== 'shared_nothing')
    throw new Fault('NotSupported', {
      what: `Backup of a ${runMode} instance`,
      detail: 'only shared_nothing instances are backed up',
    })
}
