/**
 * DescribeConfigHistory: what was changed in an instance's configuration, by whom and why, the latest first. An entry is known by the
 * flow number of its operation. Facts: reference alibaba-starrocks.md 3.2, 6.4.
 */
import type { ChangedSetting, Operation, OperationStatus } from '../../../../domain/operation.ts'
import { flag, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { historyOrNothing } from '../operation/history.ts'
import { instanceId, instanceResources, pageOf, paging, regionId, shortText } from '../shape.ts'
import { refused } from './edit.ts'
import { moments } from './shape.ts'

const entry = object({
  ConfigHistoryEffectDetails: list(
    object({ EffectStatus: text(), NodeGroupId: text(), NodeId: text() }),
  ),
  ConfigHistoryId: text(),
  ConfigMementos: list(
    object({
      Action: text(),
      After: text(),
      Before: text(),
      ConfigKey: text(),
      ConfigType: text(),
    }),
  ),
  EffectStatus: text(),
  Effected: flag(),
  GmtCreate: integer(),
  OperatorId: text(),
  Reason: text(),
  Rollback: flag(),
})

const effects: Readonly<Record<OperationStatus, string>> = {
  running: 'effecting',
  completed: 'effective',
  failed: 'ineffective',
}

export const describeConfigHistory = action({
  name: 'DescribeConfigHistory',
  input: {
    EffectStatuses: optional(shortText('Effect statuses', 'effective')),
    EndTime: optional(integer({ ...moments, label: 'End time' })),
    InstanceId: instanceId,
    NeedTotal: flag({ default: true }),
    ...paging,
    RegionId: optional(regionId),
    StartTime: optional(integer({ ...moments, label: 'Start time' })),
  },
  output: { Data: list(entry), Total: optional(integer()) },
  faults: ['ParametersRefused'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const { EffectStatuses, StartTime, EndTime } = input
    const { rows, total } = await historyOrNothing(
      core.operations.list(call, input.InstanceId, {
        ...pageOf(input),
        order: 'newest',
        verbs: ['configure'],
        ...(EffectStatuses === undefined ? {} : { states: statesOf(EffectStatuses) }),
        ...(StartTime === undefined ? {} : { fromMs: StartTime }),
        ...(EndTime === undefined ? {} : { untilMs: EndTime }),
      }),
    )
    const Data = rows.map(({ document }) => wireEntry(document))
    return { Data, ...(input.NeedTotal ? { Total: total } : {}) }
  },
})

/** Separated by commas. */
function statesOf(wanted: string): readonly OperationStatus[] {
  return wanted.split(',').map((word) => {
    const found = (Object.keys(effects) as OperationStatus[]).find(
      (state) => effects[state] === word.trim(),
    )
    if (found) return found
    throw refused([`Effect statuses should be among [${Object.values(effects).join(', ')}]`])
  })
}

function wireEntry({ configuration, flow, status, startedMs }: Operation) {
  const { settings = [], nodes = [], reason = '', operator = '', rollbackOf } = configuration ?? {}
  const EffectStatus = effects[status]
  return {
    ConfigHistoryEffectDetails: nodes.map(({ group, node }) => ({
      EffectStatus,
      NodeGroupId: group,
      NodeId: node,
    })),
    ConfigHistoryId: String(flow),
    ConfigMementos: settings.map((setting) => ({
      Action: actionOf(setting),
      After: setting.after ?? '',
      Before: setting.before ?? '',
      ConfigKey: setting.key,
      ConfigType: setting.file,
    })),
    EffectStatus,
    Effected: status === 'completed',
    GmtCreate: startedMs,
    OperatorId: operator,
    Reason: reason,
    Rollback: rollbackOf !== undefined,
  }
}

function actionOf({ before, after }: ChangedSetting): string {
  if (before === undefined) return 'ADD'
  return after === undefined ? 'DELETE' : 'MODIFY'
}
