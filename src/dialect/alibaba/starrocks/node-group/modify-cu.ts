/**
 * ModifyCu: another number of CUs for every node of a group, and with them of memory. The answer is the id of the order by which a
 * subscription pays for it. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 5.2, 11.6 (FastMode).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import { flag, integer, optional } from '../../../../shape/shape.ts'
import { memoryCpuRatioOf } from '../../catalogue/spec-type.ts'
import { action } from '../action.ts'
import { instanceExtension } from '../instance/extension.ts'
import { instanceResources } from '../shape.ts'
import { changeAsks, changeFaults, changeMembers } from './change.ts'
import { changeableGroup, checkTarget, scopeOf } from './rules.ts'
import { orderOnWire, promotionOf, termsOf } from './terms.ts'

export const modifyCu = action({
  name: 'ModifyCu',
  input: { FastMode: optional(flag()), ...changeMembers },
  output: { Data: integer() },
  faults: changeFaults,
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { FastMode = false, InstanceId, NodeGroupId, PromotionOptionNo, Target }) {
    const promotion = await promotionOf(core, call, PromotionOptionNo)
    const started = await core.clusters.resize(call, InstanceId, {
      aspect: 'compute',
      rolling: !FastMode,
      terms: termsOf(core, promotion),
      resize(was) {
        const it = changeableGroup(was, NodeGroupId)
        checkTarget(it, 'cu', Target)
        if (FastMode) requireFastMode(was)
        const memoryMib = Target * memoryCpuRatioOf(it.now.specType) * 1024
        return {
          scope: scopeOf(was, it),
          direction: Target > it.now.cu ? 'up' : 'down',
          size: (size) => ({ ...size, cpu: Target, memoryMib }),
        }
      },
    })
    return { Data: orderOnWire(started) }
  },
})

function requireFastMode(instance: Cluster): void {
  const { runMode } = instanceExtension(instance)
  if (runMode === 'shared_data') return
  const detail = `the nodes of an instance of run mode ${runMode} are changed one after the other`
  throw new Fault('NotSupported', { what: 'FastMode', detail })
}
