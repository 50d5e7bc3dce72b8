import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { money } from '../../../../support/fixture/money.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { newerResource, withTask } from '../../../../support/http/tencent-request.ts'

type Members = Readonly<Record<string, unknown>>
const config = (NodeFlag: string, NodeCount = 1) => ({
  ScaleOutNodeConfig: { NodeFlag, NodeCount },
})

async function start(t: TestContext, created: Members = {}, text?: string) {
  // Nothing is done before time passes.
  const progressions = { default: { mode: 'time', seconds: 60 } } as const
  const more = { errorCodes: 'current', progressions } as const
  const cloud = await environmentCloud(t, text === undefined ? { more } : { more, text })
  const InstanceId = await create(cloud, created)
  await cloud.settle()
  const asking = { port: cloud.port, language: 'en-US' as const }
  const scale = (members: Members = {}) =>
    ask(asking, 'ScaleOutCluster', {
      InstanceId,
      InstanceChargeType: 'POSTPAID_BY_HOUR',
      ...config('CORE'),
      ...members,
    })
  const nodes = async (NodeFlag: string) => {
    const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId, NodeFlag })
    return response['NodeList'] as Record<string, unknown>[]
  }
  return { cloud, InstanceId, scale, nodes, ...money(cloud) }
}

test('nodes of a specification and with names of their own are added; the flow leads to them', async (t) => {
  const { cloud, InstanceId, scale, nodes } = await start(t)
  const { response, message } = await scale({
    ...config('CORE', 2),
    ResourceSpec: {
      ...newerResource('S5.2XLARGE32'),
      DataDisk: [{ DiskType: 'CLOUD_SSD', DiskSize: 300, Count: 2 }],
    },
    NodeMarks: { NodeType: 'core', NodeNames: ['c', 'd'] },
    Tags: [{ TagKey: 'team', TagValue: 'new' }],
    Zone: 'ap-guangzhou-3',
    ClientToken: 'once',
  })
  assert.equal(message, '')
  assert.equal(response['ClientToken'], 'once')
  await cloud.settle()
  const FlowParam = { FKey: 'TraceId', FValue: response['TraceId'] }
  const flow = await ask(cloud, 'DescribeClusterFlowStatusDetail', { InstanceId, FlowParam })
  assert.equal(flow.response['FlowTotalStatus'], 2)
  const shown = (await nodes('core')).map((node) => [
    node['NameTag'],
    node['NodeMark'],
    node['CpuNum'],
    (node['MCMultiDisk'] as { Count: number; Size: string }[])
      .map(({ Count, Size }) => `${Count} x ${Size}`)
      .join(),
  ])
  assert.deepEqual(shown, [
    ['core.0', '', 4, '1 x 100 GB'],
    ['core.1', '', 4, '1 x 100 GB'],
    ['core.2', 'c', 8, '2 x 300 GB'],
    ['core.3', 'd', 8, '2 x 300 GB'],
  ])
})

test('routers are described by the request; what shall run on nodes has to be what runs there', async (t) => {
  const { cloud, scale, nodes } = await start(t)
  const router = (members: Members) => ({
    ...config('ROUTER'),
    ResourceSpec: { ...newerResource('S5.LARGE16'), ...members },
  })
  const wrong = await scale(router({ SoftwareConfig: [{ SoftwareName: 'HDFS-2.8.5' }] }))
  assert.equal(wrong.code, 'InvalidParameter.InvalidSoftDeployInfo')
  assert.match(wrong.message, /`ResourceSpec\.SoftwareConfig\.0\.SoftwareName`.*router nodes/)
  const right = { SoftwareConfig: [{ SoftwareName: 'RUNTIME-1.0.0', Roles: ['Sysctl'] }] }
  assert.equal((await scale(router(right))).message, '')
  await cloud.settle()
  assert.deepEqual(
    (await nodes('router')).map((node) => [node['NameTag'], node['CpuNum'], node['MemDesc']]),
    [['router.0', 4, '16GB']],
  )
})

test('a role that the cluster was made without is described by the request, then grows as it is', async (t) => {
  const { cloud, scale, nodes } = await start(t)
  const without = await scale(config('TASK'))
  assert.equal(without.code, 'ResourceUnavailable.ResourceSpecNotDefaultSpec')
  const described = { ...config('TASK'), ResourceSpec: newerResource('S5.LARGE16') }
  assert.equal((await scale(described)).message, '')
  await cloud.settle()
  assert.equal((await scale(config('TASK'))).message, '')
  await cloud.settle()
  const memory = (await nodes('task')).map((node) => [node['NameTag'], node['MemDesc']])
  assert.deepEqual(memory, [
    ['task.0', '16GB'],
    ['task.1', '16GB'],
  ])
})

test('nodes of a subscription end with it', async (t) => {
  const { cloud, InstanceId, scale, orders, nodes } = await start(t, {
    PayMode: 1,
    TimeUnit: 'm',
    TimeSpan: 1,
  })
  const term = { InstanceChargePrepaid: { Period: 1, RenewFlag: false } }
  const { response, message } = await scale({ InstanceChargeType: 'PREPAID', ...term })
  assert.equal(message, '')
  await cloud.settle()
  assert.equal((await orders(InstanceId))[0]?.order, response['BillId'])
  assert.equal(new Set((await nodes('all')).map((node) => node['ExpireTime'])).size, 1)
  const longer = { InstanceChargePrepaid: { Period: 2, RenewFlag: false } }
  const refused = await scale({ InstanceChargeType: 'PREPAID', ...longer })
  assert.equal(refused.code, 'UnsupportedOperation')
  assert.match(refused.message, /`InstanceChargePrepaid\.Period`/)
})

