import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { startContainers } from '../../../../support/fixture/emr-container.ts'
import { money } from '../../../../support/fixture/money.ts'
import { ask } from '../../../../support/http/tencent-client.ts'
import {
  cloudRequest,
  makeRay,
  rayCloudRequest,
  rayForm,
} from '../../../../support/http/tencent-container.ts'
import { actions } from '../../../../../src/dialect/tencent/actions.ts'
import { legalRequest } from '../../../../support/http/tencent-request.ts'

async function start(t: TestContext, text?: string) {
  // Long enough that it is seen while it is created.
  const more = { progressions: { default: { mode: 'time' as const, seconds: 2 } } }
  const cloud = await environmentCloud(t, { text, more })
  const asking = { port: cloud.port, language: 'en-US' as const }
  const make = (members: object = {}) =>
    ask(asking, 'CreateCloudInstance', cloudRequest({ ...members }))
  return { cloud, make, ...money(cloud) }
}

test('its pods stand by service and role, serve, and are seen as nodes', async (t) => {
  const it = await startContainers(t, { seconds: 5 })
  assert.equal(await it.status(), 2)
  const pods = await it.pods()
  assert.deepEqual(
    pods.map(({ NameTag }) => NameTag),
    [
      'quorumpeermain-0',
      'quorumpeermain-1',
      'quorumpeermain-2',
      'slapd-0',
      'slapd-1',
      'hiveserver2node-0',
      'hivemetastorenode-0',
      'sparkjobhistoryserver-0',
    ],
  )
  const [first] = pods
  assert.deepEqual(
    [first?.HardwareResourceType, first?.TkeClusterId, first?.CpuNum, first?.MemSize],
    ['POD', 'cls-12345678', 1, 2 * 1024 ** 3],
  )
  assert.equal(new Set(pods.map(({ Ip }) => Ip)).size, pods.length)
  assert.equal(first?.ServicesStatus, 'QuorumPeerMain:STARTED')
  assert.deepEqual(await it.pods({ HardwareResourceType: 'host' }), [])
  assert.equal((await it.pods({ HardwareResourceType: 'pod' })).length, pods.length)
  const { ServiceNodeList } = await it.answer('DescribeServiceNodeInfos', {
    ServiceName: 'HIVESERVER2',
  })
  const [process] = ServiceNodeList as Record<string, unknown>[]
  assert.deepEqual([process?.['NodeName'], process?.['NodeType']], ['HiveServer2Node', 31])
  const listing = { DisplayStrategy: 'clusterList', InstanceIds: [it.id] }
  const { ClusterList } = await it.answer('DescribeInstances', {
    ...listing,
    InstanceId: undefined,
  })
  const [cluster] = ClusterList as Record<string, unknown>[]
  assert.deepEqual(
    [cluster?.['EmrVersion'], cluster?.['ProductId'], cluster?.['DisplayName']],
    ['EMR-TKE-V1.1.0', 60, 'EMR-TKE'],
  )
  assert.match(String(cluster?.['MetaDb']), /^cdb-/)
})

test('it is created, listed among containers and terminated with its own states', async (t) => {
  const { cloud, make } = await start(t)
  const { response } = await make()
  const InstanceId = response['InstanceId']
  const list = async (ClusterType: number) => {
    const listing = { DisplayStrategy: 'clusterList', ClusterType }
    const got = await ask(cloud, 'DescribeInstancesList', listing)
    return (got.response['InstancesList'] as Record<string, unknown>[]).map(
      (each) => each['Status'],
    )
  }
  assert.deepEqual(await list(2), [3])
  await cloud.settle()
  assert.deepEqual(await list(2), [2])
  assert.equal((await ask(cloud, 'TerminateInstance', { InstanceId })).code, '')
  await cloud.settle()
  assert.deepEqual(await list(2), [])
})

test('the same token makes one cluster; what it costs is charged by the hour', async (t) => {
  const { cloud, make, orders } = await start(t)
  const first = await make({ ClientToken: 'once' })
  assert.equal(first.message, '')
  const again = await make({ ClientToken: 'once' })
  assert.equal(again.response['InstanceId'], first.response['InstanceId'])
  const other = await make({ ClientToken: 'once', InstanceName: 'another-one' })
  assert.equal(other.code, 'FailedOperation.DuplicateOrderNotAllowed')
  await cloud.settle()
  const [order] = await orders(String(first.response['InstanceId']))
  assert.ok(Number(order?.listPrice) > 0)
})

