/**
 * AddBackupPolicy: has an instance backed up from now on, every day, or on days of a week (1 is Monday) or of a month.
 * Facts: reference alibaba-starrocks.md 3.2, 11.6 (one for each instance, shared_nothing only).
 */
import { choice, flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import {
  expireDays,
  recurrenceOf,
  recurrenceTypes,
  recurrenceValues,
  requireOwnData,
  timeoutSeconds,
  timeShape,
} from './shape.ts'

export const addBackupPolicy = action({
  name: 'AddBackupPolicy',
  input: {
    InstanceId: instanceId,
    RecurrenceType: choice(recurrenceTypes, { label: 'Recurrence type', ignoreCase: true }),
    RecurrenceValues: recurrenceValues,
    ...timeShape,
    ExpireDays: expireDays,
    TimeoutSeconds: timeoutSeconds,
    RegionId: optional(regionId),
  },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'LimitReached', 'NotSupported'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const { RecurrenceType: type, RecurrenceValues: days = [], Hour: hour, Minute: minute } = input
    const recurrence = recurrenceOf({ type, days, hour, minute }, core.clock.now())
    await core.backups.addPolicy(call, {
      cluster: input.InstanceId,
      terms: { recurrence, expireDays: input.ExpireDays, timeoutSeconds: input.TimeoutSeconds },
      require: requireOwnData,
    })
    return { Data: true }
  },
})
