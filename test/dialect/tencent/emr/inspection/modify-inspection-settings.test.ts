import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { failNode, startEmr, type EmrCluster } from '../../../../support/fixture/emr-cluster.ts'
import { HOUR_MS, money } from '../../../../support/fixture/money.ts'

interface Report {
  readonly Id: string
  readonly Type: string
  readonly Status: string
  readonly JobId: string
  readonly Results: readonly {
    readonly TaskType: string
    readonly Result: string
    readonly Details: readonly string[]
  }[]
}

const DAY_MS = 24 * HOUR_MS
const task = (TaskType: string, members: object = {}) => ({
  TaskType,
  Selected: 'true',
  ...members,
})
const KNOWN = [
  task('NodeFailure'),
  task('ProcessDetectionAbnormal', { TaskSettings: [{ Key: 'WindowSize', Value: '300' }] }),
  task('AutoScaleStrategyFailure'),
  task('CpuUsageMoreThanThreshold', { TaskSettings: [{ Key: 'Threshold', Value: '85' }] }),
]
const NOW = { Type: 'RealTime', Settings: KNOWN }

async function reports(it: EmrCluster, members: object = {}): Promise<readonly Report[]> {
  const { InspectionResultInfo } = await it.answer('DescribeInspectionTaskResult', members)
  return JSON.parse(Buffer.from(String(InspectionResultInfo), 'base64').toString()) as Report[]
}

async function start(t: TestContext) {
  const it = await startEmr(t)
  const { pass } = money(it.cloud)
  return { ...it, pass, reports: (members?: object) => reports(it, members) }
}

test('an inspection reports what is known of a cluster that is well, and of what nobody measures that it is not', async (t) => {
  const it = await start(t)
  const { Info, JobId } = await it.answer('ModifyInspectionSettings', NOW)
  assert.equal(Info, 'OK')
  await it.cloud.settle()
  const [only, ...others] = await it.reports()
  assert.deepEqual(
    [only?.Type, only?.Status, only?.JobId, others.length],
    ['Real-time', 'Generated', JobId, 0],
  )
  assert.deepEqual(
    only?.Results.map(({ TaskType, Result, Details }) => [TaskType, Result, Details.length]),
    [
      ['NodeFailure', 'Normal', 0],
      ['ProcessDetectionAbnormal', 'Normal', 0],
      ['AutoScaleStrategyFailure', 'Normal', 0],
      ['CpuUsageMoreThanThreshold', 'Unknown', 0],
    ],
  )
})

test('a daemon that ended and that nobody started again is found, while it is not in maintenance', async (t) => {
  const it = await startEmr(t, { seconds: 60 })
  const all = { OpScope: { ServiceInfoList: [{ ServiceName: 'HDFS', ComponentInfoList: [] }] } }
  const Settings = [task('ProcessDetectionAbnormal')]
  const inspect = async () => {
    await it.answer('ModifyInspectionSettings', { ...NOW, Settings })
    await it.cloud.loop.drain()
    const [latest] = await reports(it)
    return latest?.Results[0]
  }
  await it.answer('StartStopServiceOrMonitor', { OpType: 'StopMonitor', ...all })
  await it.cloud.settle()
  const { NodeList } = await it.answer('DescribeClusterNodes', { NodeFlag: 'master' })
  await failNode(it, (NodeList as { EmrResourceId: string }[])[0]!.EmrResourceId, 'end')
  assert.equal((await inspect())?.Result, 'Normal')
  await it.answer('StartStopServiceOrMonitor', { OpType: 'StartMonitor', ...all })
  await it.cloud.settle()
  assert.deepEqual(await inspect(), {
    TaskType: 'ProcessDetectionAbnormal',
    Result: 'Abnormal',
    Details: ['HDFS NameNode on master.0 is failed'],
  })
})