test('without CloudResources every role has its fewest pods; with them all that is asked for', async (t) => {
  const it = await startContainers(t, {
    request: cloudRequest({ CloudResources: undefined, Software: ['zookeeper', 'openldap'] }),
  })
  assert.deepEqual(
    (await it.pods()).map(({ NameTag }) => NameTag),
    ['quorumpeermain-0', 'slapd-0'],
  )
})

test('a service that is reached from outside has public addresses', async (t) => {
  const { CloudResources } = rayCloudRequest()
  const [ldap, ray] = CloudResources as object[]
  const ExternalAccess = { Type: 'CLB', CLBServer: { CLBType: 'PUBLIC_IP' } }
  const it = await startContainers(t, {
    request: rayCloudRequest({ CloudResources: [{ ...ldap, ExternalAccess }, ray] }),
  })
  const [slapd, operator] = await it.pods()
  assert.match(slapd?.WanIp ?? '', /^198\./)
  assert.equal(operator?.WanIp, '')
})

test('a Ray cluster can come with it', async (t) => {
  const { CloudResources } = rayCloudRequest()
  const [ldap, ray] = CloudResources as object[]
  const own = { ...ray, EnableDefaultRayCluster: true, DynamicInstanceForm: rayForm() }
  const it = await startContainers(t, {
    request: rayCloudRequest({ CloudResources: [ldap, own] }),
  })
  const { DynamicInstanceList } = await it.answer('DescribeDynamicInstanceList')
  const [only] = DynamicInstanceList as Record<string, unknown>[]
  assert.deepEqual([only?.['RayClusterName'], only?.['PodCount']], ['ray-1', 3])
})

const IP = 'InvalidParameter'
const at = 'CloudResources.0'
const pod = (members: object) => {
  const [first, ...others] = cloudRequest().CloudResources
  return { CloudResources: [{ ...first, ...members }, ...others] }
}
const disk = (members: object) =>
  pod({ Disks: [{ DiskType: 'CLOUD_SSD', DiskCapacity: 100, ...members }] })
const meta = (MetaDBInfo: object) => ({ MetaDBInfo })

