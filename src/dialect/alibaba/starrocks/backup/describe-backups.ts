/**
 * DescribeBackups: backups of an instance, or of all that the caller may see, the latest first. The period is in seconds, and about
 * when they began. Facts: reference alibaba-starrocks.md 3.2, 6.7.
 */
import { refuse } from '../../../../domain/fault.ts'
import { integer, list, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, pageOf, paging, regionId } from '../shape.ts'
import { backupTaskId } from './shape.ts'
import { backupStatesOf, backupStatuses, backupView, viewBackup } from './view.ts'

/** Seconds from 1970 to the end of the year 9999. */
const moments = { min: 0, max: 253_402_300_799 }

export const describeBackups = action({
  name: 'DescribeBackups',
  input: {
    BackupTaskId: optional(backupTaskId),
    InstanceId: optional(instanceId),
    ...paging,
    RegionId: optional(regionId),
    Statuses: optional(text({ max: 256, message: 'Statuses name too many', example: 'COMPLETED' })),
    TimePeriodEndTime: optional(integer({ ...moments, label: 'Time period end time' })),
    TimePeriodStartTime: optional(integer({ ...moments, label: 'Time period start time' })),
  },
  output: { Data: list(backupView), Total: integer() },
  faults: [],
  asks: ['identity'],
  listing: true,
  resources: (call, input) =>
    instanceResources(call, input.InstanceId === undefined ? [] : [input.InstanceId]),
  async run(core, call, input) {
    const { BackupTaskId, InstanceId, Statuses, TimePeriodStartTime, TimePeriodEndTime } = input
    const page = await core.backups.list(call, {
      ...pageOf(input),
      ...(InstanceId === undefined ? {} : { parent: InstanceId }),
      ...(BackupTaskId === undefined ? {} : { ids: [BackupTaskId] }),
      ...(Statuses === undefined ? {} : { states: backupStatesOf(wordsIn(Statuses)) }),
      ...(TimePeriodStartTime === undefined ? {} : { fromMs: TimePeriodStartTime * 1000 }),
      ...(TimePeriodEndTime === undefined ? {} : { untilMs: TimePeriodEndTime * 1000 + 999 }),
    })
    return { Data: page.rows.map(({ document }) => viewBackup(document)), Total: page.total }
  },
})

/** A comma list, as lists of statuses are elsewhere; every word must be a status. */
function wordsIn(statuses: string): readonly string[] {
  const words = statuses.split(',').flatMap((word) => word.trim() || [])
  if (words.every((word) => backupStatuses.includes(word))) return words
  throw refuse({ name: 'Statuses', problem: 'value', label: 'Status', allowed: backupStatuses })
}
