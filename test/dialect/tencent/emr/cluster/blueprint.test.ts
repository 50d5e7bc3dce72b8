import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../../../src/domain/fault.ts'
import {
  readBlueprint,
  readQuotation,
} from '../../../../../src/dialect/tencent/emr/cluster/blueprint.ts'
import type { CreationInput } from '../../../../../src/dialect/tencent/emr/cluster/create-shape.ts'
import { spelled } from '../../../../../src/dialect/tencent/wire/error-code.ts'
import { machine, REGION, sampleCreateRequest } from '../../../../support/http/tencent-client.ts'
import { satisfiedPrerequisites } from '../../../../support/fixture/tencent-prerequisites.ts'

type Members = Readonly<Record<string, unknown>>

const base = sampleCreateRequest()
const spec = base.ResourceSpec
const core = spec.CoreResourceSpec
const withCore = (members: Members) => ({
  ResourceSpec: { ...spec, CoreResourceSpec: { ...core, ...members } },
})
/** Machines that are named by their type are not described as well. */
const withType = (InstanceType: string, members: Members = {}) => ({
  ResourceSpec: { ...spec, CoreResourceSpec: { InstanceType, ...members } },
})
const software = (...more: string[]) => ({ Software: [...base.Software, ...more] })
const script = (members: Members) => ({
  PreExecutedFileSettings: [{ CosFileURI: 'cos://bucket/a.sh', ...members }],
})
const file = {
  serviceName: 'HDFS',
  classification: 'hdfs-site.xml',
  serviceVersion: '2.8.5',
  properties: { a: 'b' },
}
const files = (...items: unknown[]) => ({ ExtendFsField: JSON.stringify(items) })
const custom = { MetaDataJdbcUrl: 'jdbc:mysql://h:3306/d', MetaDataUser: 'u', MetaDataPass: 'p' }

