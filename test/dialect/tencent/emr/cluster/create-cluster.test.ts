import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import {
  ask,
  create,
  machine,
  sampleCreateRequest,
} from '../../../../support/http/tencent-client.ts'
import { createClusterRequest, newerResource } from '../../../../support/http/tencent-request.ts'

type Members = Readonly<Record<string, unknown>>

async function start(t: TestContext, config = {}) {
  const cloud = await startCloud(t, { config })
  const asking = { port: cloud.port, language: 'en-US' as const }
  const make = (members: Members = {}) =>
    ask(asking, 'CreateCluster', createClusterRequest(members))
  const read = async (action: string, list: string, request: object) =>
    (await ask(asking, action, request)).response[list] as Record<string, unknown>[]
  const cluster = async (id: unknown) => {
    const request = { DisplayStrategy: 'clusterList', InstanceIds: [id] }
    return (await read('DescribeInstances', 'ClusterList', request))[0]!
  }
  const nodes = (InstanceId: unknown) =>
    read('DescribeClusterNodes', 'NodeList', { InstanceId, NodeFlag: 'all' })
  return { cloud, make, cluster, nodes }
}

const [zone] = createClusterRequest().ZoneResourceConfiguration
const spec = zone!.AllNodeResourceSpec
const withZone = (members: Members) => ({
  ZoneResourceConfiguration: [{ ...zone, ...members }],
})
const withSpec = (members: Members) => withZone({ AllNodeResourceSpec: { ...spec, ...members } })
const withCore = (members: Members) =>
  withSpec({ CoreResourceSpec: { ...newerResource(), ...members } })

test('the newer schema makes the cluster that the older one makes', async (t) => {
  const { cloud, make, cluster, nodes } = await start(t)
  const disks = [
    { DiskType: 'CLOUD_PREMIUM', Volume: 100, Count: 1 },
    { DiskType: 'CLOUD_SSD', Volume: 200, Count: 1 },
  ]
  const sample = sampleCreateRequest()
  const older = await create(cloud, {
    PayMode: 1,
    TimeUnit: 'm',
    TimeSpan: 2,
    AutoRenew: 1,
    ResourceSpec: {
      ...sample.ResourceSpec,
      CoreResourceSpec: { ...machine(4, 8), MultiDisks: disks },
    },
    Tags: [{ TagKey: 'team', TagValue: 'a' }],
    SgId: 'sg-12345678',
    NeedMasterWan: 'NOT_NEED_MASTER_WAN',
    CbsEncrypt: 1,
    MetaType: 'EMR_DEFAULT_META',
  })
  const disk = (DiskType: string, DiskSize: number, Count: number) => ({
    DiskType,
    DiskSize,
    Count,
  })
  const { response, message } = await make({
    InstanceChargeType: 'PREPAID',
    InstanceChargePrepaid: { Period: 2, RenewFlag: true },
    ...withCore({
      DataDisk: [disk('CLOUD_PREMIUM', 100, 2), disk('CLOUD_SSD', 200, 1)],
    }),
    Tags: [{ TagKey: 'team', TagValue: 'a' }],
    SecurityGroupIds: ['sg-12345678'],
    NeedMasterWan: 'NOT_NEED_MASTER_WAN',
    EnableCbsEncryptFlag: true,
    MetaDBInfo: { MetaType: 'EMR_DEFAULT_META' },
  })
  assert.equal(message, '')
  await cloud.settle()
  const alike = (row: Record<string, unknown>) => {
    const { Id, ClusterId, ClusterName, ResourceOrderId, AddTime, RunTime, ...rest } = row
    return [typeof Id, typeof ClusterId, typeof ClusterName, typeof ResourceOrderId, rest].concat(
      typeof AddTime,
      typeof RunTime,
    )
  }
  const newer = response['InstanceId']
  assert.deepEqual(alike(await cluster(newer)), alike(await cluster(older)))
  const sizes = async (id: unknown) =>
    (await nodes(id)).map((node) =>
      ['NameTag', 'Spec', 'CpuNum', 'MemSize', 'DiskSize', 'RootSize', 'RootStorageType']
        .concat('MCMultiDisk', 'ChargeType', 'IsAutoRenew', 'WanIp')
        .map((member) => node[member]),
    )
  assert.deepEqual(await sizes(newer), await sizes(older))
})

test('nodes keep the names that their client gave them, scripts their moments', async (t) => {
  const { cloud, make, nodes } = await start(t)
  const marks = [
    { NodeType: 'core', NodeNames: ['a', 'b'] },
    { NodeType: 'Master', NodeNames: ['head'], Zone: 'ap-guangzhou-3' },
  ]
  const { response, message } = await make({
    NodeMarks: marks,
    ScriptBootstrapActionConfig: [
      { CosFileURI: 'cos://bucket/a.sh', ExecutionMoment: 'clusterAfter', Args: ['x'] },
      { CosFileURI: 'cos://bucket/b.sh', ExecutionMoment: 'resourceAfter', Remark: 'b' },
    ],
  })
  assert.equal(message, '')
  await cloud.settle()
  const shown = (await nodes(response['InstanceId'])).map((node) => node['NodeMark'])
  assert.deepEqual(shown, ['head', 'a', 'b'])
  const scripts = await ask(cloud, 'DescribeBootScript', { InstanceId: response['InstanceId'] })
  const detail = scripts.response['Detail'] as Record<string, { CosFileURI: string }[]>
  assert.equal(detail['ClusterAfter']?.[0]?.CosFileURI, 'cos://bucket/a.sh')
  assert.equal(detail['ResourceAfter']?.[0]?.CosFileURI, 'cos://bucket/b.sh')
})

