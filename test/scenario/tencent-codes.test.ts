/**
 * Every code of CreateInstance that lies around the request: the environment is changed or a dependency fails, and the vendor's
 * own SDK hears the code that the founding document lists (reference: tencent-emr.md 2.9).
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { emr } from 'tencentcloud-sdk-nodejs/tencentcloud/services/emr/index.js'
import type { FaultSwitch } from '../../src/domain/dependency.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { environmentCloud } from '../support/fixture/environment-cloud.ts'
import { KEYS, machine, REGION, sampleCreateRequest } from '../support/http/tencent-client.ts'

interface Case {
  readonly code: string
  /** Today's code, where it is another one. */
  readonly today?: string
  readonly request?: Readonly<Record<string, unknown>>
  readonly mode?: 'open' | 'closed'
  /** The section of the environment's file. */
  readonly environment?: string
  readonly fault?: Pick<FaultSwitch, 'dependency' | 'mode'>
  /** Before the request. */
  readonly before?: (cloud: Cloud) => Promise<unknown>
  /** Part of the message. */
  readonly says?: RegExp
  /** Whether the price inquiry hears the same. */
  readonly priced?: true
}

const ACCOUNT = '100000000001'
const ZONE = 'ap-guangzhou-3'
/** What a closed environment has. */
const BUILT_IN = { VpcId: 'vpc-apguangzhou', SubnetId: 'subnet-apguangzhou3' }
const ours = (members: object = {}) => ({ VPCSettings: BUILT_IN, ...members })
const section = (name: string, ...items: readonly string[]) =>
  [`  ${name}:`, ...items.map((item) => `    - { ${item} }`)].join('\n')
const stock = (row: string) => section('stock', row)
const encrypted = { CbsEncrypt: 1 }
const tagged = { Tags: [{ TagKey: 'team', TagValue: 'data' }] }
const existing = { MetaType: 'EMR_EXIST_META', UnifyMetaInstanceId: 'cdb-12345678' }
const hive = { Software: [...sampleCreateRequest().Software, 'hive-2.3.7'] }
const key = { LoginSettings: { PublicKeyId: 'skey-12345678', Password: 'Tencent@cloud123' } }
const serviceRole = { account: ACCOUNT, name: 'EMR_QCSRole' }

