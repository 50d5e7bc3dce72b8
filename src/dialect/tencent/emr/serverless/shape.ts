/** The members of serverless HBase's requests and answers (reference: tencent-emr.md api.json). */
import {
  integer,
  list,
  object,
  optional,
  text,
  choice,
  type Static,
} from '../../../../shape/shape.ts'
import { tag } from '../cluster/create-shape.ts'
import { example } from '../cluster/example.ts'
import { tagView } from '../cluster/view-shape.ts'
import { diskTypes, nodeTypes } from './node-type.ts'

const vpcSettings = object({
  VpcId: text({ example: example.VpcId }),
  SubnetId: text({ example: example.SubnetId }),
})

export const zoneSetting = object({
  Zone: text({ trim: true, max: 64, example: example.Zone }),
  VPCSettings: vpcSettings,
  NodeNum: integer({ min: 1, code: 'InvalidParameter.InvalidNodeCount' }),
})

export const creation = {
  InstanceName: text({ example: example.InstanceName }),
  PayMode: integer({ allowed: [0, 1], code: 'InvalidParameter.InvalidPaymode' }),
  DiskType: choice(diskTypes, { code: 'InvalidParameter.InvalidResourceSpec' }),
  DiskSize: integer({ code: 'InvalidParameter.InvalidDiskSize' }),
  NodeType: choice(nodeTypes, { ignoreCase: true, code: 'InvalidParameter.InvalidNodeType' }),
  ZoneSettings: list(zoneSetting, { max: 10 }),
  Tags: optional(list(tag)),
  PrePaySetting: optional(
    object({
      Period: object({ TimeSpan: integer(), TimeUnit: optional(text()) }),
      AutoRenewFlag: integer({ allowed: [0, 1, 2], code: 'InvalidParameter.InvalidAutoRenew' }),
    }),
  ),
  ClientToken: optional(text()),
  DeploymentMode: optional(text()),
  UserName: optional(text()),
}

const creationObject = object(creation)

export type ServerlessCreation = Static<typeof creationObject>
export type ZoneSettingInput = Static<typeof zoneSetting>

const shared = {
  Zone: text(),
  PayMode: integer(),
  RegionId: integer(),
  ExpireTime: text(),
  IsolateTime: text(),
  AutoRenewFlag: integer(),
  Status: integer(),
  ZoneSettings: list(zoneSetting),
  Tags: list(tagView),
}

const detail = {
  ...shared,
  InstanceId: text(),
  InstanceName: text(),
  DiskType: text(),
  DiskSize: integer(),
  NodeType: text(),
  ClusterId: integer(),
  CreateTime: text(),
  NodeNum: integer(),
}

const nested = object({ ...detail, DeployRole: text() })

export const instanceDetail = { ...detail, SLInstance: list(nested) }

export const listedInstance = object({
  ...shared,
  ClusterId: text(),
  Id: integer(),
  StatusDesc: text(),
  HealthStatus: text(),
  ClusterName: text(),
  ZoneId: integer(),
  AppId: integer(),
  VpcId: integer(),
  VpcName: text(),
  SubnetId: integer(),
  SubnetName: text(),
  AddTime: text(),
  DeployRole: text(),
  WebUIUrl: text(),
})

export type InstanceDetail = Static<typeof nested>
export type ListedInstance = Static<typeof listedInstance>
