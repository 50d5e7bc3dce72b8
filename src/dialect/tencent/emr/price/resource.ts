/** The specification that a price is of (reference: tencent-emr.md 5.6 PriceResource). */
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { integer, list, nullable, object, text, type Static } from '../../../../shape/shape.ts'
import { diskOf } from '../../catalogue/disk.ts'
import { groupExtension } from '../cluster/extension.ts'
import { tagView } from '../cluster/view-shape.ts'
import { machineOf } from '../node/terms.ts'

export const priceResource = object({
  Spec: text(),
  StorageType: integer(),
  DiskType: text(),
  RootSize: integer(),
  MemSize: integer(),
  Cpu: integer(),
  DiskSize: integer(),
  MultiDisks: list(object({ DiskType: text(), Volume: integer(), Count: integer() })),
  DiskCnt: integer(),
  InstanceType: text(),
  Tags: nullable(list(tagView)),
  DiskNum: integer(),
  LocalDiskNum: integer(),
  GpuDesc: text(),
})

/** The first data disk is the specification's own; those behind it are MultiDisks, as a request has them. */
export function viewResource(group: NodeGroup): Static<typeof priceResource> {
  const { diskType } = groupExtension(group)
  const { family, localDisk } = machineOf(group)
  const system = group.disks.find(({ use }) => use === 'system')
  const data = group.disks.filter(({ use }) => use === 'data')
  const [first, ...more] = data
  const rest = localDisk ? [] : [...(first ? [{ ...first, count: first.count - 1 }] : []), ...more]
  return {
    Spec: family.spec,
    StorageType: diskOf(diskType)?.storageType ?? 0,
    DiskType: diskType,
    RootSize: system?.sizeGib ?? 0,
    MemSize: group.memoryMib,
    Cpu: group.cpu,
    DiskSize: first?.sizeGib ?? 0,
    MultiDisks: rest
      .filter(({ count }) => count > 0)
      .map(({ type, sizeGib, count }) => ({ DiskType: type, Volume: sizeGib, Count: count })),
    DiskCnt: data.reduce((sum, { count }) => sum + count, 0),
    InstanceType: group.machine,
    Tags: null,
    DiskNum: localDisk ? 0 : data.reduce((sum, { count }) => sum + count, 0),
    LocalDiskNum: localDisk?.count ?? 0,
    GpuDesc: '',
  }
}
