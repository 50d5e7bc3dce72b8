/** What DescribeInstances and DescribeInstancesList answer: every documented member with its type (reference: tencent-emr.md 5.1, 5.2). */
import {
  flag,
  integer,
  list,
  nullable,
  object,
  text,
  type Static,
} from '../../../../shape/shape.ts'

export const tagView = object({ TagKey: text(), TagValue: text() })

const resource = object({
  Spec: text(),
  SpecName: text(),
  StorageType: integer(),
  DiskType: text(),
  RootSize: integer(),
  MemSize: integer(),
  Cpu: integer(),
  DiskSize: integer(),
  InstanceType: text(),
})

/** EmrProductConfigOutter and EmrProductConfigDetail have the same members. */
const config = object({
  SoftInfo: list(text()),
  MasterNodeSize: integer(),
  CoreNodeSize: integer(),
  TaskNodeSize: integer(),
  ComNodeSize: integer(),
  MasterResource: resource,
  CoreResource: resource,
  TaskResource: resource,
  ComResource: resource,
  OnCos: flag(),
  ChargeType: integer(),
  RouterNodeSize: integer(),
  SupportHA: flag(),
  SecurityOn: flag(),
  SecurityGroup: text(),
  CbsEncrypt: integer(),
  ApplicationRole: text(),
  SecurityGroups: list(text()),
  PublicKeyId: text(),
})

export const subnetView = object({ SubnetName: text(), SubnetId: text() })

const topology = object({
  ZoneId: integer(),
  Zone: text(),
  SubnetInfoList: list(subnetView),
  NodeInfoList: list(object({ NodeType: text(), NodeSize: integer() })),
})

const externalService = object({
  DependType: integer(),
  Service: text(),
  ClusterId: text(),
  ClusterStatus: integer(),
})

export const metaDatabase = object({
  MetaDataJdbcUrl: text(),
  MetaDataUser: text(),
  MetaDataPass: text(),
  MetaType: text(),
  UnifyMetaInstanceId: text(),
  Components: list(text()),
  DefaultMetaVersion: text(),
  LinkInstanceId: text(),
})

export const clusterView = object({
  Id: integer(),
  ClusterId: text(),
  Ftitle: text(),
  ClusterName: text(),
  RegionId: integer(),
  ZoneId: integer(),
  AppId: integer(),
  Uin: text(),
  ProjectId: integer(),
  VpcId: integer(),
  SubnetId: integer(),
  Status: integer(),
  AddTime: text(),
  RunTime: text(),
  Config: config,
  MasterIp: text(),
  EmrVersion: text(),
  ChargeType: integer(),
  TradeVersion: integer(),
  ResourceOrderId: integer(),
  IsTradeCluster: integer(),
  AlarmInfo: text(),
  IsWoodpeckerCluster: integer(),
  MetaDb: text(),
  Tags: list(tagView),
  HiveMetaDb: text(),
  ServiceClass: text(),
  AliasInfo: text(),
  ProductId: integer(),
  Zone: text(),
  SceneName: text(),
  SceneServiceClass: text(),
  SceneEmrVersion: text(),
  DisplayName: text(),
  VpcName: text(),
  SubnetName: text(),
  ClusterExternalServiceInfo: nullable(list(externalService)),
  UniqVpcId: text(),
  UniqSubnetId: text(),
  TopologyInfoList: list(topology),
  IsMultiZoneCluster: flag(),
  IsCvmReplace: flag(),
  ClusterTitle: text(),
  ConfigDetail: config,
  BindFileSystemNum: integer(),
  ClusterRelationInfoList: nullable(
    list(object({ ClusterType: text(), ClusterIdList: list(text()) })),
  ),
  RedisId: text(),
  IsIOHungSelfRecovery: flag(),
  MetaDBGroupInfo: nullable(list(metaDatabase)),
})

export const listedCluster = object({
  ClusterId: text(),
  StatusDesc: text(),
  ClusterName: text(),
  ZoneId: integer(),
  AppId: integer(),
  AddTime: text(),
  RunTime: text(),
  MasterIp: text(),
  EmrVersion: text(),
  ChargeType: integer(),
  Id: integer(),
  ProductId: integer(),
  ProjectId: integer(),
  RegionId: integer(),
  SubnetId: integer(),
  VpcId: integer(),
  Zone: text(),
  Status: integer(),
  Tags: list(tagView),
  AlarmInfo: text(),
  IsWoodpeckerCluster: integer(),
  VpcName: text(),
  SubnetName: text(),
  UniqVpcId: text(),
  UniqSubnetId: text(),
  ClusterClass: text(),
  IsMultiZoneCluster: flag(),
  IsHandsCluster: flag(),
  OutSideSoftInfo: list(object({ SoftName: text(), Required: flag() })),
  IsSupportOutsideCluster: flag(),
  IsDedicatedCluster: flag(),
  IsSupportClone: flag(),
})

export type ClusterView = Static<typeof clusterView>
export type ListedCluster = Static<typeof listedCluster>
export type ConfigView = Static<typeof config>
export type ResourceView = Static<typeof resource>
