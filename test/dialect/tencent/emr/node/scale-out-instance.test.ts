import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { nodesOf } from '../../../../../src/domain/cluster/node-group.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import {
  environmentCloud,
  type CloudEnvironment,
} from '../../../../support/fixture/environment-cloud.ts'
import { askAdmin } from '../../../../support/http/admin.ts'
import {
  ask,
  create,
  REGION,
  sampleCreateRequest,
} from '../../../../support/http/tencent-client.ts'
import { withTask } from '../../../../support/http/tencent-request.ts'

const HOURLY = { PayMode: 0, TimeUnit: 's', TimeSpan: 3600 }
const MONTHLY = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }
const TASK = { TaskCount: 1 }

async function start(
  t: TestContext,
  { created = withTask(), environment }: { created?: object; environment?: CloudEnvironment } = {},
) {
  const cloud = environment ? await environmentCloud(t, environment) : await startCloud(t)
  const english = { port: cloud.port, language: 'en-US' as const }
  const id = await create(cloud, { ...created })
  await cloud.settle()
  return {
    cloud,
    id,
    scale: (members: object) =>
      ask(english, 'ScaleOutInstance', { InstanceId: id, ...HOURLY, ...members }),
    async nodes(NodeFlag: string) {
      const request = { InstanceId: id, NodeFlag }
      const { response } = await ask(cloud, 'DescribeClusterNodes', request)
      return response['NodeList'] as Record<string, unknown>[]
    },
  }
}

const REFUSALS: readonly (readonly [object, string, string])[] = [
  [{}, 'InvalidParameter.InvalidCount', 'CoreCount'],
  [{ CoreCount: 1, TaskCount: 1 }, 'InvalidParameter.InvalidCountNum', 'TaskCount'],
  [{ TaskCount: 21 }, 'InvalidParameter.InvalidTaskCount', 'TaskCount'],
  [{ CoreCount: 21 }, 'InvalidParameter.InvalidCoreCount', 'CoreCount'],
  [{ MasterCount: 1 }, 'InvalidParameter.InvalidCount', 'MasterCount'],
  [{ RouterCount: 1 }, 'ResourceUnavailable.ResourceSpecNotDefaultSpec', 'RouterCount'],
  [{ ...TASK, ...MONTHLY }, 'InvalidParameter.InvalidPaymode', 'PayMode'],
  [{ ...TASK, PayMode: 2 }, 'InvalidParameter.InvalidPaymode', 'PayMode'],
  [{ ...TASK, TimeUnit: 'm' }, 'InvalidParameter.InvalidTimeUnit', 'TimeUnit'],
  [{ ...TASK, TimeSpan: 1 }, 'InvalidParameter.InvalidTimeSpan', 'TimeSpan'],
  [{ ...TASK, AutoRenew: 2 }, 'InvalidParameter.InvalidAutoRenew', 'AutoRenew'],
  [{ ...TASK, ClientToken: 'a b' }, 'InvalidParameter.InvalidClientToken', 'ClientToken'],
  [
    { ...TASK, HardwareResourceType: 'pod' },
    'FailedOperation.NotSupportPod',
    'HardwareResourceType',
  ],
  [{ ...TASK, HardwareResourceType: 'MNode' }, 'UnsupportedOperation', 'HardwareResourceType'],
  [
    { ...TASK, StartServiceAfterScaleOut: 'false' },
    'UnsupportedOperation',
    'StartServiceAfterScaleOut',
  ],
  [{ ...TASK, ResourceBaseType: 'ComputeResource' }, 'UnsupportedOperation', 'ResourceBaseType'],
  [{ ...TASK, ComputeResourceId: 'emr-cr-1' }, 'UnsupportedOperation', 'ComputeResourceId'],
  [
    { ...TASK, ComputeResourceAdvanceParams: {} },
    'UnsupportedOperation',
    'ComputeResourceAdvanceParams',
  ],
  [{ ...TASK, PartitionNumber: 2 }, 'UnsupportedOperation', 'PartitionNumber'],
  [{ ...TASK, ClickHouseClusterName: 'a' }, 'UnsupportedOperation', 'ClickHouseClusterName'],
  [{ ...TASK, ClickHouseClusterType: 'new' }, 'UnsupportedOperation', 'ClickHouseClusterType'],
  [{ ...TASK, YarnNodeLabel: 'CLOUD' }, 'UnsupportedOperation', 'YarnNodeLabel'],
  [
    { ...TASK, ScaleOutServiceConfAssign: '{}' },
    'UnsupportedOperation',
    'ScaleOutServiceConfAssign',
  ],
  [{ ...TASK, WarehouseName: 'w' }, 'UnsupportedOperation', 'WarehouseName'],
  [
    { ...TASK, PreExecutedFileSettings: [{}] },
    'InvalidParameter.InvalidPreExecutedFile',
    'PreExecutedFileSettings.0',
  ],
  [{ ...TASK, UnNecessaryNodeList: [53] }, 'UnsupportedOperation', 'UnNecessaryNodeList'],
  [{ ...TASK, SoftDeployInfo: [1] }, 'UnsupportedOperation', 'SoftDeployInfo'],
  [{ ...TASK, ServiceNodeInfo: [7] }, 'UnsupportedOperation', 'ServiceNodeInfo'],
  [
    { ...TASK, PodParameter: { ClusterId: 'c', Config: '', Parameter: '' } },
    'UnsupportedOperation',
    'PodParameter',
  ],
  [{ ...TASK, NodeMarks: { NodeType: 'core' } }, 'InvalidParameterValue', 'NodeMarks.NodeType'],
  [{ ...TASK, NodeMarks: { NodeType: 'task' } }, 'InvalidParameterValue', 'NodeMarks.NodeNames'],
  [{ ...TASK, ZoneId: 100_004 }, 'UnsupportedOperation', 'ZoneId'],
  [{ ...TASK, ZoneId: 1 }, 'InvalidParameterValue', 'ZoneId'],
  [{ ...TASK, SubnetId: 'sub-1' }, 'InvalidParameter.InvalidSubnetId', 'SubnetId'],
  [{ ...TASK, DisasterRecoverGroupIds: ['ps-1'] }, 'InvalidParameter', 'DisasterRecoverGroupIds.0'],
  [
    { ...TASK, DisasterRecoverGroupIds: ['ps-12345678', 'ps-12345679'] },
    'InvalidParameter',
    'DisasterRecoverGroupIds',
  ],
  [{ ...TASK, Tags: [{ TagKey: 'qcloud' }] }, 'InvalidParameterValue', 'Tags.0.TagKey'],
]

