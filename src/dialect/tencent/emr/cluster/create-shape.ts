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
import { configurationExample, example, objectExample } from './example.ts'

export const tag = object({
  TagKey: text({ example: example.TagKey }),
  TagValue: text({ default: '', example: example.TagValue }),
})

const vpcSettings = object({
  VpcId: text({ example: example.VpcId }),
  SubnetId: text({ example: example.SubnetId }),
})

export const placement = object({
  Zone: text({ example: example.Zone }),
  ProjectId: optional(integer({ example: 0 })),
})

const multiDisk = object(
  {
    DiskType: optional(text({ example: example.DiskType })),
    Volume: optional(integer({ example: 200 })),
    Count: optional(integer({ example: 1 })),
  },
  { example: { DiskType: example.DiskType, Volume: 200, Count: 1 } },
)

export const resource = object(
  {
    Spec: optional(text({ example: example.Spec })),
    StorageType: optional(integer({ example: 4 })),
    DiskType: optional(text({ example: example.DiskType })),
    MemSize: optional(integer({ example: 8192 })),
    Cpu: optional(integer({ example: 4 })),
    DiskSize: optional(integer({ example: 200 })),
    RootSize: optional(integer({ example: 50 })),
    MultiDisks: optional(list(multiDisk)),
    Tags: optional(list(tag)),
    InstanceType: optional(text({ example: example.InstanceType })),
    LocalDiskNum: optional(integer({ example: 0 })),
    DiskNum: optional(integer({ example: 1 })),
    GpuDesc: optional(text({ example: '' })),
    PartitionNumber: optional(integer({ example: 0 })),
    HCCHpcClusterId: optional(text({ example: '' })),
  },
  { example: { InstanceType: example.InstanceType } },
)

const resourceSpec = object(
  {
    MasterResourceSpec: optional(resource),
    CoreResourceSpec: optional(resource),
    TaskResourceSpec: optional(resource),
    MasterCount: optional(integer({ example: 1 })),
    CoreCount: optional(integer({ example: 2 })),
    TaskCount: optional(integer({ example: 2 })),
    CommonResourceSpec: optional(resource),
    CommonCount: optional(integer({ example: 0 })),
  },
  { example: objectExample.ResourceSpec },
)

export const customMeta = object(
  {
    MetaDataJdbcUrl: optional(text({ example: example.MetaDataJdbcUrl })),
    MetaDataUser: optional(text({ example: 'metadata' })),
    MetaDataPass: optional(text({ secret: true, example: example.Password })),
  },
  { example: objectExample.MetaDBInfo },
)

const multiZoneSetting = object({
  ZoneTag: optional(text({ example: 'master' })),
  VPCSettings: optional(vpcSettings),
  Placement: optional(placement),
  ResourceSpec: optional(resourceSpec),
})

export const externalService = object({
  ShareType: text({ example: 'EMR' }),
  Service: text({ example: 'zookeeper' }),
  InstanceId: text({ example: 'emr-12345678' }),
  CustomServiceDefineList: list(
    object({
      Name: optional(text({ example: 'name' })),
      Value: optional(text({ example: 'value' })),
    }),
  ),
})

export const bootstrapScript = object(
  {
    Path: optional(text({ example: '/setup.sh' })),
    Args: optional(list(text({ example: example.Args }))),
    Bucket: optional(text({ example: 'bucket' })),
    Region: optional(text({ example: 'ap-guangzhou' })),
    Domain: optional(text({ example: 'cos.ap-guangzhou.myqcloud.com' })),
    RunOrder: optional(integer({ example: 1 })),
    WhenRun: optional(text({ example: example.WhenRun })),
    CosFileName: optional(text({ example: 'setup.sh' })),
    CosFileURI: optional(text({ example: example.CosFileURI })),
    CosSecretId: optional(text({ secret: true, example: 'AKIDEXAMPLE' })),
    CosSecretKey: optional(text({ secret: true, example: 'example-key' })),
    AppId: optional(text({ example: '1250000000' })),
    Remark: optional(text({ example: 'sets up' })),
  },
  { example: { CosFileURI: example.CosFileURI } },
)

