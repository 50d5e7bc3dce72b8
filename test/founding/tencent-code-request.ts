/** The codes that a request earns by itself. Each message names the parameter and what would have been accepted. */
import assert from 'node:assert/strict'

import {
  core,
  HIGHLY_AVAILABLE,
  MONTHLY,
  nodes,
  software,
  type Members,
  type TencentRow,
} from './tencent-stage.ts'

const file = {
  serviceName: 'HDFS',
  classification: 'hdfs-site.xml',
  properties: { 'dfs.replication': '2' },
}
const files = (change: Members) => ({ ExtendFsField: JSON.stringify([{ ...file, ...change }]) })

/** Of `InvalidParameter`: the code, when it is raised, a request that raises it, and what the message says. */
const INVALID: readonly (readonly [string, string, Members, RegExp])[] = [
  [
    'IncorrectCommonCount',
    'CommonCount is not what the product needs with or without high availability',
    nodes({ CommonCount: 1 }),
    /ResourceSpec\.CommonCount.*must be 0/,
  ],
  [
    'IncorrectMasterCount',
    'MasterCount is not what the product needs with or without high availability',
    { ...HIGHLY_AVAILABLE, ...nodes({ CoreCount: 3, CommonCount: 3 }) },
    /ResourceSpec\.MasterCount.*must be 2/,
  ],
  [
    'InvaildCoreCount',
    'CoreCount is more than 20',
    nodes({ CoreCount: 21 }),
    /ResourceSpec\.CoreCount.*between 2 and 20/,
  ],
  ['InvalidAutoRenew', 'AutoRenew is neither 0 nor 1', { AutoRenew: 2 }, /`AutoRenew`.*0 or 1/],
  [
    'InvalidClientToken',
    'ClientToken is not 1 to 64 printable ASCII characters',
    { ClientToken: 'x'.repeat(65) },
    /`ClientToken`.*1 to 64/,
  ],
  [
    'InvalidComponent',
    'Software names something that is no component of any product',
    software('teleport-1.0'),
    /`Software`.*`teleport` is no component/,
  ],
  [
    'InvalidCoreCount',
    'CoreCount is less than the product needs',
    nodes({ CoreCount: 1 }),
    /ResourceSpec\.CoreCount.*between 2 and 20/,
  ],
  [
    'InvalidDiskSize',
    'a system or data disk is outside of its range or between its steps',
    core({ RootSize: 49 }),
    /CoreResourceSpec\.RootSize.*50 to 1000 GB/,
  ],
  [
    'InvalidExtendField',
    'ExtendFsField is no JSON list of known configuration files with flat properties',
    files({ properties: { deep: {} } }),
    /`ExtendFsField`.*must be flat/,
  ],
  [
    'InvalidInstanceName',
    'InstanceName is not 6 to 36 letters, digits, Chinese characters, - or _',
    { InstanceName: 'short' },
    /`InstanceName`.*6 to 36/,
  ],
  [
    'InvalidLoginSetting',
    'LoginSettings has neither password nor key, or a malformed key',
    { LoginSettings: { PublicKeyId: 'key-1' } },
    /`LoginSettings\.PublicKeyId`.*skey-/,
  ],
  [
    'InvalidMetaType',
    'MetaType is none of the three, or what it needs is missing',
    { MetaType: 'EMR_OTHER_META' },
    /`MetaType`.*EMR_DEFAULT_META, EMR_EXIST_META, USER_CUSTOM_META/,
  ],
  [
    'InvalidPassword',
    'LoginSettings.Password is weak',
    { LoginSettings: { Password: 'password' } },
    /`LoginSettings\.Password`.*8 to 16 characters/,
  ],
  ['InvalidPaymode', 'PayMode is neither 0 nor 1', { PayMode: 2 }, /`PayMode`.*0 .*or 1/],
  [
    'InvalidPreExecutedFile',
    'a bootstrap script has no address, a wrong moment or wrong arguments, or there are more than 16',
    { PreExecutedFileSettings: [{ CosFileURI: 'cos://b/a.sh', RunOrder: -1 }] },
    /`PreExecutedFileSettings\.0\.RunOrder`.*negative/,
  ],
  [
    'InvalidProductId',
    'ProductId is not on sale',
    { ProductId: 999 },
    /`ProductId`.*must be one of 1, 2, 4/,
  ],
  [
    'InvalidProjectId',
    'Placement.ProjectId is negative',
    { Placement: { Zone: 'ap-guangzhou-3', ProjectId: -1 } },
    /`Placement\.ProjectId`.*number of a project/,
  ],
  [
    'InvalidResourceSpec',
    'a role has nodes and no resource, or no machine is as it is described',
    core({ Cpu: 5 }),
    /CoreResourceSpec\.Cpu.*machines of S5 are/,
  ],
  ['InvalidSercurityGrpupId', 'SgId is malformed', { SgId: 'sg-1' }, /`SgId`.*sg- and 8/],
  [
    'InvalidServiceName',
    'ExtendFsField configures a component that the cluster does not have',
    files({ serviceName: 'HIVE' }),
    /`ExtendFsField`.*HDFS, YARN/,
  ],
  [
    'InvalidSoftDeployInfo',
    'a component of the product cannot run on any node of the scene',
    { SceneName: 'Hadoop-Zookeeper' },
    /`Software`.*can carry `hdfs`; they carry zookeeper/,
  ],
  [
    'InvalidSoftInfo',
    'Software is empty or unreadable',
    { Software: [] },
    /`Software`.*at least one/,
  ],
  [
    'InvalidSoftWare',
    'Software repeats a component, or lacks one that another needs',
    software('livy'),
    /`Software`.*`livy` needs `spark`/,
  ],
  [
    'InvalidSoftWareVersion',
    'a component is not of the version that the product has',
    software('hive-9.9.9'),
    /`Software`.*`hive` must be of version 2\.3\.7/,
  ],
  [
    'InvalidSubnetId',
    'VPCSettings.SubnetId is malformed',
    { VPCSettings: { VpcId: 'vpc-12345678', SubnetId: 'net' } },
    /`VPCSettings\.SubnetId`.*subnet-/,
  ],
  [
    'InvalidSupportHA',
    'SupportHA is neither 0 nor 1, or a component needs 1',
    software('kudu'),
    /`SupportHA`.*need 1/,
  ],
  [
    'InvalidTimeSpan',
    'TimeSpan is not 3600 seconds, or no number of months that is sold',
    { ...MONTHLY, TimeSpan: 13 },
    /`TimeSpan`.*one of 1, 2, 3/,
  ],
  [
    'InvalidTimeUnit',
    'TimeUnit does not go with PayMode',
    { ...MONTHLY, TimeUnit: 's' },
    /`TimeUnit`.*with PayMode 1 it must be m/,
  ],
  [
    'InvalidVpcId',
    'VPCSettings.VpcId is malformed',
    { VPCSettings: { VpcId: 'net', SubnetId: 'subnet-12345678' } },
    /`VPCSettings\.VpcId`.*vpc-/,
  ],
  [
    'InvalidZone',
    'Placement.Zone is no zone of the region',
    { Placement: { Zone: 'ap-shanghai-2', ProjectId: 0 } },
    /`Placement\.Zone`.*zone of ap-guangzhou/,
  ],
  [
    'NotContainMustSelectSoftware',
    'Software lacks a component that the product cannot do without',
    { Software: ['hdfs', 'yarn'] },
    /`Software`.*zookeeper-3\.6\.1, knox-1\.2\.0, openldap-2\.4\.44/,
  ],
  [
    'PayModeResourceNotMatch',
    'a machine is not sold under the billing mode',
    { ...MONTHLY, ...core({ Spec: 'CVM.C2' }) },
    /CoreResourceSpec.*sold as postpaid only/,
  ],
  [
    'SoftwareNotInProduct',
    'a component belongs to another product',
    software('clickhouse'),
    /`Software`.*EMR-V2\.6\.0 does not have `clickhouse`; it has/,
  ],
  [
    'ZoneResourceNotMatch',
    'a machine is not sold in the zone',
    core({ Spec: 'CVM.SA5' }),
    /CoreResourceSpec.*sold in ap-guangzhou-6/,
  ],
]

