import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failNode, startEmr, type EmrCluster } from '../../../../support/fixture/emr-cluster.ts'
import { sampleCreateRequest } from '../../../../support/http/tencent-client.ts'
import { processes, statuses } from '../../../../support/fixture/emr-process.ts'

const all = (ServiceName: string) => ({ ServiceInfoList: [{ ServiceName }] })

async function operate(it: EmrCluster, OpType: string, members: object = {}): Promise<void> {
  await it.answer('StartStopServiceOrMonitor', { OpType, OpScope: all('HDFS'), ...members })
  await it.cloud.settle()
}

const NOT_SUPPORTED = 'UnsupportedOperation.ServiceNotSupport'

test('what cannot be operated is refused by name', async (t) => {
  const it = await startEmr(t)
  const stop = { OpType: 'StopService', OpScope: all('HDFS') }
  const of = (ComponentInfoList: object[]) => ({
    ...stop,
    OpScope: { ServiceInfoList: [{ ServiceName: 'HDFS', ComponentInfoList }] },
  })
  const strategy = (StrategyConfig: object) => ({ ...stop, StrategyConfig })
  await it.refused('StartStopServiceOrMonitor', [
    [{ ...stop, OpScope: {} }, 'MissingParameter', 'OpScope.ServiceInfoList'],
    [{ ...stop, OpScope: all('HIVE') }, NOT_SUPPORTED, 'OpScope.ServiceInfoList.0.ServiceName'],
    [of([{ ComponentName: 'Master' }]), NOT_SUPPORTED, 'ComponentInfoList.0.ComponentName'],
    [
      of([{ ComponentName: 'DataNode', IpList: ['1.2.3.4'] }]),
      'InvalidParameterValue',
      'ComponentInfoList.0.IpList.0',
    ],
    [{ ...stop, OpType: 'RestartService' }, 'MissingParameter', 'StrategyConfig'],
    [strategy({ DealOnFail: 1 }), 'UnsupportedOperation', 'StrategyConfig.DealOnFail'],
    [strategy({ Args: [{ Key: 'a' }] }), 'UnsupportedOperation', 'StrategyConfig.Args'],
    [{ ...stop, StopParams: { StopPolicy: 'safe' } }, 'UnsupportedOperation', 'StopPolicy'],
    [{ ...stop, StopParams: { ThreadCount: 2 } }, 'UnsupportedOperation', 'ThreadCount'],
    [{ ...stop, StopParams: { GraceDownTime: 80 } }, 'UnsupportedOperation', 'GraceDownTime'],
    [{ ...stop, InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
  ])
  assert.deepEqual(await statuses(it, 'HDFS'), ['DataNode 1', 'DataNode 1', 'NameNode 1'])
})

test('a stopped service stands still until it is started, and all others continue', async (t) => {
  const it = await startEmr(t, { seconds: 60 })
  const request = { OpType: 'StopService', OpScope: all('HDFS') }
  await it.answer('StartStopServiceOrMonitor', request)
  await it.cloud.loop.drain()
  assert.equal(await it.status(), 7)
  const second = await it.ask('StartStopServiceOrMonitor', request)
  assert.equal(second.code, 'ResourceInUse.InstanceInProcess')
  await it.cloud.settle()
  assert.equal(await it.status(), 2)
  assert.deepEqual(await statuses(it, 'HDFS'), ['DataNode 2', 'DataNode 2', 'NameNode 2'])
  const [stopped] = await processes(it, { ServiceName: 'HDFS' })
  assert.equal(stopped?.HealthStatus.Code, 0)
  assert.ok((await statuses(it, 'YARN')).every((each) => each.endsWith(' 1')))
  const { NodeList } = await it.answer('DescribeClusterNodes', { NodeFlag: 'core' })
  const [core] = NodeList as { ServicesStatus: string }[]
  assert.match(core!.ServicesStatus, /DataNode:STOPED/)
  assert.match(core!.ServicesStatus, /NodeManager:STARTED/)
  await operate(it, 'StartService')
  assert.deepEqual(await statuses(it, 'HDFS'), ['DataNode 1', 'DataNode 1', 'NameNode 1'])
})

test('one process of one node is restarted, and no other one', async (t) => {
  const it = await startEmr(t, { seconds: 60 })
  const before = await processes(it, { ServiceName: 'HDFS' })
  const chosen = before.find(({ NodeName }) => NodeName === 'DataNode')!
  it.cloud.clock.advance(60_000)
  const component = { ComponentName: 'DataNode', IpList: [chosen.Ip] }
  const OpScope = { ServiceInfoList: [{ ServiceName: 'HDFS', ComponentInfoList: [component] }] }
  await it.answer('StartStopServiceOrMonitor', {
    OpType: 'RestartService',
    OpScope,
    StrategyConfig: {},
  })
  await it.cloud.loop.drain()
  assert.equal(await it.status(), 8)
  await it.cloud.settle()
  for (const [at, { Ip, NodeName, LastRestartTime }] of (
    await processes(it, { ServiceName: 'HDFS' })
  ).entries()) {
    const isChosen = Ip === chosen.Ip && NodeName === 'DataNode'
    assert.equal(LastRestartTime > before[at]!.LastRestartTime, isChosen, `${NodeName} ${Ip}`)
  }
})

test('a rolling restart takes so many nodes at a time, with a pause between them', async (t) => {
  const counts = { MasterCount: 1, CoreCount: 4 }
  const { ResourceSpec } = sampleCreateRequest()
  const it = await startEmr(t, {
    seconds: 60,
    members: { ResourceSpec: { ...ResourceSpec, ...counts } },
  })
  const StrategyConfig = { RollingRestartSwitch: 1, BatchSize: 2, TimeWait: 120 }
  await operate(it, 'RestartService', { StrategyConfig })
  const times = (await processes(it, { ServiceName: 'HDFS' }))
    .map(({ LastRestartTime }) => Date.parse(LastRestartTime))
    .sort((one, other) => one - other)
  const batches = [...new Set(times)]
  assert.deepEqual(
    batches.map((time) => times.filter((each) => each === time).length),
    [2, 2, 1],
  )
  for (const [at, time] of batches.slice(1).entries())
    assert.ok(time - batches[at]! >= 120_000, String(time - batches[at]!))
})

test('in maintenance nobody starts a process again, until somebody asks for it', async (t) => {
  const it = await startEmr(t, { seconds: 60 })
  await it.answer('StartStopServiceOrMonitor', { OpType: 'StopMonitor', OpScope: all('HDFS') })
  await it.cloud.loop.drain()
  assert.equal(await it.status(), 9)
  await it.cloud.settle()
  const maintained = await processes(it, { ServiceName: 'HDFS', MaintainStateId: 2 })
  assert.deepEqual(
    maintained.map(({ Status, MonitorStatus, HealthStatus }) => [
      Status,
      MonitorStatus,
      HealthStatus.Code,
    ]),
    [
      [1, 0, -4],
      [1, 0, -4],
      [1, 0, -4],
    ],
  )
  const { NodeList } = await it.answer('DescribeClusterNodes', { NodeFlag: 'master' })
  await failNode(it, (NodeList as { EmrResourceId: string }[])[0]!.EmrResourceId, 'end')
  assert.deepEqual(await statuses(it, 'HDFS'), ['DataNode 1', 'DataNode 1', 'NameNode 2'])
  assert.ok((await statuses(it, 'YARN')).every((each) => each.endsWith(' 1')))
  await it.answer('StartStopServiceOrMonitor', { OpType: 'StartMonitor', OpScope: all('HDFS') })
  await it.cloud.loop.drain()
  assert.equal(await it.status(), 11)
  await it.cloud.settle()
  assert.deepEqual(await processes(it, { ServiceName: 'HDFS', MaintainStateId: 2 }), [])
  assert.deepEqual(await statuses(it, 'HDFS'), ['DataNode 1', 'DataNode 1', 'NameNode 2'])
  await operate(it, 'StartService')
  assert.deepEqual(await statuses(it, 'HDFS'), ['DataNode 1', 'DataNode 1', 'NameNode 1'])
})

test('one that is in maintenance may still be watched', async (t) => {
  const it = await startEmr(t)
  await operate(it, 'StopMonitor', { KeepMonitorButNotRecoverProcess: true })
  const [first] = await processes(it, { ServiceName: 'HDFS', MaintainStateId: 2 })
  assert.deepEqual([first?.MonitorStatus, first?.HealthStatus.Code], [1, 1])
})

test('nodes that come later start their processes, and those that were stopped stay so', async (t) => {
  const it = await startEmr(t)
  await operate(it, 'StopService')
  const scaled = await it.ask('ScaleOutInstance', {
    PayMode: 0,
    TimeUnit: 's',
    TimeSpan: 3600,
    CoreCount: 1,
  })
  assert.equal(scaled.code, '', scaled.message)
  await it.cloud.settle()
  assert.deepEqual(await statuses(it, 'HDFS'), [
    'DataNode 1',
    'DataNode 2',
    'DataNode 2',
    'NameNode 2',
  ])
})