const PLACES: readonly Case[] = [
  {
    code: 'InvalidParameter.InvalidZone',
    environment: section('zones', `id: ${ZONE}, region: ${REGION}, absent: true`),
    says: /Placement\.Zone/,
    priced: true,
  },
  {
    code: 'InvalidParameter.InvalidProjectId',
    mode: 'closed',
    request: ours({ Placement: { Zone: ZONE, ProjectId: 77 } }),
    says: /`77`.*Placement\.ProjectId/,
    priced: true,
  },
  { code: 'InvalidParameter.InvalidVpcId', mode: 'closed', says: /vpc-12345678/, priced: true },
  {
    code: 'InvalidParameter.InvalidSubnetId',
    today: 'ResourceNotFound.SubnetNotFound',
    mode: 'closed',
    request: ours({ VPCSettings: { ...BUILT_IN, SubnetId: 'subnet-elsewhere' } }),
    says: /subnet-elsewhere/,
    priced: true,
  },
  {
    code: 'InvalidParameter.InvalidSubnetId',
    today: 'ResourceNotFound.SubnetNotFound',
    request: ours({ VPCSettings: { ...BUILT_IN, VpcId: 'vpc-another' } }),
    says: /lies in the VPC `vpc-apguangzhou`/,
  },
  {
    code: 'InvalidParameter.ZoneResourceNotMatch',
    request: ours({ VPCSettings: { ...BUILT_IN, SubnetId: 'subnet-apguangzhou4' } }),
    says: /ap-guangzhou-4/,
    priced: true,
  },
  {
    code: 'InvalidParameter.InvalidSercurityGrpupId',
    mode: 'closed',
    request: ours({ SgId: 'sg-12345678' }),
  },
  {
    code: 'InternalError.SgError',
    environment: section(
      'security-groups',
      `id: sg-12345678, region: ${REGION}, problem: inbound 10.0.0.0/8 is not open`,
    ),
    request: { SgId: 'sg-12345678' },
    says: /inbound 10\.0\.0\.0\/8 is not open/,
  },
  {
    code: 'InvalidParameter.InvalidLoginSetting',
    mode: 'closed',
    request: ours(key),
    says: /skey-12345678/,
  },
  {
    code: 'InvalidParameter.InvalidLoginSetting',
    environment: section('key-pairs', `id: skey-12345678, region: ${REGION}, absent: true`),
    request: key,
  },
  {
    code: 'InternalError.VpcError',
    environment: section(
      'subnets',
      `id: subnet-small, region: ${REGION}, network: vpc-apguangzhou, zone: ${ZONE}, cidr: 10.100.0.0/29`,
    ),
    request: ours({
      VPCSettings: { ...BUILT_IN, SubnetId: 'subnet-small' },
      ResourceSpec: { ...sampleCreateRequest().ResourceSpec, CoreCount: 6 },
    }),
    says: /without enough free IPs: 7 are needed, 5 are free/,
  },
  {
    code: 'InternalError.VpcError',
    environment: '  public-addresses: 203.0.113.0/29',
    request: { Software: sampleCreateRequest().Software },
    before: async (cloud) => {
      for (let n = 0; n < 5; n++) await sdk(cloud).CreateInstance(sampleCreateRequest())
    },
    says: /public addresses/,
  },
  {
    code: 'FailedOperation',
    environment: section('placement-groups', `id: ps-12345678, region: ${REGION}, capacity: 2`),
    request: { DisasterRecoverGroupIds: ['ps-12345678'] },
    says: /full/,
  },
  {
    code: 'InvalidParameter',
    mode: 'closed',
    request: ours({ DisasterRecoverGroupIds: ['ps-12345678'] }),
  },
  {
    code: 'InvalidParameter.InvalidMetaType',
    today: 'InvalidParameter.InvalidUnifyMeta',
    mode: 'closed',
    request: ours(existing),
  },
  {
    code: 'ResourceNotFound.TagsNotFound',
    mode: 'closed',
    request: ours(tagged),
    says: /team:data/,
  },
]

const SUPPLY: readonly Case[] = [
  {
    code: 'ResourcesSoldOut.CvmSoldOut',
    environment: stock(`of: machine, type: S5.LARGE8, zone: ${ZONE}, amount: 0`),
    says: /S5\.LARGE8/,
    priced: true,
  },
  {
    code: 'ResourcesSoldOut.CbsSoldOut',
    environment: stock(`of: disk, type: CLOUD_PREMIUM, charge: postpaid, amount: 0`),
    priced: true,
  },
  {
    code: 'ResourcesSoldOut.',
    today: 'ResourcesSoldOut',
    environment: stock(`of: machine, zone: ${ZONE}, amount: 0`),
    priced: true,
  },
  {
    code: 'ResourceInsufficient.InstanceInsufficient',
    environment: stock(`of: machine, type: S5.LARGE8, amount: 1`),
    says: /2 are needed, 1 are left/,
    priced: true,
  },
  {
    code: 'ResourceInsufficient.DiskInsufficient',
    environment: stock(`of: storage, type: CLOUD_PREMIUM, amount: 449`),
    says: /450 are needed, 449 are left/,
    priced: true,
  },
  {
    code: 'InternalError.CheckQuotaErr',
    environment: section('quotas', 'of: machine, amount: 5'),
    before: (cloud) => sdk(cloud).CreateInstance(sampleCreateRequest()),
    says: /is 5: 3 are in use, 3 more are needed/,
  },
  {
    code: 'InvalidParameter.ZoneResourceNotMatch',
    request: {
      ResourceSpec: {
        ...sampleCreateRequest().ResourceSpec,
        CoreResourceSpec: { ...machine(4, 8), Spec: 'CVM.SA5' },
      },
    },
    says: /sold in ap-guangzhou-6/,
    priced: true,
  },
  {
    code: 'InvalidParameter.PayModeResourceNotMatch',
    priced: true,
    request: {
      PayMode: 1,
      TimeUnit: 'm',
      TimeSpan: 1,
      ResourceSpec: {
        ...sampleCreateRequest().ResourceSpec,
        CoreResourceSpec: { ...machine(4, 8), Spec: 'CVM.C2' },
      },
    },
  },
]

