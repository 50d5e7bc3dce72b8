/**
 * The members of CreateInstance and of its price inquiry: the founding document's and all that were added since (reference:
 * tencent-emr.md 2.1, 2.3, 5.6). Only types and presence are declared here; values are judged by blueprint.ts, whose order
 * the documentation prescribes across members.
 */
import {
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'

export const tag = object({ TagKey: text(), TagValue: text({ default: '' }) })

const vpcSettings = object({ VpcId: text(), SubnetId: text() })

const placement = object({ Zone: text(), ProjectId: optional(integer()) })

const multiDisk = object({
  DiskType: optional(text()),
  Volume: optional(integer()),
  Count: optional(integer()),
})

const resource = object({
  Spec: optional(text()),
  StorageType: optional(integer()),
  DiskType: optional(text()),
  MemSize: optional(integer()),
  Cpu: optional(integer()),
  DiskSize: optional(integer()),
  RootSize: optional(integer()),
  MultiDisks: optional(list(multiDisk)),
  Tags: optional(list(tag)),
  InstanceType: optional(text()),
  LocalDiskNum: optional(integer()),
  DiskNum: optional(integer()),
  GpuDesc: optional(text()),
  PartitionNumber: optional(integer()),
  HCCHpcClusterId: optional(text()),
})

const resourceSpec = object({
  MasterResourceSpec: optional(resource),
  CoreResourceSpec: optional(resource),
  TaskResourceSpec: optional(resource),
  MasterCount: optional(integer()),
  CoreCount: optional(integer()),
  TaskCount: optional(integer()),
  CommonResourceSpec: optional(resource),
  CommonCount: optional(integer()),
})

const customMeta = object({
  MetaDataJdbcUrl: optional(text()),
  MetaDataUser: optional(text()),
  MetaDataPass: optional(text({ secret: true })),
})

const multiZoneSetting = object({
  ZoneTag: optional(text()),
  VPCSettings: optional(vpcSettings),
  Placement: optional(placement),
  ResourceSpec: optional(resourceSpec),
})

const externalService = object({
  ShareType: text(),
  Service: text(),
  InstanceId: text(),
  CustomServiceDefineList: list(object({ Name: optional(text()), Value: optional(text()) })),
})

export const bootstrapScript = object({
  Path: optional(text()),
  Args: optional(list(text())),
  Bucket: optional(text()),
  Region: optional(text()),
  Domain: optional(text()),
  RunOrder: optional(integer()),
  WhenRun: optional(text()),
  CosFileName: optional(text()),
  CosFileURI: optional(text()),
  CosSecretId: optional(text({ secret: true })),
  CosSecretKey: optional(text({ secret: true })),
  AppId: optional(text()),
  Remark: optional(text()),
})

/** What an order needs, whether it is placed or only priced. */
const order = {
  PayMode: integer(),
  TimeUnit: text(),
  TimeSpan: integer(),
  SupportHA: integer(),
  Software: list(text()),
  Placement: optional(placement),
  VPCSettings: optional(vpcSettings),
  ResourceSpec: optional(resourceSpec),
  SceneName: optional(text()),
  MetaType: optional(text()),
  UnifyMetaInstanceId: optional(text()),
  MetaDBInfo: optional(customMeta),
  DefaultMetaVersion: optional(text()),
  ExternalService: optional(list(externalService)),
  VersionID: optional(integer()),
  MultiZoneSettings: optional(list(multiZoneSetting)),
  NeedCdbAudit: optional(integer()),
}

export const creation = {
  ProductId: integer(),
  ...order,
  AutoRenew: optional(integer()),
  InstanceName: text(),
  LoginSettings: object({
    Password: optional(text({ secret: true })),
    PublicKeyId: optional(text()),
  }),
  COSSettings: optional(
    object({
      CosSecretId: text({ secret: true }),
      CosSecretKey: text({ secret: true }),
      LogOnCosPath: optional(text()),
    }),
  ),
  SgId: optional(text()),
  NeedMasterWan: optional(text()),
  RemoteLoginAtCreate: optional(integer()),
  CheckSecurity: optional(integer()),
  CbsEncrypt: optional(integer()),
  DisasterRecoverGroupIds: optional(list(text())),
  ExtendFsField: optional(text()),
  PreExecutedFileSettings: optional(list(bootstrapScript)),
  Tags: optional(list(tag)),
  ApplicationRole: optional(text()),
  ClientToken: optional(text()),
  MultiZone: optional(flag()),
  CosBucket: optional(text()),
  NodeMarks: optional(
    list(
      object({
        NodeType: optional(text()),
        NodeNames: optional(list(text())),
        Zone: optional(text()),
      }),
    ),
  ),
  LoadBalancerId: optional(text()),
  SgIP: optional(text()),
  PartitionNumber: optional(integer()),
  WebUiVersion: optional(integer()),
  CbsSysEncrypt: optional(integer()),
}

export const inquiry = {
  Currency: text(),
  ProductId: optional(integer()),
  ...order,
  MetaDBGroupInfo: optional(
    list(
      object({
        MetaDataJdbcUrl: optional(text()),
        MetaDataUser: optional(text()),
        MetaDataPass: optional(text({ secret: true })),
        MetaType: optional(text()),
        UnifyMetaInstanceId: optional(text()),
        Components: optional(list(text())),
        DefaultMetaVersion: optional(text()),
        LinkInstanceId: optional(text()),
      }),
    ),
  ),
}

const creationObject = object(creation)
const inquiryObject = object(inquiry)

export type CreationInput = Static<typeof creationObject>
export type InquiryInput = Static<typeof inquiryObject>
/** What both have. */
export type OrderInput = Pick<CreationInput, keyof typeof order>
export type ResourceInput = Static<typeof resource>
export type ResourceSpecInput = Static<typeof resourceSpec>
export type BootstrapInput = Static<typeof bootstrapScript>
export type TagInput = Static<typeof tag>
