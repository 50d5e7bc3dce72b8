/**
 * The disks of a node, by one role's resource (reference: tencent-emr.md 2.3, 3.7). DiskType is the type of the data disks. The
 * system disk is of the cloud disk type that StorageType numbers, because clients read that number back as RootStorageType; without
 * one it is of the data disks' type, as the documents have it. Where DiskType is left out, StorageType says both.
 */
import {
  checkDataDisks,
  checkSystemSize,
  diskByStorageType,
  diskOf,
  diskTypes,
  systemDisk,
  type DataDisk,
  type DataDisksProblem,
  type SizedDisk,
} from '../../catalogue/disk.ts'
import type { InstanceType } from '../../catalogue/instance-type.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import type { ResourceInput } from '../cluster/create-shape.ts'
import { example } from '../cluster/example.ts'
import { given, invalid, oneOf, unsupportedValue } from '../refusal.ts'

export interface DiskChoice {
  readonly systemDisk: SizedDisk
  /** Empty only when the machine brings its own disks. */
  readonly dataDisks: readonly DataDisk[]
  readonly diskType: string
}

const RESOURCE_SPEC = 'InvalidParameter.InvalidResourceSpec'
/** What examples of the documents show for data disks that are left out when the machine is named by its type alone. */
const DEFAULT_DATA_DISK: DataDisk = { diskType: 'CLOUD_SSD', sizeGb: 200, count: 1 }

/** `name` is the resource's, for refusals. Throws InvalidDiskSize, InvalidParameterValue, InvalidResourceSpec, … */
export function readDisks(name: string, input: ResourceInput, type: InstanceType): DiskChoice {
  const rootGb = input.RootSize ?? systemDisk.defaultGb
  const problem = checkSystemSize(rootGb)
  if (problem !== undefined) throw diskRefusal(problem, { name, member: 'RootSize' })
  const asked = readStorageType(name, input.StorageType)
  const { diskType, dataDisks } = readDataDisks({ name, input, type, asked })
  const isCloud = asked !== undefined && diskOf(asked)?.kind === 'cloud'
  return {
    systemDisk: { diskType: isCloud ? asked : diskType, sizeGb: rootGb },
    dataDisks,
    diskType,
  }
}

/** The type that a number stands for; clients send 0 for none. */
function readStorageType(name: string, number: number | undefined): string | undefined {
  if (number === undefined || number === 0) return undefined
  const disk = diskByStorageType(number)
  if (disk) return disk.diskType
  const types = diskTypes.map(({ storageType, diskType }) => `${storageType} (${diskType})`)
  throw invalid({
    name: `${name}.StorageType`,
    code: 'InvalidParameterValue',
    rule: oneOf(types),
    value: number,
    example: 4,
  })
}

interface DataDiskRequest {
  readonly name: string
  readonly input: ResourceInput
  readonly type: InstanceType
  /** By its number. */
  readonly asked: string | undefined
}

function readDataDisks({
  name,
  input,
  type,
  asked,
}: DataDiskRequest): Pick<DiskChoice, 'dataDisks' | 'diskType'> {
  const local = type.localDisk
  const usual = local ? { ...DEFAULT_DATA_DISK, ...local } : DEFAULT_DATA_DISK
  const base = {
    diskType: given(input.DiskType) ?? asked ?? usual.diskType,
    sizeGb: input.DiskSize ?? usual.sizeGb,
    count: 1,
  }
  const more = (input.MultiDisks ?? []).map((disk) => ({
    diskType: given(disk.DiskType) ?? '',
    sizeGb: disk.Volume ?? 0,
    count: disk.Count ?? 1,
  }))
  const wrong = checkDataDisks(type, base, more)
  if (wrong !== undefined) throw diskRefusal(wrong, { name, member: 'DiskSize', at: wrong.at })
  checkLocalDisks(name, input, type)
  return { diskType: base.diskType, dataDisks: local ? [] : [base, ...more] }
}