/** Further requests that raise the same, for sentences that name more than one case. */
const FURTHER: Readonly<Record<string, readonly Members[]>> = {
  IncorrectCommonCount: [{ SupportHA: 1 }],
  IncorrectMasterCount: [nodes({ MasterCount: 2 })],
  InvalidClientToken: [{ ClientToken: 'mit Lücke' }],
  InvalidDiskSize: [core({ DiskSize: 105 }), core({ DiskSize: 16_010 })],
  InvalidExtendField: [{ ExtendFsField: 'no json' }, files({ classification: 'other.xml' })],
  InvalidInstanceName: [{ InstanceName: 'x'.repeat(37) }, { InstanceName: 'no spaces' }],
  InvalidLoginSetting: [{ LoginSettings: {} }],
  InvalidMetaType: [{ MetaType: 'EMR_EXIST_META' }, { MetaType: 'USER_CUSTOM_META' }],
  InvalidPreExecutedFile: [
    { PreExecutedFileSettings: [{}] },
    { PreExecutedFileSettings: [{ CosFileURI: 'cos://b/a.sh', WhenRun: 'never' }] },
    { PreExecutedFileSettings: [{ CosFileURI: 'cos://b/a.sh', Args: ['a b'] }] },
    { PreExecutedFileSettings: Array.from({ length: 17 }, () => ({})) },
  ],
  InvalidResourceSpec: [nodes({ CoreResourceSpec: undefined })],
  InvalidSoftInfo: [software('!')],
  InvalidSoftWare: [software('hdfs')],
  InvalidSupportHA: [{ SupportHA: 2 }],
  InvalidTimeSpan: [{ TimeSpan: 60 }],
}

