/**
 * A node as its clients read it, and the metadata database that was bought with the cluster, which is shown as one more node.
 * Sizes are in bytes where they are numbers (reference: tencent-emr.md 5.3, 8 for the database's size).
 */
import { nodeStatus, type Cluster } from '../../../../domain/cluster/cluster.ts'
import {
  sizeOf,
  type Node,
  type NodeGroup,
  type NodeSize,
} from '../../../../domain/cluster/node-group.ts'
import { componentOf, processesOf } from '../../catalogue/component.ts'
import { diskOf } from '../../catalogue/disk.ts'
import { deviceName, findInstanceType } from '../../catalogue/instance-type.ts'
import { regionOf, zoneOf } from '../../catalogue/region.ts'
import type { Role } from '../../catalogue/schema.ts'
import { roleOf } from '../../states.ts'
import { machineIdOf, serialOf } from '../identifier.ts'
import { canLoseOne } from './rule.ts'
import type { DatabaseView, NodeView } from './shape.ts'
import { shownGroups } from './shown-group.ts'
import { componentsOf, daemonsOfNode, traitsOf } from '../service/placement.ts'
import { stateOf } from '../service/view.ts'
import { noTime, timeText } from '../time-text.ts'
import { clusterExtension, groupExtension } from '../cluster/extension.ts'
import { containerOf } from '../container/extension.ts'
import { chargeTypeOf, tagsOf, type ViewContext } from '../cluster/view.ts'

export function viewNodes(cluster: Cluster, reading: ViewContext): NodeView[] {
  return shownGroups(cluster).flatMap((group) => {
    const shared = viewGroup(cluster, group, reading)
    const place = { ...traitsOf(cluster), role: group.role as Role }
    const { clients } = processesOf(place)
    return group.nodes.map((node) => {
      const daemons = daemonsOfNode(cluster, group, node).map((daemon) => {
        const state = stateOf(cluster, node, daemon)
        return { name: daemon.name, status: state === 'running' ? 'STARTED' : 'STOPED' }
      })
      const shown = daemons.sort((one, other) => (one.name < other.name ? -1 : 1))
      return {
        ...shared,
        ...viewSize(sizeOf(group, node)),
        ...viewNode(cluster, group, node),
        Services: shown.map(({ name }) => name).join(','),
        Clients: clients.join(','),
        ServicesStatus: shown.map(({ name, status }) => `${name}:${status}`).join(','),
      }
    })
  })
}

/** The database that came with the cluster; none where it uses another one. */
export function viewDatabases(cluster: Cluster, reading: ViewContext): NodeView[] {
  const { metadata } = clusterExtension(cluster)
  if (!metadata.bought) return []
  const info = databaseOf(cluster, metadata.database)
  return [
    {
      ...plainNode(cluster, reading),
      SerialNo: metadata.database,
      OrderNo: metadata.database,
      Flag: DATABASE_FLAG,
      MemSize: info.MemSize * MIB,
      MemDesc: `${info.MemSize}MB`,
      HwMemSize: info.MemSize * MIB,
      HwMemSizeDesc: `${info.MemSize}MB`,
      HardwareResourceType: 'HOST',
      ...diskSizes(info.Volume),
      NameTag: 'db.0',
      Services: info.Service,
      CdbIp: info.Ip,
      CdbPort: info.Port,
      EmrResourceId: metadata.database,
      CdbNodeInfo: info,
      DeviceName: metadata.version,
    },
  ]
}

const MIB = 1024 * 1024
const GIB = 1024 * MIB
/** Undocumented; the number behind the last role's. */
const DATABASE_FLAG = 5
const DATABASE_MEMORY_MIB = 4000
const DATABASE_DISK_GIB = 100

function viewNode(cluster: Cluster, group: NodeGroup, node: Node): Partial<NodeView> {
  const { address, publicAddress = '' } = nodeStatus(cluster, node)
  return {
    SerialNo: serialOf(node.id),
    OrderNo: machineIdOf(node.id),
    WanIp: publicAddress,
    NameTag: node.name,
    EmrResourceId: node.id,
    NodeMark: node.mark ?? '',
    Ip: address,
    Destroyable: cluster.status.state === 'running' && canLoseOne(cluster, group.role) ? 1 : 0,
  }
}

