import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { amountOf } from '../../../../../src/domain/money.ts'
import { HOUR_MS, money, stillClock, sumOf } from '../../../../support/fixture/money.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import type { Config } from '../../../../../src/config/config.ts'
import { ask } from '../../../../support/http/tencent-client.ts'
import { slCreateRequest } from '../../../../support/http/tencent-request.ts'

type Members = Readonly<Record<string, unknown>>

const zone = (Zone: string, NodeNum: number, members: Members = {}) => ({
  Zone,
  NodeNum,
  VPCSettings: { VpcId: 'vpc-12345678', SubnetId: `subnet-of${Zone.replaceAll('-', '')}` },
  ...members,
})
const THREE = [zone('ap-guangzhou-3', 2), zone('ap-guangzhou-4', 1), zone('ap-guangzhou-6', 1)]
const term = (TimeSpan: number, AutoRenewFlag = 0) => ({
  PayMode: 1,
  PrePaySetting: { Period: { TimeSpan, TimeUnit: 'm' }, AutoRenewFlag },
})

async function start(t: TestContext, text?: string, config: Partial<Config> = {}) {
  const cloud =
    text === undefined
      ? await startCloud(t, { clock: stillClock('2026-04-01T00:00:00Z'), config })
      : await environmentCloud(t, { text })
  const asking = { port: cloud.port, language: 'en-US' as const }
  const make = (members: Members = {}) => ask(asking, 'CreateSLInstance', slCreateRequest(members))
  const read = async (InstanceId: unknown) =>
    (await ask(cloud, 'DescribeSLInstance', { InstanceId })).response
  return { cloud, make, read, ...money(cloud) }
}

test('an instance reads back as it was asked for, and is no cluster of EMR', async (t) => {
  // Long enough that it is seen while it is created.
  const progressions = { default: { mode: 'time' as const, seconds: 2 } }
  const { cloud, make, read } = await start(t, undefined, { progressions })
  const Tags = [{ TagKey: 'team', TagValue: 'a' }]
  const asked = { ...term(2, 2), NodeType: '8c32g', DiskSize: 2000, ZoneSettings: THREE, Tags }
  const { response, message } = await make(asked)
  assert.equal(message, '')
  const id = response['InstanceId']
  assert.equal((await read(id))['Status'], 3)
  await cloud.settle()
  const { RequestId: _, SLInstance: nested, ...instance } = await read(id)
  assert.deepEqual(instance['ZoneSettings'], THREE)
  assert.deepEqual(instance['Tags'], Tags)
  assert.deepEqual(
    ['Status', 'PayMode', 'NodeType', 'DiskType', 'DiskSize', 'NodeNum', 'AutoRenewFlag'].map(
      (member) => instance[member],
    ),
    [2, 1, '8C32G', 'CLOUD_HSSD', 2000, 4, 2],
  )
  assert.equal(instance['ExpireTime'], '2026-06-01 08:00:00')
  assert.equal(instance['IsolateTime'], '0000-00-00 00:00:00')
  assert.deepEqual(nested, [{ ...instance, DeployRole: '' }])
  const clusters = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  assert.equal(clusters.response['TotalCnt'], 0)
  const other = await ask(cloud, 'TerminateInstance', { InstanceId: id })
  assert.equal(other.code, 'ResourceNotFound.InstanceNotFound')
})

test('use is charged by the hour; a term is paid ahead and renewed by its flag', async (t) => {
  const { make, pass, ledger, orders, read, cloud } = await start(t)
  const hourly = String((await make()).response['InstanceId'])
  const monthly = String((await make(term(1, 1))).response['InstanceId'])
  await cloud.settle()
  const [order] = await orders(hourly)
  assert.ok(amountOf(order!.listPrice)! > 0)
  const { put } = money(cloud)
  await put('funds/100000000001', { credit: '1000000' })
  await pass(3 * HOUR_MS)
  assert.equal(-sumOf(await ledger(hourly)), 3 * amountOf(order!.listPrice)!)
  await pass(31 * 24 * HOUR_MS)
  assert.deepEqual(
    (await orders(monthly)).map(({ kind }) => kind),
    ['renew', 'buy'],
  )
  assert.equal((await read(monthly))['Status'], 2)
})

test('the same token makes one instance, a second subscription alike without one is refused', async (t) => {
  const { make } = await start(t)
  const first = await make({ ClientToken: 'once' })
  const again = await make({ ClientToken: 'once' })
  assert.equal(again.response['InstanceId'], first.response['InstanceId'])
  const other = await make({ ClientToken: 'once', DiskSize: 200 })
  assert.equal(other.code, 'FailedOperation.DuplicateOrderNotAllowed')
  assert.equal((await make(term(1))).code, '')
  assert.equal((await make(term(1))).code, 'FailedOperation.DuplicateOrderNotAllowed')
})

