/** The members of ScaleOutInstance (reference: tencent-emr.md 5.5, api.json). Types only; values are judged by scale-out.ts. */
import {
  choice,
  decimal,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { clusterId } from '../cluster/cluster-id.ts'
import { bootstrapScript, nodeMark, tag } from '../cluster/create-shape.ts'

const podVolume = object({
  VolumeType: text(),
  PVCVolume: optional(
    object({
      DiskSize: optional(integer()),
      DiskType: optional(text()),
      DiskNum: optional(integer()),
      ExtraPerformance: optional(integer()),
    }),
  ),
  HostVolume: optional(object({ VolumePath: text() })),
})

const podSpec = object({
  ResourceProviderIdentifier: text(),
  ResourceProviderType: text(),
  NodeType: text(),
  Cpu: integer(),
  Memory: integer(),
  DataVolumes: optional(list(text())),
  CpuType: optional(text()),
  PodVolumes: optional(list(podVolume)),
  IsDynamicSpec: optional(integer()),
  DynamicPodSpec: optional(
    object({
      RequestCpu: optional(decimal()),
      LimitCpu: optional(decimal()),
      RequestMemory: optional(decimal()),
      LimitMemory: optional(decimal()),
    }),
  ),
  VpcId: optional(text()),
  SubnetId: optional(text()),
  PodName: optional(text()),
})

const computeResource = object({
  Labels: optional(list(object({ Name: optional(text()), Value: optional(text()) }))),
  Taints: optional(
    list(object({ Key: optional(text()), Value: optional(text()), Effect: optional(text()) })),
  ),
  PreStartUserScript: optional(text()),
  UserScript: optional(text()),
  TkeClusterNodePool: optional(text()),
  NodePoolJoinMode: optional(text()),
})

const count = (code: string) => integer({ min: 0, default: 0, code: `InvalidParameter.${code}` })

export const scaleOut = {
  TimeUnit: text(),
  TimeSpan: integer(),
  InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
  PayMode: integer(),
  ClientToken: optional(text()),
  PreExecutedFileSettings: optional(list(bootstrapScript)),
  TaskCount: count('InvalidTaskCount'),
  CoreCount: count('InvalidCoreCount'),
  UnNecessaryNodeList: optional(list(integer())),
  RouterCount: count('InvalidCount'),
  SoftDeployInfo: optional(list(integer())),
  ServiceNodeInfo: optional(list(integer())),
  DisasterRecoverGroupIds: optional(list(text())),
  Tags: optional(list(tag)),
  HardwareResourceType: choice(['HOST', 'POD', 'MNode'], { default: 'HOST', ignoreCase: true }),
  PodSpec: optional(podSpec),
  ClickHouseClusterName: optional(text()),
  ClickHouseClusterType: optional(text()),
  YarnNodeLabel: optional(text()),
  PodParameter: optional(object({ ClusterId: text(), Config: text(), Parameter: text() })),
  MasterCount: count('InvalidCount'),
  StartServiceAfterScaleOut: choice(['true', 'false'], { default: 'true', ignoreCase: true }),
  ZoneId: optional(integer()),
  SubnetId: optional(text()),
  ScaleOutServiceConfAssign: optional(text()),
  AutoRenew: optional(integer()),
  ResourceBaseType: choice(['EMR', 'ComputeResource'], { default: 'EMR' }),
  ComputeResourceId: optional(text()),
  ComputeResourceAdvanceParams: optional(computeResource),
  NodeMarks: optional(nodeMark),
  WarehouseName: optional(text()),
  PartitionNumber: optional(integer()),
}

const scaleOutObject = object(scaleOut)

export type ScaleOutInput = Static<typeof scaleOutObject>
