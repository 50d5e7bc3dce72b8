/** CreateInstanceV1: what is sent and read back through DescribeInstances and DescribeNodeGroups. */
import {
  cuSizes,
  levelsFor,
  nodeGroupData,
  storageRange,
} from '../../src/dialect/alibaba/catalogue/node-group.ts'
import { cycles, monthsOf } from '../../src/dialect/alibaba/catalogue/price.ts'
import { regionIds, regionOf, zonesFor } from '../../src/dialect/alibaba/catalogue/region.ts'
import { localTypes, specTypesFor } from '../../src/dialect/alibaba/catalogue/spec-type.ts'
import { versionsOnSale } from '../../src/dialect/alibaba/catalogue/version.ts'
import { each, eachShown, type RoundTrip, type RoundTrips } from './round-trip.ts'
import type { Request } from './refusal.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member
type Wire = any

export interface AlibabaSeen {
  /** Of DescribeInstances and DescribeNodeGroups. */
  readonly instance: Wire
  readonly groups: readonly Wire[]
}

type Trip = RoundTrip<AlibabaSeen>

const long = (length: number) => 'x'.repeat(length)
const REGION = 'cn-hangzhou'
const ZONE = 'cn-hangzhou-i'
const bare: Request = { VSwitches: null, FrontendNodeGroups: null, BackendNodeGroups: null }
const monthly: Request = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }
const term = ({ instance: { BeginTime, ExpireTime } }: AlibabaSeen) =>
  Math.round((ExpireTime - BeginTime) / (30.44 * 86_400_000))
const terms = cycles.flatMap(({ pricingCycle, durations }) =>
  durations.map((duration) => ({ pricingCycle, duration })),
)
const hangzhou = zonesFor(regionOf(REGION)!, 'official')