const IP = 'InvalidParameter'
const REFUSALS: readonly (readonly [Members, string, string])[] = [
  [{ InstanceName: 'short' }, `${IP}.InvalidInstanceName`, 'InstanceName'],
  [{ PayMode: 3 }, `${IP}.InvalidPaymode`, 'PayMode'],
  [{ PayMode: 1 }, 'MissingParameter', 'PrePaySetting'],
  [{ PrePaySetting: term(1).PrePaySetting }, IP, 'PrePaySetting'],
  [term(13), `${IP}.InvalidTimeSpan`, 'PrePaySetting.Period.TimeSpan'],
  [{ DiskType: 'LOCAL_SSD' }, `${IP}.InvalidResourceSpec`, 'DiskType'],
  [{ DiskSize: 50 }, `${IP}.InvalidDiskSize`, 'DiskSize'],
  [{ DiskSize: 1100 }, `${IP}.InvalidDiskSize`, 'DiskSize'],
  [{ DiskSize: 150 }, `${IP}.InvalidDiskSize`, 'DiskSize'],
  [{ NodeType: '2C4G' }, `${IP}.InvalidNodeType`, 'NodeType'],
  [{ ZoneSettings: [] }, IP, 'ZoneSettings'],
  [{ ZoneSettings: THREE.slice(1) }, IP, 'ZoneSettings'],
  [{ ZoneSettings: [zone('ap-guangzhou-3', 2)] }, `${IP}.InvalidNodeCount`, 'ZoneSettings'],
  [{ ZoneSettings: [zone('ap-guangzhou-3', 51)] }, `${IP}.InvalidNodeCount`, 'ZoneSettings'],
  [
    { ZoneSettings: [zone('ap-guangzhou-3', 0)] },
    `${IP}.InvalidNodeCount`,
    'ZoneSettings.0.NodeNum',
  ],
  [{ ZoneSettings: [zone('ap-shanghai-2', 3)] }, `${IP}.InvalidZone`, 'ZoneSettings.0.Zone'],
  [{ ZoneSettings: [THREE[0], THREE[1], THREE[1]] }, IP, 'ZoneSettings.2.Zone'],
  [
    {
      ZoneSettings: [
        zone('ap-guangzhou-3', 3, { VPCSettings: { VpcId: 'vpc-1', SubnetId: 'net' } }),
      ],
    },
    `${IP}.InvalidSubnetId`,
    'ZoneSettings.0.VPCSettings.SubnetId',
  ],
  [
    {
      ZoneSettings: [
        THREE[0],
        THREE[1],
        zone('ap-guangzhou-6', 1, { VPCSettings: { VpcId: 'vpc-2', SubnetId: 'subnet-2' } }),
      ],
    },
    IP,
    'ZoneSettings.2.VPCSettings.VpcId',
  ],
  [{ Tags: [{ TagKey: 'qcloud' }] }, 'InvalidParameterValue', 'Tags.0.TagKey'],
  [{ ClientToken: 'a b' }, `${IP}.InvalidClientToken`, 'ClientToken'],
  [{ DeploymentMode: 'any' }, 'UnsupportedOperation', 'DeploymentMode'],
  [{ UserName: 'somebody1' }, 'UnsupportedOperation', 'UserName'],
]

test('what cannot be made is refused by name, and nothing is made', async (t) => {
  const { cloud, make } = await start(t)
  for (const [members, code, name] of REFUSALS) {
    const answer = await make(members)
    const what = JSON.stringify(members)
    assert.equal(answer.code, code, `${what}: ${answer.message}`)
    assert.ok(answer.message.includes(`\`${name}\``), `${what}: ${answer.message}`)
  }
  assert.deepEqual(await cloud.store.read((tx) => tx.tally('cluster')), [])
})

test('storage is taken from stock and quota', async (t) => {
  const text =
    'tencent:\n  quotas: [{ of: storage, amount: 500 }]\n  stock: [{ of: disk, type: CLOUD_HSSD, amount: 5 }]\n'
  const { make } = await start(t, text)
  assert.equal((await make({ DiskSize: 200 })).code, 'InternalError.CheckQuotaErr')
  assert.equal((await make()).code, '')
  assert.equal((await make()).code, 'ResourceInsufficient.DiskInsufficient')
})
