import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SeenJob } from '../../../../../src/substrate/port.ts'
import { startEmr, type EmrCluster } from '../../../../support/fixture/emr-cluster.ts'
import {
  failing,
  flowOf,
  job,
  madeCluster,
  run,
  watched,
} from '../../../../support/fixture/emr-job.ts'
import { sampleCreateRequest } from '../../../../support/http/tencent-client.ts'

test('steps are run one after the other, and the cluster stays', async (t) => {
  const it = await startEmr(t, { seconds: 30 })
  const seen = await watched(it, await run(it, [job('a'), job('b')]))
  assert.equal(seen[0], 'JobFlowStepsRunning a:Running b:Init')
  assert.ok(seen.includes('JobFlowStepsRunning a:Succeed b:Running'), seen.join())
  assert.equal(seen.at(-1), 'JobFlowFinish a:Succeed b:Succeed')
  assert.equal(await it.status(), 2)
})

test('the cluster ends with the flow where that is asked for', async (t) => {
  const it = await startEmr(t, { seconds: 30 })
  const seen = await watched(it, await run(it, [job('a')], { InstancePolicy: 'Terminate' }))
  const states = [...new Set(seen.map((each) => each.split(' ')[0]))]
  assert.ok(states.includes('JobFlowTerminating'), states.join())
  assert.equal(seen.at(-1), 'JobFlowFinish a:Succeed')
  assert.equal(await it.status(), 0)
})

test('after a step that failed the next one is run, or the cluster ends', async (t) => {
  const it = await startEmr(t)
  await failing(it, 'bad')
  const going = await watched(it, await run(it, [job('bad'), job('good')]))
  assert.equal(going.at(-1), 'JobFlowFinish bad:Failed good:Succeed')
  assert.equal(await it.status(), 2)
  const last = { ActionOnFailure: 'TERMINATE_CLUSTER' }
  const ending = await watched(it, await run(it, [job('bad', last), job('good')]))
  assert.equal(ending.at(-1), 'JobFlowFinish bad:Failed good:Failed')
  assert.equal(await it.status(), 0)
})

test('a token stands for one flow', async (t) => {
  const it = await startEmr(t)
  const token = { ClientToken: 'once' }
  const first = await run(it, [job('a')], token)
  assert.equal(await run(it, [job('a')], token), first)
  await it.refused('RunJobFlow', [
    [flowOf([job('b')], token), 'FailedOperation.DuplicateOrderNotAllowed', 'once'],
  ])
})

test('a flow waits for a change of its cluster, and ends with a cluster that goes', async (t) => {
  const it = await startEmr(t, { seconds: 60 })
  const OpScope = { ServiceInfoList: [{ ServiceName: 'HDFS' }] }
  await it.answer('StartStopServiceOrMonitor', { OpType: 'StopService', OpScope })
  const seen = await watched(it, await run(it, [job('a')]))
  assert.equal(seen[0], 'JobFlowInit a:Init')
  assert.equal(seen.at(-1), 'JobFlowFinish a:Succeed')
  const lost = await run(it, [job('b')])
  await it.answer('TerminateInstance')
  assert.equal((await watched(it, lost)).at(-1), 'JobFlowFinish b:Failed')
})