const REFUSALS: readonly (readonly [object, string, string])[] = [
  [{ InstanceName: 'short' }, `${IP}.InvalidInstanceName`, 'InstanceName'],
  [{ ClusterClass: 'EMR' }, 'InvalidParameterValue', 'ClusterClass'],
  [{ PlatFormType: 'eks' }, 'InvalidParameterValue', 'PlatFormType'],
  [{ ProductId: 52 }, `${IP}.InvalidProductId`, 'ProductId'],
  [{ LoginSettings: { Password: 'weak' } }, `${IP}.InvalidPassword`, 'LoginSettings.Password'],
  [
    { LoginSettings: { PublicKeyId: 'skey-12345678' } },
    'UnsupportedOperation',
    'LoginSettings.PublicKeyId',
  ],
  [{ ZoneId: 999 }, `${IP}.InvalidZone`, 'ZoneId'],
  [{ ZoneId: undefined }, 'MissingParameter', 'ZoneId'],
  [{ EksClusterId: undefined }, 'MissingParameter', 'EksClusterId'],
  [{ VPCSettings: undefined }, 'MissingParameter', 'VPCSettings'],
  [
    { VPCSettings: { VpcId: 'net', SubnetId: 'subnet-1' } },
    `${IP}.InvalidVpcId`,
    'VPCSettings.VpcId',
  ],
  [
    { VPCSettings: { VpcId: 'vpc-1', SubnetId: 'net' } },
    `${IP}.InvalidSubnetId`,
    'VPCSettings.SubnetId',
  ],
  [{ SgId: 'group' }, `${IP}.InvalidSercurityGrpupId`, 'SgId'],
  [{ Software: [] }, `${IP}.InvalidSoftInfo`, 'Software'],
  [{ Software: ['*'] }, `${IP}.InvalidSoftInfo`, 'Software'],
  [{ Software: ['hdfs-2.8.5'] }, `${IP}.InvalidComponent`, 'hdfs'],
  [{ Software: ['tcray-2.52.0'] }, `${IP}.SoftwareNotInProduct`, 'tcray'],
  [{ Software: ['spark-9.9'] }, `${IP}.InvalidSoftWareVersion`, 'spark'],
  [{ Software: ['spark', 'spark'] }, `${IP}.InvalidSoftWare`, 'spark'],
  [{ Software: ['hiveserver2'] }, `${IP}.NotContainMustSelectSoftware`, 'metastore'],
  [pod({ ComponentName: 'NameNode' }), `${IP}.InvalidComponent`, `${at}.ComponentName`],
  [pod({ ComponentName: 'Slapd', PodNumber: 1 }), `${IP}.InvalidServiceName`, `${at}.Service`],
  [
    pod({ ComponentName: 'Slapd', Service: 'OPENLDAP', PodNumber: 1 }),
    `${IP}.InvalidComponent`,
    'CloudResources.1.ComponentName',
  ],
  [pod({ PodNumber: 2 }), `${IP}.IncorrectCommonCount`, `${at}.PodNumber`],
  [
    {
      CloudResources: cloudRequest().CloudResources.slice(1),
    },
    `${IP}.InvalidSoftDeployInfo`,
    'QuorumPeerMain',
  ],
  [
    pod({ VolumeDir: { VolumeType: 'NFS' } }),
    `${IP}.InvalidVolumeType`,
    `${at}.VolumeDir.VolumeType`,
  ],
  [
    pod({ VolumeDir: { VolumeType: 'HOST_PATH' } }),
    'MissingParameter',
    `${at}.VolumeDir.HostPath.Path`,
  ],
  [disk({ DiskType: 'LOCAL_SSD' }), 'UnsupportedOperation.UnsupportedDiskType', 'DiskType'],
  [disk({ DiskCapacity: 1 }), `${IP}.InvalidDiskSize`, 'DiskCapacity'],
  [disk({ DiskNumber: 99 }), `${IP}.InvalidDiskSize`, 'DiskNumber'],
  [
    pod({
      ExternalAccess: {
        CLBServer: { VPCSettings: { VpcId: 'vpc-other', SubnetId: 'subnet-other' } },
      },
    }),
    `${IP}.InvalidCLBServerVpcSetting`,
    'VpcId',
  ],
  [pod({ PodLabels: [{ Key: 'a', Value: 'b' }] }), 'UnsupportedOperation', `${at}.PodLabels`],
  [
    pod({ ImageInfoV2: { ImageMode: 'imageUrl' } }),
    'UnsupportedOperation',
    `${at}.ImageInfoV2.ImageMode`,
  ],
  [pod({ EnableDefaultRayCluster: true }), 'UnsupportedOperation', 'EnableDefaultRayCluster'],
  [meta({ MetaType: 'ANY' }), `${IP}.InvalidMetaType`, 'MetaDBInfo.MetaType'],
  [
    meta({ MetaType: 'EMR_EXIST_META', UnifyMetaInstanceId: 'x' }),
    `${IP}.InvalidMetaInstanceId`,
    'MetaDBInfo.UnifyMetaInstanceId',
  ],
  [meta({ LinkInstanceId: 'cdb-1' }), 'UnsupportedOperation', 'MetaDBInfo.LinkInstanceId'],
  [{ Tags: [{ TagKey: 'qcloud' }] }, 'InvalidParameterValue', 'Tags.0.TagKey'],
  [{ ClientToken: 'a b' }, `${IP}.InvalidClientToken`, 'ClientToken'],
  [
    { EnableSparkAppMonitorInfo: { EnableMonitor: true } },
    'UnsupportedOperation',
    'EnableSparkAppMonitorInfo',
  ],
  [{ NeedCdbAudit: 1 }, 'UnsupportedOperation', 'NeedCdbAudit'],
  [{ SgIP: '10.0.0.0/8' }, 'UnsupportedOperation', 'SgIP'],
]