/** What is broken, and the founding document's code for it, in the documented order of checking. */
const REFUSED: readonly (readonly [string, Members])[] = [
  ['InvalidParameterValue', { VersionID: 2 }],
  ['UnsupportedOperation', { MultiZone: true }],
  ['UnsupportedOperation', { CosBucket: 'b' }],
  ['UnsupportedOperation', { NodeMarks: [{}] }],
  ['UnsupportedOperation', { LoadBalancerId: 'lb-12345678' }],
  ['UnsupportedOperation', { SgIP: '10.0.0.0/8' }],
  ['UnsupportedOperation', { PartitionNumber: 1 }],
  ['UnsupportedOperation', { WebUiVersion: 1 }],
  ['UnsupportedOperation', { CbsSysEncrypt: 1 }],
  ['UnsupportedOperation', { NeedCdbAudit: 1 }],
  ['UnsupportedOperation', { ExternalService: [{}] }],
  ['UnsupportedOperation', { MultiZoneSettings: [{}] }],
  ['UnsupportedOperation', { VersionID: 1, MultiZoneSettings: [{}, {}] }],
  ['UnsupportedOperation', { VersionID: 1, MultiZoneSettings: [{}] }],
  ['MissingParameter', { Placement: undefined }],
  ['MissingParameter', { ResourceSpec: undefined }],
  ['MissingParameter', { VPCSettings: undefined }],
  ['MissingParameter', withCore({ DiskType: undefined })],
  ['InvalidParameter.InvalidProductId', { ProductId: 999 }],
  ['InvalidParameter.InvalidProductId', { ProductId: 71 }],
  ['InvalidParameter.InvalidProductId', { ProductId: 3 }],
  ['InvalidParameterValue', { SceneName: 'Hadoop-Nothing' }],
  ['InvalidParameter.InvalidPaymode', { PayMode: 2 }],
  ['InvalidParameter.InvalidTimeUnit', { TimeUnit: 'm' }],
  ['InvalidParameter.InvalidTimeUnit', { TimeUnit: 'y' }],
  ['InvalidParameter.InvalidTimeSpan', { TimeSpan: 3601 }],
  ['InvalidParameter.InvalidTimeSpan', { PayMode: 1, TimeUnit: 'm', TimeSpan: 13 }],
  ['InvalidParameter.InvalidAutoRenew', { AutoRenew: 2 }],
  ['InvalidParameter.InvalidInstanceName', { InstanceName: 'short' }],
  ['InvalidParameter.InvalidInstanceName', { InstanceName: 'with space' }],
  ['InvalidParameter.InvalidInstanceName', { InstanceName: 'x'.repeat(37) }],
  ['InvalidParameter.InvalidLoginSetting', { LoginSettings: {} }],
  ['InvalidParameter.InvalidLoginSetting', { LoginSettings: { PublicKeyId: 'skey-x' } }],
  ['InvalidParameter.InvalidPassword', { LoginSettings: { Password: 'tencent@cloud123' } }],
  ['InvalidParameter.InvalidPassword', { LoginSettings: { Password: '!Tencent123' } }],
  ['InvalidParameter.InvalidPassword', { LoginSettings: { Password: 'Tencent#123' } }],
  ['InvalidParameter.InvalidPassword', { LoginSettings: { Password: 'Ten@123' } }],
  ['InvalidParameter.InvalidPassword', { LoginSettings: { Password: 'Tencent@cloud12345' } }],
  ['InvalidParameter.InvalidSupportHA', { SupportHA: 2 }],
  ['InvalidParameter.InvalidZone', { Placement: { Zone: 'ap-shanghai-2' } }],
  ['InvalidParameter.InvalidZone', { Placement: { Zone: 'nowhere' } }],
  ['InvalidParameter.InvalidProjectId', { Placement: { Zone: '100003', ProjectId: -1 } }],
  ['InvalidParameter.InvalidVpcId', { VPCSettings: { VpcId: 'net', SubnetId: 'subnet-1' } }],
  ['InvalidParameter.InvalidSubnetId', { VPCSettings: { VpcId: 'vpc-1', SubnetId: 'sub' } }],
  ['InvalidParameter.InvalidSercurityGrpupId', { SgId: 'sg-1' }],
  ['InvalidParameter', { DisasterRecoverGroupIds: ['ps-12345678', 'ps-12345679'] }],
  ['InvalidParameter', { DisasterRecoverGroupIds: ['group'] }],
  ['InvalidParameterValue', { NeedMasterWan: 'YES' }],
  ['InvalidParameterValue', { RemoteLoginAtCreate: 80 }],
  ['InvalidParameterValue', { CbsEncrypt: 2 }],
  ['InvalidParameterValue', { COSSettings: { CosSecretId: '', CosSecretKey: 'k' } }],
  [
    'InvalidParameterValue',
    { COSSettings: { CosSecretId: 'i', CosSecretKey: 'k', LogOnCosPath: '/logs' } },
  ],
  ['UnsupportedOperation', { ProductId: 27, CheckSecurity: 1 }],
  ['InvalidParameter.InvalidSoftInfo', { Software: [] }],
  ['InvalidParameter.InvalidSoftInfo', software('!')],
  ['InvalidParameter.InvalidComponent', software('teleport')],
  ['InvalidParameter.SoftwareNotInProduct', software('clickhouse')],
  ['InvalidParameter.InvalidSoftDeployInfo', { SceneName: 'Hadoop-Zookeeper', ...software() }],
  ['InvalidParameter.InvalidSoftWareVersion', software('hive-9.9.9')],
  ['InvalidParameter.InvalidSoftWare', software('hdfs')],
  ['InvalidParameter.NotContainMustSelectSoftware', { Software: ['hdfs', 'yarn'] }],
  ['InvalidParameter.InvalidSoftWare', software('tez', 'livy')],
  ['InvalidParameter.InvalidSupportHA', software('kudu')],
  ['InvalidParameter.IncorrectCommonCount', { ResourceSpec: { ...spec, CommonCount: 1 } }],
  ['InvalidParameter.IncorrectMasterCount', { ResourceSpec: { ...spec, MasterCount: 2 } }],
  ['InvalidParameter.InvalidCoreCount', { ResourceSpec: { ...spec, CoreCount: 1 } }],
  ['InvalidParameter.InvaildCoreCount', { ResourceSpec: { ...spec, CoreCount: 21 } }],
  ['InvalidParameter.InvalidResourceSpec', { ResourceSpec: { ...spec, TaskCount: 21 } }],
  ['InvalidParameter.InvalidResourceSpec', { ResourceSpec: { ...spec, TaskCount: 1 } }],
  ['UnsupportedOperation', withCore({ GpuDesc: '1 * A10' })],
  ['UnsupportedOperation', withCore({ PartitionNumber: 2 })],
  ['UnsupportedOperation', withCore({ HCCHpcClusterId: 'hpc-1' })],
  ['InvalidParameter.InvalidResourceSpec', withCore({ Spec: 'CVM.X9' })],
  ['InvalidParameter.InvalidResourceSpec', withCore({ Cpu: 5 })],
  ['InvalidParameter.InvalidResourceSpec', withType('S5.TINY1')],
  ['InvalidParameter.InvalidDiskSize', withCore({ RootSize: 40 })],
  ['InvalidParameterValue', withCore({ DiskType: 'FLOPPY' })],
  ['InvalidParameter.InvalidDiskSize', withCore({ DiskSize: 105 })],
  ['InvalidParameter.InvalidDiskSize', withCore({ DiskSize: 16_010 })],
  ['ResourceInsufficient.DiskInsufficient', withCore({ DiskType: 'LOCAL_SSD' })],
  ['UnsupportedOperation', withType('I2.2XLARGE32', { DiskType: 'CLOUD_SSD' })],
  ['InvalidParameter.InvalidDiskSize', withType('I2.2XLARGE32', { DiskSize: 100 })],
  ['InvalidParameter.InvalidResourceSpec', withCore({ InstanceType: 'S5.LARGE16' })],
  ['InvalidParameterValue', withCore({ StorageType: 99 })],
  [
    'InvalidParameter.InvalidResourceSpec',
    withCore({ MultiDisks: [{ DiskType: 'CLOUD_SSD', Volume: 100, Count: 16 }] }),
  ],
  [
    'InvalidParameter.InvalidResourceSpec',
    withCore({ MultiDisks: [{ DiskType: 'CLOUD_SSD', Volume: 100, Count: 0 }] }),
  ],
  ['InvalidParameter.InvalidResourceSpec', withCore({ DiskNum: 3 })],
  ['InvalidParameter.ZoneResourceNotMatch', withType('SA5.LARGE8')],
  [
    'InvalidParameter.PayModeResourceNotMatch',
    { PayMode: 1, TimeUnit: 'm', TimeSpan: 1, ...withType('C2.LARGE8') },
  ],
  ['InvalidParameter.InvalidMetaType', { MetaType: 'OTHER' }],
  ['InvalidParameterValue', { DefaultMetaVersion: 'mysql3' }],
  ['InvalidParameter.InvalidMetaType', { MetaType: 'EMR_EXIST_META' }],
  ['InvalidParameter.InvalidMetaType', { UnifyMetaInstanceId: 'cdb-12345678' }],
  ['InvalidParameter.InvalidMetaType', { MetaType: 'EMR_EXIT_METE', UnifyMetaInstanceId: 'x' }],
  ['InvalidParameter.InvalidMetaType', { MetaType: 'USER_CUSTOM_META' }],
  ['InvalidParameter.InvalidMetaType', { MetaDBInfo: custom }],
  [
    'InvalidParameter.InvalidMetaType',
    { MetaType: 'USER_CUSTOM_META', MetaDBInfo: { ...custom, MetaDataJdbcUrl: 'jdbc:oracle:x' } },
  ],
  ['InvalidParameter.InvalidExtendField', { ExtendFsField: 'no json' }],
  ['InvalidParameter.InvalidExtendField', { ExtendFsField: '{}' }],
  ['InvalidParameter.InvalidExtendField', files({ ...file, more: 1 })],
  ['InvalidParameter.InvalidServiceName', files({ ...file, serviceName: 'HIVE' })],
  ['InvalidParameter.InvalidServiceName', files({ ...file, serviceName: 'hdfs' })],
  ['InvalidParameter.InvalidExtendField', files({ ...file, serviceVersion: '3' })],
  ['InvalidParameter.InvalidExtendField', files({ ...file, classification: 'yarn-site.xml' })],
  ['InvalidParameter.InvalidExtendField', files({ ...file, properties: { a: {} } })],
  [
    'InvalidParameter.InvalidPreExecutedFile',
    { PreExecutedFileSettings: Array.from({ length: 17 }, () => ({})) },
  ],
  ['InvalidParameter.InvalidPreExecutedFile', script({ CosFileURI: '' })],
  ['InvalidParameter.InvalidPreExecutedFile', script({ CosFileURI: 'ftp://x/y' })],
  ['InvalidParameter.InvalidPreExecutedFile', script({ Args: ['with space'] })],
  ['InvalidParameter.InvalidPreExecutedFile', script({ Args: ['x'.repeat(240)] })],
  ['InvalidParameter.InvalidPreExecutedFile', script({ WhenRun: 'never' })],
  ['InvalidParameter.InvalidPreExecutedFile', script({ RunOrder: -1 })],
  ['InvalidParameterValue', { Tags: [{ TagKey: 'qcloud:a', TagValue: '' }] }],
  ['InvalidParameterValue', { Tags: [{ TagKey: '', TagValue: '' }] }],
  ['InvalidParameterValue', { Tags: [{ TagKey: 'a', TagValue: 'x'.repeat(128) }] }],
  ['InvalidParameterValue', { Tags: [1, 2].map(() => ({ TagKey: 'a', TagValue: 'b' })) }],
  [
    'InvalidParameterValue',
    { Tags: Array.from({ length: 6 }, (_, at) => ({ TagKey: `k${at}`, TagValue: '' })) },
  ],
  ['InvalidParameter', { ApplicationRole: 'no such role!' }],
  ['InvalidParameter.InvalidClientToken', { ClientToken: 'x'.repeat(65) }],
  ['InvalidParameter.InvalidClientToken', { ClientToken: 'mit Lücke' }],
]