const ROLES: readonly Case[] = [
  {
    code: 'InvalidParameter.UngrantedRole',
    before: ({ identity }) => identity.roles.remove(serviceRole),
    says: /EMR_QCSRole/,
  },
  {
    code: 'InvalidParameter.UngrantedPolicy',
    before: ({ identity }) =>
      identity.roles.detach({
        ...serviceRole,
        policy: 'QcloudAccessForEMRRole',
      }),
    says: /QcloudAccessForEMRRole/,
  },
  {
    code: 'InvalidParameter.UngrantedRole',
    mode: 'closed',
    request: ours({ ApplicationRole: 'nobody' }),
    says: /nobody/,
  },
]

const dependency = (
  name: FaultSwitch['dependency'],
  codes: readonly [gateway: string, service: string],
  more: Partial<Case> = {},
): readonly Case[] =>
  (['gateway', 'service'] as const).map((mode, at) => ({
    code: `InternalError.${codes[at] ?? ''}`,
    fault: { dependency: name, mode },
    ...more,
  }))

const DEPENDENCIES: readonly Case[] = [
  ...dependency('account', ['AccountCgwError', 'AccountCgwError'], { priced: true }),
  ...dependency('identity', ['CamCgwError', 'CamError']),
  ...dependency('configuration', ['ConfigCgwError', 'ConfigCgwError'], { priced: true }),
  ...dependency('project', ['ProjectCgwError', 'ProjectCgwError'], { priced: true }),
  ...dependency('network', ['VpcCgwError', 'VpcError'], { priced: true }),
  ...dependency('security-group', ['SgError', 'SgError']),
  ...dependency('security-group', ['SgError', 'SgError'], { request: { SgId: 'sg-12345678' } }),
  ...dependency('compute', ['CvmError', 'CvmError'], { priced: true }),
  ...dependency('block-storage', ['CbsCgwError', 'CbsError'], { priced: true }),
  ...dependency('metadata-database', ['CdbCgwError', 'CdbError'], { request: hive }),
  ...dependency('metadata-database', ['CdbCgwError', 'CdbError'], { request: existing }),
  ...dependency('tag', ['TagError', 'TagError'], { request: tagged }),
  ...dependency('key-management', ['KmsError', 'KmsError'], { request: encrypted }),
  ...dependency('trade', ['TradeCgwError', 'TradeCgwError'], { priced: true }),
]

for (const it of [...PLACES, ...SUPPLY, ...ROLES, ...DEPENDENCIES]) {
  const around = [
    it.mode,
    it.environment?.trim().split('\n')[0],
    it.fault?.dependency,
    it.fault?.mode,
  ]
  const why = around.filter((word) => word !== undefined).join(' ')
  test(`a client hears ${it.code} (${why} ${JSON.stringify(it.request ?? {}).slice(0, 60)})`, async (t) => {
    const cloud = await cloudFor(t, it)
    await it.before?.(cloud)
    if (it.fault) cloud.core.dependencies.put({ ...always, ...it.fault })
    const creation = sampleCreateRequest(it.request)
    const before = await counted(cloud)
    await assert.rejects(sdk(cloud).CreateInstance(creation), { code: it.code, ...says(it) })
    assert.deepEqual(await counted(cloud), before, 'a refusal leaves nothing behind')
    if (it.priced) {
      const { InstanceName: _, LoginSettings: __, ...order } = creation
      const inquiry = { ...order, Currency: 'CNY' }
      await assert.rejects(sdk(cloud).InquiryPriceCreateInstance(inquiry), { code: it.code })
    }
    if (!it.fault) return
    cloud.core.dependencies.remove()
    await sdk(cloud).CreateInstance(creation)
  })
}

