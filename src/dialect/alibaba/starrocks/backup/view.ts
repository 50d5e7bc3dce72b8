/**
 * A backup as DescribeBackups shows it, with the instance as it was then. Moments are in ms, those of tables in seconds; sizes are in
 * bytes. Facts: reference alibaba-starrocks.md 6.7, 5.3.
 */
import type { Backup, BackupState } from '../../../../domain/backup.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { integer, list, nullable, object, text, type Static } from '../../../../shape/shape.ts'
import { groupExtension, instanceExtension } from '../instance/extension.ts'
import { tagOnWire } from '../shape.ts'

const groupView = object({
  ComponentType: text(),
  Cu: integer(),
  DiskNumber: text(),
  LocalStorageInstanceType: text(),
  ResidentNodeNumber: text(),
  SpecType: text(),
  StoragePerformanceLevel: text(),
  StorageSize: integer(),
})

export const backupView = object({
  BackupFinishedTime: nullable(integer()),
  BackupStartTime: integer(),
  BackupTaskId: text(),
  BackupType: text(),
  Description: text(),
  ExpireTime: integer(),
  InstanceId: text(),
  InstanceSnapshot: object({
    InstanceName: text(),
    MinorVersion: text(),
    NodeGroups: list(groupView),
    RegionId: text(),
    ResourceGroupId: text(),
    RunMode: text(),
    SpecType: text(),
    Tags: list(tagOnWire),
    Version: text(),
    VpcId: text(),
  }),
  RegionId: text(),
  Size: integer(),
  Status: text(),
  SubTasks: list(
    object({
      DataBase: text(),
      Detail: text(),
      FinishedTime: integer(),
      Size: integer(),
      SnapshotName: text(),
      StartTime: integer(),
      Status: text(),
      Table: text(),
    }),
  ),
})

/** RUNNING and COMPLETED are documented; the others are needed and in no source. */
const statusOf: { readonly [state in BackupState]: string } = {
  running: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  deleting: 'DELETING',
}

export const backupStatuses: readonly string[] = Object.values(statusOf)

export function backupStatesOf(words: readonly string[]): readonly BackupState[] {
  const states = Object.keys(statusOf) as BackupState[]
  return states.filter((state) => words.includes(statusOf[state]))
}

export function viewBackup(it: Backup): Static<typeof backupView> {
  return {
    BackupFinishedTime: it.finishedMs ?? null,
    BackupStartTime: it.startedMs,
    BackupTaskId: it.id,
    BackupType: 'FullBackup',
    Description: it.description,
    ExpireTime: it.expiresMs,
    InstanceId: it.cluster,
    InstanceSnapshot: viewOrigin(it),
    RegionId: it.region,
    Size: it.bytes,
    Status: statusOf[it.state],
    SubTasks: it.tables.map(({ database, table, bytes }) => ({
      DataBase: database,
      Detail: '[]',
      FinishedTime: seconds(it.finishedMs ?? it.startedMs),
      Size: bytes,
      SnapshotName: it.id,
      StartTime: seconds(it.startedMs),
      Status: 'success',
      Table: table,
    })),
  }
}

const seconds = (ms: number) => Math.floor(ms / 1000)

function viewOrigin({ origin, region }: Backup) {
  const { name, resourceGroup, tags, spec, extension } = origin
  const traits = instanceExtension({ extension })
  return {
    InstanceName: name,
    MinorVersion: spec.software.version,
    NodeGroups: spec.groups.map(viewGroup),
    RegionId: region,
    ResourceGroupId: resourceGroup,
    RunMode: traits.runMode,
    // Of the nodes that hold the data.
    SpecType: spec.groups.find(({ role }) => role !== 'fe')?.machine ?? '',
    Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    Version: traits.requestedVersion,
    VpcId: spec.network.vpc,
  }
}

function viewGroup(group: NodeGroup): Static<typeof groupView> {
  const { component, localStorageInstanceType } = groupExtension(group)
  const [disk] = group.disks
  return {
    ComponentType: component,
    Cu: group.cpu,
    DiskNumber: String(disk?.count ?? 0),
    LocalStorageInstanceType: localStorageInstanceType,
    ResidentNodeNumber: String(group.nodes.length),
    SpecType: group.machine,
    StoragePerformanceLevel: disk?.level ?? '',
    StorageSize: disk?.sizeGib ?? 0,
  }
}
