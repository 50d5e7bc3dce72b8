/** What an instance stands among, by the vendor's own runtime (reference: alibaba-starrocks.md 4.3 X9 to X16, 6.6, 7). */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { actions } from '../../src/dialect/alibaba/actions.ts'
import { dependencyNames } from '../../src/domain/dependency.ts'
import { alibabaClient, createBody, refusalOf } from '../support/http/alibaba-client.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { environmentCloud } from '../support/fixture/environment-cloud.ts'

const ACCOUNT = '1000000000000001'
const REGION = 'cn-hangzhou'
const BUILT_IN = {
  VpcId: `vpc-${REGION}`,
  VSwitches: [{ VswId: `vsw-${REGION}-i`, ZoneId: `${REGION}-i` }],
  ResourceGroupId: null,
  PromotionOptionNo: null,
}

interface Surrounded {
  readonly mode?: 'open' | 'closed'
  readonly environment?: string
}

function cloudFor(t: TestContext, { mode, environment }: Surrounded): Promise<Cloud> {
  const text = environment === undefined ? undefined : `alibaba:\n${environment}\n`
  return environmentCloud(t, { mode, text })
}

const refused: readonly [string, Surrounded, Record<string, unknown>, RegExp][] = [
  ['a VPC that is not there', { mode: 'closed' }, { VpcId: 'vpc-x' }, /\[vpc vpc-x not exists\]/],
  [
    'a vSwitch that is not there',
    { mode: 'closed' },
    { VSwitches: [{ VswId: 'vsw-x', ZoneId: `${REGION}-i` }] },
    /\[vSwitch vsw-x not exists\]/,
  ],
  [
    'a vSwitch of another VPC',
    {},
    { VpcId: 'vpc-other' },
    /\[vSwitch vsw-cn-hangzhou-i is in vpc vpc-cn-hangzhou, not in vpc-other\]/,
  ],
  [
    'a vSwitch of another zone than it says',
    {},
    { VSwitches: [{ VswId: `vsw-${REGION}-j`, ZoneId: `${REGION}-i` }] },
    /\[vSwitch vsw-cn-hangzhou-j is in zone cn-hangzhou-j, not in cn-hangzhou-i\]/,
  ],
  [
    'no vSwitch in the primary zone',
    {},
    { VSwitches: [{ VswId: `vsw-${REGION}-j` }] },
    /\[vSwitch vsw-cn-hangzhou-j is in zone cn-hangzhou-j, not in cn-hangzhou-i\]/,
  ],
  [
    'a zone that is closed',
    { environment: `  zones: [{ id: ${REGION}-i, region: ${REGION}, absent: true }]` },
    {},
    /\[zone cn-hangzhou-i not exists\]/,
  ],
  [
    'a key that is not there',
    { mode: 'closed' },
    { Encrypted: true, KmsKeyId: 'key-x' },
    /\[kms key key-x not exists\]/,
  ],
  [
    'a key that is switched off',
    {
      environment: `  encryption-keys: [{ id: key-x, region: ${REGION}, problem: it is disabled }]`,
    },
    { Encrypted: true, KmsKeyId: 'key-x' },
    /\[kms key key-x cannot be used: it is disabled\]/,
  ],
  [
    'a resource group that is not there',
    { mode: 'closed' },
    { ResourceGroupId: 'rg-x' },
    /\[resource group rg-x not exists\]/,
  ],
  [
    'a catalog that is not there',
    { mode: 'closed' },
    { DlfCatalogName: 'x', DlfCatalogType: 'paimon' },
    /\[dlf catalog x not exists\]/,
  ],
  [
    'a coupon that is not there',
    { mode: 'closed' },
    { PromotionOptionNo: '1' },
    /promotion option 1/,
  ],
  [
    'a role that is not there',
    { mode: 'closed' },
    { OssAccessingRoleName: 'nobody' },
    /\[role nobody not exists\]/,
  ],
  [
    'more than the quota',
    { environment: '  quotas: [{ of: machine, amount: 10 }]' },
    {},
    /\[Quota of CUs is 10, 0 are in use, 56 more are needed\]/,
  ],
]

for (const [what, surrounded, more, message] of refused) {
  test(`an instance is refused for ${what}`, async (t) => {
    const cloud = await cloudFor(t, surrounded)
    const body = createBody({ ...BUILT_IN, ...more })
    const refusal = await refusalOf(alibabaClient(cloud.port)('CreateInstanceV1', { body }))
    assert.equal(refusal.code, 'InvalidParams')
    assert.equal(refusal.statusCode, 400)
    assert.match(refusal.message, message)
  })
}

