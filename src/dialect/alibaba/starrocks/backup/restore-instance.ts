/**
 * RestoreInstance: orders a new instance that begins with the data of a backup. What it is made of (version, run mode, node groups,
 * settings) is what the instance was then; what the request names is its own, and what it leaves out is as it was. It is paid for as
 * the request says, silently as one that is used by the hour. Facts: reference alibaba-starrocks.md 3.2, 11.6 (same region).
 */
import type { Call } from '../../../../app/call.ts'
import type { NewCluster } from '../../../../app/cluster/create.ts'
import type { Backup } from '../../../../domain/backup.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { DATA_KEY } from '../../../../domain/encryption-key.ts'
import { Fault } from '../../../../domain/fault.ts'
import { limits } from '../../../../limits.ts'
import { choice, flag, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import type { Static, TObject } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import {
  duration,
  payTypes,
  payTypeWords,
  placeOrder,
  pricingCycle,
  SWITCHES_MAX,
  vpcId,
  vSwitch,
  type CreateInput,
} from '../instance/create-instance-v1.ts'
import { groupExtension, instanceExtension } from '../instance/extension.ts'
import { adminPassword } from '../instance/password.ts'
import { readBlueprint } from '../instance/new-cluster.ts'
import { instanceName, instanceResources, regionId, resourceGroupId, tag } from '../shape.ts'
import { backupTaskId } from './shape.ts'

const members = {
  BackupTaskId: backupTaskId,
  AdminPassword: adminPassword,
  InstanceName: optional(instanceName),
  RegionId: optional(regionId),
  PayType: choice(payTypes, { ...payTypeWords, default: 'postPaid' }),
  PricingCycle: optional(pricingCycle),
  Duration: optional(duration),
  AutoRenew: flag({ default: false, example: true }),
  VpcId: optional(vpcId),
  VSwitches: optional(list(vSwitch, { max: SWITCHES_MAX, label: 'Number of vSwitches' })),
  ResourceGroupId: optional(resourceGroupId),
  Tags: optional(list(tag, { max: limits.tagsPerCluster, label: 'Number of tags' })),
}

type RestoreInput = Static<TObject<typeof members>>

export const restoreInstance = action({
  name: 'RestoreInstance',
  input: members,
  output: { Data: object({ InstanceId: text(), OrderId: integer() }) },
  faults: [
    'BackupNotFound',
    'BackupUnfit',
    'BalanceShort',
    'NotSupported',
    'ResourceMissing',
    'ResourceMismatch',
    'ResourceUnfit',
    'QuotaExceeded',
  ],
  listing: true,
  resources: (call) => instanceResources(call, []),
  async run(core, call, input) {
    const backup = await core.backups.get(call, input.BackupTaskId)
    const { id, state } = backup
    if (state !== 'completed') throw new Fault('BackupUnfit', { id, state })
    // Without a word about the region it is that of the backup, and no other is possible.
    const placed: Call = { ...call, region: backup.region }
    const order = readBlueprint(creationOf(backup, input))
    const key = { token: undefined, parameters: input }
    const dataKey = core.encryption.wrappedKeyOf(backup)
    const also = (made: NewCluster) => withDataKey(asItWas(made, backup), dataKey)
    const created = await placeOrder(core, placed, { order, key, also })
    return { Data: { InstanceId: created.cluster, OrderId: Number(created.order) } }
  },
})

/** The request that would create the instance without its data. */
function creationOf(backup: Backup, input: RestoreInput): CreateInput {
  const { name, resourceGroup, tags, spec, extension } = backup.origin
  const { BackupTaskId: _task, ...given } = input
  const traits = instanceExtension({ extension })
  const groups = groupsOf(spec.groups)
  return {
    InstanceName: name,
    ResourceGroupId: resourceGroup,
    Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    VpcId: spec.network.vpc,
    ...placeOf(backup, input),
    ...given,
    RegionId: backup.region,
    Version: traits.requestedVersion,
    RunMode: traits.runMode as CreateInput['RunMode'],
    PackageType: traits.packageType,
    OssAccessingRoleName: traits.ossRole,
    GatewayType: traits.gatewayType as CreateInput['GatewayType'],
    Encrypted: traits.encrypted,
    KmsKeyId: traits.kmsKeyId,
    EnableMultiAz: traits.multiZone,
    EnableAiFunction: traits.aiClusterId !== '',
    AutoPay: true,
    ...groups,
    ...(traits.catalog
      ? {
          DlfCatalogName: traits.catalog.name,
          ...(traits.catalog.type === '' ? {} : typeOf(traits.catalog)),
        }
      : {}),
    ...(traits.linkedPrincipal
      ? {
          LinkedRamUserName: traits.linkedPrincipal.name,
          PrincipalType: traits.linkedPrincipal.type as NonNullable<CreateInput['PrincipalType']>,
          RamUserId: traits.linkedPrincipal.id,
        }
      : {}),
  }
}

const typeOf = ({ type }: { readonly type: string }) => ({
  DlfCatalogType: type as NonNullable<CreateInput['DlfCatalogType']>,
})

/** The vSwitches of the request say in which zone it is; those of the old network are of no use in another one. */
function placeOf(
  { origin: { spec } }: Backup,
  { VSwitches, VpcId }: RestoreInput,
): Pick<CreateInput, 'ZoneId' | 'VSwitches'> {
  const { zone, vpc, subnets } = spec.network
  if (VSwitches) return { VSwitches, ZoneId: VSwitches[0]?.ZoneId ?? zone }
  if (VpcId !== undefined && VpcId !== vpc) return { ZoneId: zone }
  const own = subnets.map((subnet) => ({ VswId: subnet.id, ZoneId: subnet.zone }))
  return { VSwitches: own, ZoneId: zone }
}

function groupsOf(
  groups: readonly NodeGroup[],
): Pick<CreateInput, 'FrontendNodeGroups' | 'BackendNodeGroups' | 'AgentNodeGroup'> {
  const of = (...components: readonly string[]) =>
    groups.filter((group) => components.includes(groupExtension(group).component)).map(asAsked)
  const [agent] = groups.filter((group) => groupExtension(group).component === 'AGENT')
  return {
    FrontendNodeGroups: of('FE'),
    BackendNodeGroups: of('BE', 'CN'),
    ...(agent ? { AgentNodeGroup: { cu: agent.cpu } } : {}),
  }
}

function asAsked(group: NodeGroup) {
  const [disk] = group.disks
  return {
    cu: group.cpu,
    residentNodeNumber: group.nodes.length,
    specType: group.machine,
    localStorageInstanceType: groupExtension(group).localStorageInstanceType,
    nodeGroupName: group.name,
    description: group.description,
    ...(disk
      ? {
          storageSize: disk.sizeGib,
          diskNumber: disk.count,
          storagePerformanceLevel: disk.level ?? '',
        }
      : {}),
  }
}

/** Data and settings are of the version that they were made with. */
function asItWas(made: NewCluster, backup: Backup): NewCluster {
  const { software, configuration } = backup.origin.spec
  const { spec } = made.cluster
  const { version } = software
  const was = { ...spec, software: { ...spec.software, version }, configuration }
  return { ...made, cluster: { ...made.cluster, spec: was }, backup }
}

/** What its data are encrypted with already. */
function withDataKey(made: NewCluster, dataKey: string | undefined): NewCluster {
  if (dataKey === undefined) return made
  return { ...made, secrets: { ...made.secrets, [DATA_KEY]: dataKey } }
}
