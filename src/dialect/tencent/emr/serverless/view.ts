/** An instance as its clients read it (reference: tencent-emr.md 4.1, api.json). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { dataGib } from '../../../../domain/cluster/node-group.ts'
import { statusText } from '../../catalogue/status.ts'
import { regionOf, zoneOf } from '../../catalogue/region.ts'
import { statusOf } from '../../states.ts'
import { tagsOf, type ViewContext } from '../cluster/view.ts'
import { numberOf } from '../identifier.ts'
import { noTime, timeText } from '../time-text.ts'
import { serverlessExtension } from './extension.ts'
import type { InstanceDetail, ListedInstance } from './shape.ts'

/** Every change of an instance is one of its nodes: the documents have one word for all. */
export const ADJUSTING = 22

function instanceStatus(cluster: Cluster): number {
  return cluster.status.state === 'changing' ? ADJUSTING : statusOf(cluster)
}

export function viewInstance(cluster: Cluster): InstanceDetail {
  const { spec } = cluster
  const [first] = spec.groups
  const [disk] = first?.disks ?? []
  return {
    ...sharedOf(cluster),
    InstanceId: cluster.id,
    InstanceName: cluster.name,
    DiskType: disk?.type ?? '',
    DiskSize: first ? dataGib(first) : 0,
    NodeType: first?.machine ?? '',
    ClusterId: numberOf(cluster.id),
    CreateTime: timeText(cluster.createdMs),
    NodeNum: spec.groups.reduce((sum, { nodes }) => sum + nodes.length, 0),
    DeployRole: '',
  }
}

export function viewListedInstance(cluster: Cluster, { call }: ViewContext): ListedInstance {
  const { network } = cluster.spec
  const subnet = network.subnets[0]?.id ?? ''
  return {
    ...sharedOf(cluster),
    ClusterId: cluster.id,
    Id: numberOf(cluster.id),
    StatusDesc: statusText(instanceStatus(cluster), call.language) ?? '',
    HealthStatus: cluster.status.state === 'impaired' ? 'UNHEALTHY' : 'HEALTHY',
    ClusterName: cluster.name,
    ZoneId: zoneOf(network.zone)?.zone.id ?? 0,
    AppId: Number(call.principal.tenant),
    VpcId: numberOf(network.vpc),
    VpcName: network.vpc,
    SubnetId: numberOf(subnet),
    SubnetName: subnet,
    AddTime: timeText(cluster.createdMs),
    DeployRole: '',
    WebUIUrl: '',
  }
}

function sharedOf(cluster: Cluster) {
  const { spec, charge, status } = cluster
  return {
    Zone: spec.network.zone,
    PayMode: charge.mode === 'prepaid' ? 1 : 0,
    RegionId: regionOf(cluster.region)?.id ?? 0,
    ExpireTime: charge.expiresMs === undefined ? noTime : timeText(charge.expiresMs),
    IsolateTime: status.state === 'isolated' ? timeText(status.stateSinceMs) : noTime,
    AutoRenewFlag: serverlessExtension(cluster).renewFlag,
    Status: instanceStatus(cluster),
    ZoneSettings: spec.groups.map(({ zone, subnet, nodes }) => ({
      Zone: zone,
      VPCSettings: { VpcId: spec.network.vpc, SubnetId: subnet },
      NodeNum: nodes.length,
    })),
    Tags: tagsOf(cluster.tags),
  }
}
