/**
 * ModifyInstanceConfigPreCheck: what ModifyInstanceConfig would be refused with now; nothing when it would be taken. Facts: reference
 * alibaba-starrocks.md 3.2.
 */
import { Fault } from '../../../../domain/fault.ts'
import { list, optional, text } from '../../../../shape/shape.ts'
import { reasonsOf } from '../../faults.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { configurationRequest, type Edit } from './edit.ts'
import { configurationAsks, configurationFaults, itemMembers } from './shape.ts'

export const modifyInstanceConfigPreCheck = action({
  name: 'ModifyInstanceConfigPreCheck',
  input: { InstanceId: instanceId, RegionId: optional(regionId), ...itemMembers },
  output: { Data: list(text()) },
  faults: ['ClusterNotFound'],
  asks: configurationAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const { configsToAdd = [], configsToUpdate = [], configsToDelete = [] } = input
    const edits: readonly Edit[] = [
      ...configsToAdd.map((item) => ({ kind: 'add', item }) as const),
      ...configsToUpdate.map((item) => ({ kind: 'update', item }) as const),
      ...configsToDelete.map((item) => ({ kind: 'delete', item }) as const),
    ]
    const { id: operator } = call.principal
    const request = configurationRequest({ edits, rolling: true, reason: '', operator })
    try {
      await core.clusters.checkConfiguration(call, input.InstanceId, request)
      return { Data: [] }
    } catch (problem) {
      if (!(problem instanceof Fault) || problem.code === 'ClusterNotFound') throw problem
      if (!configurationFaults.includes(problem.code)) throw problem
      return { Data: [...reasonsOf(problem)] }
    }
  },
})
