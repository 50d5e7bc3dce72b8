/**
 * ListOperationHistory: what was done to an instance, newest first; also for a while after its release. An instance that does not
 * exist has no history, and a listing of nothing is no error. Facts: reference alibaba-starrocks.md 3.2, 6.6, 14 (4, 10).
 */
import type { Operation } from '../../../../domain/operation.ts'
import { choice, integer, list, nullable, object, optional, text } from '../../../../shape/shape.ts'
import {
  operationsOf,
  operationType,
  operationTypes,
  recordedVerbs,
} from '../../operation-types.ts'
import { operationStatus, operationStatuses, operationStatusesOf } from '../../states.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, pageOf, paging, regionId, shortText } from '../shape.ts'
import { historyOrNothing } from './history.ts'

/** Milliseconds from 1970 to the end of the year 9999. */
const moments = { min: 0, max: 253_402_300_799_999 }

const operation = object({
  AfterValue: text(),
  BeforeValue: text(),
  GmtCreate: integer(),
  GmtEnd: nullable(integer()),
  InstanceId: text(),
  OperationDetail: text(),
  OperationId: text(),
  OperationStatus: text(),
  OperationType: text(),
  Progress: integer(),
})

export const listOperationHistory = action({
  name: 'ListOperationHistory',
  input: {
    EndTime: optional(integer({ ...moments, label: 'End time' })),
    InstanceId: instanceId,
    OperationId: optional(shortText('Operation id')),
    OperationStatus: optional(choice(operationStatuses, { label: 'Operation status' })),
    OperationType: optional(choice(operationTypes, { label: 'Operation type' })),
    ...paging,
    RegionId: optional(regionId),
    StartTime: optional(integer({ ...moments, label: 'Start time' })),
  },
  output: { Data: list(operation), Total: integer() },
  faults: [],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const { OperationId, OperationStatus, OperationType, StartTime, EndTime } = input
    const page = await historyOrNothing(
      core.operations.list(call, input.InstanceId, {
        ...pageOf(input),
        order: 'newest',
        ...(OperationType === undefined ? { verbs: recordedVerbs } : operationsOf(OperationType)),
        ...(OperationId === undefined ? {} : { ids: [OperationId] }),
        ...(OperationStatus === undefined
          ? {}
          : { states: operationStatusesOf([OperationStatus]) }),
        ...(StartTime === undefined ? {} : { fromMs: StartTime }),
        ...(EndTime === undefined ? {} : { untilMs: EndTime }),
      }),
    )
    return { Data: page.rows.map(({ document }) => wireOperation(document)), Total: page.total }
  },
})

function wireOperation(it: Operation) {
  return {
    AfterValue: it.after ?? '',
    BeforeValue: it.before ?? '',
    GmtCreate: it.startedMs,
    GmtEnd: it.endedMs ?? null,
    InstanceId: it.cluster,
    OperationDetail: it.detail ?? '',
    OperationId: it.id,
    OperationStatus: operationStatus(it.status),
    OperationType: operationType(it.verb, it.subject),
    Progress: it.progress,
  }
}
