/** DescribeYarnScheduleHistory: the deployments of the resource schedule (reference: api.json, examples.json). */
import type { Operation, OperationStep } from '../../../../domain/operation.ts'
import { limits } from '../../../../limits.ts'
import {
  choice,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { flowStatusOf } from '../../states.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { pageOf, pageSizeMax } from '../cluster/listing.ts'
import { noTime, timeText } from '../time-text.ts'
import { yarnCluster } from './shape.ts'

const NAMES = { capacity: 'Capacity Scheduler', fair: 'Fair Scheduler' } as const
const ANY_STATE = -99
const STATES = [0, 1, 2, -1]

const task = object({
  SchedulerName: text(),
  OperatorName: text(),
  CreateTime: text(),
  EndTime: text(),
  State: integer(),
  Details: list(object({ Step: text(), Progress: text(), FailReason: text(), JobId: integer() })),
})

export const describeYarnScheduleHistory = action({
  name: 'DescribeYarnScheduleHistory',
  input: {
    InstanceId: yarnCluster,
    StartTime: optional(integer({ min: 0 })),
    EndTime: optional(integer({ min: 0 })),
    Limit: integer({ min: 1, max: pageSizeMax, default: pageSizeMax }),
    Offset: integer({ min: 0, default: 0 }),
    SchedulerType: choice(['ALL', NAMES.capacity, NAMES.fair], {
      default: 'ALL',
      ignoreCase: true,
    }),
    TaskState: integer({ allowed: [...STATES, ANY_STATE], default: ANY_STATE }),
  },
  output: {
    Tasks: list(task),
    Total: integer(),
    SchedulerNameList: list(text()),
    StateList: list(integer()),
  },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    const { StartTime, EndTime, SchedulerType, TaskState } = asked
    const { rows } = await core.operations.list(call, asked.InstanceId, {
      verbs: ['configure'],
      order: 'newest',
      limit: limits.adminRows,
      offset: 0,
      ...(StartTime === undefined ? {} : { fromMs: StartTime * 1000 }),
      ...(EndTime === undefined ? {} : { untilMs: EndTime * 1000 }),
    })
    const tasks = rows
      // Other settings are no schedule.
      .filter(({ document }) => document.after === 'capacity' || document.after === 'fair')
      .map(({ document }) => viewTask(document))
      .filter(({ SchedulerName }) => SchedulerType === 'ALL' || SchedulerName === SchedulerType)
      .filter(({ State }) => TaskState === ANY_STATE || State === TaskState)
    const { offset, limit } = pageOf(asked.Offset, asked.Limit)
    return {
      Tasks: tasks.slice(offset, offset + limit),
      Total: tasks.length,
      SchedulerNameList: Object.values(NAMES),
      StateList: STATES,
    }
  },
})

function viewTask(it: Operation): Static<typeof task> {
  return {
    SchedulerName: it.after === 'capacity' ? NAMES.capacity : NAMES.fair,
    OperatorName: (it.before ?? '')
      .split(',')
      .map((file) => `write ${file}`)
      .join(','),
    CreateTime: timeText(it.startedMs),
    EndTime: it.endedMs === undefined ? noTime : timeText(it.endedMs),
    State: flowStatusOf[it.status],
    Details: it.steps.map((step) => ({
      Step: step.name,
      Progress: progressOf(step),
      FailReason: step.status === 'failed' ? (step.reason ?? it.detail ?? '') : '',
      JobId: it.flow,
    })),
  }
}

function progressOf({ status }: OperationStep): string {
  return status === 'completed' ? '100%' : '0%'
}