test('a machine with disks of its own needs none; the same token makes one cluster', async (t) => {
  const { cloud, make, nodes } = await start(t)
  const own = { ...newerResource('I2.2XLARGE32'), DataDisk: [] }
  const request = { ...withSpec({ CoreResourceSpec: own }), ClientToken: 'once' }
  const first = await make(request)
  assert.equal(first.message, '')
  assert.deepEqual((await make(request)).response['InstanceId'], first.response['InstanceId'])
  await cloud.settle()
  assert.equal((await nodes(first.response['InstanceId'])).length, 3)
  const other = await make({ ...request, InstanceName: 'another-name' })
  assert.equal(other.code, 'FailedOperation.DuplicateOrderNotAllowed')
})

const IP = 'InvalidParameter'
const NODES = 'ZoneResourceConfiguration.0.AllNodeResourceSpec'
const CORE = `${NODES}.CoreResourceSpec`
const script = (members: Members) => ({
  ScriptBootstrapActionConfig: [
    { CosFileURI: 'cos://bucket/a.sh', ExecutionMoment: 'clusterAfter', ...members },
  ],
})
const disk = (members: Members) => ({ Count: 1, DiskType: 'CLOUD_SSD', DiskSize: 100, ...members })
const prepaid = (Period: number) => ({
  InstanceChargeType: 'PREPAID',
  InstanceChargePrepaid: { Period, RenewFlag: false },
})