/** What all nodes of a group share. */
function viewGroup(cluster: Cluster, group: NodeGroup, reading: ViewContext): NodeView {
  const { diskType, tags } = groupExtension(group)
  return {
    ...plainNode(cluster, reading),
    Flag: roleOf.get(group.role)?.flag ?? 0,
    SubnetInfo: { SubnetName: group.subnet, SubnetId: group.subnet },
    Zone: group.zone,
    ZoneId: zoneOf(group.zone)?.zone.id ?? 0,
    StorageType: diskOf(diskType)?.storageType ?? 0,
    Tags: tagsOf(tags),
    ConfigurableServices: configurable(cluster),
  }
}

function viewSize({ machine, cpu, memoryMib, disks }: NodeSize): Partial<NodeView> {
  const found = findInstanceType({ instanceType: machine })
  const type = found.ok ? found.instanceType : undefined
  const system = disks.find((disk) => disk.use === 'system')
  const data = disks.filter((disk) => disk.use === 'data')
  const memory = { bytes: memoryMib * MIB, text: `${memoryMib / 1024}GB` }
  return {
    Spec: type?.family.spec ?? machine,
    CpuNum: cpu,
    MemSize: memory.bytes,
    MemDesc: memory.text,
    HwMemSize: memory.bytes,
    HwMemSizeDesc: memory.text,
    ...diskSizes(totalOf(data)),
    DiskSize: sizeText(type?.localDisk ? totalOf(data) : (data[0]?.sizeGib ?? 0)),
    RootSize: system?.sizeGib ?? 0,
    RootStorageType: diskOf(system?.type ?? '')?.storageType ?? 0,
    DeviceClass: type?.family.deviceClass ?? '',
    DeviceName: type ? deviceName(type) : '',
    Mutable: type?.localDisk ? 0 : 1,
    MCMultiDisk: alike(data).map((disk) => ({
      Count: disk.count,
      Type: diskOf(disk.type)?.storageType ?? 0,
      Size: `${disk.sizeGib} GB`,
      Volume: disk.sizeGib * GIB,
    })),
  }
}

/** Disks of one type and size are one line: the Terraform provider takes one off the line that the first disk is in. */
function alike(disks: NodeSize['disks']): NodeSize['disks'] {
  const lines = new Map<string, NodeSize['disks'][number]>()
  for (const disk of disks) {
    const kind = `${disk.type} ${disk.sizeGib}`
    lines.set(kind, { ...disk, count: disk.count + (lines.get(kind)?.count ?? 0) })
  }
  return [...lines.values()]
}

function totalOf(disks: NodeSize['disks']): number {
  return disks.reduce((sum, disk) => sum + disk.sizeGib * disk.count, 0)
}

/** Components that can be configured to use a newly attached disk. */
function configurable(cluster: Cluster): string[] {
  return componentsOf(cluster)
    .filter((name) => name === 'hdfs' || name === 'yarn')
    .map((name) => componentOf(name)?.title ?? name)
}

function diskSizes(gib: number): Pick<NodeView, 'DiskSize' | 'HwDiskSize' | 'HwDiskSizeDesc'> {
  const text = sizeText(gib)
  return { DiskSize: text, HwDiskSize: gib * GIB, HwDiskSizeDesc: text }
}

function sizeText(gib: number): string {
  return `${gib.toFixed(2)} GB`
}