/** Names by which a client tells the nodes of a role apart. */
export const nodeMark = object({
  NodeType: optional(text({ example: 'core' })),
  NodeNames: optional(list(text({ max: 64, example: 'core-a' }), { max: 100 })),
  Zone: optional(text({ example: example.Zone })),
})

/** What an order needs, whether it is placed or only priced. */
const order = {
  PayMode: integer({ example: 0 }),
  TimeUnit: text({ example: 's' }),
  TimeSpan: integer({ example: 3600 }),
  SupportHA: integer({ example: 0 }),
  Software: list(text({ example: 'hdfs-2.8.5' }), { example: objectExample.Software }),
  Placement: optional(placement),
  VPCSettings: optional(vpcSettings),
  ResourceSpec: optional(resourceSpec),
  SceneName: optional(text({ example: 'Hadoop-Default' })),
  MetaType: optional(text({ example: 'EMR_DEFAULT_META' })),
  UnifyMetaInstanceId: optional(text({ example: example.UnifyMetaInstanceId })),
  MetaDBInfo: optional(customMeta),
  DefaultMetaVersion: optional(text({ example: 'mysql8' })),
  ExternalService: optional(list(externalService, { example: [] })),
  VersionID: optional(integer({ example: 0 })),
  MultiZoneSettings: optional(list(multiZoneSetting, { example: [] })),
  NeedCdbAudit: optional(integer({ example: 0 })),
}

export const creation = {
  ProductId: integer({ example: 30 }),
  ...order,
  AutoRenew: optional(integer({ example: 0 })),
  InstanceName: text({ example: example.InstanceName }),
  LoginSettings: object(
    {
      Password: optional(text({ secret: true, example: example.Password })),
      PublicKeyId: optional(text({ example: example.PublicKeyId })),
    },
    { example: { Password: example.Password } },
  ),
  COSSettings: optional(
    object({
      CosSecretId: text({ secret: true, example: 'AKIDEXAMPLE' }),
      CosSecretKey: text({ secret: true, example: 'example-key' }),
      LogOnCosPath: optional(text({ example: example.LogOnCosPath })),
    }),
  ),
  SgId: optional(text({ example: example.SgId })),
  NeedMasterWan: optional(text({ example: example.NeedMasterWan })),
  RemoteLoginAtCreate: optional(integer({ example: 22 })),
  CheckSecurity: optional(integer({ example: 0 })),
  CbsEncrypt: optional(integer({ example: 0 })),
  DisasterRecoverGroupIds: optional(list(text({ example: example.PlacementGroup }))),
  ExtendFsField: optional(text({ example: configurationExample })),
  PreExecutedFileSettings: optional(list(bootstrapScript)),
  Tags: optional(list(tag)),
  ApplicationRole: optional(text({ example: example.ApplicationRole })),
  ClientToken: optional(text({ example: example.ClientToken })),
  MultiZone: optional(flag({ example: false })),
  CosBucket: optional(text({ example: '' })),
  NodeMarks: optional(list(nodeMark, { example: [] })),
  LoadBalancerId: optional(text({ example: '' })),
  SgIP: optional(text({ example: '' })),
  PartitionNumber: optional(integer({ example: 0 })),
  WebUiVersion: optional(integer({ example: 0 })),
  CbsSysEncrypt: optional(integer({ example: 0 })),
}

export const inquiry = {
  Currency: text({ example: 'CNY' }),
  ProductId: optional(integer({ example: 30 })),
  ...order,
  MetaDBGroupInfo: optional(
    list(
      object({
        MetaDataJdbcUrl: optional(text({ example: example.MetaDataJdbcUrl })),
        MetaDataUser: optional(text({ example: 'metadata' })),
        MetaDataPass: optional(text({ secret: true, example: example.Password })),
        MetaType: optional(text({ example: 'EMR_DEFAULT_META' })),
        UnifyMetaInstanceId: optional(text({ example: example.UnifyMetaInstanceId })),
        Components: optional(list(text({ example: 'hive' }))),
        DefaultMetaVersion: optional(text({ example: 'mysql8' })),
        LinkInstanceId: optional(text({ example: 'cdb-12345678' })),
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
export type NodeMarkInput = Static<typeof nodeMark>
export type TagInput = Static<typeof tag>
