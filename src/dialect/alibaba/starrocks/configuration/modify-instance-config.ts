/**
 * ModifyInstanceConfig: other values for items of a running instance's configuration, together or not at all. Items come as lists in
 * the body, or as JSON texts in the query from earlier clients. Facts: reference alibaba-starrocks.md 3.2, 6.4, 7, 11.6 (fastMode).
 */
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { configurationRequest, refused } from './edit.ts'
import {
  configurationAsks,
  configurationFaults,
  itemList,
  itemMembers,
  reason,
  type ItemInput,
} from './shape.ts'

const editsOf = (kind: 'add' | 'update' | 'delete', ...lists: readonly (readonly ItemInput[])[]) =>
  lists.flat().map((item) => ({ kind, item }))

export const modifyInstanceConfig = action({
  name: 'ModifyInstanceConfig',
  input: {
    AddConfigList: itemList('configs to add'),
    ConfigList: itemList('configs to update'),
    DeleteConfigList: itemList('configs to delete'),
    InstanceId: instanceId,
    Reason: optional(reason),
    RegionId: optional(regionId),
    ...itemMembers,
    fastMode: optional(flag()),
    restart: optional(flag()),
  },
  output: { Data: flag() },
  faults: configurationFaults,
  asks: configurationAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const { Reason = '', configsToAdd = [], configsToUpdate = [], configsToDelete = [] } = input
    if (Reason.trim() === '') throw refused(['modify reason is empty'])
    const request = configurationRequest({
      edits: [
        ...editsOf('add', configsToAdd, input.AddConfigList ?? []),
        ...editsOf('update', configsToUpdate, input.ConfigList ?? []),
        ...editsOf('delete', configsToDelete, input.DeleteConfigList ?? []),
      ],
      restart: input.restart,
      rolling: input.fastMode !== true,
      reason: Reason,
      operator: call.principal.id,
    })
    await core.clusters.configure(call, input.InstanceId, request)
    return { Data: true }
  },
})