test('what cannot be run is refused by name', async (t) => {
  const it = await startEmr(t)
  const one = flowOf([job('a')])
  const NONE = 'UnsupportedOperation'
  const spark = job('a', { ExecutionStep: { JobType: 'SPARK', Args: [] } })
  await it.refused('RunJobFlow', [
    [
      flowOf([job('a'), spark]),
      'UnsupportedOperation.ServiceNotSupport',
      'Steps.1.ExecutionStep.JobType',
    ],
    [{ ...one, InstanceId: undefined }, 'MissingParameter', 'InstanceId'],
    [{ ...one, CreateCluster: true }, NONE, 'InstanceId'],
    [{ ...one, ProductVersion: 'EMR-V2.6.0' }, NONE, 'ProductVersion'],
    [{ ...one, LogUri: 'uri' }, NONE, 'LogUri'],
    [{ ...one, ApplicationRole: 'r' }, NONE, 'ApplicationRole'],
    [{ ...one, Software: ['hive'] }, NONE, 'Software'],
    [{ ...one, SecurityClusterFlag: true }, NONE, 'SecurityClusterFlag'],
    [{ ...one, Instance: madeCluster().Instance }, NONE, 'Instance'],
    [{ ...one, BootstrapActions: [{ Path: 'p', WhenRun: 'w' }] }, NONE, 'BootstrapActions'],
    [
      { ...one, Configurations: [{ Classification: 'c', Properties: '{}' }] },
      NONE,
      'Configurations',
    ],
    [{ ...one, InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
  const { Software } = sampleCreateRequest()
  const bought = await startEmr(t, {
    members: { PayMode: 1, TimeUnit: 'm', TimeSpan: 1, Software },
  })
  await bought.refused('RunJobFlow', [
    [flowOf([job('a')], { InstancePolicy: 'Terminate' }), NONE, 'InstancePolicy'],
  ])
})

test('a cluster has no more open flows than it may', async (t) => {
  const it = await startEmr(t, { seconds: 600 })
  for (let at = 0; at < 20; at++) await run(it, [job('a')])
  await it.refused('RunJobFlow', [[flowOf([job('a')]), 'LimitExceeded', '20 open job flows']])
})

test('where services take jobs, each step is submitted to them, and is what they say of it', async (t) => {
  const started: string[] = []
  const seen = new Map<string, SeenJob>()
  const it = await startEmr(t, {
    jobs: {
      unmet: (_id, { args: [jar] }) => (jar === 'mine.jar' ? 'it is not known here' : undefined),
      start: async (_id, each) =>
        void started.push([each.id, each.command, ...each.args].join(' ')),
      observe: async (_id, each) => seen.get(each.id),
    },
  })
  const of = (...Args: string[]) => ({ ExecutionStep: { JobType: 'MR', Args } })
  const number = await run(it, [job('a', of('x.jar', 'in')), job('b', of('y.jar'))])
  await it.cloud.loop.drain()
  assert.deepEqual(started, [`job-flow-${number}-0 hadoop jar x.jar in`])
  const details = async () => {
    it.cloud.clock.advance(10_000)
    await it.cloud.loop.drain()
    const { Details } = await it.answer('DescribeJobFlow', {
      JobFlowId: number,
      InstanceId: undefined,
    })
    return (Details as { JobState: string; ApplicationId: string }[]).map(
      ({ JobState, ApplicationId }) => `${JobState} ${ApplicationId}`,
    )
  }
  seen.set(`job-flow-${number}-0`, { phase: 'running', application: 'application_1' })
  assert.deepEqual(await details(), [
    'JobFlowStepStatusRunning application_1',
    'JobFlowStepStatusInit ',
  ])
  seen.set(`job-flow-${number}-0`, { phase: 'failed', application: 'application_1' })
  await details()
  assert.deepEqual(started.slice(1), [`job-flow-${number}-1 hadoop jar y.jar`])
  seen.set(`job-flow-${number}-1`, { phase: 'done', application: 'application_2' })
  assert.deepEqual(await details(), [
    'JobFlowStepStatusFailed application_1',
    'JobFlowStepStatusSucceed application_2',
  ])
  await it.refused('RunJobFlow', [
    [flowOf([job('c', of('mine.jar'))]), 'UnsupportedOperation', 'it is not known here'],
  ])
})

/** The clusters that there are, by name. */
async function clustersOf(it: EmrCluster): Promise<readonly Record<string, unknown>[]> {
  const { ClusterList } = await it.answer('DescribeInstances', {
    InstanceId: undefined,
    DisplayStrategy: 'clusterList',
  })
  return ClusterList as Record<string, unknown>[]
}

test('a cluster is made for the flow, runs its steps, and ends with them', async (t) => {
  const it = await startEmr(t, { seconds: 30 })
  const members = madeCluster({ InstancePolicy: 'Terminate', ClientToken: 'one-cluster' })
  const number = await run(it, [job('a')], members)
  assert.equal(await run(it, [job('a')], members), number)
  const made = (await clustersOf(it)).find(({ ClusterName }) => ClusterName === 'flow-flow')
  assert.equal((await clustersOf(it)).length, 2)
  assert.ok(made)
  const seen = await watched(it, number)
  const states = [...new Set(seen.map((each) => each.split(' ')[0]))]
  assert.deepEqual(states, [
    'JobFlowResourceApplied',
    'JobFlowResourceReady',
    'JobFlowStepsRunning',
    'JobFlowStepsComplete',
    'JobFlowTerminating',
    'JobFlowFinish',
  ])
  assert.equal(seen.at(-1), 'JobFlowFinish a:Succeed')
  const left = (await clustersOf(it)).map(({ ClusterName }) => ClusterName)
  assert.deepEqual(left, ['sample-cluster'])
})

test('the cluster of a flow is as it was asked for, and stays where that is asked for', async (t) => {
  const it = await startEmr(t)
  const number = await run(it, [job('a')], madeCluster())
  assert.equal((await watched(it, number)).at(-1), 'JobFlowFinish a:Succeed')
  const made = (await clustersOf(it)).find(({ ClusterName }) => ClusterName === 'flow-flow')
  assert.deepEqual(made?.['Tags'], [{ TagKey: 'made-by', TagValue: 'flow' }])
  const nodes = await it.answer('DescribeClusterNodes', {
    InstanceId: made?.['ClusterId'],
    NodeFlag: 'all',
  })
  const list = nodes['NodeList'] as Record<string, unknown>[]
  const flags = list.map(({ Flag }) => String(Flag))
  assert.equal(flags.toSorted().join(), '1,2,2')
  const cluster = await it.cloud.store.read((tx) =>
    tx.findById('cluster', String(made?.['ClusterId'])),
  )
  const core = cluster?.document.spec.groups.find(({ role }) => role === 'core')
  assert.equal(core?.machine, 'S5.LARGE8')
  assert.deepEqual(
    core?.disks.filter(({ use }) => use === 'data').map(({ sizeGib, count }) => [sizeGib, count]),
    [
      [100, 1],
      [100, 1],
    ],
  )
})

test('a cluster that is made for a flow has its files set as the flow says', async (t) => {
  const it = await startEmr(t)
  const file = (Classification: string, properties: object) => ({
    Classification,
    Properties: JSON.stringify(properties),
  })
  const Configurations = [
    file('hdfs-site.xml', { 'dfs.replication': '1' }),
    file('yarn-site.xml', { 'yarn.nodemanager.vmem-check-enabled': false }),
  ]
  await it.answer('RunJobFlow', flowOf([job('a')], madeCluster({ Configurations })))
  const made = (await clustersOf(it)).find(({ ClusterId }) => ClusterId !== it.id)
  const cluster = await it.cloud.store.read((tx) =>
    tx.findById('cluster', String(made?.['ClusterId'])),
  )
  assert.deepEqual(
    cluster?.document.spec.configuration.map((each) => [each.service, each.file, each.properties]),
    [
      ['HDFS', 'hdfs-site.xml', { 'dfs.replication': '1' }],
      ['YARN', 'yarn-site.xml', { 'yarn.nodemanager.vmem-check-enabled': 'false' }],
    ],
  )
})

test('a cluster that cannot be made for a flow is refused in the words of the flow', async (t) => {
  const it = await startEmr(t)
  const of = (members: object, instance: object = {}) =>
    flowOf([job('a')], madeCluster(members, instance))
  const set = (Classification: string, Properties: string) =>
    of({ Configurations: [{ Classification, Properties }] })
  const spark = job('a', { ExecutionStep: { JobType: 'SPARK', Args: [] } })
  const disk = { Spec: { DiskType: 'CLOUD_PREMIUM', DiskSize: 1 }, Count: 1 }
  const tiny = { ...madeCluster().Instance.ResourceSpec.MasterResourceSpec, DiskGroups: [disk] }
  await it.refused('RunJobFlow', [
    [of({ Instance: undefined }), 'MissingParameter', 'Instance'],
    [of({ Software: undefined }), 'MissingParameter', 'Software'],
    [of({ ProductVersion: undefined }), 'MissingParameter', 'ProductVersion'],
    [of({ ProductVersion: 'EMR-0.1' }), 'InvalidParameter.InvalidProduct', 'ProductVersion'],
    [of({ LogUri: 'uri' }), 'InvalidParameter', 'LogUri'],
    [of({ LogUri: 'cosn://b/p' }), 'UnsupportedOperation', 'LogUri'],
    [set('c', '{"a":"b"}'), 'InvalidParameter', 'Configurations.0.Classification'],
    [set('hdfs-site.xml', '{'), 'InvalidParameter', 'Configurations.0.Properties'],
    [
      set('hdfs-site.xml', '{"content":"x"}'),
      'UnsupportedOperation',
      'Configurations.0.Properties',
    ],
    [set('hdfs-site.xml', '{"a":{}}'), 'InvalidParameter', 'Configurations'],
    [set('hive-site.xml', '{"a":"b"}'), 'InvalidParameter', 'Configurations'],
    [
      of({}, { SecurityGroupIds: ['sg-1', 'sg-2'] }),
      'UnsupportedOperation',
      'Instance.SecurityGroupIds',
    ],
    [
      of({}, { TagSpecification: ['made-by=flow'] }),
      'InvalidParameterValue',
      'Instance.TagSpecification.0',
    ],
    [
      of(
        {},
        { ResourceSpec: { ...madeCluster().Instance.ResourceSpec, MasterResourceSpec: tiny } },
      ),
      'InvalidParameter.InvalidDiskSize',
      'Instance.ResourceSpec.MasterResourceSpec.DiskGroups.0.Spec.DiskSize',
    ],
    [
      of({}, { MetaDB: { MetaType: 'MINE', UnifyMetaInstanceId: '', MetaDBInfo: {} } }),
      'InvalidParameter.InvalidMetaType',
      'Instance.MetaDB.MetaType',
    ],
    [
      flowOf([spark], madeCluster()),
      'UnsupportedOperation.ServiceNotSupport',
      'Steps.0.ExecutionStep.JobType',
    ],
  ])
  assert.equal((await clustersOf(it)).length, 1)
})