for (const [index, [code, members]] of REFUSED.entries()) {
  test(`CreateInstance refuses ${brief(members)} with ${code}`, async () => {
    assert.equal(await codeOf({ ...base, ...members }), code)
    // Whatever comes later in the documented order and breaks other members does not come first.
    for (const [, later] of REFUSED.slice(index + 1)) {
      if (overlaps(members, later)) continue
      assert.equal(await codeOf({ ...base, ...later, ...members }), code, `with ${brief(later)}`)
    }
  })
}

const ACCEPTED: readonly Members[] = [
  {},
  { InstanceName: '数据平台集群' },
  { InstanceName: 'x'.repeat(36) },
  { LoginSettings: { PublicKeyId: 'skey-12345678' } },
  { LoginSettings: { Password: 'Aa1@aaaa' } },
  { Software: ['hadoop-2.8.5', ' ZooKeeper-3.6.1\n', 'openldap', 'knox'] },
  { Placement: { Zone: '100003' } },
  { SgId: '', ClientToken: '', ExtendFsField: '', MetaType: '', SceneName: '' },
  { SceneName: 'HADOOP-Hbase' },
  { MetaType: 'EMR_NEW_META' },
  { MetaType: 'EMR_EXIT_META', UnifyMetaInstanceId: 'cdb-12345678' },
  { MetaType: 'USER_CUSTOM_META', MetaDBInfo: custom },
  { PayMode: 1, TimeUnit: 'm', TimeSpan: 36, AutoRenew: 1 },
  { CheckSecurity: 7 },
  { DisasterRecoverGroupIds: ['ps-12345678'] },
  withCore({ InstanceType: 'S5.LARGE8', Spec: undefined, StorageType: undefined }),
  withCore({ MultiDisks: [{ DiskType: 'CLOUD_SSD', Volume: 100, Count: 14 }] }),
  withType('D1.2XLARGE32', { DiskType: 'LOCAL_BASIC', DiskNum: 2 }),
  files(file),
  script({ WhenRun: 'resourceAfter', Args: ['a', 'b'], RunOrder: 3 }),
  { PreExecutedFileSettings: [{ Path: '/a.sh', Bucket: 'b', Region: 'ap-guangzhou', AppId: '1' }] },
  software('tez', 'hive', 'spark', 'livy'),
  {
    SupportHA: 1,
    ...software('kudu'),
    ResourceSpec: {
      ...spec,
      MasterCount: 3,
      CoreCount: 3,
      CommonCount: 3,
      CommonResourceSpec: machine(2, 4),
    },
  },
]

