/**
 * The members of CreateCluster, and what ScaleOutCluster has of them: the newer schema, with disks one by one, flags and words for
 * numbers (reference: tencent-emr.md 1, 5.11; api.json). Types only; what is said is what CreateInstance's members say (creation.ts).
 */
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
import { creation, nodeMark, placement, tag } from './create-shape.ts'
import { example } from './example.ts'

const diskSpec = object({
  Count: integer({ example: 1 }),
  DiskType: text({ example: example.DiskType }),
  DiskSize: integer({ example: 200 }),
  ExtraPerformance: optional(integer({ example: 0 })),
})

export const nodeResourceSpec = object({
  InstanceType: text({ example: example.InstanceType }),
  SystemDisk: list(diskSpec, { code: 'InvalidParameter.InvalidDiskNum', max: 1 }),
  Tags: optional(list(tag)),
  DataDisk: optional(list(diskSpec)),
  LocalDataDisk: optional(list(diskSpec)),
  SoftwareConfig: optional(
    list(object({ SoftwareName: optional(text()), Roles: optional(list(text())) })),
  ),
})

export const prepaidTerm = object({
  Period: integer({ example: 1 }),
  RenewFlag: flag({ example: false }),
})

export const bootstrapAction = object({
  CosFileURI: text({ example: example.CosFileURI }),
  ExecutionMoment: text({ example: example.WhenRun }),
  Args: optional(list(text({ example: example.Args }))),
  CosFileName: optional(text()),
  Remark: optional(text()),
})

const allNodeResourceSpec = object({
  MasterResourceSpec: optional(nodeResourceSpec),
  CoreResourceSpec: optional(nodeResourceSpec),
  TaskResourceSpec: optional(nodeResourceSpec),
  CommonResourceSpec: optional(nodeResourceSpec),
  MasterCount: optional(integer({ example: 1 })),
  CoreCount: optional(integer({ example: 2 })),
  TaskCount: optional(integer({ example: 0 })),
  CommonCount: optional(integer({ example: 0 })),
})

const zoneResources = object({
  VirtualPrivateCloud: optional(
    object({
      VpcId: text({ example: example.VpcId }),
      SubnetId: text({ example: example.SubnetId }),
    }),
  ),
  Placement: optional(placement),
  AllNodeResourceSpec: optional(allNodeResourceSpec),
  ZoneTag: optional(choice(['master', 'standby', 'third-party'])),
})

const metaDatabase = object({
  MetaDataJdbcUrl: optional(text({ example: example.MetaDataJdbcUrl })),
  MetaDataUser: optional(text({ example: 'metadata' })),
  MetaDataPass: optional(text({ secret: true, example: example.Password })),
  MetaType: optional(text({ example: 'EMR_DEFAULT_META' })),
  UnifyMetaInstanceId: optional(text({ example: example.UnifyMetaInstanceId })),
  Components: optional(list(text())),
  DefaultMetaVersion: optional(text({ example: 'mysql8' })),
  LinkInstanceId: optional(text()),
})

export const clusterCreation = {
  ProductVersion: text({ example: 'EMR-V2.6.0' }),
  EnableSupportHAFlag: flag({ example: false }),
  InstanceName: creation.InstanceName,
  InstanceChargeType: choice(['PREPAID', 'POSTPAID_BY_HOUR'], {
    code: 'InvalidParameter.InvalidInstanceChargeType',
  }),
  LoginSettings: creation.LoginSettings,
  SceneSoftwareConfig: object({
    Software: list(text()),
    SceneName: optional(text()),
  }),
  InstanceChargePrepaid: optional(prepaidTerm),
  SecurityGroupIds: optional(list(text({ example: example.SgId }), { max: 10 })),
  ScriptBootstrapActionConfig: optional(list(bootstrapAction)),
  ClientToken: creation.ClientToken,
  NeedMasterWan: creation.NeedMasterWan,
  EnableRemoteLoginFlag: flag({ default: false }),
  EnableKerberosFlag: flag({ default: false }),
  CustomConf: creation.ExtendFsField,
  Tags: creation.Tags,
  DisasterRecoverGroupIds: creation.DisasterRecoverGroupIds,
  EnableCbsEncryptFlag: flag({ default: false }),
  MetaDBInfo: optional(metaDatabase),
  DependService: optional(
    list(object({ ServiceName: optional(text()), InstanceId: optional(text()) })),
  ),
  ZoneResourceConfiguration: optional(list(zoneResources)),
  CosBucket: creation.CosBucket,
  NodeMarks: optional(list(nodeMark)),
  LoadBalancerId: creation.LoadBalancerId,
  DefaultMetaVersion: creation.DefaultMetaVersion,
  NeedCdbAudit: creation.NeedCdbAudit,
  SgIP: creation.SgIP,
  PartitionNumber: creation.PartitionNumber,
  WebUiVersion: creation.WebUiVersion,
  EnableCbsSysEncryptFlag: flag({ default: false }),
}

const clusterCreationObject = object(clusterCreation)

export type ClusterCreationInput = Static<typeof clusterCreationObject>
export type NodeResourceInput = Static<typeof nodeResourceSpec>
export type BootstrapActionInput = Static<typeof bootstrapAction>