/** Local disks come with the machine; size and number may be said, but they must be the machine's own. */
function checkLocalDisks(name: string, input: ResourceInput, type: InstanceType): void {
  const { DiskSize: size = 0 } = input
  const { localDisk: local } = type
  if (local && size !== 0 && size !== local.sizeGb) {
    throw invalid({
      name: `${name}.DiskSize`,
      code: 'InvalidParameter.InvalidDiskSize',
      rule: `${type.name} comes with disks of ${local.sizeGb} GB`,
      value: size,
      example: local.sizeGb,
    })
  }
  for (const member of ['DiskNum', 'LocalDiskNum'] as const) {
    const asked = input[member] ?? 0
    const own = type.localDisk?.count ?? (member === 'DiskNum' ? 1 : 0)
    if (asked === 0 || asked === own) continue
    throw invalid({
      name: `${name}.${member}`,
      code: RESOURCE_SPEC,
      rule: `${type.name} comes with ${own}; further disks are given as MultiDisks`,
      value: asked,
      example: own,
    })
  }
}

interface DiskPlace {
  readonly name: string
  /** Of the first disk's size, or the system disk's. */
  readonly member: 'RootSize' | 'DiskSize' | 'DefaultDiskSize'
  /** MultiDisks' position, for those of them. */
  readonly at?: number | undefined
}

export function diskRefusal(it: DataDisksProblem, { name, member, at }: DiskPlace) {
  const further = at === undefined ? undefined : `${name}.MultiDisks.${at}`
  const code = RESOURCE_SPEC
  switch (it.problem) {
    case 'unknown-disk-type':
      return invalid({
        name: `${further ?? name}.DiskType`,
        code: 'InvalidParameterValue',
        rule: oneOf(it.allowed),
        value: it.diskType,
        example: example.DiskType,
      })
    case 'size-out-of-range':
    case 'size-off-step':
      return invalid({
        name: further ? `${further}.Volume` : `${name}.${member}`,
        code: 'InvalidParameter.InvalidDiskSize',
        rule: `a ${it.diskType} disk has ${it.min} to ${it.max} GB, in steps of ${it.step}`,
        value: it.sizeGb,
        example: it.min,
      })
    case 'count': {
      const rule = `the count of ${it.diskType} must be at least 1`
      return invalid({ name: `${further}.Count`, code, rule, value: it.count, example: 1 })
    }
    case 'repeated-disk-type': {
      const rule = 'each disk type can be given once'
      const free = diskTypes.find((disk) => disk.kind === 'cloud' && disk.diskType !== it.diskType)
      return invalid({
        name: `${further}.DiskType`,
        code,
        rule,
        value: it.diskType,
        example: free?.diskType,
      })
    }
    case 'too-many-disks': {
      const rule = `a node has at most ${it.max} data disks`
      const value = `${it.count} disks`
      const right = [{ DiskType: example.DiskType, Volume: 200, Count: 1 }]
      return invalid({ name: `${name}.MultiDisks`, code, rule, value, example: right })
    }
    case 'local-disk-model':
      return unsupportedValue(further ?? `${name}.DiskType`, {
        value: it.diskType,
        why: `${it.instanceType} has local disks of the type ${it.own} and takes no cloud disks`,
        instead: further ? 'leave MultiDisks out' : `for example ${it.own}`,
      })
    case 'no-local-disk':
      return invalid({
        name: `${further ?? name}.DiskType`,
        code: 'ResourceInsufficient.DiskInsufficient',
        rule: `${it.instanceType} has no such local disk; it takes ${listed(typesFor(it.own))}`,
        value: it.diskType,
        example: it.own ?? example.DiskType,
      })
  }
}

/** The disk types of a machine: its own, or those of the cloud. */
function typesFor(own: string | undefined): readonly string[] {
  if (own !== undefined) return [own]
  return diskTypes.filter(({ kind }) => kind === 'cloud').map(({ diskType }) => diskType)
}