const IP = 'InvalidParameter'
const UNSUPPORTED = 'UnsupportedOperation'
const NO = { RenewFlag: false }
const REFUSALS: readonly (readonly [Members, string, string])[] = [
  [{ InstanceChargeType: 'FREE' }, `${IP}.InvalidInstanceChargeType`, 'InstanceChargeType'],
  [{ InstanceChargeType: 'SPOTPAID' }, UNSUPPORTED, 'InstanceChargeType'],
  [{ InstanceChargeType: 'PREPAID' }, 'MissingParameter', 'InstanceChargePrepaid'],
  [
    { InstanceChargeType: 'PREPAID', InstanceChargePrepaid: { Period: 1, ...NO } },
    `${IP}.InvalidInstanceChargeType`,
    'InstanceChargeType',
  ],
  [
    { InstanceChargePrepaid: { Period: 1, ...NO } },
    'InvalidParameterValue',
    'InstanceChargePrepaid',
  ],
  [config('POD'), `${IP}.InvalidNodeFlag`, 'ScaleOutNodeConfig.NodeFlag'],
  [config('CORE', 0), `${IP}.InvalidCount`, 'ScaleOutNodeConfig.NodeCount'],
  [config('CORE', 21), `${IP}.InvalidCoreCount`, 'ScaleOutNodeConfig.NodeCount'],
  [config('TASK', 21), `${IP}.InvalidTaskCount`, 'ScaleOutNodeConfig.NodeCount'],
  [config('MASTER'), `${IP}.InvalidCount`, 'ScaleOutNodeConfig.NodeCount'],
  [
    config('ROUTER'),
    'ResourceUnavailable.ResourceSpecNotDefaultSpec',
    'ScaleOutNodeConfig.NodeCount',
  ],
  [{ HardwareSourceType: 'POD' }, UNSUPPORTED, 'HardwareSourceType'],
  [{ PodSpecInfo: {} }, UNSUPPORTED, 'PodSpecInfo'],
  [{ EnableStartServiceFlag: false }, UNSUPPORTED, 'EnableStartServiceFlag'],
  [{ PartitionNumber: 1 }, UNSUPPORTED, 'PartitionNumber'],
  [{ YarnNodeLabel: 'CLOUD' }, UNSUPPORTED, 'YarnNodeLabel'],
  [{ ClickHouseClusterName: 'a' }, UNSUPPORTED, 'ClickHouseClusterName'],
  [{ ClickHouseClusterType: 'new' }, UNSUPPORTED, 'ClickHouseClusterType'],
  [{ WarehouseName: 'w' }, UNSUPPORTED, 'WarehouseName'],
  [{ SoftDeployInfo: [1] }, UNSUPPORTED, 'SoftDeployInfo'],
  [{ ServiceNodeInfo: [7] }, UNSUPPORTED, 'ServiceNodeInfo'],
  [{ ScaleOutServiceConfGroupsInfo: [{}] }, UNSUPPORTED, 'ScaleOutServiceConfGroupsInfo'],
  [{ Zone: 'ap-guangzhou-4' }, UNSUPPORTED, 'Zone'],
  [{ Zone: 'nowhere' }, 'InvalidParameterValue', 'Zone'],
  [{ SubnetId: 'sub' }, 'ResourceNotFound.SubnetNotFound', 'SubnetId'],
  [
    { NodeMarks: { NodeType: 'core', NodeNames: [] } },
    'InvalidParameterValue',
    'NodeMarks.NodeNames',
  ],
  [
    { ResourceSpec: newerResource('S5.TINY1') },
    `${IP}.InvalidInstanceType`,
    'ResourceSpec.InstanceType',
  ],
  [
    { ResourceSpec: newerResource('SA5.LARGE8') },
    `${IP}.InvalidInstanceType`,
    'ResourceSpec.InstanceType',
  ],
  [
    { ResourceSpec: { ...newerResource(), DataDisk: [] } },
    `${IP}.InvalidDiskNum`,
    'ResourceSpec.DataDisk',
  ],
  [{ InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
]

test('what cannot be added is refused in the words of this schema', async (t) => {
  const { cloud, InstanceId, scale } = await start(t, withTask())
  const look = () => cloud.store.read((tx) => tx.findById('cluster', InstanceId))
  const before = await look()
  for (const [members, code, name] of REFUSALS) {
    const answer = await scale(members)
    const what = JSON.stringify(members)
    assert.equal(answer.code, code, `${what}: ${answer.message}`)
    assert.ok(answer.message.includes(`\`${name}\``), `${what}: ${answer.message}`)
  }
  assert.deepEqual(await look(), before)
  assert.equal((await scale()).code, '')
  assert.equal((await scale()).code, 'ResourceInUse.InstanceInProcess')
})

test('stock that is too small refuses them', async (t) => {
  const text = 'tencent:\n  stock: [{ of: machine, type: S5.2XLARGE32, amount: 1 }]\n'
  const { scale } = await start(t, {}, text)
  const two = { ...config('CORE', 2), ResourceSpec: newerResource('S5.2XLARGE32') }
  assert.equal((await scale(two)).code, 'ResourceInsufficient.InstanceInsufficient')
})
