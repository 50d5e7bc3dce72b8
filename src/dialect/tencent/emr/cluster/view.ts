/**
 * A cluster as its clients read it. Members without a meaning here have the constants of the vendor's examples; none that the
 * Terraform provider dereferences is ever null (reference: tencent-emr.md 5.1, 5.2, 7.1).
 */
import type { Call } from '../../../../app/call.ts'
import { nodeStatus, type Cluster } from '../../../../domain/cluster/cluster.ts'
import { nodesOf, type NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { diskOf } from '../../catalogue/disk.ts'
import { deviceName, findInstanceType } from '../../catalogue/instance-type.ts'
import { regionOf, zoneOf } from '../../catalogue/region.ts'
import { roleOf, statusOf, statusTextOf } from '../../states.ts'
import type { ClusterView, ConfigView, ListedCluster, ResourceView } from './view-shape.ts'
import { limits } from '../../../../limits.ts'
import { writtenViews } from '../../../../shape/written-json.ts'
import { numberOf } from '../identifier.ts'
import { shownGroups } from '../node/shown-group.ts'
import { componentsOf } from '../service/placement.ts'
import { durationText, timeText } from '../time-text.ts'
import { clusterExtension, groupExtension, type ClusterExtension } from './extension.ts'

/** Who reads, and when: some members depend on it. */
export interface ViewContext {
  readonly call: Call
  readonly nowMs: number
}

const clusterViews = writtenViews<Cluster, ClusterView>('RunTime', limits.writtenViewBytes)
const listedViews = writtenViews<Cluster, ListedCluster>('RunTime', limits.writtenViewBytes)

export function shownCluster(cluster: Cluster, reading: ViewContext): ClusterView {
  const { variant, running } = readBy(cluster, reading)
  return clusterViews.of(cluster, variant, () => viewCluster(cluster, reading), running)
}

export function shownListed(cluster: Cluster, reading: ViewContext): ListedCluster {
  const { variant, running } = readBy(cluster, reading)
  return listedViews.of(cluster, variant, () => viewListed(cluster, reading), running)
}

/** What a view depends on beside its cluster: the variants of it, and the one member that moves. */
function readBy({ createdMs }: Cluster, { call, nowMs }: ViewContext) {
  return { variant: variantFor(call), running: durationText(nowMs - createdMs) }
}

/** All clusters of a page are asked for by the same call; the same text is found in a map sooner than an equal one. */
function variantFor(call: Call): string {
  if (call !== variantOf.call)
    variantOf = { call, variant: `${call.language} ${call.principal.tenant}` }
  return variantOf.variant
}

let variantOf: { readonly call: Call | undefined; readonly variant: string } = {
  call: undefined,
  variant: '',
}

function viewCluster(cluster: Cluster, reading: ViewContext): ClusterView {
  const traits = clusterExtension(cluster)
  const title = statusTextOf(cluster, reading.call.language)
  const config = configOf(cluster, traits)
  const className = titleOfClass(traits)
  const { SubnetName, UniqSubnetId, ...shared } = sharedOf(cluster, traits, reading)
  return {
    ...shared,
    Ftitle: title,
    Uin: cluster.account,
    Config: config,
    TradeVersion: 1,
    ResourceOrderId: cluster.charge.order === undefined ? 0 : numberOf(cluster.charge.order),
    IsTradeCluster: 0,
    MetaDb: traits.metadata.database,
    HiveMetaDb: componentsOf(cluster).includes('hive') ? traits.metadata.database : '',
    ServiceClass: className.toUpperCase(),
    AliasInfo: roleAliases,
    SceneName: traits.scene,
    SceneServiceClass: className,
    SceneEmrVersion: cluster.spec.software.version,
    DisplayName: className,
    SubnetName,
    ClusterExternalServiceInfo: null,
    UniqSubnetId,
    TopologyInfoList: topologyOf(cluster),
    IsCvmReplace: false,
    ClusterTitle: title,
    ConfigDetail: config,
    BindFileSystemNum: 0,
    ClusterRelationInfoList: null,
    RedisId: '',
    IsIOHungSelfRecovery: false,
    MetaDBGroupInfo: metaDatabasesOf(traits),
  }
}

function viewListed(cluster: Cluster, reading: ViewContext): ListedCluster {
  const traits = clusterExtension(cluster)
  const outside = outsideSoftware(cluster)
  return {
    ...sharedOf(cluster, traits, reading),
    StatusDesc: statusTextOf(cluster, reading.call.language),
    ClusterClass: titleOfClass(traits),
    IsHandsCluster: false,
    OutSideSoftInfo: outside,
    IsSupportOutsideCluster: outside.length > 0,
    IsDedicatedCluster: false,
    IsSupportClone: true,
  }
}

/** The public address of the master, `--` as long as there is none. */
function masterAddress(cluster: Cluster): string {
  const master = cluster.spec.groups.find((group) => group.role === 'master')
  const addresses = master?.nodes.map((node) => nodeStatus(cluster, node).publicAddress) ?? []
  return addresses.find((address) => address !== undefined) ?? '--'
}

export function chargeTypeOf(cluster: Cluster): number {
  return cluster.charge.mode === 'prepaid' ? 1 : 0
}

export function tagsOf(tags: Cluster['tags']): { TagKey: string; TagValue: string }[] {
  return tags.map(({ key: TagKey, value: TagValue }) => ({ TagKey, TagValue }))
}

/** The keys of all these clusters' tags, each once. */
export function tagKeysOf(clusters: readonly Cluster[]): string[] {
  return [...new Set(clusters.flatMap((cluster) => cluster.tags.map((tag) => tag.key)))]
}

export const roleAliases = Buffer.from(
  JSON.stringify({ common: 'common', core: 'core', master: 'master', task: 'task' }),
).toString('base64')

/** What both views have. */
function sharedOf(cluster: Cluster, traits: ClusterExtension, { call, nowMs }: ViewContext) {
  const { network } = cluster.spec
  const subnet = network.subnets[0]?.id ?? ''
  return {
    Id: numberOf(cluster.id),
    ClusterId: cluster.id,
    ClusterName: cluster.name,
    RegionId: regionOf(cluster.region)?.id ?? 0,
    ZoneId: zoneOf(network.zone)?.zone.id ?? 0,
    Zone: network.zone,
    AppId: Number(call.principal.tenant),
    ProjectId: Number(cluster.resourceGroup),
    VpcId: numberOf(network.vpc),
    VpcName: network.vpc,
    UniqVpcId: network.vpc,
    SubnetId: numberOf(subnet),
    SubnetName: subnet,
    UniqSubnetId: subnet,
    Status: statusOf(cluster),
    AddTime: timeText(cluster.createdMs),
    RunTime: durationText(nowMs - cluster.createdMs),
    MasterIp: masterAddress(cluster),
    EmrVersion: cluster.spec.software.version,
    ChargeType: chargeTypeOf(cluster),
    AlarmInfo: cluster.status.state === 'failed' ? cluster.status.reason : '',
    IsWoodpeckerCluster: 1,
    ProductId: traits.productId,
    Tags: tagsOf(cluster.tags),
    IsMultiZoneCluster: zonesOf(cluster).length > 1,
  }
}

function configOf(cluster: Cluster, traits: ClusterExtension): ConfigView {
  const groups = shownGroups(cluster)
  const group = (role: string) => groups.find((each) => each.role === role)
  const size = (role: string) => nodesOf(groups.filter((each) => each.role === role)).length
  return {
    SoftInfo: [...cluster.spec.software.components],
    MasterNodeSize: size('master'),
    CoreNodeSize: size('core'),
    TaskNodeSize: size('task'),
    ComNodeSize: size('common'),
    MasterResource: resourceOf(group('master')),
    CoreResource: resourceOf(group('core')),
    TaskResource: resourceOf(group('task')),
    ComResource: resourceOf(group('common')),
    OnCos: traits.storage !== null,
    ChargeType: chargeTypeOf(cluster),
    RouterNodeSize: size('router'),
    SupportHA: traits.highAvailability,
    SecurityOn: traits.security,
    SecurityGroup: cluster.spec.network.securityGroups[0] ?? '',
    CbsEncrypt: traits.encrypted ? 1 : 0,
    ApplicationRole: traits.applicationRole,
    SecurityGroups: [...cluster.spec.network.securityGroups],
    PublicKeyId: traits.publicKeyId,
  }
}

const ABSENT: ResourceView = {
  Spec: '',
  SpecName: '',
  StorageType: 0,
  DiskType: '',
  RootSize: 0,
  MemSize: 0,
  Cpu: 0,
  DiskSize: 0,
  InstanceType: '',
}

/** A role without nodes has zeros, not null. */
function resourceOf(group: NodeGroup | undefined): ResourceView {
  if (!group) return ABSENT
  const found = findInstanceType({ instanceType: group.machine })
  const { diskType } = groupExtension(group)
  return {
    Spec: found.ok ? found.instanceType.family.spec : group.machine,
    SpecName: found.ok ? deviceName(found.instanceType) : group.machine,
    StorageType: diskOf(diskType)?.storageType ?? 0,
    DiskType: diskType,
    RootSize: group.disks.find((disk) => disk.use === 'system')?.sizeGib ?? 0,
    MemSize: group.memoryMib,
    Cpu: group.cpu,
    DiskSize: group.disks.find((disk) => disk.use === 'data')?.sizeGib ?? 0,
    InstanceType: group.machine,
  }
}

/** Its own first. */
function zonesOf({ spec }: Cluster): readonly string[] {
  return [...new Set([spec.network.zone, ...spec.groups.map(({ zone }) => zone)])]
}

function topologyOf(cluster: Cluster): ClusterView['TopologyInfoList'] {
  const groups = shownGroups(cluster)
  return zonesOf(cluster).map((zone) => {
    const own = groups.filter((group) => group.zone === zone)
    const subnets = cluster.spec.network.subnets.filter((each) => each.zone === zone)
    return {
      ZoneId: zoneOf(zone)?.zone.id ?? 0,
      Zone: zone,
      SubnetInfoList: subnets.map(({ id }) => ({ SubnetName: id, SubnetId: id })),
      NodeInfoList: nodeCounts(own),
    }
  })
}

/** By role, in the order in which the roles appear. */
function nodeCounts(groups: readonly NodeGroup[]): { NodeType: string; NodeSize: number }[] {
  const counts = new Map<string, number>()
  for (const { role, nodes } of groups) counts.set(role, (counts.get(role) ?? 0) + nodes.length)
  return [...counts].map(([role, NodeSize]) => ({
    NodeType: roleOf.get(role)?.title ?? role,
    NodeSize,
  }))
}

/** The password of a client's own database is never shown. */
export function metaDatabasesOf({
  metadata,
  components,
}: ClusterExtension): ClusterView['MetaDBGroupInfo'] {
  if (metadata.database === '' && metadata.url === '') return null
  return [
    {
      MetaDataJdbcUrl: metadata.url,
      MetaDataUser: metadata.user,
      MetaDataPass: '',
      MetaType: metadata.type,
      UnifyMetaInstanceId: metadata.type === 'EMR_EXIST_META' ? metadata.database : '',
      Components: [...components],
      DefaultMetaVersion: metadata.bought ? metadata.version : '',
      LinkInstanceId: metadata.database,
    },
  ]
}

/** Components that a client outside the cluster can use; the storage and its scheduler it must (3.4). */
function outsideSoftware(cluster: Cluster): ListedCluster['OutSideSoftInfo'] {
  return componentsOf(cluster).flatMap((component, index) => {
    const required = component === 'hdfs' || component === 'yarn'
    if (!required && !OUTSIDE.has(component)) return []
    return [{ SoftName: cluster.spec.software.components[index] ?? component, Required: required }]
  })
}

const OUTSIDE: ReadonlySet<string> = new Set(['hive', 'hbase', 'spark'])

/** `Hadoop`, `ClickHouse`, … */
function titleOfClass({ class: name }: ClusterExtension): string {
  return CLASS_TITLES.get(name) ?? name.charAt(0).toUpperCase() + name.slice(1)
}

const CLASS_TITLES: ReadonlyMap<string, string> = new Map([
  ['clickhouse', 'ClickHouse'],
  ['starrocks', 'StarRocks'],
  ['tke', 'EMR-TKE'],
])