for (const members of ACCEPTED) {
  test(`CreateInstance accepts ${brief(members)}`, async () => {
    assert.equal(await codeOf({ ...base, ...members }), '')
  })
}

test("today's list of codes is finer where it has a code of its own", async () => {
  const cases: readonly (readonly [string, Members])[] = [
    ['InvalidParameter.InvalidSoftWareName', software('teleport')],
    ['InvalidParameter.InvalidCoreCount', { ResourceSpec: { ...spec, CoreCount: 21 } }],
    ['InvalidParameter.InvalidInstanceType', withCore({ Cpu: 5 })],
    ['InvalidParameter.InvalidSecuritySupport', { ProductId: 27, CheckSecurity: 1 }],
    ['InvalidParameter.InvalidCosFileURI', script({ CosFileURI: 'ftp://x/y' })],
    [
      'InvalidParameter.HALessMasterCount',
      { SupportHA: 1, ResourceSpec: { ...spec, CommonCount: 3 } },
    ],
    ['InvalidParameter.InvalidSercurityGrpupId', { SgId: 'sg-1' }],
  ]
  for (const [code, members] of cases)
    assert.equal(await codeOf({ ...base, ...members }, 'current'), code, brief(members))
})

test('scripts run by moment and order, whatever order they were given in', async () => {
  const { bootstrap } = await readBlueprint(
    {
      ...base,
      PreExecutedFileSettings: [
        { CosFileURI: 'cos://b/3.sh', WhenRun: 'clusterAfter', RunOrder: 2 },
        { CosFileURI: 'cos://b/2.sh', WhenRun: 'clusterAfter', RunOrder: 1 },
        { CosFileURI: 'cos://b/1.sh', WhenRun: 'resourceAfter', RunOrder: 9 },
      ],
    },
    REGION,
    satisfiedPrerequisites,
  )
  assert.deepEqual(
    bootstrap.map((each) => each.name),
    ['1.sh', '2.sh', '3.sh'],
  )
})