test('what cannot be added is refused by name, and nothing is ordered or taken', async (t) => {
  const { cloud, id, scale } = await start(t)
  const look = () => cloud.store.read((tx) => tx.findById('cluster', id))
  const before = await look()
  for (const [members, code, name] of REFUSALS) {
    const answer = await scale(members)
    const what = JSON.stringify(members)
    assert.equal(answer.code, code, `${what}: ${answer.message}`)
    assert.ok(answer.message.includes(`\`${name}\``), `${what}: ${answer.message}`)
  }
  assert.deepEqual(await look(), before)
})

test('a role that was never described has no specification to add nodes of', async (t) => {
  const { scale } = await start(t, { created: {} })
  const answer = await scale(TASK)
  assert.equal(answer.code, 'ResourceUnavailable.ResourceSpecNotDefaultSpec')
})

test('a role keeps its specification when its last node goes', async (t) => {
  const { cloud, id, scale, nodes } = await start(t)
  const [task] = await nodes('task')
  const ResourceIds = [task!['EmrResourceId']]
  assert.equal((await ask(cloud, 'TerminateTasks', { InstanceId: id, ResourceIds })).code, '')
  await cloud.settle()
  assert.equal((await nodes('task')).length, 0)
  assert.equal((await scale(TASK)).code, '')
  await cloud.settle()
  assert.equal((await nodes('task')).length, 1)
})

test('a request with the same token is answered as the first one was, and adds nothing', async (t) => {
  const { cloud, scale, nodes } = await start(t)
  const request = { ...TASK, ClientToken: 'one' }
  const first = await scale(request)
  assert.equal(first.response['ClientToken'], 'one')
  assert.match(String(first.response['TraceId']), /^\d+-\d+-\d+$/)
  const { RequestId: _1, ...answer } = first.response
  for (const when of ['under way', 'done'] as const) {
    if (when === 'done') await cloud.settle()
    const { RequestId: _2, ...again } = (await scale(request)).response
    assert.deepEqual(again, answer, when)
  }
  assert.equal((await nodes('task')).length, 2)
  const other = await scale({ ...request, TaskCount: 2 })
  assert.equal(other.code, 'FailedOperation.DuplicateOrderNotAllowed')
})