test('the service-linked role must be there', async (t) => {
  const cloud = await cloudFor(t, {})
  const name = 'AliyunServiceRoleForEMRStarRocks'
  await cloud.identity.roles.remove({ account: ACCOUNT, name })
  const { message } = await refusalOf(create(cloud))
  assert.match(message, /role AliyunServiceRoleForEMRStarRocks not exists/)
})

test('what is declared suffices where everything must be', async (t) => {
  const cloud = await cloudFor(t, { mode: 'closed' })
  const id = (await create(cloud)).body.Data.InstanceId
  await cloud.settle()
  const { document } = (await cloud.store.read((tx) => tx.findById('cluster', id)))!
  const addresses = document.spec.groups.flatMap(({ nodes }) => nodes.map(({ address }) => address))
  const expected = [2, 3, 4, 5, 6, 7, 8].map((host) => `10.3.0.${host}`)
  assert.deepEqual(new Set(addresses), new Set(expected))
})

const SHORT: readonly [string, string][] = [
  ['stock', '  stock: [{ of: machine, zone: cn-hangzhou-i, amount: 10 }]'],
  [
    'addresses',
    `  subnets: [{ id: vsw-${REGION}-i, region: ${REGION}, zone: ${REGION}-i, network: vpc-${REGION}, cidr: 10.200.0.0/29 }]`,
  ],
]
for (const [what, environment] of SHORT) {
  test(`an instance for which ${what} does not suffice fails, is paid back, and holds nothing`, async (t) => {
    const cloud = await cloudFor(t, { environment })
    const client = alibabaClient(cloud.port)
    const { InstanceId } = (await create(cloud)).body.Data
    await cloud.settle()
    const { Data } = (await client('DescribeInstances')).body
    assert.deepEqual(
      Data.map((row: Record<string, unknown>) => [row['InstanceId'], row['InstanceStatus']]),
      [[InstanceId, 'creating_failed']],
    )
    const history = await client('ListOperationHistory', { query: { InstanceId } })
    const [operation] = history.body.Data
    assert.equal(operation.OperationStatus, 'TERMINATED')
    assert.equal(operation.OperationDetail, '库存不足，操作失败，已退款')
    const listing = { account: ACCOUNT, order: 'oldest', limit: 10, offset: 0 } as const
    const orders = await cloud.store.read((tx) => tx.list('order', listing))
    assert.deepEqual(
      orders.rows.map(({ document }) => document.state),
      ['refunded'],
    )
    assert.deepEqual(await cloud.store.read((tx) => tx.reservations(undefined, 10)), [])
    await client('ReleaseInstance', { query: { InstanceId } })
    await cloud.settle()
    assert.deepEqual((await client('DescribeInstances')).body.Data, [])
  })
}

test('an id is adopted where it was first seen, and must be used consistently from then on', async (t) => {
  const cloud = await cloudFor(t, {})
  const VSwitches = [{ VswId: 'vsw-new', ZoneId: `${REGION}-i` }]
  await create(cloud, { VpcId: 'vpc-new', VSwitches })
  await create(cloud, { VpcId: 'vpc-new', VSwitches })
  const { message } = await refusalOf(create(cloud, { VpcId: 'vpc-newer', VSwitches }))
  assert.match(message, /vSwitch vsw-new is in vpc vpc-new, not in vpc-newer/)
})

test('an action that asks a service which fails is unavailable for the time being', async (t) => {
  const cloud = await cloudFor(t, {})
  const { dependencies } = cloud.core
  const always = { probability: 1, latencyMs: 0, action: undefined }
  for (const dependency of dependencyNames) {
    if (['project', 'metadata-database', 'container-service'].includes(dependency)) continue
    dependencies.put({ ...always, dependency, mode: 'service', times: 1 })
    const more = { Encrypted: true, KmsKeyId: 'key-1', Tags: [{ Key: 'k', Value: 'v' }] }
    const refusal = await refusalOf(create(cloud, more))
    assert.deepEqual([refusal.statusCode, refusal.code], [503, 'ServiceUnavailable'], dependency)
    assert.equal(dependencies.remove(), 0)
  }
  await create(cloud)
  assert.ok(actions.filter(({ asks }) => asks !== undefined).length >= 7)
})

function create(cloud: Cloud, more: Record<string, unknown> = {}) {
  const body = createBody({ ...BUILT_IN, ...more })
  return alibabaClient(cloud.port)('CreateInstanceV1', { body })
}
