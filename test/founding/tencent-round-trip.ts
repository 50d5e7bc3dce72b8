/** CreateInstance: what is sent and read back through DescribeInstances, DescribeInstancesList and DescribeClusterNodes. */
import { componentOf } from '../../src/dialect/tencent/catalogue/component.ts'
import { nodeRuleOf, scenes } from '../../src/dialect/tencent/catalogue/node-rule.ts'
import { prepaidMonths } from '../../src/dialect/tencent/catalogue/price.ts'
import { offeredBy, onSale, productOf } from '../../src/dialect/tencent/catalogue/product.ts'
import { regionOf } from '../../src/dialect/tencent/catalogue/region.ts'
import { machine, REGION, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { each, eachShown, type RoundTrips } from './round-trip.ts'
import type { Request } from './refusal.ts'
import { counts, resources } from './tencent-resource-round-trip.ts'
import { roles, spec, ZONE, type Role, type TencentSeen, type Trip } from './tencent-seen.ts'

const monthly = (months = 1): Request => ({ PayMode: 1, TimeUnit: 'm', TimeSpan: months })
const software = (...more: readonly string[]): Request => ({
  Software: [...sampleCreateRequest().Software, ...more],
})
const long = (length: number) => 'x'.repeat(length)
const order: readonly Trip[] = [
  {
    name: 'ProductId',
    tries: each([...new Set([...onSale('seed'), ...onSale('current')])], productRequest),
    read: {
      'DescribeInstances: ProductId': ({ cluster }) => cluster.ProductId,
      'DescribeInstancesList: ProductId': ({ listed }) => listed.ProductId,
    },
  },
  {
    name: 'Software.N',
    tries: eachShown(
      [...offeredBy(productOf(30)!).values()]
        .map(({ component }) => component)
        .filter((name) => componentOf(name)?.securityOnly !== true),
      softwareRequest,
      () => true,
    ),
    read: {
      'DescribeInstances: Config.SoftInfo': ({ cluster }, value: string) =>
        cluster.Config.SoftInfo.some(
          (label: string) => componentOf(label.replace(/-[^-]*$/, ''))?.name === value,
        ),
    },
  },
  {
    name: 'SupportHA',
    tries: eachShown([0, 1], (on) => (on ? spec({}) : {}), Boolean),
    read: { 'DescribeInstances: Config.SupportHA': ({ cluster }) => cluster.Config.SupportHA },
  },
  {
    name: 'InstanceName',
    tries: each(['abc_-6', long(36), '数据平台集群'], (InstanceName) => ({ InstanceName })),
    read: {
      'DescribeInstances: ClusterName': ({ cluster }) => cluster.ClusterName,
      'DescribeInstancesList: ClusterName': ({ listed }) => listed.ClusterName,
    },
  },
  {
    name: 'PayMode',
    tries: each([0, 1], (mode) => (mode ? monthly() : {})),
    read: {
      'DescribeInstances: ChargeType': ({ cluster }) => cluster.ChargeType,
      'DescribeInstancesList: ChargeType': ({ listed }) => listed.ChargeType,
      'DescribeClusterNodes: ChargeType': ({ nodes }) => nodes[0].ChargeType,
    },
  },
  {
    name: 'TimeSpan',
    tries: each(prepaidMonths, monthly),
    read: {
      'DescribeClusterNodes: ExpireTime, from ApplyTime on': ({ nodes: [node] }) =>
        monthsBetween(node.ApplyTime, node.ExpireTime),
    },
  },
  {
    name: 'AutoRenew',
    tries: each([0, 1], (AutoRenew) => ({
      ...monthly(),
      AutoRenew,
      InstanceName: `renewing-${AutoRenew}`,
    })),
    read: { 'DescribeClusterNodes: IsAutoRenew': ({ nodes }) => nodes[0].IsAutoRenew },
  },
  {
    name: 'SceneName',
    tries: each(
      scenes.filter((scene) => scene.class === 'hadoop').map(({ name }) => name),
      sceneRequest,
    ),
    read: { 'DescribeInstances: SceneName': ({ cluster }) => cluster.SceneName },
  },
  {
    name: 'CheckSecurity',
    tries: eachShown([0, 1, 7], (CheckSecurity) => ({ CheckSecurity }), Boolean),
    read: { 'DescribeInstances: Config.SecurityOn': ({ cluster }) => cluster.Config.SecurityOn },
  },
  {
    name: 'Tags.N.TagKey',
    tries: each(['a', long(255), '部门'], (TagKey) => ({ Tags: [{ TagKey, TagValue: 'v' }] })),
    read: {
      'DescribeInstances: Tags.TagKey': ({ cluster }) => cluster.Tags[0].TagKey,
      'DescribeInstancesList: Tags.TagKey': ({ listed }) => listed.Tags[0].TagKey,
    },
  },
  {
    name: 'Tags.N.TagValue',
    tries: each(['', long(127), 'a=b'], (TagValue) => ({ Tags: [{ TagKey: 'k', TagValue }] })),
    read: {
      'DescribeInstances: Tags.TagValue': ({ cluster }) => cluster.Tags[0].TagValue,
      'DescribeInstancesList: Tags.TagValue': ({ listed }) => listed.Tags[0].TagValue,
    },
  },
]

const place: readonly Trip[] = [
  {
    name: 'Placement.Zone',
    tries: (regionOf(REGION)?.zones ?? []).flatMap(({ name, id }, at) =>
      [name, String(id)].map((Zone) => ({
        value: Zone,
        shown: name,
        request: {
          Placement: { Zone },
          VPCSettings: { VpcId: `vpc-zone${at}`, SubnetId: `subnet-zone${at}` },
        },
      })),
    ),
    read: {
      'DescribeInstances: Zone': ({ cluster }) => cluster.Zone,
      'DescribeInstancesList: Zone': ({ listed }) => listed.Zone,
      'DescribeClusterNodes: Zone': ({ nodes }) => nodes[0].Zone,
    },
  },
  {
    name: 'Placement.ProjectId',
    tries: each([0, 7, 2_147_483_647], (ProjectId) => ({ Placement: { Zone: ZONE, ProjectId } })),
    read: {
      'DescribeInstances: ProjectId': ({ cluster }) => cluster.ProjectId,
      'DescribeInstancesList: ProjectId': ({ listed }) => listed.ProjectId,
    },
  },
  {
    name: 'VPCSettings.VpcId',
    tries: each(['vpc-a', `vpc-${long(32)}`], (VpcId) => ({
      VPCSettings: { VpcId, SubnetId: `subnet-of${VpcId.length}` },
    })),
    read: {
      'DescribeInstances: UniqVpcId': ({ cluster }) => cluster.UniqVpcId,
      'DescribeInstancesList: UniqVpcId': ({ listed }) => listed.UniqVpcId,
    },
  },
  {
    name: 'VPCSettings.SubnetId',
    tries: each(['subnet-a', `subnet-${long(32)}`], (SubnetId) => ({
      VPCSettings: { VpcId: 'vpc-b', SubnetId },
    })),
    read: {
      'DescribeInstances: UniqSubnetId': ({ cluster }) => cluster.UniqSubnetId,
      'DescribeInstancesList: UniqSubnetId': ({ listed }) => listed.UniqSubnetId,
      'DescribeClusterNodes: SubnetInfo.SubnetId': ({ nodes }) => nodes[0].SubnetInfo.SubnetId,
    },
  },
  {
    name: 'LoginSettings.PublicKeyId',
    tries: each(['skey-00000000', 'skey-zzzzzzzz'], (PublicKeyId) => ({
      LoginSettings: { PublicKeyId },
    })),
    read: { 'DescribeInstances: Config.PublicKeyId': ({ cluster }) => cluster.Config.PublicKeyId },
  },
  {
    name: 'SgId',
    tries: each(['sg-00000000', 'sg-zzzzzzzz'], (SgId) => ({ SgId })),
    read: {
      'DescribeInstances: Config.SecurityGroup': ({ cluster }) => cluster.Config.SecurityGroup,
      'DescribeInstances: Config.SecurityGroups': ({ cluster }) => cluster.Config.SecurityGroups[0],
    },
  },
  {
    name: 'NeedMasterWan',
    tries: eachShown(
      ['NEED_MASTER_WAN', 'NOT_NEED_MASTER_WAN'],
      (NeedMasterWan) => ({ NeedMasterWan }),
      (wan) => wan === 'NEED_MASTER_WAN',
    ),
    read: {
      'DescribeInstances: MasterIp': ({ cluster }) => cluster.MasterIp !== '--',
      'DescribeInstancesList: MasterIp': ({ listed }) => listed.MasterIp !== '--',
      'DescribeClusterNodes: WanIp': ({ nodes }) => nodes.some(({ WanIp }) => WanIp !== ''),
    },
  },
  {
    name: 'CbsEncrypt',
    tries: each([0, 1], (CbsEncrypt) => ({ CbsEncrypt })),
    read: { 'DescribeInstances: Config.CbsEncrypt': ({ cluster }) => cluster.Config.CbsEncrypt },
  },
  {
    name: 'ApplicationRole',
    tries: each(['r', long(128)], (ApplicationRole) => ({ ApplicationRole })),
    read: {
      'DescribeInstances: Config.ApplicationRole': ({ cluster }) => cluster.Config.ApplicationRole,
    },
  },
  {
    name: 'COSSettings',
    tries: eachShown(
      [{ CosSecretId: 'i', CosSecretKey: 'k' }, null],
      (COSSettings) => ({ COSSettings }),
      (value) => value !== null,
    ),
    read: { 'DescribeInstances: Config.OnCos': ({ cluster }) => cluster.Config.OnCos },
  },
]

const database = (seen: TencentSeen) => seen.cluster.MetaDBGroupInfo[0]
const own = {
  MetaDataJdbcUrl: 'jdbc:mysql://10.0.0.2:3306/metadata',
  MetaDataUser: 'hive',
  MetaDataPass: 'Example@1234',
}
const withOwn = (members: Request): Request => ({
  ...software('hive'),
  MetaType: 'USER_CUSTOM_META',
  MetaDBInfo: { ...own, ...members },
})

const metadata: readonly Trip[] = [
  {
    name: 'MetaType',
    tries: [
      { value: 'EMR_DEFAULT_META', request: { ...software('hive'), MetaType: 'EMR_DEFAULT_META' } },
      {
        value: 'EMR_NEW_META',
        request: { ...software('hive'), MetaType: 'EMR_NEW_META' },
        shown: 'EMR_DEFAULT_META',
      },
      ...['EMR_EXIST_META', 'EMR_EXIT_META', 'EMR_EXIT_METE'].map((MetaType) => ({
        value: MetaType,
        shown: 'EMR_EXIST_META',
        request: { ...software('hive'), MetaType, UnifyMetaInstanceId: 'cdb-12345678' },
      })),
      { value: 'USER_CUSTOM_META', request: withOwn({}) },
    ],
    read: { 'DescribeInstances: MetaDBGroupInfo.MetaType': (seen) => database(seen).MetaType },
  },
  {
    name: 'UnifyMetaInstanceId',
    tries: each(
      ['cdb-12345678', 'cynosdbmysql-abcdefgh', 'tdsqlshard-00000000'],
      (UnifyMetaInstanceId) => ({
        ...software('hive'),
        MetaType: 'EMR_EXIST_META',
        UnifyMetaInstanceId,
      }),
    ),
    read: {
      'DescribeInstances: MetaDb': ({ cluster }) => cluster.MetaDb,
      'DescribeInstances: MetaDBGroupInfo.UnifyMetaInstanceId': (seen) =>
        database(seen).UnifyMetaInstanceId,
    },
  },
  {
    name: 'MetaDBInfo.MetaDataJdbcUrl',
    tries: each(
      [own.MetaDataJdbcUrl, 'jdbc:mysql://10.0.0.3:65535/a?useSSL=true'],
      (MetaDataJdbcUrl) => withOwn({ MetaDataJdbcUrl }),
    ),
    read: {
      'DescribeInstances: MetaDBGroupInfo.MetaDataJdbcUrl': (seen) =>
        database(seen).MetaDataJdbcUrl,
    },
  },
  {
    name: 'MetaDBInfo.MetaDataUser',
    tries: each(['u', long(32)], (MetaDataUser) => withOwn({ MetaDataUser })),
    read: {
      'DescribeInstances: MetaDBGroupInfo.MetaDataUser': (seen) => database(seen).MetaDataUser,
    },
  },
  {
    name: 'DefaultMetaVersion',
    tries: each(['mysql8', 'tdsql8', 'mysql5'], (DefaultMetaVersion) => ({
      ...software('hive'),
      DefaultMetaVersion,
    })),
    read: {
      'DescribeInstances: MetaDBGroupInfo.DefaultMetaVersion': (seen) =>
        database(seen).DefaultMetaVersion,
    },
  },
]

const zones: Trip = {
  name: 'MultiZoneSettings.N',
  tries: each([ZONE], (Zone) => {
    const { VPCSettings, ResourceSpec } = sampleCreateRequest()
    return {
      VersionID: 1,
      Placement: undefined,
      VPCSettings: undefined,
      ResourceSpec: undefined,
      MultiZoneSettings: [{ ZoneTag: 'master', Placement: { Zone }, VPCSettings, ResourceSpec }],
    }
  }),
  read: {
    'DescribeInstances: TopologyInfoList.Zone': ({ cluster }) => cluster.TopologyInfoList[0].Zone,
  },
}

const LATER = 'came after the founding document and is refused as long as it has no effect'

export const tencentRoundTrips: RoundTrips<TencentSeen> = {
  trips: [...order, ...place, ...metadata, ...counts, ...resources, zones],
  unread: [
    { name: 'TimeUnit', why: 'goes with PayMode and TimeSpan, which are read back' },
    { name: 'LoginSettings.Password', why: 'secret' },
    { name: 'COSSettings.CosSecretId', why: 'secret' },
    { name: 'COSSettings.CosSecretKey', why: 'secret' },
    { name: 'COSSettings.LogOnCosPath', why: 'no action of the vendor shows it' },
    { name: 'MetaDBInfo.MetaDataPass', why: 'secret' },
    { name: 'RemoteLoginAtCreate', why: 'opens a port of the security group that is made' },
    { name: 'ExtendFsField', why: 'no built action shows configuration' },
    { name: 'PreExecutedFileSettings.N', why: 'no action of the vendor shows scripts' },
    { name: 'DisasterRecoverGroupIds.N', why: 'no action of the vendor shows it' },
    { name: 'ClientToken', why: 'decides whether a request is a repetition' },
    { name: 'VersionID', why: 'says where the place is given; MultiZoneSettings are tried with 1' },
    {
      name: 'MultiZoneSettings.N',
      why: 'the members of a request without VersionID, in another place',
    },
    { name: 'MultiZone', why: 'says that MultiZoneSettings has several, which are read back' },
    ...[
      'ExternalService.N',
      'CosBucket',
      'NodeMarks.N',
      'LoadBalancerId',
      'SgIP',
      'PartitionNumber',
      'WebUiVersion',
      'CbsSysEncrypt',
      'NeedCdbAudit',
      'ResourceSpec.*ResourceSpec.GpuDesc',
      'ResourceSpec.*ResourceSpec.PartitionNumber',
      'ResourceSpec.*ResourceSpec.HCCHpcClusterId',
    ].map((name) => ({ name, why: LATER })),
  ],
}

/** The smallest cluster of the product. */
function productRequest(ProductId: number): Request {
  const product = productOf(ProductId)!
  const kind = { class: product.class, variant: 'default' } as const
  const plain = nodeRuleOf({ ...kind, ha: false })
  const { counts: wanted } = plain ?? nodeRuleOf({ ...kind, ha: true })!
  const of = (role: Role) => wanted[role.toLowerCase() as 'core'].min
  const offered = offeredBy(product)
  return {
    ProductId,
    SupportHA: plain ? 0 : 1,
    Software: product.mandatory.map((name) => offered.get(componentOf(name)?.name ?? name)?.name),
    ResourceSpec: Object.fromEntries(
      roles
        .filter((role) => of(role) > 0)
        .flatMap((role) => [
          [`${role}Count`, of(role)],
          [`${role}ResourceSpec`, machine(4, 8)],
        ]),
    ),
  }
}

/** A component of product 30 with all that it needs. */
function softwareRequest(component: string): Request {
  const needed = new Set<string>(
    sampleCreateRequest().Software.map((label) => label.replace(/-[^-]*$/, '')),
  )
  const add = (name: string) => {
    needed.add(name)
    for (const other of componentOf(name)?.dependsOn ?? []) if (!needed.has(other)) add(other)
  }
  add(component)
  const ha = needed.has('kudu') ? spec({ MasterCount: 3 }) : {}
  return { ...ha, Software: [...needed] }
}

function sceneRequest(SceneName: string): Request {
  if (!SceneName.includes('Zookeeper') && !SceneName.includes('Kudu')) return { SceneName }
  if (SceneName.includes('Kudu')) return { SceneName, ...softwareRequest('kudu') }
  return {
    SceneName,
    SupportHA: 1,
    Software: ['zookeeper'],
    ResourceSpec: { CommonCount: 3, CommonResourceSpec: machine(2, 4) },
  }
}

function monthsBetween(from: string, until: string): number {
  const [one, other] = [new Date(from), new Date(until)]
  return (other.getFullYear() - one.getFullYear()) * 12 + other.getMonth() - one.getMonth()
}
