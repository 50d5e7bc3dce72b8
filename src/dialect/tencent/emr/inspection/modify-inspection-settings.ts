/** ModifyInspectionSettings: an inspection now, or those of the calendar made different (reference: api.json, examples.json, appendix B). */
import type { InspectionMembers } from '../../../../app/inspection/inspections.ts'
import {
  choice,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { secondsMax } from '../inquiry/window.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import { readCalendar } from './calendar.ts'
import { checkOf } from './task.ts'

const CODE = 'InvalidParameter'
const word = text({ max: 128 })

const setting = object({
  TaskType: text({ max: 128, pattern: /^\w+$/, rule: 'it must be a name', code: CODE }),
  Group: optional(word),
  Name: optional(word),
  TaskSettings: optional(
    list(
      object({
        Name: optional(word),
        Value: optional(text({ max: 256 })),
        Key: optional(word),
        Editable: optional(word),
      }),
      { max: 20 },
    ),
  ),
  Selected: optional(choice(['true', 'false'], { code: CODE })),
  Enable: optional(choice(['true', 'false'], { code: CODE })),
  SettingsJson: optional(text({ max: 16_384 })),
})

const input = {
  InstanceId: clusterId(CODE),
  Type: choice(['FixedTime', 'RealTime'], { code: CODE }),
  Settings: list(setting, { max: 100, code: CODE }),
  StartTime: optional(integer({ min: 0, max: secondsMax, code: CODE })),
  EndTime: optional(integer({ min: 0, max: secondsMax, code: CODE })),
  Strategy: optional(word),
  Clock: optional(word),
  DayOfWeek: optional(word),
  DayOfMonth: optional(word),
  JobId: optional(word),
}

type Input = Static<TObject<typeof input>>

export const modifyInspectionSettings = action({
  name: 'ModifyInspectionSettings',
  input,
  output: { Info: text(), JobId: text() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported', 'LimitReached'],
  asks: ['account', 'identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    const job = given(asked.JobId)
    const number = job === undefined ? undefined : Number(/^\d{1,15}$/.test(job) ? job : 0)
    const members = readMembers(asked, core.clock.now())
    const made = await core.inspections.put(call, asked.InstanceId, {
      ...(number === undefined ? {} : { number }),
      decide: () => members,
    })
    if (made !== undefined) return { Info: 'OK', JobId: String(made) }
    const rule = 'there is no such inspection of the calendar'
    throw invalid({ name: 'JobId', code: CODE, rule, value: job ?? '' })
  },
})

function readMembers(asked: Input, nowMs: number): InspectionMembers {
  const { Settings: settings, StartTime: start, EndTime: end } = asked
  const chosen = settings.filter(({ Selected }) => Selected !== 'false')
  for (const [at, { TaskType, SettingsJson }] of settings.entries()) {
    if (settings.findIndex((each) => each.TaskType === TaskType) < at) {
      const name = `Settings.${at}.TaskType`
      throw invalid({ name, code: CODE, rule: 'each is given once', value: TaskType })
    }
    if (given(SettingsJson) !== undefined)
      throw unsupported(`Settings.${at}.SettingsJson`, 'nothing here measures what it is about')
  }
  if (start !== undefined && end !== undefined && end <= start)
    throw invalid({ name: 'EndTime', code: CODE, rule: 'it must be after StartTime', value: end })
  const period = {
    ...(start === undefined ? {} : { fromMs: start * 1000 }),
    ...(end === undefined ? {} : { untilMs: end * 1000 + 999 }),
  }
  const tasks = chosen.map(({ TaskType: name }) => ({ name, check: checkOf(name) }))
  const common = { tasks, ...period }
  if (asked.Type === 'FixedTime') return { ...common, at: readCalendar(asked, nowMs) }
  if (given(asked.JobId) !== undefined)
    throw invalid({ name: 'JobId', code: CODE, rule: 'it goes with FixedTime only' })
  if (tasks.length > 0) return common
  throw invalid({ name: 'Settings', code: CODE, rule: 'one at least must be selected' })
}
