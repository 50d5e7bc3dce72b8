/** The members of CreateCloudInstance (reference: tencent-emr.md 1, api.json). */
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
import { externalService, tag } from '../cluster/create-shape.ts'
import { example } from '../cluster/example.ts'
import { imageInfo, rayForm, toleration } from '../dynamic-instance/shape.ts'
import { nodeAffinity, podAffinity, spreadConstraint, stringMap } from './scheduling-shape.ts'

const vpcSettings = object({
  VpcId: text({ example: example.VpcId }),
  SubnetId: text({ example: example.SubnetId }),
})

export const cloudResource = object({
  ComponentName: text({ max: 64 }),
  PodNumber: integer({ min: 1 }),
  LimitCpu: integer({ min: 1, max: 1_024 }),
  LimitMemory: integer({ min: 1, max: 16_384 }),
  Service: optional(text({ max: 64 })),
  VolumeDir: optional(
    object({
      VolumeType: optional(text({ max: 64 })),
      HostPath: optional(
        object({ Path: optional(text({ max: 1_024 })), Type: optional(text({ max: 64 })) }),
      ),
    }),
  ),
  ExternalAccess: optional(
    object({
      Type: optional(choice(['CLB'])),
      CLBServer: optional(
        object({
          CLBType: optional(choice(['PUBLIC_IP', 'INTERNAL_IP'])),
          VPCSettings: optional(vpcSettings),
        }),
      ),
    }),
  ),
  Affinity: optional(nodeAffinity),
  Disks: optional(
    list(
      object({
        DiskType: optional(text({ max: 64 })),
        DiskCapacity: optional(integer()),
        DiskNumber: optional(integer()),
      }),
      { max: 20 },
    ),
  ),
  Tolerations: optional(list(toleration, { max: 50 })),
  PodAffinity: optional(podAffinity),
  PodAntiAffinity: optional(podAffinity),
  TopologySpreadConstraints: optional(list(spreadConstraint, { max: 50 })),
  PodLabels: optional(list(stringMap, { max: 50 })),
  EnableDefaultRayCluster: flag({ default: false }),
  ImageInfoV2: optional(imageInfo),
  DynamicInstanceForm: optional(rayForm),
})

export const cloudCreation = {
  InstanceName: text({ example: example.InstanceName }),
  ClusterClass: choice(['EMR-TKE'], { code: 'InvalidParameterValue' }),
  Software: list(text(), { max: 50 }),
  PlatFormType: choice(['tke'], { code: 'InvalidParameterValue' }),
  CosBucket: text({ max: 128 }),
  EksClusterId: optional(text({ trim: true, max: 64, example: 'cls-12345678' })),
  ProductId: integer({ default: 60 }),
  ClientToken: optional(text()),
  VPCSettings: optional(vpcSettings),
  CloudResources: optional(list(cloudResource, { max: 50 })),
  SgId: optional(text({ example: example.SgId })),
  MetaDBInfo: optional(
    object({
      MetaDataJdbcUrl: optional(text({ example: example.MetaDataJdbcUrl })),
      MetaDataUser: optional(text({ max: 128 })),
      MetaDataPass: optional(text({ secret: true, max: 256 })),
      MetaType: optional(text({ example: 'EMR_DEFAULT_META' })),
      UnifyMetaInstanceId: optional(text({ example: example.UnifyMetaInstanceId })),
      Components: optional(list(text({ max: 64 }), { max: 50 })),
      DefaultMetaVersion: optional(text({ example: 'mysql8' })),
      LinkInstanceId: optional(text({ max: 64 })),
    }),
  ),
  Tags: optional(list(tag)),
  LoginSettings: optional(
    object({
      Password: optional(text({ secret: true, example: example.Password })),
      PublicKeyId: optional(text({ example: example.PublicKeyId })),
    }),
  ),
  ExternalService: optional(list(externalService)),
  ZoneId: optional(integer({ example: 100003 })),
  DefaultMetaVersion: optional(text({ example: 'mysql8' })),
  NeedCdbAudit: optional(integer({ example: 0 })),
  SgIP: optional(text({ max: 64 })),
  ContainerExtraConf: optional(
    object({
      JobAccessProxyType: optional(choice(['Internal', 'Public', 'None'])),
    }),
  ),
  EnableSparkAppMonitorInfo: optional(
    object({
      PrometheusInstanceId: optional(text({ max: 64 })),
      GrafanaInstanceId: optional(text({ max: 64 })),
      EnableMonitor: optional(flag()),
      GrafanaURL: optional(text({ max: 1_024 })),
    }),
  ),
}

const cloudObject = object(cloudCreation)

export type CloudCreation = Static<typeof cloudObject>
export type CloudResourceInput = Static<typeof cloudResource>
