/**
 * UpdateBackupPolicy: other days, times and bounds from now on. What is left out stays; whether it recurs by days, weeks or months
 * stays in any case, as the request has no member for it. Facts: reference alibaba-starrocks.md 3.2.
 */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import {
  expireDays,
  policyId,
  recurrenceOf,
  recurrenceTypeOf,
  recurrenceValues,
  timeoutSeconds,
  timeShape,
} from './shape.ts'

export const updateBackupPolicy = action({
  name: 'UpdateBackupPolicy',
  input: {
    InstanceId: instanceId,
    PolicyId: policyId,
    RecurrenceValues: recurrenceValues,
    Hour: optional(timeShape.Hour),
    Minute: optional(timeShape.Minute),
    ExpireDays: optional(expireDays),
    TimeoutSeconds: optional(timeoutSeconds),
    RegionId: optional(regionId),
  },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'BackupPolicyNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    await core.backups.updatePolicy(call, {
      cluster: input.InstanceId,
      policy: input.PolicyId,
      terms(was) {
        const { days, time } = was.recurrence
        const next = {
          type: recurrenceTypeOf(was),
          days: input.RecurrenceValues ?? days,
          hour: input.Hour ?? time.hour,
          minute: input.Minute ?? time.minute,
        }
        return {
          recurrence: recurrenceOf(next, core.clock.now()),
          expireDays: input.ExpireDays ?? was.expireDays,
          timeoutSeconds: input.TimeoutSeconds ?? was.timeoutSeconds,
        }
      },
    })
    return { Data: true }
  },
})