const REFUSALS: readonly (readonly [Members, string, string])[] = [
  [{ ProductVersion: 'EMR-V9.9.9' }, `${IP}.InvalidProductVersion`, 'ProductVersion'],
  [{ InstanceChargeType: 'FREE' }, `${IP}.InvalidInstanceChargeType`, 'InstanceChargeType'],
  [{ InstanceChargeType: 'PREPAID' }, 'MissingParameter', 'InstanceChargePrepaid'],
  [prepaid(13), `${IP}.InvalidTimeSpan`, 'InstanceChargePrepaid.Period'],
  [
    { InstanceChargePrepaid: { Period: 1, RenewFlag: false } },
    'InvalidParameterValue',
    'InstanceChargePrepaid',
  ],
  [{ InstanceName: 'short' }, `${IP}.InvalidInstanceName`, 'InstanceName'],
  [{ LoginSettings: { Password: 'weak' } }, `${IP}.InvalidPassword`, 'LoginSettings.Password'],
  [
    { SceneSoftwareConfig: { Software: [] } },
    `${IP}.InvalidSoftInfo`,
    'SceneSoftwareConfig.Software',
  ],
  [
    { SceneSoftwareConfig: { Software: ['hdfs', 'yarn'], SceneName: 'Nowhere' } },
    'InvalidParameterValue',
    'SceneSoftwareConfig.SceneName',
  ],
  [{ SecurityGroupIds: ['sg-1'] }, `${IP}.InvalidSercurityGrpupId`, 'SecurityGroupIds.0'],
  [{ SecurityGroupIds: ['sg-12345678', 'sg-2'] }, 'UnsupportedOperation', 'SecurityGroupIds'],
  [
    script({ ExecutionMoment: 'never' }),
    `${IP}.InvalidScriptBootstrapActionConfig`,
    'ScriptBootstrapActionConfig.0.ExecutionMoment',
  ],
  [
    script({ Args: ['a b'] }),
    `${IP}.InvalidScriptBootstrapActionConfig`,
    'ScriptBootstrapActionConfig.0.Args.0',
  ],
  [{ CustomConf: '{}' }, `${IP}.InvalidExtendField`, 'CustomConf'],
  [{ MetaDBInfo: { MetaType: 'OTHER' } }, `${IP}.InvalidMetaType`, 'MetaDBInfo.MetaType'],
  [{ MetaDBInfo: { Components: ['hive'] } }, 'UnsupportedOperation', 'MetaDBInfo.Components'],
  [
    { MetaDBInfo: { LinkInstanceId: 'cdb-1' } },
    'UnsupportedOperation',
    'MetaDBInfo.LinkInstanceId',
  ],
  [{ DependService: [{}] }, 'UnsupportedOperation', 'DependService'],
  [
    { DependService: [{}], EnableKerberosFlag: true },
    `${IP}.InvalidDependServiceAndEnableKerberosConflict`,
    'DependService',
  ],
  [
    { ProductVersion: 'EMR-V2.3.0', EnableKerberosFlag: true },
    `${IP}.SoftwareNotInProduct`,
    'SceneSoftwareConfig.Software',
  ],
  [{ ZoneResourceConfiguration: [] }, 'MissingParameter', 'ZoneResourceConfiguration'],
  [
    { ZoneResourceConfiguration: [zone, zone] },
    'UnsupportedOperation',
    'ZoneResourceConfiguration',
  ],
  [withZone({ ZoneTag: 'standby' }), 'UnsupportedOperation', 'ZoneResourceConfiguration.0.ZoneTag'],
  [withZone({ Placement: undefined }), 'MissingParameter', 'ZoneResourceConfiguration.0.Placement'],
  [
    withZone({ Placement: { Zone: 'nowhere' } }),
    `${IP}.InvalidZone`,
    'ZoneResourceConfiguration.0.Placement.Zone',
  ],
  [
    withZone({ VirtualPrivateCloud: undefined }),
    'MissingParameter',
    'ZoneResourceConfiguration.0.VirtualPrivateCloud',
  ],
  [
    withZone({ VirtualPrivateCloud: { VpcId: 'vpc-1', SubnetId: 'net' } }),
    `${IP}.InvalidSubnetId`,
    'ZoneResourceConfiguration.0.VirtualPrivateCloud.SubnetId',
  ],
  [withZone({ AllNodeResourceSpec: {} }), `${IP}.InvalidAllNodeResourceSpec`, NODES],
  [withSpec({ MasterCount: 2 }), `${IP}.IncorrectMasterCount`, `${NODES}.MasterCount`],
  [withSpec({ CoreCount: 1 }), `${IP}.InvalidCoreCount`, `${NODES}.CoreCount`],
  [withCore({ InstanceType: 'S5.TINY1' }), `${IP}.InvalidInstanceType`, `${CORE}.InstanceType`],
  [withCore({ SystemDisk: [] }), `${IP}.InvalidDiskNum`, `${CORE}.SystemDisk`],
  [
    withCore({ SystemDisk: [disk({ Count: 2 })] }),
    `${IP}.InvalidDiskNum`,
    `${CORE}.SystemDisk.0.Count`,
  ],
  [
    withCore({ SystemDisk: [disk({ DiskSize: 7 })] }),
    `${IP}.InvalidDiskSize`,
    `${CORE}.SystemDisk.0.DiskSize`,
  ],
  [
    withCore({ SystemDisk: [disk({ DiskType: 'FLOPPY' })] }),
    'InvalidParameterValue',
    `${CORE}.SystemDisk.0.DiskType`,
  ],
  [withCore({ DataDisk: [] }), `${IP}.InvalidDiskNum`, `${CORE}.DataDisk`],
  [
    withCore({ DataDisk: [disk({ Count: 0 })] }),
    `${IP}.InvalidDiskNum`,
    `${CORE}.DataDisk.0.Count`,
  ],
  [
    withCore({ DataDisk: [disk({ DiskSize: 7 })] }),
    `${IP}.InvalidDiskSize`,
    `${CORE}.DataDisk.0.DiskSize`,
  ],
  [
    withCore({ DataDisk: [disk({}), disk({ DiskType: 'CLOUD_HSSD', DiskSize: 7 })] }),
    `${IP}.InvalidDiskSize`,
    `${CORE}.DataDisk.1.DiskSize`,
  ],
  [withCore({ LocalDataDisk: [disk({})] }), `${IP}.InvalidDiskNum`, `${CORE}.LocalDataDisk`],
  [
    withCore({ DataDisk: [disk({ ExtraPerformance: 9 })] }),
    'UnsupportedOperation',
    `${CORE}.DataDisk.0.ExtraPerformance`,
  ],
  [
    withCore({ SoftwareConfig: [{}] }),
    `${IP}.InvalidSoftDeployInfo`,
    `${CORE}.SoftwareConfig.0.SoftwareName`,
  ],
  [
    withCore({ SoftwareConfig: [{ SoftwareName: 'HDFS-2.8.5', Roles: ['DataNode', 'NameNode'] }] }),
    `${IP}.InvalidSoftDeployInfo`,
    `${CORE}.SoftwareConfig.0.Roles`,
  ],
  [{ NodeMarks: [{ NodeType: 'task' }] }, 'InvalidParameterValue', 'NodeMarks.0.NodeType'],
  [{ CosBucket: 'b' }, 'UnsupportedOperation', 'CosBucket'],
  [{ LoadBalancerId: 'lb-1' }, 'UnsupportedOperation', 'LoadBalancerId'],
  [{ EnableCbsSysEncryptFlag: true }, 'UnsupportedOperation', 'EnableCbsSysEncryptFlag'],
]

test('refusals name what the client wrote, with the codes of this action', async (t) => {
  const { cloud, make } = await start(t, { errorCodes: 'current' })
  for (const [members, code, name] of REFUSALS) {
    const answer = await make(members)
    const what = JSON.stringify(members)
    assert.equal(answer.code, code, `${what}: ${answer.message}`)
    assert.ok(answer.message.includes(`\`${name}\``), `${what}: ${answer.message}`)
  }
  const none = await cloud.store.read((tx) => tx.tally('cluster'))
  assert.deepEqual(none, [])
})
