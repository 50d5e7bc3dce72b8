/** DescribeNodeResourceConfigFast: the specifications that nodes may be added in, by role (reference: api.json, examples.json). */
import {
  choice,
  integer,
  list,
  nullable,
  object,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { diskOf } from '../../catalogue/disk.ts'
import { findInstanceType } from '../../catalogue/instance-type.ts'
import { zoneOf } from '../../catalogue/region.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { tagsOf } from '../cluster/view.ts'
import { timeText } from '../time-text.ts'
import { specRoles, specsOf, type NodeSpec } from './node-spec.ts'
import { hardware, refuseElsewhere, sharedInput, zone } from './rule.ts'

const tag = object({ TagKey: text(), TagValue: text() })

const resourceView = object({
  Spec: text(),
  StorageType: integer(),
  DiskType: text(),
  MemSize: integer(),
  Cpu: integer(),
  DiskSize: integer(),
  RootSize: integer(),
  MultiDisks: list(object({ DiskType: text(), Volume: integer(), Count: integer() })),
  Tags: list(tag),
  InstanceType: text(),
  LocalDiskNum: integer(),
  DiskNum: integer(),
  GpuDesc: text(),
  PartitionNumber: integer(),
  HCCHpcClusterId: text(),
})

const specView = object({
  ResourceConfigId: integer(),
  Resource: resourceView,
  CreateTime: text(),
  UpdateTime: text(),
  IsDefault: text(),
  MaxResourceNum: integer(),
  PrepaidUnderwritePeriods: nullable(list(integer())),
  QuotaNum: integer(),
  QuotaUnit: text(),
})

export const describeNodeResourceConfigFast = action({
  name: 'DescribeNodeResourceConfigFast',
  input: {
    InstanceId: clusterId('InvalidParameter'),
    ResourceType: choice(['CORE', 'TASK', 'ROUTER', 'ALL'], {
      ignoreCase: true,
      code: 'ResourceUnavailable.NotSupportResourceType',
    }),
    PayMode: integer({ allowed: [0, 1] }),
    ...zone,
    ...sharedInput,
    ...hardware,
  },
  output: { Data: list(object({ ResourceType: text(), ResourceData: list(specView) })) },
  faults: ['ClusterNotFound', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    refuseElsewhere(asked)
    const cluster = await core.clusters.get(call, asked.InstanceId)
    const place = asked.ZoneId ?? 0
    const isElsewhere = place !== 0 && zoneOf(place)?.zone.name !== cluster.spec.network.zone
    const specs = isElsewhere ? [] : specsOf(cluster)
    const wanted = asked.ResourceType.toLowerCase()
    const roles = specRoles.filter((role) => wanted === 'all' || wanted === role)
    return {
      Data: roles.map((role) => ({
        ResourceType: role.toUpperCase(),
        ResourceData: specs
          .filter((spec) => spec.role === role && spec.prepaid === (asked.PayMode === 1))
          .map(viewSpec),
      })),
    }
  },
})

function viewSpec(spec: NodeSpec): Static<typeof specView> {
  return {
    ResourceConfigId: spec.id,
    Resource: viewResource(spec),
    CreateTime: timeText(spec.createdMs),
    UpdateTime: timeText(spec.updatedMs),
    IsDefault: spec.isDefault ? 'DEFAULT' : 'BACKUP',
    MaxResourceNum: 0,
    PrepaidUnderwritePeriods: null,
    QuotaNum: 0,
    QuotaUnit: '',
  }
}

function viewResource(spec: NodeSpec): Static<typeof resourceView> {
  const found = findInstanceType({ instanceType: spec.machine })
  const type = found.ok ? found.instanceType : undefined
  const [first, ...more] = spec.disks.filter(({ use }) => use === 'data')
  return {
    Spec: type?.family.spec ?? '',
    StorageType: diskOf(spec.diskType)?.storageType ?? 0,
    DiskType: spec.diskType,
    MemSize: spec.memoryMib,
    Cpu: spec.cpu,
    DiskSize: first?.sizeGib ?? 0,
    RootSize: spec.disks.find(({ use }) => use === 'system')?.sizeGib ?? 0,
    MultiDisks: more.map((disk) => ({
      DiskType: disk.type,
      Volume: disk.sizeGib,
      Count: disk.count,
    })),
    Tags: tagsOf(spec.tags),
    InstanceType: spec.machine,
    LocalDiskNum: type?.localDisk ? (first?.count ?? 0) : 0,
    DiskNum: first?.count ?? 0,
    GpuDesc: '',
    PartitionNumber: 0,
    HCCHpcClusterId: '',
  }
}
