/**
 * A node group as DescribeNodeGroups shows it: every documented member, each with its type.
 * Facts: reference alibaba-starrocks.md 6.2, 11.3 (endpoints and ports).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { residents, type NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { flag, integer, list, object, text, type Static } from '../../../../shape/shape.ts'
import type { Component } from '../../catalogue/schema.ts'
import { memoryCpuRatioOf } from '../../catalogue/spec-type.ts'
import { nodeGroupStatus } from '../../states.ts'
import { NEVER_MS } from '../instance/expiry.ts'
import { publicAddressOf } from './exposure.ts'
import { tagOnWire } from '../shape.ts'
import { groupExtension, instanceExtension } from '../instance/extension.ts'
import { billingInstanceId } from '../order/billing-instance.ts'
import {
  architectureOnWire,
  beginMs,
  payTypeOnWire,
  runningSeconds,
  tagsOnWire,
} from '../instance/view.ts'

export const nodeGroupView = object({
  AccountStatus: text(),
  Architecture: text(),
  BeginTime: integer(),
  BillingInstanceId: text(),
  CommodityCode: text(),
  ComponentType: text(),
  Cu: integer(),
  DefaultGroup: flag(),
  Description: text(),
  DiskNumber: integer(),
  ElasticNodeNumber: integer(),
  EnablePublicNetwork: flag(),
  Endpoint: text(),
  ExpireTime: integer(),
  HttpPort: integer(),
  InstanceId: text(),
  LocalStorageInstanceType: text(),
  MemoryCpuRatio: integer(),
  NodeGroupId: text(),
  NodeGroupName: text(),
  NodeInfo: list(object({ NodeId: text() })),
  PayType: text(),
  PublicAddress: text(),
  RegionId: text(),
  ResidentNodeNumber: integer(),
  RunningTime: integer(),
  SpecType: text(),
  Status: text(),
  StoragePerformanceLevel: text(),
  StorageSize: integer(),
  Tags: list(tagOnWire),
  TargetElasticNodeNumber: integer(),
  ZoneId: text(),
})

export function viewNodeGroup(
  cluster: Cluster,
  group: NodeGroup,
  nowMs: number,
): Static<typeof nodeGroupView> {
  const { component, defaultGroup, localStorageInstanceType } = groupExtension(group)
  const [disk] = group.disks
  const before = cluster.change?.before.groups.find(({ id }) => id === group.id) ?? group
  const answering = addressOf(component, cluster)
  const publicAddress = publicAddressOf(cluster, group)
  return {
    AccountStatus: isOverdue(cluster) ? 'OVERDUE' : 'NORMAL',
    Architecture: architectureOnWire(instanceExtension(cluster).architecture),
    BeginTime: beginMs(cluster),
    BillingInstanceId: billingInstanceId(cluster, group),
    CommodityCode: commodities[cluster.charge.mode],
    ComponentType: component,
    Cu: group.cpu,
    DefaultGroup: defaultGroup,
    Description: group.description,
    DiskNumber: disk?.count ?? 0,
    ElasticNodeNumber: elasticNodes(before),
    EnablePublicNetwork: publicAddress !== '',
    Endpoint: answering.host,
    ExpireTime: cluster.charge.expiresMs ?? NEVER_MS,
    HttpPort: answering.port,
    InstanceId: cluster.id,
    LocalStorageInstanceType: localStorageInstanceType,
    MemoryCpuRatio: memoryCpuRatioOf(group.machine),
    NodeGroupId: group.id,
    NodeGroupName: group.name,
    NodeInfo: group.nodes.map(({ id }) => ({ NodeId: id })),
    PayType: payTypeOnWire(cluster),
    PublicAddress: publicAddress,
    RegionId: cluster.region,
    ResidentNodeNumber: residents(group).nodes.length,
    RunningTime: runningSeconds(cluster, nowMs),
    SpecType: group.machine,
    Status: nodeGroupStatus(cluster, group),
    StoragePerformanceLevel: disk?.level ?? '',
    StorageSize: disk?.sizeGib ?? 0,
    Tags: tagsOnWire(cluster),
    TargetElasticNodeNumber: elasticNodes(group),
    ZoneId: group.zone,
  }
}

/** Nodes that came by scaling rules, of a group as it is or as it shall be. */
function elasticNodes(group: NodeGroup): number {
  return group.nodes.length - residents(group).nodes.length
}

/** In arrears, or stopped for lack of payment (5.2). */
function isOverdue({ charge }: Cluster): boolean {
  return charge.overdueMs !== undefined || charge.stop !== undefined
}

const commodities = {
  postpaid: 'emapreduce_starrockspost_public_cn',
  prepaid: 'emapreduce_starrockspre_public_cn',
} as const

/** How a component is reached: frontends and observers by the frontends' name, compute by the backends'; agents not at all. */
const faces: { readonly [component in Component]: { name: string; httpPort: number } } = {
  FE: { name: 'fe', httpPort: 8030 },
  OBSERVER: { name: 'fe', httpPort: 8030 },
  BE: { name: 'be', httpPort: 8040 },
  CN: { name: 'be', httpPort: 8040 },
  AGENT: { name: '', httpPort: 0 },
}

/** Where the substrate says that it answers; the documented host name where nothing runs. */
function addressOf(component: Component, cluster: Cluster): { host: string; port: number } {
  const { name, httpPort } = faces[component]
  if (name === '') return { host: '', port: httpPort }
  const real = cluster.status.endpoints?.find((endpoint) => endpoint.name === `${name}-http`)
  if (real) return real
  return { host: `${name}-${cluster.id}-internal.starrocks.aliyuncs.com`, port: httpPort }
}