test("today's list has its own spelling for what is around a request", async (t) => {
  for (const it of [...PLACES, ...SUPPLY].filter((each) => each.today !== undefined)) {
    const cloud = await cloudFor(t, it, { errorCodes: 'current' })
    await assert.rejects(sdk(cloud).CreateInstance(sampleCreateRequest(it.request)), {
      code: it.today,
    })
  }
})

test('what a cluster took is free again once it is gone', async (t) => {
  const environment = [
    stock('of: machine, type: S5.LARGE8, amount: 2'),
    section('placement-groups', `id: ps-12345678, region: ${REGION}, capacity: 3`),
  ].join('\n')
  const cloud = await cloudFor(t, { code: '', environment })
  const client = sdk(cloud)
  const creation = sampleCreateRequest({ DisasterRecoverGroupIds: ['ps-12345678'] })
  for (let round = 0; round < 3; round++) {
    const { InstanceId: id = '' } = await client.CreateInstance(creation)
    await assert.rejects(client.CreateInstance(creation), { code: 'ResourcesSoldOut.CvmSoldOut' })
    await cloud.settle()
    const { NodeList: nodes } = await client.DescribeClusterNodes({
      InstanceId: id,
      NodeFlag: 'all',
    })
    const addresses = nodes?.map((node) => node.Ip).toSorted()
    assert.equal(new Set(addresses).size, 3)
    await client.TerminateInstance({ InstanceId: id })
    await cloud.settle()
    assert.deepEqual(await cloud.store.read((tx) => tx.reservations(undefined, 10)), [])
  }
})

test('nodes have addresses of their subnet, an exposed master one of the public block', async (t) => {
  const cloud = await cloudFor(t, { code: '', environment: '  public-addresses: 203.0.113.0/24' })
  const client = sdk(cloud)
  const { InstanceId: id = '' } = await client.CreateInstance(sampleCreateRequest(ours()))
  await cloud.settle()
  const request = { InstanceId: id, NodeFlag: 'all' }
  const nodes = (await client.DescribeClusterNodes(request)).NodeList ?? []
  const addresses = nodes.map((node) => [node.NameTag, node.Ip, node.WanIp])
  assert.deepEqual(addresses, [
    ['master.0', '10.3.0.2', '203.0.113.2'],
    ['core.0', '10.3.0.3', addresses[1]?.[2]],
    ['core.1', '10.3.0.4', addresses[1]?.[2]],
  ])
  assert.doesNotMatch(String(addresses[1]?.[2]), /\d/)
})

test('a retry is answered as its first try was, whatever has changed since', async (t) => {
  const cloud = await cloudFor(t, { code: '' })
  const creation = sampleCreateRequest({ ClientToken: 'retry-1' })
  const first = await sdk(cloud).CreateInstance(creation)
  cloud.core.dependencies.put({ ...always, dependency: 'trade', mode: 'service' })
  const again = await sdk(cloud).CreateInstance(creation)
  assert.equal(again.InstanceId, first.InstanceId)
  await assert.rejects(sdk(cloud).CreateInstance({ ...creation, InstanceName: 'another-name' }), {
    code: 'InternalError.TradeCgwError',
  })
})

const always = { probability: 1, times: undefined, latencyMs: 0, action: undefined } as const

function says({ says: message }: Case): { readonly message?: RegExp } {
  return message ? { message } : {}
}

async function counted(cloud: Cloud) {
  return cloud.store.read(async (tx) => ({
    clusters: (await tx.list('cluster', { account: undefined, order: 'id', limit: 1, offset: 0 }))
      .total,
    known: (await tx.list('resource', { account: undefined, order: 'id', limit: 1, offset: 0 }))
      .total,
    holdings: await tx.reservations(undefined, 100),
  }))
}

function cloudFor(t: TestContext, { mode, environment }: Case, more: object = {}): Promise<Cloud> {
  const text = environment === undefined ? undefined : `tencent:\n${environment}\n`
  return environmentCloud(t, { mode, text, more })
}

function sdk(cloud: Cloud) {
  return new emr.v20190103.Client({
    credential: { secretId: KEYS.keyId, secretKey: KEYS.secret },
    region: REGION,
    profile: { httpProfile: { endpoint: `127.0.0.1:${cloud.port}`, protocol: 'http://' } },
  })
}
