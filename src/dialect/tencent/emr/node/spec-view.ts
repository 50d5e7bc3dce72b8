/** A machine that is on sale, as its buyers read it (reference: tencent-emr.md 5.10 NodeSpecInstanceType). */
import type { Share } from '../../../../domain/supply.ts'
import { decimal, flag, integer, list, object, text, type Static } from '../../../../shape/shape.ts'
import { diskTypes, systemDisk } from '../../catalogue/disk.ts'
import type { InstanceType } from '../../catalogue/instance-type.ts'
import { rateOf, toYuan } from '../../catalogue/price.ts'
import type { PayMode } from '../../catalogue/schema.ts'

const specDisk = object({
  Count: integer(),
  Name: text(),
  DiskType: text(),
  DefaultDiskSize: integer(),
  IsSpecialDisk: flag(),
})

const specInstanceType = object({
  InstanceType: text(),
  Cpu: integer(),
  Memory: integer(),
  Order: integer(),
  Num: integer(),
  SellOutReason: text(),
  SystemDisk: list(specDisk),
  DataDisk: list(specDisk),
  LocalDataDisk: list(specDisk),
  SoldOutReason: text(),
  InstanceFamily: text(),
  NodeName: text(),
  NodeType: text(),
  Type: text(),
  TypeName: text(),
  FamilyName: text(),
  CpuType: text(),
  Remark: text(),
  OriginPrice: decimal(),
  PrepaidUnderwritePeriods: list(integer()),
  GpuDesc: text(),
  QuotaNum: integer(),
  QuotaUnit: text(),
  NeedHpcClusterId: flag(),
  IsGpuInstance: flag(),
})

export const specType = object({
  Type: text(),
  TypeName: text(),
  Order: integer(),
  InstanceFamilies: list(
    object({
      InstanceFamily: text(),
      FamilyName: text(),
      Order: integer(),
      InstanceTypes: list(specInstanceType),
    }),
  ),
})

export type SpecType = Static<typeof specType>

export interface MachineSpec {
  readonly type: InstanceType
  /** How its price is shown; undefined for not at all. */
  readonly priced: PayMode | 'both' | undefined
  /** Undefined where nobody counts. */
  readonly stock: Share | undefined
  readonly quota: Share | undefined
}

const MB_PER_GB = 1024
/** What the examples show of data disks. */
const DATA_DISK_GB = 200
const FEW = 10

export function viewSpec(
  { type, priced, stock, quota }: MachineSpec,
  of: {
    readonly NodeType: string
    readonly NodeName: string
    readonly TypeName: string
    readonly language: 'zh' | 'en'
    readonly order: number
  },
): Static<typeof specInstanceType> {
  const { family, localDisk } = type
  const { language } = of
  const left = leftOf(stock)
  const allowed = leftOf(quota) ?? 0
  const soldOut = left === 0 ? 'RunOut' : ''
  const cloud = diskTypes.filter(({ kind }) => kind === 'cloud')
  const disks = (sizeGb: number) =>
    cloud.map((disk) => diskRow(disk[language], disk.diskType, { count: 1, sizeGb }))
  const local = diskTypes.find(({ diskType }) => diskType === localDisk?.diskType)
  return {
    InstanceType: type.name,
    Cpu: type.cpu,
    Memory: type.memoryMb / MB_PER_GB,
    Order: of.order,
    Num: left ?? allowed,
    SellOutReason: soldOut,
    SystemDisk: disks(systemDisk.defaultGb),
    DataDisk: localDisk ? [] : disks(DATA_DISK_GB),
    LocalDataDisk:
      localDisk && local ? [diskRow(local[language], localDisk.diskType, localDisk)] : [],
    SoldOutReason: soldOut,
    InstanceFamily: family.family,
    NodeName: of.NodeName,
    NodeType: of.NodeType,
    Type: family.type,
    TypeName: of.TypeName,
    FamilyName: family[language],
    CpuType: family.cpuType,
    Remark: left === 0 ? 'RunOut' : left !== undefined && left <= FEW ? 'Less' : 'Enough',
    OriginPrice: priced === undefined ? 0 : priceOf(type, priced),
    PrepaidUnderwritePeriods: [],
    GpuDesc: '',
    QuotaNum: allowed,
    QuotaUnit: 'Instance',
    NeedHpcClusterId: false,
    IsGpuInstance: false,
  }
}

/** By the month for subscriptions, else by the hour. */
function priceOf(type: InstanceType, priced: PayMode | 'both'): number {
  const { month, hour } = rateOf(type)
  return toYuan(priced === 'prepaid' ? month : hour)
}

function leftOf(share: Share | undefined): number | undefined {
  return share && Math.max(0, share.most - share.used)
}

function diskRow(
  Name: string,
  DiskType: string,
  { count: Count, sizeGb }: { readonly count: number; readonly sizeGb: number },
): Static<typeof specDisk> {
  return { Count, Name, DiskType, DefaultDiskSize: sizeGb, IsSpecialDisk: false }
}
