/**
 * DescribeNodeDataDisks: the cloud data disks of nodes, one by one (reference: tencent-emr.md 5.12, api.json). Disks that come with a
 * machine are none of block storage's.
 */
import { nodeStatus, type Cluster } from '../../../../domain/cluster/cluster.ts'
import { sizeOf } from '../../../../domain/cluster/node-group.ts'
import {
  choice,
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { diskOf } from '../../catalogue/disk.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageOf } from '../cluster/listing.ts'
import { getCluster } from '../cluster/look-up.ts'
import { machineIdOf } from '../identifier.ts'
import { given, unsupported } from '../refusal.ts'
import { noTime, timeText } from '../time-text.ts'
import { dataDisksOf } from './data-disk.ts'
import { machineIdList, selectNodes } from './selection.ts'
import { machineOf } from './terms.ts'

const DAY_MS = 86_400_000
/** The largest that a cloud disk can be. */
const SIZE_MAX_GB = diskOf('CLOUD_SSD')?.data?.max ?? 0

const disk = object({
  DiskId: text(),
  DiskUsage: text(),
  DiskName: text(),
  DiskSize: integer(),
  DiskType: text(),
  DeleteWithInstance: flag(),
  DiskChargeType: text(),
  DiskState: text(),
  RenewFlag: text(),
  DeadlineTime: text(),
  Attached: flag(),
  DifferDaysOfDeadline: integer(),
  InstanceIdList: list(text()),
  InstanceId: text(),
  Shareable: flag(),
  EmrResourceId: text(),
  UnderwriteExpiredTime: text(),
  Tags: list(object({ Key: text(), Value: text() })),
  ThroughputPerformance: integer(),
})

type DiskRow = Static<typeof disk>

const FILTER_NAMES = [
  'disk-id',
  'disk-name',
  'disk-type',
  'disk-state',
  'disk-charge-type',
  'instance-id',
] as const

/** What each filter is compared with. */
const FILTERS: { readonly [name in (typeof FILTER_NAMES)[number]]: (row: DiskRow) => string } = {
  'disk-id': (row) => row.DiskId,
  'disk-name': (row) => row.DiskName,
  'disk-type': (row) => row.DiskType,
  'disk-state': (row) => row.DiskState,
  'disk-charge-type': (row) => row.DiskChargeType,
  'instance-id': (row) => row.InstanceId,
}
const filter = object({
  Name: choice(FILTER_NAMES, { ignoreCase: true }),
  Values: list(text({ trim: true, max: 128 }), { max: 100 }),
})

export const describeNodeDataDisks = action({
  name: 'DescribeNodeDataDisks',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    CvmInstanceIds: machineIdList('InvalidParameterValue'),
    Filters: optional(list(filter, { max: 10 })),
    InnerSearch: optional(text({ trim: true, max: 128 })),
    Limit: integer({ min: 0, max: 100, default: 100 }),
    Offset: integer({ min: 0, default: 0 }),
    Scene: optional(text({ max: 64 })),
  },
  output: {
    TotalCount: integer(),
    CBSList: list(disk),
    MaxSize: integer(),
    MaxThroughputPerformance: integer(),
  },
  faults: ['NotSupported'],
  asks: ['identity', 'block-storage'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    if (given(input.Scene) !== undefined)
      throw unsupported('Scene', 'disks have no throughput beside that of their type')
    const code = 'InvalidParameter.InvalidClusterId'
    const cluster = await getCluster(core, call, { name: 'InstanceId', id: input.InstanceId, code })
    const rows = disksOf(cluster, input.CvmInstanceIds, core.clock.now())
      .filter((row) => passes(row, input.Filters ?? []))
      .filter((row) => `${row.DiskId} ${row.DiskName}`.includes(input.InnerSearch ?? ''))
    const { offset, limit } = pageOf(input.Offset, input.Limit === 0 ? 100 : input.Limit)
    return {
      TotalCount: rows.length,
      CBSList: rows.slice(offset, offset + limit),
      MaxSize: SIZE_MAX_GB,
      MaxThroughputPerformance: 0,
    }
  },
})

/** Filters must all hold; the values of one are alternatives. */
function passes(row: DiskRow, filters: readonly Static<typeof filter>[]): boolean {
  return filters.every(({ Name: name, Values: values }) => values.includes(FILTERS[name](row)))
}

/** Throws CvmInstanceNotFound for a machine that carries no node of the cluster. */
function disksOf(cluster: Cluster, machines: readonly string[], nowMs: number): readonly DiskRow[] {
  const chosen = selectNodes(cluster, {
    name: 'CvmInstanceIds',
    ids: machines,
    idOf: (node) => machineIdOf(node.id),
    code: 'ResourceNotFound.CvmInstanceNotFound',
  })
  return chosen.flatMap(({ group, node }) => {
    const size = sizeOf(group, node)
    if (machineOf(size).localDisk) return []
    const attached = nodeStatus(cluster, node).ready
    const InstanceId = machineIdOf(node.id)
    const [role = '', number = ''] = node.name.split('.')
    const name = `emr-${role.charAt(0).toUpperCase()}${role.slice(1)}.${number}_${cluster.id}`
    return dataDisksOf(node.id, size).map(({ id, type, sizeGib }, at) => ({
      DiskId: id,
      DiskUsage: 'DATA_DISK',
      DiskName: `${name}_数据盘_${at + 1}`,
      DiskSize: sizeGib,
      DiskType: type,
      DeleteWithInstance: true,
      ...termOf(cluster, nowMs),
      DiskState: attached ? 'ATTACHED' : 'ATTACHING',
      Attached: attached,
      InstanceIdList: [InstanceId],
      InstanceId,
      Shareable: false,
      EmrResourceId: node.id,
      UnderwriteExpiredTime: noTime,
      Tags: [],
      ThroughputPerformance: 0,
    }))
  })
}

/** A disk is paid for as its cluster is. */
function termOf({ charge }: Cluster, nowMs: number) {
  const { mode, expiresMs, autoRenew } = charge
  if (mode === 'postpaid' || expiresMs === undefined)
    return {
      DiskChargeType: 'POSTPAID_BY_HOUR',
      RenewFlag: '',
      DeadlineTime: '',
      DifferDaysOfDeadline: 0,
    }
  return {
    DiskChargeType: 'PREPAID',
    RenewFlag: autoRenew ? 'NOTIFY_AND_AUTO_RENEW' : 'NOTIFY_AND_MANUAL_RENEW',
    DeadlineTime: timeText(expiresMs),
    DifferDaysOfDeadline: Math.floor((expiresMs - nowMs) / DAY_MS),
  }
}
