/**
 * RollbackConfigModification: what an entry of the history changed is as it was before, by a change of its own. Only what is still as
 * the entry left it can be taken back. Facts: reference alibaba-starrocks.md 3.2.
 */
import type { ChangedSetting, ConfigurationRecord } from '../../../../domain/operation.ts'
import { flag, integer, optional } from '../../../../shape/shape.ts'
import { itemNamed } from '../../catalogue/configuration-item.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { configurationRequest, refused, valueOf, type Edit } from './edit.ts'
import { configurationAsks, configurationFaults } from './shape.ts'

export const rollbackConfigModification = action({
  name: 'RollbackConfigModification',
  input: {
    ConfigHistoryId: integer({
      min: 1,
      max: 1_000_000_000_000,
      label: 'Config history id',
      example: 6838,
    }),
    InstanceId: instanceId,
    RegionId: optional(regionId),
    Restart: optional(flag()),
  },
  output: { Data: flag() },
  faults: configurationFaults,
  asks: configurationAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { ConfigHistoryId: flow, InstanceId, Restart }) {
    const found = await core.operations.find(call, InstanceId, { flow })
    const record = found?.configuration
    if (!found || !record) throw refused([`Config history [${flow}] not exists`])
    if (found.status === 'failed') throw refused([`Config history [${flow}] did not take effect`])
    await core.clusters.configure(call, InstanceId, (was) => {
      requireUnchanged(was, flow, record)
      const request = configurationRequest({
        edits: record.settings.map(inverse),
        restart: Restart,
        rolling: true,
        reason: `rollback of ${flow}`,
        operator: call.principal.id,
        rollbackOf: flow,
      })
      return request(was)
    })
    return { Data: true }
  },
})

function requireUnchanged(
  was: Parameters<typeof valueOf>[0],
  flow: number,
  { settings }: ConfigurationRecord,
): void {
  const changed = settings.filter(({ file, key, after }) => {
    const item = itemNamed(file, key)
    return item && valueOf(was, item) !== (after ?? item.default)
  })
  if (changed.length > 0)
    throw refused(
      changed.map(({ key }) => `Config [${key}] has been changed since config history [${flow}]`),
    )
}

function inverse({ file, key, before, after }: ChangedSetting): Edit {
  const item = { configType: file, configKey: key }
  if (before === undefined) return { kind: 'delete', item }
  const kind = after === undefined ? 'add' : 'update'
  return { kind, item: { ...item, configValue: before } }
}
