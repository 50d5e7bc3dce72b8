/**
 * DescribeBackupPolicies: those of an instance, or of all that the caller may see. The documented answer has no RecurrenceType, without
 * which RecurrenceValues mean nothing; it is answered beside. Facts: reference alibaba-starrocks.md 3.2.
 */
import type { BackupPolicy } from '../../../../domain/backup.ts'
import { integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { policyId, recurrenceTypeOf } from './shape.ts'

const policyView = object({
  ExpireDays: integer(),
  Hour: text(),
  InstanceId: text(),
  Minute: text(),
  PolicyId: text(),
  RecurrenceType: text(),
  RecurrenceValues: list(integer()),
  TimeoutSeconds: integer(),
})

export const describeBackupPolicies = action({
  name: 'DescribeBackupPolicies',
  input: {
    InstanceId: optional(instanceId),
    PolicyId: optional(policyId),
    RegionId: optional(regionId),
  },
  output: { Data: list(policyView), Total: integer() },
  faults: [],
  asks: ['identity'],
  listing: true,
  resources: (call, input) =>
    instanceResources(call, input.InstanceId === undefined ? [] : [input.InstanceId]),
  async run(core, call, { InstanceId, PolicyId }) {
    const page = await core.backups.policies(call, {
      ...(InstanceId === undefined ? {} : { parent: InstanceId }),
      ...(PolicyId === undefined ? {} : { ids: [PolicyId] }),
    })
    return { Data: page.rows.map(({ document }) => viewPolicy(document)), Total: page.total }
  },
})

/** The hour and the minute are texts here, and numbers where they are sent. */
function viewPolicy(it: BackupPolicy) {
  const { days, time } = it.recurrence
  return {
    ExpireDays: it.expireDays,
    Hour: String(time.hour),
    InstanceId: it.cluster,
    Minute: String(time.minute),
    PolicyId: it.id,
    RecurrenceType: recurrenceTypeOf(it),
    RecurrenceValues: [...days],
    TimeoutSeconds: it.timeoutSeconds,
  }
}