const instance: readonly Trip[] = [
  {
    name: 'InstanceName',
    tries: each(['a', long(64), '数据_仓库-1'], (InstanceName) => ({ InstanceName })),
    read: { 'DescribeInstances: InstanceName': ({ instance: it }) => it.InstanceName },
  },
  {
    name: 'Version',
    tries: each([...versionsOnSale(), '3'], (Version) => ({ Version })),
    read: { 'DescribeInstances: Version': ({ instance: it }) => it.Version },
  },
  {
    name: 'RunMode',
    tries: each(['shared_nothing', 'shared_data'], (RunMode) => ({ RunMode })),
    read: {
      'DescribeInstances: RunMode': ({ instance: it }) => it.RunMode,
      'DescribeNodeGroups: ComponentType': ({ groups }) =>
        groups.some(({ ComponentType }) => ComponentType === 'BE')
          ? 'shared_nothing'
          : 'shared_data',
    },
  },
  {
    name: 'RegionId',
    tries: each(regionIds, (RegionId) => ({
      ...bare,
      RegionId,
      VpcId: `vpc-${RegionId}-own`,
      ZoneId: zonesFor(regionOf(RegionId)!, 'official')[0],
    })),
    read: {
      'DescribeInstances: RegionId': ({ instance: it }) => it.RegionId,
      'DescribeNodeGroups: RegionId': ({ groups }) => groups[0].RegionId,
    },
  },
  {
    name: 'PackageType',
    tries: each(['trial', 'official'], (PackageType) => ({ ...bare, PackageType })),
    read: { 'DescribeInstances: PackageType': ({ instance: it }) => it.PackageType },
  },
  {
    name: 'PayType',
    tries: each(['prePaid', 'postPaid'], (PayType) => ({ ...monthly, PayType })),
    read: {
      'DescribeInstances: PayType': ({ instance: it }) => it.PayType,
      'DescribeNodeGroups: PayType': ({ groups }) => groups[0].PayType,
    },
  },
  {
    name: 'VpcId',
    tries: each(['vpc-a', `vpc-${long(60)}`], (VpcId) => ({ VpcId, VSwitches: null })),
    read: { 'DescribeInstances: VpcId': ({ instance: it }) => it.VpcId },
  },
  {
    name: 'PricingCycle',
    tries: eachShown(
      ['Month', 'Year'],
      (PricingCycle) => ({ ...monthly, PricingCycle }),
      (cycle) => (cycle === 'Year' ? 12 : 1),
    ),
    read: { 'DescribeInstances: ExpireTime, from BeginTime on': term },
  },
  {
    name: 'Duration',
    tries: terms.map(({ pricingCycle, duration }) => ({
      value: `${duration} ${pricingCycle}`,
      request: { ...monthly, PricingCycle: pricingCycle, Duration: duration },
      shown: monthsOf(pricingCycle, duration),
    })),
    read: { 'DescribeInstances: ExpireTime, from BeginTime on': term },
  },
  {
    name: 'VSwitches.N.VswId',
    tries: each(['vsw-a', `vsw-${long(60)}`], (VswId) => ({
      VpcId: 'vpc-switches',
      VSwitches: [{ VswId, ZoneId: ZONE }],
    })),
    read: { 'DescribeInstances: VSwitches.VswId': ({ instance: it }) => it.VSwitches[0].VswId },
  },
  {
    name: 'VSwitches.N.ZoneId',
    tries: each(hangzhou, (zone) => ({
      VpcId: 'vpc-zones',
      VSwitches: [
        { VswId: `vsw-in-${zone}`, ZoneId: zone },
        { VswId: `vsw-in-${ZONE}`, ZoneId: ZONE },
      ],
    })),
    read: { 'DescribeInstances: VSwitches.ZoneId': ({ instance: it }) => it.VSwitches[0].ZoneId },
  },
  {
    name: 'VSwitches.N.Primary',
    tries: each([true], (Primary) => ({
      VpcId: 'vpc-primary',
      VSwitches: [{ VswId: 'vsw-primary', ZoneId: ZONE, Primary }],
    })),
    read: { 'DescribeInstances: VSwitches.Primary': ({ instance: it }) => it.VSwitches[0].Primary },
  },
  {
    name: 'ZoneId',
    tries: each(hangzhou, (ZoneId) => ({ ...bare, ZoneId })),
    read: {
      'DescribeInstances: VSwitches.ZoneId of the primary one': ({ instance: it }) =>
        it.VSwitches.find(({ Primary }: Wire) => Primary).ZoneId,
      'DescribeNodeGroups: ZoneId': ({ groups }) => groups[0].ZoneId,
    },
  },
  {
    name: 'Tags.N.Key',
    tries: each(['a', long(128), '部门'], (Key) => ({ Tags: [{ Key, Value: 'v' }] })),
    read: {
      'DescribeInstances: Tags.Key': ({ instance: it }) => it.Tags[0].Key,
      'DescribeNodeGroups: Tags.Key': ({ groups }) => groups[0].Tags[0].Key,
    },
  },
  {
    name: 'Tags.N.Value',
    tries: each(['', long(128), 'a=b'], (Value) => ({ Tags: [{ Key: 'k', Value }] })),
    read: {
      'DescribeInstances: Tags.Value': ({ instance: it }) => it.Tags[0].Value,
      'DescribeNodeGroups: Tags.Value': ({ groups }) => groups[0].Tags[0].Value,
    },
  },
  {
    name: 'ResourceGroupId',
    tries: each(['rg-a', `rg-${long(125)}`], (ResourceGroupId) => ({ ResourceGroupId })),
    read: { 'DescribeInstances: ResourceGroupId': ({ instance: it }) => it.ResourceGroupId },
  },
  {
    name: 'Encrypted',
    tries: each([true, false], (Encrypted) => ({ Encrypted, KmsKeyId: 'key-round-trip' })),
    read: { 'DescribeInstances: Encrypted': ({ instance: it }) => it.Encrypted },
  },
  {
    name: 'KmsKeyId',
    tries: each(['k', long(128)], (KmsKeyId) => ({ Encrypted: KmsKeyId === 'k', KmsKeyId })),
    read: { 'DescribeInstances: KmsKeyId': ({ instance: it }) => it.KmsKeyId },
  },
  {
    name: 'EnableMultiAz',
    tries: each([true, false], (EnableMultiAz) => ({ EnableMultiAz })),
    read: { 'DescribeInstances: EnableMultiAz': ({ instance: it }) => it.EnableMultiAz },
  },
  {
    name: 'EnableAiFunction',
    tries: each([true, false], (EnableAiFunction) => ({ EnableAiFunction })),
    read: { 'DescribeInstances: EnableAiFunction': ({ instance: it }) => it.EnableAiFunction },
  },
  {
    name: 'AgentNodeGroup.cu',
    tries: each(cuSizes('AGENT', 'official', 'onEci'), (cu) => ({ AgentNodeGroup: { cu } })),
    read: { 'DescribeNodeGroups: Cu': ({ groups }) => of(groups, 'AGENT').Cu },
  },
]

const of = (groups: readonly Wire[], component: string) =>
  groups.find(({ ComponentType }) => ComponentType === component)

const usual = {
  cu: 8,
  storageSize: 200,
  diskNumber: 1,
  storagePerformanceLevel: 'pl1',
  specType: 'standard',
}

interface Kind {
  readonly list: string
  readonly component: 'FE' | 'CN' | 'OBSERVER'
  readonly nodes: readonly number[]
  readonly zones: readonly string[]
}

const kinds: readonly Kind[] = [
  { list: 'FrontendNodeGroups', component: 'FE', nodes: [1, 3, 11], zones: [ZONE] },
  { list: 'BackendNodeGroups', component: 'CN', nodes: [1, 2, 100], zones: [ZONE] },
  {
    list: 'ObserverNodeGroups',
    component: 'OBSERVER',
    nodes: [1, 3, 11],
    zones: hangzhou.filter((zone) => zone !== ZONE),
  },
]