test('inspections of the calendar come at their time, and look at what is then', async (t) => {
  const it = await start(t)
  const daily = { Type: 'FixedTime', Strategy: 'EveryDay', Clock: '03:00:00', Settings: KNOWN }
  const { JobId } = await it.answer('ModifyInspectionSettings', daily)
  assert.deepEqual(await it.reports(), [])
  await it.pass(3 * DAY_MS)
  const all = await it.reports({ Type: 'FixedTime' })
  assert.equal(all.length, 3)
  assert.deepEqual([all[0]?.Type, all[0]?.JobId], ['Scheduled', JobId])
  assert.deepEqual(await it.reports({ Type: 'RealTime' }), [])
  assert.equal((await it.reports({ Limit: 2 })).length, 2)
  const weekly = { ...daily, Strategy: 'EveryWeek', DayOfWeek: '1', JobId }
  assert.equal((await it.answer('ModifyInspectionSettings', weekly))['JobId'], JobId)
  await it.pass(7 * DAY_MS)
  assert.equal((await it.reports()).length, 4)
  const none = KNOWN.map((each) => ({ ...each, Selected: 'false' }))
  await it.answer('ModifyInspectionSettings', { ...weekly, Settings: none })
  await it.pass(14 * DAY_MS)
  assert.equal((await it.reports()).length, 4)
  const monthly = { ...daily, Strategy: 'EveryMonth', DayOfMonth: '15' }
  await it.answer('ModifyInspectionSettings', monthly)
  await it.pass(62 * DAY_MS)
  assert.equal((await it.reports()).length, 6)
  const { LogList } = await it.answer('DescribeInstanceOplog', { Offset: 0, Limit: 10 })
  const [{ Operation }] = LogList as [{ Operation: string }]
  assert.equal(Operation, 'Modify Inspection Settings')
})

test('they are gone with their cluster, and one that is over is not looked for', async (t) => {
  const it = await start(t)
  await it.answer('ModifyInspectionSettings', NOW)
  await it.cloud.settle()
  assert.equal(await it.cloud.loop.sweep(), 0)
  await it.answer('TerminateInstance')
  await it.cloud.settle()
  const left = await it.cloud.store.read((tx) => tx.tally('inspection'))
  assert.deepEqual(
    left.map(({ count }) => count),
    [0, 0],
  )
})

test('what cannot be is refused by name', async (t) => {
  const it = await start(t)
  const IP = 'InvalidParameter'
  const of = (members: object) => ({ ...NOW, ...members })
  const fixed = (members: object) =>
    of({ Type: 'FixedTime', Strategy: 'EveryDay', Clock: '03:00:00', ...members })
  await it.refused('ModifyInspectionSettings', [
    [of({ InstanceId: 'emr-0' }), IP, 'emr-0'],
    [of({ Type: 'Never' }), IP, 'Type'],
    [of({ Settings: [] }), IP, 'Settings'],
    [of({ Settings: [KNOWN[0], KNOWN[0]] }), IP, 'Settings.1.TaskType'],
    [of({ Settings: [task('a b')] }), IP, 'Settings.0.TaskType'],
    [
      of({ Settings: [task('X', { SettingsJson: '[]' })] }),
      'UnsupportedOperation',
      'Settings.0.SettingsJson',
    ],
    [of({ StartTime: 2, EndTime: 1 }), IP, 'EndTime'],
    [of({ JobId: '1' }), IP, 'JobId'],
    [fixed({ Strategy: undefined }), 'MissingParameter', 'Strategy'],
    [fixed({ Strategy: 'Hourly' }), IP, 'Strategy'],
    [fixed({ Clock: undefined }), 'MissingParameter', 'Clock'],
    [fixed({ Clock: '25:00:00' }), IP, 'Clock'],
    [fixed({ Strategy: 'EveryWeek' }), 'MissingParameter', 'DayOfWeek'],
    [fixed({ Strategy: 'EveryWeek', DayOfWeek: '8' }), IP, 'DayOfWeek'],
    [fixed({ Strategy: 'EveryMonth', DayOfMonth: '32' }), IP, 'DayOfMonth'],
    [fixed({ JobId: '99' }), IP, 'JobId'],
  ])
  await it.refused('DescribeInspectionTaskResult', [
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
  ])
  assert.deepEqual(await it.reports(), [])
})
