/** The main job by the vendor's own Node SDK, unmodified, over every way it has of signing and sending. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emr } from 'tencentcloud-sdk-nodejs/tencentcloud/services/emr/index.js'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { KEYS, machine, REGION, sampleCreateRequest } from '../support/http/tencent-client.ts'

type Client = InstanceType<typeof emr.v20190103.Client>
type Creation = Parameters<Client['CreateInstance']>[0]

const WAYS = [
  ['TC3-HMAC-SHA256', 'POST'],
  ['TC3-HMAC-SHA256', 'GET'],
  ['HmacSHA256', 'POST'],
  ['HmacSHA256', 'GET'],
  ['HmacSHA1', 'POST'],
  ['HmacSHA1', 'GET'],
] as const

for (const [signMethod, reqMethod] of WAYS) {
  test(`the main job works with ${signMethod} by ${reqMethod}`, async (t) => {
    const cloud = await startCloud(t, {
      config: { progressions: { default: { mode: 'time', seconds: 10 } } },
    })
    await mainJob(cloud, connect(cloud, { signMethod, reqMethod }))
  })
}

test('a prepaid cluster is isolated by the first terminate and destroyed by the second', async (t) => {
  const cloud = await startCloud(t)
  const client = connect(cloud)
  const id = await created(client, { PayMode: 1, TimeUnit: 'm', TimeSpan: 1, AutoRenew: 1 })
  await cloud.settle()
  const [node] = (await client.DescribeClusterNodes({ InstanceId: id, NodeFlag: 'core' })).NodeList!
  assert.equal(node?.ChargeType, 1)
  assert.equal(node?.IsAutoRenew, 1)
  assert.notEqual(node?.ExpireTime, '0000-00-00 00:00:00')
  await client.TerminateInstance({ InstanceId: id })
  await cloud.settle()
  assert.equal((await found(client, id))?.Status, 201)
  const recycled = { InstanceId: id, NodeFlag: 'recyle' }
  assert.equal((await client.DescribeClusterNodes(recycled)).TotalCnt, 3)
  await client.TerminateInstance({ InstanceId: id })
  await cloud.settle()
  assert.equal(await found(client, id), undefined)
  await assert.rejects(client.TerminateInstance({ InstanceId: id }), {
    code: 'ResourceNotFound.InstanceNotFound',
  })
})

test('price and order agree, and the parts of the price add up', async (t) => {
  const cloud = await startCloud(t)
  const client = connect(cloud)
  const request = sampleCreateRequest({ Software: [...sampleCreateRequest().Software, 'hive'] })
  const { ProductId, VPCSettings, Software, ResourceSpec, SupportHA, Placement } = request
  const order = { ProductId, VPCSettings, Software, ResourceSpec, SupportHA, Placement }
  for (const term of [
    { PayMode: 0, TimeUnit: 's', TimeSpan: 3600 },
    { PayMode: 1, TimeUnit: 'm', TimeSpan: 12 },
  ]) {
    const price = await client.InquiryPriceCreateInstance({ ...order, ...term, Currency: 'CNY' })
    const parts = price.PriceList![0]!.NodeDetailPrice!.flatMap((node) => node.PartDetailPrice!)
    const sum = parts.reduce((total, part) => total + part.RealTotalCost!, 0)
    assert.ok(Math.abs(sum - price.DiscountCost!) < 0.005 * parts.length)
    assert.equal(price.TimeSpan, term.TimeSpan)
    const id = await created(client, { ...order, ...term })
    const { rows } = await cloud.store.read((tx) =>
      tx.list('order', { account: '100000000001', parent: id, order: 'id', limit: 9, offset: 0 }),
    )
    const [bought] = rows.map((row) => row.document)
    const amount = bought!.items.reduce((total, item) => total + item.amount, 0)
    assert.equal(Math.round(amount / 100) / 100, price.OriginalCost)
    assert.equal(Math.round((amount - bought!.discount) / 100) / 100, price.DiscountCost)
  }
})

test('the worked example of the documents costs what it says', async (t) => {
  const cloud = await startCloud(t)
  const disk = (InstanceType: string, RootSize: number) => ({ InstanceType, RootSize })
  const price = await connect(cloud).InquiryPriceCreateInstance({
    ProductId: 53,
    PayMode: 1,
    SupportHA: 1,
    Software: [
      'hdfs-3.2.2',
      'yarn-3.2.2',
      'zookeeper-3.6.3',
      'openldap-2.4.44',
      'knox-1.6.1',
      'hive-3.1.3',
    ],
    TimeUnit: 'm',
    TimeSpan: 1,
    Currency: 'CNY',
    SceneName: 'Hadoop-Default',
    VersionID: 1,
    MetaType: 'EMR_DEFAULT_META',
    DefaultMetaVersion: 'mysql8',
    NeedCdbAudit: 0,
    ExternalService: [],
    MultiZoneSettings: [
      {
        Placement: { ProjectId: 0, Zone: '100002' },
        VPCSettings: { VpcId: 'vpc-j5tovf55', SubnetId: '' },
        ResourceSpec: {
          MasterResourceSpec: disk('S2.2XLARGE16', 70),
          MasterCount: 2,
          CoreResourceSpec: disk('SA2.LARGE8', 50),
          CoreCount: 3,
          CommonResourceSpec: disk('S2.MEDIUM4', 50),
          CommonCount: 3,
          TaskCount: 0,
        },
      },
    ],
  } as unknown as Parameters<Client['InquiryPriceCreateInstance']>[0])
  assert.equal(price.OriginalCost, 5680.2)
  assert.equal(price.DiscountCost, 5680.2)
  assert.deepEqual(
    price.PriceList![0]!.NodeDetailPrice!.map((node) => node.NodeType),
    ['Master', 'Core', 'Common', 'MySQL'],
  )
})

test('a cluster of every role with its own disks, keys and storage reads back as it was asked for', async (t) => {
  const cloud = await startCloud(t)
  const client = connect(cloud)
  const id = await created(client, {
    SupportHA: 1,
    CheckSecurity: 1,
    CbsEncrypt: 1,
    SgId: 'sg-abcdefgh',
    ApplicationRole: 'my_role',
    NeedMasterWan: 'NOT_NEED_MASTER_WAN',
    LoginSettings: { PublicKeyId: 'skey-12345678' },
    COSSettings: { CosSecretId: 'id', CosSecretKey: 'key', LogOnCosPath: 'cosn://logs/here' },
    Software: [...sampleCreateRequest().Software, 'hive', 'spark'],
    ResourceSpec: {
      MasterResourceSpec: machine(8, 32),
      MasterCount: 2,
      CoreResourceSpec: {
        InstanceType: 'S5.LARGE16',
        DiskType: 'CLOUD_SSD',
        DiskSize: 200,
        MultiDisks: [{ DiskType: 'CLOUD_PREMIUM', Volume: 500, Count: 2 }],
        Tags: [{ TagKey: 'role', TagValue: 'core' }],
      },
      CoreCount: 3,
      TaskResourceSpec: { InstanceType: 'I2.2XLARGE32' },
      TaskCount: 1,
      CommonResourceSpec: machine(2, 4),
      CommonCount: 3,
    },
  })
  await cloud.settle()
  const cluster = (await found(client, id))!
  const config = cluster.Config!
  assert.equal(config.SupportHA, true)
  assert.equal(config.SecurityOn, true)
  assert.equal(config.OnCos, true)
  assert.equal(config.CbsEncrypt, 1)
  assert.equal(config.SecurityGroup, 'sg-abcdefgh')
  assert.equal(config.ApplicationRole, 'my_role')
  assert.equal(config.PublicKeyId, 'skey-12345678')
  assert.equal(cluster.MasterIp, '--')
  assert.match(cluster.MetaDb!, /^cdb-[0-9a-z]{8}$/)
  assert.deepEqual(
    [config.MasterNodeSize, config.CoreNodeSize, config.TaskNodeSize, config.ComNodeSize],
    [2, 3, 1, 3],
  )
  assert.equal(config.CoreResource?.InstanceType, 'S5.LARGE16')
  assert.equal(config.TaskResource?.DiskType, 'LOCAL_SSD')
  assert.deepEqual(cluster.ConfigDetail, cluster.Config)
  const nodes = await client.DescribeClusterNodes({
    InstanceId: id,
    NodeFlag: 'all',
    ExportDb: true,
  })
  assert.equal(nodes.TotalCnt, 10)
  const byTag = new Map(nodes.NodeList!.map((node) => [node.NameTag, node]))
  assert.equal(byTag.get('core.2')?.HwDiskSizeDesc, '1200.00 GB')
  assert.deepEqual(byTag.get('core.2')?.Tags, [{ TagKey: 'role', TagValue: 'core' }])
  assert.match(byTag.get('master.0')!.Services!, /NameNode/)
  assert.match(byTag.get('core.0')!.Services!, /DataNode/)
  assert.match(byTag.get('common.0')!.Services!, /JournalNode/)
  assert.equal(byTag.get('db.0')?.CdbNodeInfo?.SerialNo, cluster.MetaDb)
  assert.equal(new Set(nodes.NodeList!.map((node) => node.OrderNo)).size, 10)
})

async function mainJob(cloud: Cloud, client: Client): Promise<void> {
  const token = { ClientToken: 'one-token', Tags: [{ TagKey: 'team', TagValue: 'data' }] }
  const id = await created(client, token)
  assert.match(id, /^emr-[0-9a-z]{8}$/)
  assert.equal(await created(client, token), id)
  assert.equal((await found(client, id))?.Status, 3)
  await assert.rejects(client.TerminateInstance({ InstanceId: id }), {
    code: 'ResourceInUse.InstanceInProcess',
  })
  await cloud.settle()
  const running = (await found(client, id))!
  assert.equal(running.Status, 2)
  assert.equal(running.ClusterTitle, '集群运行中')
  assert.equal(running.Uin, '100000000001')
  assert.equal(running.AppId, 1250000001)
  assert.ok(running.MasterIp!.length > 2)
  const tagged = await client.ModifyResourcesTags({
    ModifyType: 'Cluster',
    ModifyResourceTagsInfoList: [
      {
        ResourceId: id,
        Resource: `qcs::emr:${REGION}:uin/:emr-instance/${id}`,
        ResourcePrefix: 'emr-instance',
        ResourceRegion: REGION,
        ServiceType: 'emr',
        DeleteTags: [{ TagKey: 'team', TagValue: 'data' }],
        AddTags: [{ TagKey: 'stage', TagValue: '测试' }],
      },
    ],
  })
  assert.deepEqual(tagged.SuccessList, [id])
  const FValue = String(tagged.ClusterToFlowIdList![0]!.FlowId)
  const FlowParam = { FKey: 'FlowId', FValue }
  const flow = await client.DescribeClusterFlowStatusDetail({ InstanceId: id, FlowParam })
  assert.equal(flow.FlowTotalStatus, 2)
  assert.equal(flow.StageDetails?.[0]?.Stage, 'bindTags')
  const Filters = [{ Name: 'ClusterName', Values: ['sample-cluster'] }]
  const listed = await client.DescribeInstancesList({ DisplayStrategy: 'clusterList', Filters })
  assert.deepEqual(listed.InstancesList?.[0]?.Tags, [{ TagKey: 'stage', TagValue: '测试' }])
  const nodes = await client.DescribeClusterNodes({ InstanceId: id, NodeFlag: 'all' })
  assert.deepEqual(
    nodes.NodeList?.map((node) => node.NameTag),
    ['master.0', 'core.0', 'core.1'],
  )
  await client.TerminateInstance({ InstanceId: id })
  assert.equal((await found(client, id))?.Status, 14)
  await cloud.settle()
  assert.equal(await found(client, id), undefined)
}

function connect(
  cloud: Cloud,
  ways: { signMethod?: (typeof WAYS)[number][0]; reqMethod?: 'GET' | 'POST' } = {},
): Client {
  const httpProfile = {
    endpoint: `127.0.0.1:${cloud.port}`,
    protocol: 'http://',
    reqMethod: ways.reqMethod ?? 'POST',
  } as const
  return new emr.v20190103.Client({
    credential: { secretId: KEYS.keyId, secretKey: KEYS.secret },
    region: REGION,
    profile: { signMethod: ways.signMethod ?? 'TC3-HMAC-SHA256', httpProfile },
  })
}

async function created(client: Client, members: Record<string, unknown>): Promise<string> {
  const request = sampleCreateRequest(members) as unknown as Creation
  return (await client.CreateInstance(request)).InstanceId!
}

async function found(client: Client, id: string) {
  const request = { DisplayStrategy: 'clusterList', InstanceIds: [id], ProjectId: -1 }
  const { TotalCnt, ClusterList } = await client.DescribeInstances(request)
  assert.equal(ClusterList?.length, TotalCnt)
  return ClusterList?.[0]
}