test('what cannot be made is refused by name, and nothing is made', async (t) => {
  const { cloud, make } = await start(t)
  for (const [members, code, name] of REFUSALS) {
    const answer = await make(members)
    const what = JSON.stringify(members)
    assert.equal(answer.code, code, `${what}: ${answer.message}`)
    assert.ok(answer.message.includes(name), `${what}: ${answer.message}`)
  }
  assert.deepEqual(await cloud.store.read((tx) => tx.tally('cluster')), [])
})

const SMALL = `tencent:
  networks: [{ id: vpc-12345678, region: ap-guangzhou, cidr: 10.1.0.0/16 }]
  container-clusters:
    - { id: cls-12345678, region: ap-guangzhou, network: vpc-12345678, nodes: 2, cpu: 4, memory: 9 }
    - { id: cls-othernet, region: ap-guangzhou, network: vpc-87654321 }
    - { id: cls-nowhere1, region: ap-guangzhou, absent: true }
  buckets: [{ id: gone-1250000001, absent: true }]
  quotas: [{ of: storage, amount: 1000 }]
  stock: [{ of: disk, type: CLOUD_SSD, amount: 1 }]
`

test('pods fit into what the container cluster has, all together and each into a machine', async (t) => {
  const { make } = await start(t, SMALL)
  const limit = 'LimitExceeded'
  const cases: readonly (readonly [object, string])[] = [
    [pod({ LimitCpu: 5 }), `${limit}.PodCpuLimitExceededNodeAvailableCpu`],
    [pod({ LimitMemory: 10 }), `${limit}.PodMemoryLimitExceededAvailableMemory`],
    [pod({ LimitCpu: 2 }), `${limit}.PodCpuLimitExceededAvailableCpu`],
    [pod({ LimitMemory: 4 }), `${limit}.PodMemoryLimitExceededAvailableMemory`],
    [disk({}), 'ResourceInsufficient.DiskInsufficient'],
    [disk({ DiskType: 'CLOUD_PREMIUM', DiskCapacity: 500 }), 'InternalError.CheckQuotaErr'],
    [{ EksClusterId: 'cls-nowhere1' }, 'InvalidParameterValue'],
    [{ EksClusterId: 'cls-othernet' }, 'InvalidParameterValue'],
    [{ CosBucket: 'gone-1250000001' }, 'InvalidParameterValue'],
  ]
  for (const [members, code] of cases) {
    const answer = await make(members)
    assert.equal(answer.code, code, `${JSON.stringify(members)}: ${answer.message}`)
  }
  assert.equal((await make()).message, '')
  assert.equal(
    (await make({ InstanceName: 'second-one' })).code,
    `${limit}.PodCpuLimitExceededAvailableCpu`,
  )
})

test('the container service can fail it, and a substrate of machines cannot carry it', async (t) => {
  const { cloud, make } = await start(t)
  const local = await make({ Tags: [{ TagKey: 'emrys.substrate', TagValue: 'local' }] })
  assert.equal(local.code, 'UnsupportedOperation', local.message)
  assert.match(local.message, /`tke`/)
  cloud.core.dependencies.put({
    dependency: 'container-service',
    mode: 'service',
    probability: 1,
    times: 1,
    latencyMs: 0,
    action: undefined,
  })
  assert.equal((await make()).code, 'InternalError.TKEError')
})

test('no action that is about machines breaks on it', async (t) => {
  const { cloud } = await start(t)
  const made = await ask(cloud, 'CreateCloudInstance', rayCloudRequest())
  const id = String(made.response['InstanceId'])
  await cloud.settle()
  await makeRay(cloud, id)
  const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId: id, NodeFlag: 'all' })
  const [node] = response['NodeList'] as { EmrResourceId: string; OrderNo: string }[]
  const ids = { resource: node?.EmrResourceId ?? '', machine: node?.OrderNo ?? '' }
  const about = actions.filter(
    ({ product, name }) => product === 'emr' && !name.startsWith('Terminate'),
  )
  for (const { name } of about) {
    const answer = await ask(cloud, name, legalRequest(name, id, ids))
    assert.ok(!answer.code.startsWith('InternalError'), `${name}: ${answer.code} ${answer.message}`)
    await cloud.settle()
  }
})
