/**
 * CreateInstanceV1: orders an instance and answers with its ids before it is ready. Members stand in the order of the published
 * page. Facts: reference alibaba-starrocks.md 4 (4.1 members, 4.3 rules, 4.4 idempotency).
 */
import type { Call } from '../../../../app/call.ts'
import type { Created, NewCluster } from '../../../../app/cluster/create.ts'
import type { IdempotencyKey } from '../../../../app/cluster/idempotency.ts'
import type { Core } from '../../../../app/core.ts'
import { limits } from '../../../../limits.ts'
import {
  choice,
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { newClusterOf, readBlueprint, type Blueprint } from './new-cluster.ts'
import { nodeGroupShape } from '../node-group/shape.ts'
import { action } from '../action.ts'
import {
  clientToken,
  instanceName,
  instanceResources,
  regionId,
  resourceGroupId,
  shortText,
  tag,
} from '../shape.ts'
import { adminPassword } from './password.ts'
import { prerequisitesOf } from './prerequisites.ts'

export const SWITCHES_MAX = 10
const GROUPS_MAX = 20

export const vSwitch = object({
  VswId: text({
    max: 64,
    pattern: /^vsw-[0-9A-Za-z_-]+$/,
    message: 'VSwitch id should start with vsw-',
    example: 'vsw-bp19mlh98tm9teyyd',
  }),
  ZoneId: optional(shortText('Zone id of vSwitch', 'cn-hangzhou-i')),
  Primary: optional(flag({ example: true })),
})

export const vpcId = text({
  max: 64,
  pattern: /^vpc-[0-9A-Za-z_-]+$/,
  message: 'Vpc id should start with vpc-',
  example: 'vpc-cn-hangzhou',
})

export const payTypes = ['prePaid', 'postPaid'] as const
export const payTypeWords = { label: 'Pay type', ignoreCase: true, example: 'postPaid' } as const

/** It becomes a user of the database, and has a name that those can have. */
const linkedUserName = text({
  max: 64,
  pattern: /^[\w.@-]+$/,
  message: 'Linked ram user name should have 1 to 64 letters, digits, dots, _, @ or -',
  example: 'analyst',
})

/** It becomes a catalog of the database (reference: StarRocks 3.3.7, FeNameFormat, COMMON_NAME_REGEX). */
const catalogName = text({
  max: 64,
  pattern: /^(?!default_catalog$)(?:[a-zA-Z]\w*|_[a-zA-Z0-9]\w*)$/,
  message: 'Dlf catalog name should have 1 to 64 letters, digits or _ and begin with a letter',
  example: 'lake',
})

export const pricingCycle = shortText('Pricing cycle', 'Month')
export const duration = integer({ min: 0, max: 1000, label: 'Duration', example: 1 })

const members = {
  InstanceName: instanceName,
  AdminPassword: adminPassword,
  Version: shortText('Version', '3.3'),
  AutoRenew: flag({ default: false, example: true }),
  RunMode: choice(['shared_nothing', 'shared_data'], { label: 'Run mode', example: 'shared_data' }),
  RegionId: regionId,
  PackageType: choice(['trial', 'official'], { label: 'Package type', example: 'official' }),
  PayType: choice(payTypes, payTypeWords),
  VpcId: vpcId,
  PricingCycle: optional(pricingCycle),
  VSwitches: optional(list(vSwitch, { max: SWITCHES_MAX, label: 'Number of vSwitches' })),
  ZoneId: shortText('Zone id', 'cn-hangzhou-i'),
  OssAccessingRoleName: text({
    max: 64,
    pattern: /^[0-9A-Za-z._@-]+$/,
    default: 'AliyunEMRStarRocksAccessingOSSRole',
    message: 'Oss accessing role name is not the name of a role',
    example: 'AliyunEMRStarRocksAccessingOSSRole',
  }),
  Duration: optional(duration),
  Tags: optional(list(tag, { max: limits.tagsPerCluster, label: 'Number of tags' })),
  ResourceGroupId: optional(resourceGroupId),
  ClientToken: optional(clientToken),
  ObserverNodeGroups: optional(
    list(nodeGroupShape('OBSERVER'), { max: GROUPS_MAX, label: 'Number of observer node groups' }),
  ),
  BackendNodeGroups: optional(
    list(nodeGroupShape('BE'), { max: GROUPS_MAX, label: 'Number of backend node groups' }),
  ),
  FrontendNodeGroups: optional(
    list(nodeGroupShape('FE'), { max: GROUPS_MAX, label: 'Number of frontend node groups' }),
  ),
  PromotionOptionNo: optional(shortText('Promotion option no', '165445235634')),
  Encrypted: flag({ default: false, example: true }),
  KmsKeyId: optional(shortText('Kms key id', '05754286-3ba2-4fa6-8d41-4323aca6')),
  GatewayType: choice(['Privatezone', 'Slb'], {
    label: 'Gateway type',
    ignoreCase: true,
    default: 'Privatezone',
    example: 'Slb',
  }),
  AgentNodeGroup: optional(
    object({ cu: optional(integer({ min: 0, max: 1000, label: 'Cu of agent', example: 2 })) }),
  ),
  AutoPay: flag({ default: true, example: true }),
  LinkedRamUserName: optional(linkedUserName),
  DlfCatalogName: optional(catalogName),
  DlfCatalogType: optional(
    choice(['paimon', 'iceberg'], { label: 'Dlf catalog type', example: 'paimon' }),
  ),
  PrincipalType: optional(choice(['RS', 'RR'], { label: 'Principal type', example: 'RS' })),
  RamUserId: optional(shortText('Ram user id', '123456')),
  EnableMultiAz: flag({ default: false, example: false }),
  EnableAiFunction: flag({ default: false, example: true }),
}

export type CreateInput = Static<TObject<typeof members>>

export const createInstanceV1 = action({
  name: 'CreateInstanceV1',
  input: members,
  output: { Data: object({ InstanceId: text(), OrderId: integer() }) },
  faults: [
    'IdempotencyConflict',
    'BalanceShort',
    'NotSupported',
    'ResourceMissing',
    'ResourceMismatch',
    'ResourceUnfit',
    'QuotaExceeded',
    'LimitReached',
  ],
  resources: (call) => instanceResources(call, []),
  async run(core, call, input) {
    const order = readBlueprint(input)
    const { ClientToken, ...parameters } = input
    const key = { token: ClientToken, parameters }
    const earlier = await core.clusters.created(call, key)
    const created = earlier ?? (await placeOrder(core, call, { order, key }))
    return { Data: { InstanceId: created.cluster, OrderId: Number(created.order) } }
  },
})

export async function placeOrder(
  core: Core,
  call: Call,
  it: {
    readonly order: Blueprint
    readonly key: IdempotencyKey
    readonly also?: (made: NewCluster) => NewCluster
  },
): Promise<Created> {
  const { order, key, also = (made) => made } = it
  const prerequisites = await prerequisitesOf(core, call, order.input)
  const newCluster = () => also(newClusterOf(core, call, { order, prerequisites }))
  return core.clusters.create(call, { ...key, newCluster })
}