/** A node of which nothing is known but whose cluster it belongs to. */
function plainNode(cluster: Cluster, { call, nowMs }: ViewContext): NodeView {
  const subnet = cluster.spec.network.subnets[0]?.id ?? ''
  return {
    ...NOTHING,
    AppId: Number(call.principal.tenant),
    RegionId: regionOf(cluster.region)?.id ?? 0,
    ZoneId: zoneOf(cluster.spec.network.zone)?.zone.id ?? 0,
    Zone: cluster.spec.network.zone,
    SubnetInfo: { SubnetName: subnet, SubnetId: subnet },
    ApplyTime: timeText(cluster.createdMs),
    ExpireTime: expiryOf(cluster),
    FreeTime: releaseOf(cluster),
    ChargeType: chargeTypeOf(cluster),
    IsAutoRenew: cluster.charge.autoRenew ? 1 : 0,
    SupportModifyPayMode: cluster.charge.mode === 'prepaid' ? 1 : 0,
    CurrentTime: timeText(nowMs),
    ...viewPod(cluster),
  }
}

function viewPod(cluster: Cluster): Partial<NodeView> {
  const container = containerOf(cluster)
  return container ? { HardwareResourceType: 'POD', TkeClusterId: container.cluster } : {}
}

const NOTHING: NodeView = {
  AppId: 0,
  SerialNo: '',
  OrderNo: '',
  WanIp: '',
  Flag: 0,
  Spec: '',
  CpuNum: 0,
  MemSize: 0,
  MemDesc: '',
  RegionId: 0,
  ZoneId: 0,
  ApplyTime: noTime,
  FreeTime: noTime,
  DiskSize: '0.00 GB',
  NameTag: '',
  Services: '',
  StorageType: 0,
  RootSize: 0,
  ChargeType: 0,
  CdbIp: '',
  CdbPort: 0,
  HwDiskSize: 0,
  HwDiskSizeDesc: '0.00 GB',
  HwMemSize: 0,
  HwMemSizeDesc: '0GB',
  ExpireTime: noTime,
  EmrResourceId: '',
  IsAutoRenew: 0,
  DeviceClass: '',
  Mutable: 0,
  MCMultiDisk: [],
  CdbNodeInfo: null,
  Ip: '',
  Destroyable: 0,
  Tags: [],
  AutoFlag: 0,
  HardwareResourceType: 'HOST',
  IsDynamicSpec: 0,
  DynamicPodSpec: '',
  SupportModifyPayMode: 0,
  RootStorageType: 0,
  Zone: '',
  SubnetInfo: { SubnetName: '', SubnetId: '' },
  Clients: '',
  CurrentTime: noTime,
  IsFederation: 0,
  DeviceName: '',
  ServiceClient: '',
  DisableApiTermination: false,
  TradeVersion: 1,
  ServicesStatus: '',
  Remark: '',
  SharedClusterId: '',
  SharedClusterIdDesc: '',
  TimingResource: false,
  TkeClusterId: '',
  ConfigurableServices: [],
  NodeMark: '',
  UnderwriteSetAutoRenew: false,
  GpuDesc: '',
  DiskHealthIssues: [],
}

function databaseOf(cluster: Cluster, id: string): DatabaseView {
  return {
    InstanceName: id,
    Ip: '',
    Port: 3306,
    MemSize: DATABASE_MEMORY_MIB,
    Volume: DATABASE_DISK_GIB,
    Service: 'mysql',
    ExpireTime: expiryOf(cluster),
    ApplyTime: timeText(cluster.createdMs),
    PayType: chargeTypeOf(cluster),
    ExpireFlag: cluster.charge.stop?.why === 'expired',
    Status: cluster.status.state === 'running' ? 1 : 0,
    IsAutoRenew: cluster.charge.autoRenew ? 1 : 0,
    SerialNo: id,
    ZoneId: zoneOf(cluster.spec.network.zone)?.zone.id ?? 0,
    RegionId: regionOf(cluster.region)?.id ?? 0,
  }
}

function expiryOf({ charge }: Cluster): string {
  return charge.expiresMs === undefined ? noTime : timeText(charge.expiresMs)
}

/** When it was released, or will be unless it is paid for again. */
function releaseOf({ charge, status: { releasedMs } }: Cluster): string {
  const freeMs = releasedMs ?? charge.stop?.releaseMs
  return freeMs === undefined ? noTime : timeText(freeMs)
}
