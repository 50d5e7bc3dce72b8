/**
 * The cluster that RunJobFlow makes for its jobs, as the CreateInstance that says the same (reference: tencent-emr.md 5.8; api.json,
 * ClusterSetting). What it can say there of nodes and settings is less.
 */
import { recordOf } from '../../../../kernel/json.ts'
import { readJson } from '../../../../shape/json-text.ts'
import {
  choice,
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { serviceOfFile } from '../cluster/configuration.ts'
import {
  customMeta,
  placement,
  tag,
  type CreationInput,
  type ResourceInput,
  type TagInput,
} from '../cluster/create-shape.ts'
import { productByVersion } from '../../catalogue/product.ts'
import { readProduct, translateTerm } from '../cluster/translation.ts'
import { given, invalid, missing, unsupported } from '../refusal.ts'
import type { Renaming } from '../renaming.ts'

const GROUPS_MAX = 10

const resource = object({
  Spec: text({ max: 64 }),
  InstanceType: text({ max: 64 }),
  Tags: optional(list(tag)),
  DiskGroups: list(
    object({
      Spec: object({ DiskType: text({ max: 64 }), DiskSize: integer({ min: 0 }) }),
      Count: integer({ min: 1, max: 100 }),
    }),
    { max: GROUPS_MAX },
  ),
})

const clusterSetting = object({
  InstanceChargeType: choice(['PREPAID', 'POSTPAID_BY_HOUR']),
  SupportHA: flag(),
  SecurityGroupIds: list(text({ max: 64 }), { max: 5 }),
  Placement: placement,
  VPCSettings: object({ VpcId: text(), SubnetId: text() }),
  LoginSettings: object({
    Password: optional(text({ secret: true })),
    PublicKeyId: optional(text()),
  }),
  TagSpecification: list(text({ max: 512 }), { max: 50 }),
  MetaDB: object({
    MetaType: text({ max: 64 }),
    UnifyMetaInstanceId: text({ max: 64 }),
    MetaDBInfo: customMeta,
  }),
  ResourceSpec: object({
    MasterCount: integer({ min: 0 }),
    MasterResourceSpec: resource,
    CoreCount: integer({ min: 0 }),
    CoreResourceSpec: resource,
    TaskCount: optional(integer({ min: 0 })),
    CommonCount: optional(integer({ min: 0 })),
    TaskResourceSpec: optional(resource),
    CommonResourceSpec: optional(resource),
  }),
  PublicIpAssigned: flag({ default: false }),
  InstanceChargePrepaid: optional(object({ Period: integer(), RenewFlag: flag() })),
  DisasterRecoverGroupIds: optional(text({ max: 128 })),
  CbsEncryptFlag: flag({ default: false }),
  RemoteTcpDefaultPort: flag({ default: false }),
})

/** What of a request is about the cluster that is made. */
export const clusterInput = {
  ProductVersion: optional(text({ max: 64 })),
  SecurityClusterFlag: optional(flag()),
  Software: optional(list(text({ max: 128 }), { max: 50 })),
  BootstrapActions: optional(
    list(
      object({
        Path: text({ max: 1_024 }),
        WhenRun: text({ max: 64 }),
        Args: optional(list(text({ max: 256 }), { max: 50 })),
      }),
      { max: 16 },
    ),
  ),
  Configurations: optional(
    list(object({ Classification: text(), Properties: text() }), { max: 50 }),
  ),
  LogUri: optional(text()),
  ApplicationRole: optional(text({ max: 128 })),
  Instance: optional(clusterSetting),
}

type ClusterInput = Static<TObject<typeof clusterInput>>
type Setting = Static<typeof clusterSetting>
type Resource = Static<typeof resource>

const SSH_PORT = 22

/** Throws MissingParameter, NotSupported for what it cannot say, and what is no tag or product. */
export function creationOf(
  name: string,
  input: ClusterInput,
): { readonly creation: CreationInput; readonly names: Renaming } {
  const { Instance: it, ProductVersion: version, Software, BootstrapActions = [] } = input
  if (!it) throw missing('Instance')
  if (given(version) === undefined) throw missing('ProductVersion')
  if (!Software || Software.length === 0) throw missing('Software')
  if (it.SecurityGroupIds.length > 1)
    throw unsupported('Instance.SecurityGroupIds', 'a cluster is in one security group')
  const { ResourceSpec: spec, MetaDB: meta } = it
  const role = given(input.ApplicationRole)
  const group = given(it.DisasterRecoverGroupIds)
  const [securityGroup] = it.SecurityGroupIds
  const creation: CreationInput = {
    ProductId: productIdOf(version ?? ''),
    Software,
    SupportHA: it.SupportHA ? 1 : 0,
    // A name has six characters at least.
    InstanceName: `flow-${name}`.slice(0, NAME_MAX),
    ...translateTerm(it),
    Placement: it.Placement,
    VPCSettings: it.VPCSettings,
    LoginSettings: it.LoginSettings,
    ResourceSpec: {
      MasterCount: spec.MasterCount,
      MasterResourceSpec: resourceOf(spec.MasterResourceSpec),
      CoreCount: spec.CoreCount,
      CoreResourceSpec: resourceOf(spec.CoreResourceSpec),
      ...furtherOf(spec),
    },
    Tags: it.TagSpecification.map(tagOf),
    NeedMasterWan: it.PublicIpAssigned ? 'NEED_MASTER_WAN' : 'NOT_NEED_MASTER_WAN',
    CbsEncrypt: it.CbsEncryptFlag ? 1 : 0,
    RemoteLoginAtCreate: it.RemoteTcpDefaultPort ? SSH_PORT : 0,
    CheckSecurity: input.SecurityClusterFlag ? 1 : 0,
    MetaType: meta.MetaType,
    UnifyMetaInstanceId: meta.UnifyMetaInstanceId,
    MetaDBInfo: meta.MetaDBInfo,
    PreExecutedFileSettings: BootstrapActions.map(({ Path, ...rest }, at) => ({
      ...rest,
      CosFileURI: Path,
      RunOrder: at + 1,
    })),
    ...extendFieldOf(input.Configurations ?? []),
    ...(securityGroup === undefined ? {} : { SgId: securityGroup }),
    ...(role === undefined ? {} : { ApplicationRole: role }),
    ...(group === undefined ? {} : { DisasterRecoverGroupIds: [group] }),
  }
  const paths = BootstrapActions.map(
    (_, at) => [`PreExecutedFileSettings.${at}.CosFileURI`, `BootstrapActions.${at}.Path`] as const,
  )
  return { creation, names: [...paths, ...NAMES] }
}

const CONTENT = 'content'

/** Each is a file of the service that it is known for, with its properties as JSON. */
function extendFieldOf(
  all: NonNullable<ClusterInput['Configurations']>,
): Pick<CreationInput, 'ExtendFsField'> {
  if (all.length === 0) return {}
  const items = all.map(({ Classification, Properties }, at) => {
    const name = `Configurations.${at}`
    const serviceName = serviceOfFile(Classification)
    if (serviceName === undefined) {
      const rule = 'it must be a file of HDFS, YARN, HIVE or SPARK'
      const member = `${name}.Classification`
      throw invalid({ name: member, code: INVALID, rule, value: Classification })
    }
    const read = readJson(Buffer.from(Properties))
    const properties = 'value' in read ? read.value : undefined
    // They may hold what is secret.
    if (properties === undefined)
      throw invalid({ name: `${name}.Properties`, code: INVALID, rule: 'it must be JSON' })
    if (Object.hasOwn(recordOf(properties), CONTENT))
      throw unsupported(`${name}.Properties`, 'a file is given by its properties, not as a whole')
    return { serviceName, classification: Classification, properties }
  })
  return { ExtendFsField: JSON.stringify(items) }
}

const INVALID = 'InvalidParameter'

/** The document writes EMR-2.2.0 for what the console calls EMR-V2.2.0. */
function productIdOf(version: string): number {
  return productByVersion(version.replace(/^EMR-(?=\d)/i, 'EMR-V'))?.id ?? readProduct(version).id
}

const NAME_MAX = 36

const NAMES: Renaming = [
  ...['Master', 'Core', 'Task', 'Common'].flatMap((role): Renaming => {
    const from = `ResourceSpec.${role}ResourceSpec`
    const to = `Instance.${from}.DiskGroups`
    return [
      [`${from}.DiskSize`, `${to}.0.Spec.DiskSize`],
      [`${from}.DiskType`, `${to}.0.Spec.DiskType`],
      [`${from}.MultiDisks`, to],
    ]
  }),
  ['ProductId', 'ProductVersion'],
  ['InstanceName', 'Name'],
  ['SgId', 'Instance.SecurityGroupIds.0'],
  ['PreExecutedFileSettings', 'BootstrapActions'],
  ['ExtendFsField', 'Configurations'],
  ['CheckSecurity', 'SecurityClusterFlag'],
  ['PayMode', 'Instance.InstanceChargeType'],
  ['TimeUnit', 'Instance.InstanceChargeType'],
  ['TimeSpan', 'Instance.InstanceChargePrepaid.Period'],
  ['AutoRenew', 'Instance.InstanceChargePrepaid.RenewFlag'],
  ['MetaType', 'Instance.MetaDB.MetaType'],
  ['UnifyMetaInstanceId', 'Instance.MetaDB.UnifyMetaInstanceId'],
  ['MetaDBInfo', 'Instance.MetaDB.MetaDBInfo'],
  ['CbsEncrypt', 'Instance.CbsEncryptFlag'],
  ['NeedMasterWan', 'Instance.PublicIpAssigned'],
  ['RemoteLoginAtCreate', 'Instance.RemoteTcpDefaultPort'],
  ['Tags', 'Instance.TagSpecification'],
  ['SupportHA', 'Instance.SupportHA'],
  ['Placement', 'Instance.Placement'],
  ['VPCSettings', 'Instance.VPCSettings'],
  ['LoginSettings', 'Instance.LoginSettings'],
  ['DisasterRecoverGroupIds', 'Instance.DisasterRecoverGroupIds'],
  ['ResourceSpec', 'Instance.ResourceSpec'],
]

type Spec = Setting['ResourceSpec']

function furtherOf({ TaskCount, TaskResourceSpec, CommonCount, CommonResourceSpec }: Spec) {
  return {
    ...(TaskCount === undefined ? {} : { TaskCount }),
    ...(TaskResourceSpec ? { TaskResourceSpec: resourceOf(TaskResourceSpec) } : {}),
    ...(CommonCount === undefined ? {} : { CommonCount }),
    ...(CommonResourceSpec ? { CommonResourceSpec: resourceOf(CommonResourceSpec) } : {}),
  }
}

/** The older schema has a first data disk, and others behind it by kind. */
function resourceOf({ InstanceType, Tags, DiskGroups }: Resource): ResourceInput {
  const [first, ...others] = DiskGroups
  const disks = [
    ...(first && first.Count > 1 ? [{ ...first, Count: first.Count - 1 }] : []),
    ...others,
  ]
  return {
    InstanceType,
    ...(first ? { DiskType: first.Spec.DiskType, DiskSize: first.Spec.DiskSize } : {}),
    MultiDisks: disks.map(({ Spec: { DiskType, DiskSize: Volume }, Count }) => ({
      DiskType,
      Volume,
      Count,
    })),
    ...(Tags ? { Tags } : {}),
  }
}

/** `{"TagKey":"a","TagValue":"b"}` */
function tagOf(written: string, at: number): TagInput {
  const read = readJson(Buffer.from(written))
  const value = 'value' in read ? (read.value as Partial<TagInput> | null) : null
  const { TagKey, TagValue = '' } = value ?? {}
  if (typeof TagKey === 'string' && typeof TagValue === 'string') return { TagKey, TagValue }
  throw invalid({
    name: `Instance.TagSpecification.${at}`,
    code: 'InvalidParameterValue',
    rule: 'it must be JSON, as {"TagKey":"a","TagValue":"b"}',
    value: written,
  })
}
