/**
 * Disk types and sizes, in GB. Cloud disks are chosen by type, size and number; local disks come with the machine.
 * Facts: reference tencent-emr.md 2.3 (MultiDisk), 3.7.
 */

import data from './disks.json' with { type: 'json' }
import type { InstanceType } from './instance-type.ts'
import type { DiskType, SizeRange } from './schema.ts'

export interface SizedDisk {
  readonly diskType: string
  readonly sizeGb: number
}

export interface DataDisk extends SizedDisk {
  readonly count: number
}

export type DiskProblem =
  | {
      readonly problem: 'unknown-disk-type'
      readonly diskType: string
      readonly allowed: readonly string[]
    }
  | ({
      readonly problem: 'size-out-of-range' | 'size-off-step'
      readonly diskType: string
      readonly sizeGb: number
    } & SizeRange)

export type DataDisksProblem = (
  | DiskProblem
  | { readonly problem: 'count'; readonly diskType: string; readonly count: number }
  | { readonly problem: 'repeated-disk-type'; readonly diskType: string }
  | { readonly problem: 'too-many-disks'; readonly count: number; readonly max: number }
  | {
      readonly problem: 'local-disk-model'
      readonly instanceType: string
      readonly diskType: string
      readonly own: string
    }
  | {
      readonly problem: 'no-local-disk'
      readonly instanceType: string
      readonly diskType: string
      /** What the machine brings, if anything. */
      readonly own: string | undefined
    }
) & {
  /** Of the further disks, which one; undefined for the first disk. */
  readonly at?: number | undefined
}

export const diskTypes = data.types as unknown as readonly DiskType[]
export const systemDisk = data.system
export const maxDataDisks = data.maxDataDisks

const byType = new Map(diskTypes.map((disk) => [disk.diskType, disk]))

export function diskOf(diskType: string): DiskType | undefined {
  return byType.get(diskType)
}

export function diskByStorageType(storageType: number): DiskType | undefined {
  return diskTypes.find((disk) => disk.storageType === storageType)
}

/** One data disk by itself. A local type has no size of its own to check. */
export function checkDisk({ diskType, sizeGb }: SizedDisk): DiskProblem | undefined {
  const disk = byType.get(diskType)
  if (disk === undefined) {
    return { problem: 'unknown-disk-type', diskType, allowed: [...byType.keys()] }
  }
  return disk.data === null ? undefined : checkSize(diskType, sizeGb, disk.data)
}

/** The system disk has one range for all types. */
export function checkSystemSize(sizeGb: number): DiskProblem | undefined {
  const { min, max, step } = data.system
  return checkSize('system', sizeGb, { min, max, step })
}

/**
 * The data disks of one node: `base` is the disk of the role's specification, `more` are MultiDisks. Each type once
 * among `more`, fifteen disks in all, and none but its own on a model with local disks.
 */
export function checkDataDisks(
  type: InstanceType,
  base: DataDisk,
  more: readonly DataDisk[],
): DataDisksProblem | undefined {
  const local = type.localDisk
  if (local !== undefined) {
    const own = local.diskType
    const cloud = byType.get(base.diskType)?.kind === 'cloud' ? base : more[0]
    if (cloud !== undefined) {
      const { diskType } = cloud
      const at = cloud === base ? undefined : 0
      return { problem: 'local-disk-model', instanceType: type.name, diskType, own, at }
    }
    return checkDisk(base) ?? wrongLocal(type, base, own)
  }
  const seen = new Set<string>()
  for (const [place, disk] of [base, ...more].entries()) {
    const { diskType, count } = disk
    const at = disk === base ? undefined : place - 1
    const problem = checkDisk(disk) ?? wrongLocal(type, disk)
    if (problem !== undefined) return { ...problem, at }
    if (!Number.isSafeInteger(count) || count < 1) return { problem: 'count', diskType, count, at }
    if (disk === base) continue
    if (seen.has(diskType)) return { problem: 'repeated-disk-type', diskType, at }
    seen.add(diskType)
  }
  const count = [base, ...more].reduce((sum, disk) => sum + disk.count, 0)
  return count > maxDataDisks ? { problem: 'too-many-disks', count, max: maxDataDisks } : undefined
}

function wrongLocal(
  type: InstanceType,
  disk: DataDisk,
  own?: string,
): DataDisksProblem | undefined {
  const local = byType.get(disk.diskType)?.kind === 'local'
  if (!local || disk.diskType === own) return undefined
  return { problem: 'no-local-disk', instanceType: type.name, diskType: disk.diskType, own }
}

function checkSize(diskType: string, sizeGb: number, range: SizeRange): DiskProblem | undefined {
  if (!(sizeGb >= range.min && sizeGb <= range.max)) {
    return { problem: 'size-out-of-range', diskType, sizeGb, ...range }
  }
  return sizeGb % range.step === 0
    ? undefined
    : { problem: 'size-off-step', diskType, sizeGb, ...range }
}