/** Observers are built like the frontends. */
function grouped({ list, component, zones: [zone] }: Kind, change: Request): Request {
  const group = { ...usual, residentNodeNumber: 3, zoneId: zone, ...change }
  const { cu = 8, storageSize = 200 } = change
  const like =
    component === 'OBSERVER' ? { FrontendNodeGroups: [{ ...usual, cu, storageSize }] } : {}
  return { ...like, [list]: [group] }
}

function ofGroups(kind: Kind): readonly Trip[] {
  const { list, component } = kind
  const trip = (
    member: string,
    field: string,
    values: readonly unknown[],
    more: Request = {},
  ): Trip => ({
    name: `${list}.N.${member}`,
    tries: each(values, (value) => grouped(kind, { ...more, [member]: value })),
    read: { [`DescribeNodeGroups: ${field}`]: ({ groups }) => of(groups, component)[field] },
  })
  const cus = cuSizes(component, 'official', 'onEci')
  const levels = levelsFor(component)
  const sizes = (level: string) => {
    const range = storageRange(component, level)
    return range ? [range.min, range.max] : []
  }
  const specs = specTypesFor(component, 'official').map(({ name }) => name)
  const { min, max } = nodeGroupData.diskNumber
  return [
    trip('cu', 'Cu', cus),
    {
      ...trip('storageSize', 'StorageSize', []),
      tries: levels.flatMap((storagePerformanceLevel) =>
        each(sizes(storagePerformanceLevel), (storageSize) =>
          grouped(kind, { storageSize, storagePerformanceLevel }),
        ),
      ),
    },
    {
      ...trip('storagePerformanceLevel', 'StoragePerformanceLevel', []),
      tries: each(levels, (storagePerformanceLevel) =>
        grouped(kind, { storagePerformanceLevel, storageSize: sizes(storagePerformanceLevel)[1] }),
      ),
    },
    trip('diskNumber', 'DiskNumber', component === 'CN' ? [min, max] : [1]),
    trip('residentNodeNumber', 'ResidentNodeNumber', kind.nodes),
    {
      ...trip('specType', 'SpecType', []),
      tries: each(specs, (specType) => grouped(kind, { specType, ...localOf(specType) })),
    },
    trip('zoneId', 'ZoneId', kind.zones),
    trip('nodeGroupName', 'NodeGroupName', ['g', long(64)]),
    trip('description', 'Description', ['d', long(64), '报表']),
    component === 'CN'
      ? machines(kind)
      : trip('localStorageInstanceType', 'LocalStorageInstanceType', ['non_local_storage']),
  ]
}

/** Every machine with local disks; what is said of its disks is its own. */
function machines(kind: Kind): Trip {
  return {
    name: 'BackendNodeGroups.N.localStorageInstanceType',
    tries: [
      ...localTypes.map(({ instanceType, specType }) => ({
        value: instanceType,
        request: grouped(kind, { specType, ...localOf(specType, instanceType) }),
      })),
      {
        value: 'non_local_storage',
        request: grouped(kind, { localStorageInstanceType: 'non_local_storage' }),
      },
    ],
    read: {
      'DescribeNodeGroups: LocalStorageInstanceType': ({ groups }) =>
        of(groups, 'CN').LocalStorageInstanceType,
    },
  }
}

function localOf(specType: string, instanceType?: string): Request {
  const type = localTypes.find(
    (each_) =>
      each_.specType === specType && (instanceType ?? each_.instanceType) === each_.instanceType,
  )
  if (!type) return {}
  const { cpu: cu, storageSize, diskNumber } = type
  return { cu, storageSize, diskNumber, localStorageInstanceType: type.instanceType }
}

export const alibabaRoundTrips: RoundTrips<AlibabaSeen> = {
  trips: [...instance, ...kinds.flatMap(ofGroups)],
  unread: [
    { name: 'AdminPassword', why: 'secret' },
    { name: 'AutoRenew', why: 'no action shows it; at the end of the term it does' },
    { name: 'OssAccessingRoleName', why: 'no action of the vendor shows it' },
    { name: 'ClientToken', why: 'decides whether a request is a repetition' },
    { name: 'PromotionOptionNo', why: 'no action shows the coupon; the order does' },
    { name: 'GatewayType', why: 'no built action shows gateways' },
    { name: 'AutoPay', why: 'an instance that is not paid waits, unpaid' },
    { name: 'LinkedRamUserName', why: 'no action of the vendor shows it' },
    { name: 'PrincipalType', why: 'no action of the vendor shows it' },
    { name: 'RamUserId', why: 'no action of the vendor shows it' },
    { name: 'DlfCatalogName', why: 'no action of the vendor shows it' },
    { name: 'DlfCatalogType', why: 'no action of the vendor shows it' },
  ],
}
