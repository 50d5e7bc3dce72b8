/**
 * A node of the newer schema as one of the older one, and what refusals call its members (reference: tencent-emr.md 1, 5.11). The
 * older one has a first data disk, one of which there is, and others behind it by kind.
 */
import { diskOf } from '../../catalogue/disk.ts'
import { findInstanceType } from '../../catalogue/instance-type.ts'
import { invalid, unsupported } from '../refusal.ts'
import type { Renaming } from '../renaming.ts'
import type { NodeResourceInput } from '../cluster/cluster-shape.ts'
import type { ResourceInput } from '../cluster/create-shape.ts'

export interface TranslatedResource {
  readonly resource: ResourceInput
  readonly names: Renaming
}

/** `from` and `name` are the resource's path in the older and in the newer schema. */
export function translateResource(
  input: NodeResourceInput,
  { from, name }: { readonly from: string; readonly name: string },
): TranslatedResource {
  refuseUnsupported(input, name)
  const { system, first, further, listed } = readDisks(input, name)
  const rest = further.filter(({ disk }) => disk.Count !== 0)
  return {
    resource: {
      InstanceType: input.InstanceType,
      RootSize: system.DiskSize,
      StorageType: diskOf(system.DiskType)?.storageType ?? UNKNOWN,
      ...(first ? { DiskType: first.DiskType, DiskSize: first.DiskSize } : {}),
      MultiDisks: rest.map(({ disk }) => ({
        DiskType: disk.DiskType,
        Volume: disk.DiskSize,
        Count: disk.Count,
      })),
      ...(input.Tags ? { Tags: input.Tags } : {}),
    },
    names: [
      [`${from}.RootSize`, `${name}.SystemDisk.0.DiskSize`],
      [`${from}.StorageType`, `${name}.SystemDisk.0.DiskType`],
      [`${from}.DiskSize`, `${name}.${listed}.0.DiskSize`],
      [`${from}.DiskType`, `${name}.${listed}.0.DiskType`],
      ...rest.flatMap(({ at }, place): Renaming => [
        [`${from}.MultiDisks.${place}.Volume`, `${name}.DataDisk.${at}.DiskSize`],
        [`${from}.MultiDisks.${place}`, `${name}.DataDisk.${at}`],
      ]),
      [`${from}.MultiDisks`, `${name}.DataDisk`],
      [from, name],
    ],
  }
}

/** A number that no disk type has, so that the older schema refuses it by its own rule. */
const UNKNOWN = -1

function refuseUnsupported(input: NodeResourceInput, name: string): void {
  for (const member of ['SystemDisk', 'DataDisk', 'LocalDataDisk'] as const)
    for (const [at, { ExtraPerformance: extra = 0 }] of (input[member] ?? []).entries())
      if (extra !== 0)
        throw unsupported(
          `${name}.${member}.${at}.ExtraPerformance`,
          'disks have the throughput of their type',
        )
}

function readDisks(input: NodeResourceInput, name: string) {
  const [system] = input.SystemDisk
  const refused = (member: string, rule: string, value: unknown) =>
    invalid({ name: `${name}.${member}`, code: 'InvalidParameter.InvalidDiskNum', rule, value })
  if (!system) throw refused('SystemDisk', 'there must be one', '0 disks')
  if (system.Count !== 1) throw refused('SystemDisk.0.Count', 'it must be 1', system.Count)
  const found = findInstanceType({ instanceType: input.InstanceType })
  const own = found.ok ? found.instanceType.localDisk : undefined
  const data = input.DataDisk ?? []
  const local = input.LocalDataDisk ?? []
  if (own) {
    const [only] = local
    if (only && (local.length > 1 || only.Count !== own.count))
      throw refused(
        'LocalDataDisk',
        `${input.InstanceType} comes with ${own.count} disks of one kind`,
        `${local.reduce((sum, { Count }) => sum + Count, 0)} disks`,
      )
    const further = data.map((disk, at) => ({ disk, at }))
    const first = only ?? { DiskType: own.diskType, DiskSize: own.sizeGb }
    return { system, first, further, listed: 'LocalDataDisk' }
  }
  if (local.length > 0)
    throw refused('LocalDataDisk', `${input.InstanceType} comes without disks`, 'some')
  const [first, ...rest] = data
  if (!first) throw refused('DataDisk', 'there must be a data disk', '0 disks')
  if (first.Count < 1) throw refused('DataDisk.0.Count', 'it must be at least 1', first.Count)
  const further = [
    { disk: { ...first, Count: first.Count - 1 }, at: 0 },
    ...rest.map((disk, place) => ({ disk, at: place + 1 })),
  ]
  return { system, first, further, listed: 'DataDisk' }
}
