/**
 * ListOperationActivity: the steps of an operation, or of every one of an instance, the newest operation first and its steps in their
 * order; those that have not begun are not there yet. Nothing pages here, so that of an instance the newest operations are shown.
 * Facts: reference alibaba-starrocks.md 3.2, 5.3, 6.6.
 */
import type { Operation, OperationStep } from '../../../../domain/operation.ts'
import { sha256Hex } from '../../../../kernel/digest.ts'
import { limits } from '../../../../limits.ts'
import { integer, list, nullable, object, optional, text } from '../../../../shape/shape.ts'
import { recordedVerbs } from '../../operation-types.ts'
import { activityStatus } from '../../states.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId, shortText } from '../shape.ts'
import { historyOrNothing } from './history.ts'

const activity = object({
  ActivityId: text(),
  ActivityStatus: text(),
  ConsoleRetryCount: integer(),
  EndTime: nullable(integer()),
  ErrMessage: text(),
  Name: text(),
  StartTime: integer(),
})

export const listOperationActivity = action({
  name: 'ListOperationActivity',
  input: {
    InstanceId: instanceId,
    OperationId: optional(shortText('Operation id')),
    RegionId: optional(regionId),
  },
  output: { Data: list(activity), Total: integer() },
  faults: [],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, OperationId }) {
    const { rows } = await historyOrNothing(
      core.operations.list(call, InstanceId, {
        verbs: recordedVerbs,
        order: 'newest',
        limit: limits.pageSize,
        offset: 0,
        ...(OperationId === undefined ? {} : { ids: [OperationId] }),
      }),
    )
    const Data = rows.flatMap(({ document }) => activitiesOf(document))
    return { Data, Total: Data.length }
  },
})

function activitiesOf(operation: Operation) {
  return operation.steps.flatMap((step, at) => {
    if (step.status === 'waiting') return []
    return [
      {
        ActivityId: `ac-${sha256Hex(`${operation.id}/${at}`).slice(0, 16)}`,
        ActivityStatus: activityStatus(step.status),
        // Nobody but the reconciler tries again, and it counts nothing.
        ConsoleRetryCount: 0,
        EndTime: step.endedMs ?? null,
        ErrMessage: step.status === 'failed' ? (step.reason ?? operation.detail ?? '') : '',
        Name: nameOf(step),
        StartTime: step.startedMs ?? operation.startedMs,
      },
    ]
  })
}

/** `scripts-before` is `ScriptsBefore`, in the style of the service. */
function nameOf({ name }: OperationStep): string {
  return name
    .split('-')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('')
}
