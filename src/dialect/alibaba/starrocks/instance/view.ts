/**
 * An instance as DescribeInstances shows it: every documented member, each with its type; a text about nothing is empty.
 * Facts: reference alibaba-starrocks.md 6.1; the members about AI functions are of the newest client (S+).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { flag, integer, list, object, text, type Static } from '../../../../shape/shape.ts'
import { limits } from '../../../../limits.ts'
import { writtenViews } from '../../../../shape/written-json.ts'
import { instanceStatus } from '../../states.ts'
import { NEVER_MS } from './expiry.ts'
import { tagOnWire } from '../shape.ts'
import { majorOf, majorOfMinor } from '../../catalogue/version.ts'
import { maintainablePeriod, maintenanceOf } from '../version/maintenance.ts'
import { accessOf } from './access.ts'
import { instanceExtension, isMultiZone } from './extension.ts'

export const instanceView = object({
  AclId: text(),
  AiFunctionClusterId: text(),
  AiFunctionEndpoint: text(),
  AiFunctionInstanceId: text(),
  Architecture: text(),
  BeginTime: integer(),
  EnableAiFunction: flag(),
  EnableAutoMinorVersionUpgrade: flag(),
  EnableMultiAz: flag(),
  EnableSSL: flag(),
  EnabledAuditLoader: flag(),
  Encrypted: flag(),
  ExpireTime: integer(),
  InstanceId: text(),
  InstanceName: text(),
  InstanceStatus: text(),
  IsolateLeader: flag(),
  KmsKeyId: text(),
  MaintainablePeriod: text(),
  MinorVersion: text(),
  MonitorType: text(),
  OssLocation: text(),
  PackageType: text(),
  PayType: text(),
  RegionId: text(),
  ResourceGroupId: text(),
  RunMode: text(),
  RunningTime: integer(),
  SecurityGroupManaged: flag(),
  SgId: text(),
  Tags: list(tagOnWire),
  VSwitches: list(object({ Primary: flag(), VswId: text(), ZoneId: text() })),
  Version: text(),
  VpcId: text(),
})

type InstanceView = Static<typeof instanceView>

const views = writtenViews<Cluster, InstanceView>('RunningTime', limits.writtenViewBytes)

export function shownInstance(cluster: Cluster, nowMs: number): InstanceView {
  return views.of(cluster, '', () => viewInstance(cluster, nowMs), runningSeconds(cluster, nowMs))
}

export function viewInstance(cluster: Cluster, nowMs: number): InstanceView {
  const traits = instanceExtension(cluster)
  const ai = traits.aiClusterId
  const access = accessOf(cluster)
  return {
    // No list of its own stands before a public address.
    AclId: '',
    AiFunctionClusterId: ai,
    AiFunctionEndpoint: ai === '' ? '' : `fe-${ai}-internal.starrocks.aliyuncs.com`,
    AiFunctionInstanceId: ai,
    Architecture: architectureOnWire(traits.architecture),
    BeginTime: beginMs(cluster),
    EnableAiFunction: ai !== '',
    EnableAutoMinorVersionUpgrade: maintenanceOf(cluster).autoUpgrade,
    EnableMultiAz: isMultiZone(cluster),
    EnableSSL: typeof access.encryption === 'object',
    EnabledAuditLoader: false,
    Encrypted: traits.encrypted,
    ExpireTime: cluster.charge.expiresMs ?? NEVER_MS,
    InstanceId: cluster.id,
    InstanceName: cluster.name,
    InstanceStatus: instanceStatus(cluster),
    IsolateLeader: access.leaderIsolated,
    KmsKeyId: traits.kmsKeyId,
    MaintainablePeriod: maintainablePeriod(cluster),
    MinorVersion: versionOf(cluster),
    MonitorType: 'cms',
    OssLocation: traits.runMode === 'shared_nothing' ? '' : `oss://sr-${cluster.id}`,
    PackageType: traits.packageType,
    PayType: payTypeOnWire(cluster),
    RegionId: cluster.region,
    ResourceGroupId: cluster.resourceGroup,
    RunMode: traits.runMode,
    RunningTime: runningSeconds(cluster, nowMs),
    SecurityGroupManaged: true,
    SgId: cluster.spec.network.securityGroups[0] ?? '',
    Tags: tagsOnWire(cluster),
    VSwitches: switchesOnWire(cluster),
    Version: majorOnWire(cluster),
    VpcId: cluster.spec.network.vpc,
  }
}

/** What it ran before, as long as it is not known to run another one. */
function versionOf({ spec, change }: Cluster): string {
  return (change?.kind === 'upgrade' ? change.before : spec).software.version
}

/** In the words of its creation, until it was brought to another major version. */
function majorOnWire(cluster: Cluster): string {
  const { requestedVersion } = instanceExtension(cluster)
  const major = majorOfMinor(versionOf(cluster))?.major
  return major === undefined || majorOf(requestedVersion)?.major === major
    ? requestedVersion
    : major
}

export function payTypeOnWire({ charge }: Cluster): string {
  return charge.mode === 'prepaid' ? 'prePaid' : 'postPaid'
}

/** When it began to cost: with its payment. */
export function beginMs({ charge, createdMs }: Cluster): number {
  return charge.beginsMs ?? createdMs
}

/** Clients write `onEcs` and read `onECS` (10, C15). */
export function architectureOnWire(architecture: string): string {
  return architecture === 'onEcs' ? 'onECS' : architecture
}

/** Whole seconds since it first ran; 0 before. */
export function runningSeconds({ status: { startedMs } }: Cluster, nowMs: number): number {
  return startedMs === undefined ? 0 : Math.max(0, Math.floor((nowMs - startedMs) / 1000))
}

export function tagsOnWire({ tags }: Cluster) {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }))
}

/** The first one in the primary zone is the primary one. */
function switchesOnWire({ spec: { network } }: Cluster) {
  const primary = network.subnets.find(({ zone }) => zone === network.zone)
  return network.subnets.map((each) => ({
    Primary: each === primary,
    VswId: each.id,
    ZoneId: each.zone,
  }))
}