test('nodes of a subscription are bought as their cluster is', async (t) => {
  const { scale } = await start(t, { created: { ...withTask(), ...MONTHLY } })
  const refusals = [
    [{ CoreCount: 1 }, 'InvalidParameter.InvalidPaymode', 'PayMode'],
    [TASK, 'UnsupportedOperation', 'PayMode'],
    [{ ...TASK, ...MONTHLY, TimeSpan: 2 }, 'UnsupportedOperation', 'TimeSpan'],
    [{ ...TASK, ...MONTHLY, AutoRenew: 1 }, 'UnsupportedOperation', 'AutoRenew'],
  ] as const
  for (const [members, code, name] of refusals) {
    const answer = await scale(members)
    assert.equal(answer.code, code, answer.message)
    assert.ok(answer.message.includes(`\`${name}\``), answer.message)
  }
  assert.equal((await scale({ ...TASK, ...MONTHLY, AutoRenew: 0 })).code, '')
})

test('nodes with a subnet, tags and a placement group of their own are shown so', async (t) => {
  const { cloud, id, scale, nodes } = await start(t)
  const Tags = [{ TagKey: 'team', TagValue: 'data' }]
  const own = { SubnetId: 'subnet-87654321', Tags, DisasterRecoverGroupIds: ['ps-12345678'] }
  for (const count of [1, 2]) {
    const answer = await scale({ TaskCount: count, ...own })
    assert.equal(answer.code, '', answer.message)
    await cloud.settle()
  }
  const shown = (await nodes('task')).map(({ NameTag, SubnetInfo, Tags: tags }) => [
    NameTag,
    (SubnetInfo as Record<string, string>)['SubnetId'],
    (tags as unknown[]).length,
  ])
  assert.deepEqual(shown, [
    ['task.0', 'subnet-12345678', 0],
    ['task.1', 'subnet-87654321', 1],
    ['task.2', 'subnet-87654321', 1],
    ['task.3', 'subnet-87654321', 1],
  ])
  const { document } = (await cloud.store.read((tx) => tx.findById('cluster', id)))!
  const placed = document.reservations?.find(({ measure }) => measure === 'placement')
  assert.deepEqual([placed?.type, placed?.amount], ['ps-12345678', 3])
  assert.equal(document.spec.groups.filter(({ role }) => role === 'task').length, 2)
  const list = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  const [cluster] = list.response['ClusterList'] as Record<string, Record<string, unknown>>[]
  assert.equal(cluster?.['Config']?.['TaskNodeSize'], 4)
  assert.equal((await scale(TASK)).code, '')
  await cloud.settle()
  const [last] = (await nodes('task')).filter(({ NameTag }) => NameTag === 'task.4')
  assert.deepEqual(last?.['SubnetInfo'], {
    SubnetName: 'subnet-12345678',
    SubnetId: 'subnet-12345678',
  })
})

const ZONE = 'ap-guangzhou-3'
const SUPPLY: readonly (readonly [string, object, string])[] = [
  [
    `  stock:\n    - { of: machine, type: S5.LARGE8, zone: ${ZONE}, amount: 4 }`,
    { CoreCount: 2 },
    'ResourceInsufficient.InstanceInsufficient',
  ],
  [
    `  stock:\n    - { of: machine, type: S5.LARGE8, zone: ${ZONE}, amount: 3 }`,
    { CoreCount: 1 },
    'ResourcesSoldOut.CvmSoldOut',
  ],
  [
    `  stock:\n    - { of: storage, type: CLOUD_PREMIUM, zone: ${ZONE}, amount: 650 }`,
    { CoreCount: 1 },
    'ResourceInsufficient.DiskInsufficient',
  ],
  ['  quotas:\n    - { of: machine, amount: 4 }', { CoreCount: 1 }, 'InternalError.CheckQuotaErr'],
  [
    `  placement-groups:\n    - { id: ps-12345678, region: ${REGION}, capacity: 1 }`,
    { TaskCount: 2, DisasterRecoverGroupIds: ['ps-12345678'] },
    'FailedOperation',
  ],
  [
    `  subnets:\n    - { id: subnet-gone, region: ${REGION}, absent: true }`,
    { TaskCount: 1, SubnetId: 'subnet-gone' },
    'InvalidParameter.InvalidSubnetId',
  ],
]

for (const [text, members, code] of SUPPLY) {
  test(`${code} is said of ${JSON.stringify(members)} where${text.replaceAll(/\s+/g, ' ')}`, async (t) => {
    const { cloud, id, scale } = await start(t, { environment: { text: `tencent:\n${text}\n` } })
    const before = await cloud.store.read((tx) => tx.findById('cluster', id))
    const answer = await scale(members)
    assert.equal(answer.code, code, answer.message)
    assert.deepEqual(await cloud.store.read((tx) => tx.findById('cluster', id)), before)
  })
}

test('a subnet of another zone does not match', async (t) => {
  const created = {
    ...withTask(),
    VPCSettings: { VpcId: 'vpc-apguangzhou', SubnetId: 'subnet-apguangzhou3' },
  }
  const { scale } = await start(t, { created })
  const answer = await scale({ ...TASK, SubnetId: 'subnet-apguangzhou4' })
  assert.equal(answer.code, 'InvalidParameter.ZoneResourceNotMatch')
})

