/**
 * ModifyDiskSize: larger disks for every node of a group, in GiB for each disk; they never shrink. Disks that come with their
 * machine cannot be changed. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 4.2, 10 (C13).
 */
import { Fault } from '../../../../domain/fault.ts'
import { flag, integer, optional } from '../../../../shape/shape.ts'
import { storageRange } from '../../catalogue/node-group.ts'
import { hasLocalDisks } from '../../catalogue/spec-type.ts'
import { problemsRefused } from '../../faults.ts'
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import { changeAsks, changeFaults, changeMembers } from './change.ts'
import { changeableGroup, checkTarget, scopeOf, type ChangeableGroup } from './rules.ts'
import { orderOnWire, promotionOf, termsOf } from './terms.ts'

export const modifyDiskSize = action({
  name: 'ModifyDiskSize',
  input: { FastMode: optional(flag()), ...changeMembers },
  output: { Data: integer() },
  faults: changeFaults,
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { FastMode = false, InstanceId, NodeGroupId, PromotionOptionNo, Target }) {
    const promotion = await promotionOf(core, call, PromotionOptionNo)
    const started = await core.clusters.resize(call, InstanceId, {
      aspect: 'disk-size',
      rolling: !FastMode,
      terms: termsOf(core, promotion),
      resize(was) {
        const it = changeableGroup(was, NodeGroupId)
        requireLarger(it, Target)
        return {
          scope: scopeOf(was, it),
          direction: 'up',
          size: (size) => ({
            ...size,
            disks: size.disks.map((disk) => ({ ...disk, sizeGib: Target })),
          }),
        }
      },
    })
    return { Data: orderOnWire(started) }
  },
})

function requireLarger(it: ChangeableGroup, target: number): void {
  const { now, place, label } = it
  if (hasLocalDisks(now.specType)) {
    const detail = `those of spec type ${now.specType} come with their machine`
    throw new Fault('NotSupported', { what: 'Changing the size of disks', detail })
  }
  const range = storageRange(place.component, now.storagePerformanceLevel)
  if (range && target < now.storageSize) {
    const what = `Storage size of ${label}`
    const problem = { what, rule: 'range', min: now.storageSize, max: range.max } as const
    throw new Fault('ParametersRefused', { refusals: problemsRefused([problem]) })
  }
  checkTarget(it, 'storageSize', target)
}