test('a price inquiry for one zone understands both places where the zone can be given', async () => {
  const { Placement, VPCSettings, ResourceSpec, ...order } = base
  const nested = {
    ...order,
    Currency: 'CNY',
    VersionID: 1,
    MultiZoneSettings: [{ Placement, VPCSettings, ResourceSpec }],
  }
  const flat = { ...base, Currency: 'CNY' }
  const one = await readQuotation(nested, REGION, satisfiedPrerequisites)
  assert.deepEqual(await readQuotation(flat, REGION, satisfiedPrerequisites), one)
  assert.ok(one.price.original > 0)
})

async function codeOf(input: Members, codes: 'seed' | 'current' = 'seed'): Promise<string> {
  try {
    await readBlueprint(input as unknown as CreationInput, REGION, satisfiedPrerequisites)
    return ''
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem
    if (problem.code === 'NotSupported') return 'UnsupportedOperation'
    assert.equal(problem.code, 'ParametersRefused')
    const [refusal] = (problem as Fault<'ParametersRefused'>).facts.refusals
    if (refusal?.problem === 'missing') return 'MissingParameter'
    return spelled(refusal?.code ?? 'InvalidParameterValue', codes)
  }
}

/** Members that one rule reads together count as one. */
function overlaps(one: Members, other: Members): boolean {
  const together = [
    ['PayMode', 'TimeUnit', 'TimeSpan'],
    [
      'ProductId',
      'Software',
      'ResourceSpec',
      'SceneName',
      'CheckSecurity',
      'SupportHA',
      'ExtendFsField',
    ],
    ['VersionID', 'MultiZoneSettings', 'Placement', 'VPCSettings', 'ResourceSpec'],
    ['MetaType', 'MetaDBInfo', 'UnifyMetaInstanceId'],
    ['PayMode', 'ResourceSpec'],
    ['Placement', 'ResourceSpec'],
  ]
  const names = (members: Members) =>
    new Set(
      Object.keys(members).flatMap((name) => [
        name,
        ...together.filter((group) => group.includes(name)).flat(),
      ]),
    )
  const taken = names(one)
  return Object.keys(other).some((name) => taken.has(name))
}

function brief(members: Members): string {
  const text = JSON.stringify(members, (_, value: unknown) => value ?? 'nothing')
  return text.length > 90 ? `${text.slice(0, 90)}…` : text
}