const script = (name: string, more: object = {}) => ({
  CosFileURI: `cos://bucket/${name}`,
  WhenRun: 'resourceAfter',
  ...more,
})

test("new nodes run the request's scripts, or else the cluster's", async (t) => {
  const scripts = [script('early.sh'), script('late.sh', { WhenRun: 'clusterAfter' })]
  const { cloud, id, scale } = await start(t, {
    created: { ...withTask(), PreExecutedFileSettings: scripts },
  })
  const found = async () => (await cloud.store.read((tx) => tx.findById('cluster', id)))!
  const ran = async () => {
    const { spec } = (await found()).document
    const { body } = await askAdmin(cloud.port, `clusters/${id}`)
    const nodes = nodesOf(spec.groups)
    return (body.scriptRuns as { script: string; node: string; phase: string }[])
      .filter(({ script: of }) => of.startsWith('bootstrap') || of.startsWith('scale-out'))
      .map(({ script: of, node, phase }) => {
        const name = nodes.find((each) => each.id === node)?.name
        return `${of.replace(/-[0-9a-z]{8}\./, '.')} ${name} ${phase}`
      })
  }
  const before = await ran()
  assert.equal((await scale(TASK)).code, '')
  await cloud.settle()
  const again = (await ran()).slice(before.length)
  assert.deepEqual(again, ['bootstrap.0 task.1 done', 'bootstrap.1 task.1 done'])
  const keys = { CosSecretId: 'AKIDKEY', CosSecretKey: 'storage-key-text' }
  const own = [script('own.sh', { WhenRun: 'clusterAfter', ...keys })]
  assert.equal((await scale({ ...TASK, PreExecutedFileSettings: own })).code, '')
  await cloud.settle()
  assert.deepEqual((await ran()).slice(before.length + 2), ['scale-out.0 task.2 done'])
  const { document } = await found()
  assert.equal(document.spec.scripts?.length, 2)
  const names = Object.keys(document.secrets).filter((name) => name.startsWith('scale-out'))
  assert.equal(names.length, 2)
  assert.ok(!JSON.stringify(document).includes('storage-key-text'))
})

test('where a script fails, the new nodes go again and the others stay', async (t) => {
  const { cloud, id, scale, nodes } = await start(t)
  const put = { method: 'PUT', body: { script: 'bad.sh', exitCode: 7 } }
  assert.equal((await askAdmin(cloud.port, 'script-faults', put)).status, 200)
  const answer = await scale({ ...TASK, PreExecutedFileSettings: [script('bad.sh')] })
  assert.equal(answer.code, '')
  await cloud.settle()
  assert.equal((await nodes('task')).length, 1)
  const found = await cloud.store.read((tx) => tx.findById('cluster', id))
  assert.equal(found?.document.status.state, 'running')
  const FlowParam = { FKey: 'FlowId', FValue: String(answer.response['FlowId']) }
  const flow = await ask(cloud, 'DescribeClusterFlowStatusDetail', { InstanceId: id, FlowParam })
  assert.match(
    JSON.stringify(flow.response),
    /the script bad\.sh failed on task\.1 with exit code 7/,
  )
})

test('kafka has no masters to be counted', async (t) => {
  const { ResourceSpec } = sampleCreateRequest()
  const { CoreResourceSpec } = ResourceSpec
  const { scale, nodes, cloud } = await start(t, {
    created: {
      ProductId: 27,
      Software: ['kafka', 'kafkamanager', 'knox', 'zookeeper'],
      ResourceSpec: { CoreResourceSpec, CoreCount: 1 },
    },
  })
  assert.equal((await scale({ MasterCount: 1 })).code, 'InvalidParameter.InvalidCount')
  assert.equal((await scale({ MasterCount: 1, CoreCount: 1 })).code, '')
  await cloud.settle()
  assert.equal((await nodes('core')).length, 2)
})

test("a cluster that is not the caller's, or elsewhere, is not found", async (t) => {
  const { cloud, id } = await start(t)
  const request = { InstanceId: id, ...HOURLY, ...TASK }
  const elsewhere = { port: cloud.port, region: 'ap-shanghai' }
  const code = 'ResourceNotFound.InstanceNotFound'
  assert.equal((await ask(elsewhere, 'ScaleOutInstance', request)).code, code)
  const unknown = { ...request, InstanceId: 'emr-zzzzzzzz' }
  assert.equal((await ask(cloud, 'ScaleOutInstance', unknown)).code, code)
})