const others: readonly TencentRow[] = [
  row(
    'InvalidParameter',
    'a parameter has the wrong type, or breaks a rule without a code of its own',
    {
      request: { SupportHA: 'yes' },
      says: /`SupportHA`.*should be `int64`/,
    },
  ),
  row('InvalidParameterValue', 'a value is none of those that its parameter has', {
    request: { NeedMasterWan: 'PERHAPS' },
    says: /`NeedMasterWan`.*NEED_MASTER_WAN or NOT_NEED_MASTER_WAN/,
  }),
  row('MissingParameter', 'a parameter that is needed is absent', {
    request: { InstanceName: undefined },
    says: /required parameter `InstanceName`/,
  }),
  row('UnknownParameter', 'a parameter is not one of the action', {
    request: { InstanceNames: ['x'] },
    says: /`InstanceNames` is not recognized/,
  }),
  row('UnsupportedOperation', 'options that exist cannot be had, or not together', {
    request: core({
      InstanceType: 'I2.2XLARGE32',
      DiskType: 'LOCAL_SSD',
      MultiDisks: [{ DiskType: 'CLOUD_SSD', Volume: 100, Count: 1 }],
    }),
    says: /MultiDisks.*takes no cloud disks/,
  }),
  {
    ...row(
      'FailedOperation.DuplicateOrderNotAllowed',
      'the same token comes with another request, or the same subscription is ordered twice at once',
      {
        request: {},
        says: /./,
      },
    ),
    environment: { more: { progressions: { default: { mode: 'time', seconds: 60 } } } },
    async show({ create, refused }) {
      const token = { ClientToken: 'founding-duplicate' }
      await create(token)
      const other = await refused({ ...token, InstanceName: 'other-name' })
      assert.equal(other.code, 'FailedOperation.DuplicateOrderNotAllowed')
      assert.match(other.message, /founding-duplicate/)
      const twice = { ...MONTHLY, InstanceName: 'ordered-twice' }
      await create(twice)
      assert.equal((await refused(twice)).code, 'FailedOperation.DuplicateOrderNotAllowed')
    },
  },
]

export const codesOfRequests: readonly TencentRow[] = [
  ...INVALID.map(([code, when, request, says]) =>
    row(`InvalidParameter.${code}`, when, { request, says, further: FURTHER[code] ?? [] }),
  ),
  ...others,
]

function row(name: string, when: string, { request, says, further = [] }: RefusalCase): TencentRow {
  return {
    name,
    does: `Raised when ${when}.`,
    seen: 'CreateInstance: Error.Code, Error.Message',
    async show({ refused }) {
      const { code, message } = await refused(request)
      assert.equal(code, name, message)
      assert.match(message, says)
      for (const each of further) assert.equal((await refused(each)).code, name)
    },
  }
}

interface RefusalCase {
  readonly request: Members
  readonly says: RegExp
  readonly further?: readonly Members[]
}
