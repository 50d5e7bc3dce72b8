import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { machine, sampleCreateRequest } from '../../../../support/http/tencent-client.ts'
import {
  basic,
  deployed,
  edit,
  half,
  masterFile,
  paths,
  pending,
  settings,
  share,
} from '../../../../support/fixture/emr-schedule.ts'
import { processes } from '../../../../support/fixture/emr-process.ts'

test('what was drafted comes into force on the masters, whose ResourceManagers start again with it', async (t) => {
  const it = await startEmr(t, { seconds: 60 })
  await it.answer('ModifyResourceScheduler', { OldValue: 'capacity', NewValue: 'fair' })
  await edit(it, 'fair', { OpType: 0, Name: 'q', ParentId: 'root', ...settings({ weight: '2' }) })
  const before = await processes(it)
  it.cloud.clock.advance(60_000)
  const { FlowId } = await it.answer('DeployYarnConf')
  await it.cloud.loop.drain()
  assert.equal(await it.status(), 13)
  await it.refused('DeployYarnConf', [[{}, 'ResourceInUse.InstanceInProcess', it.id]])
  await it.cloud.settle()
  const FlowParam = { FKey: 'FlowId', FValue: String(FlowId) }
  assert.equal(
    (await it.answer('DescribeClusterFlowStatusDetail', { FlowParam }))['FlowTotalStatus'],
    2,
  )
  const file = await masterFile(it, 'fair-scheduler.xml')
  assert.deepEqual([file['root.queues'], file['root.q.weight']], ['default,q', '2'])
  const site = await masterFile(it, 'yarn-site.xml')
  assert.match(site['yarn.resourcemanager.scheduler.class'] ?? '', /FairScheduler$/)
  const after = await processes(it)
  for (const [at, { NodeName, LastRestartTime }] of after.entries())
    assert.equal(LastRestartTime > before[at]!.LastRestartTime, NodeName === 'ResourceManager')
  assert.deepEqual(await pending(it), [])
  assert.deepEqual(await paths(it, 'fair'), ['root', 'root.default', 'root.q'])
  const { ActiveScheduler } = await it.answer('DescribeGlobalConfig')
  assert.equal(ActiveScheduler, 'fair')
})

test('ResourceManagers of several masters start again one after the other, and none that was stopped', async (t) => {
  const { ResourceSpec } = sampleCreateRequest()
  const common = { CommonResourceSpec: machine(2, 4), CommonCount: 3 }
  const it = await startEmr(t, {
    seconds: 60,
    members: {
      SupportHA: 1,
      ResourceSpec: { ...ResourceSpec, ...common, MasterCount: 2, CoreCount: 3 },
    },
  })
  const managers = async () =>
    (await processes(it, { ServiceName: 'YARN' })).filter(
      ({ NodeName }) => NodeName === 'ResourceManager',
    )
  const deploy = async (OldValue: string, NewValue: string) => {
    await it.answer('ModifyResourceScheduler', { OldValue, NewValue })
    it.cloud.clock.advance(60_000)
    await it.answer('DeployYarnConf')
    await it.cloud.settle()
    return managers()
  }
  const [first = 0, second = 0] = (await deploy('capacity', 'fair')).map(({ LastRestartTime }) =>
    Date.parse(LastRestartTime),
  )
  assert.ok(Math.abs(first - second) >= 60_000, `${first}, ${second}`)

  const [{ Ip } = { Ip: '' }] = await managers()
  const ComponentInfoList = [{ ComponentName: 'ResourceManager', IpList: [Ip] }]
  await it.answer('StartStopServiceOrMonitor', {
    OpType: 'StopService',
    OpScope: { ServiceInfoList: [{ ServiceName: 'YARN', ComponentInfoList }] },
  })
  await it.cloud.settle()
  const others = async () =>
    (await processes(it)).filter(({ NodeName }) => NodeName !== 'ResourceManager')
  const stopped = (await managers()).map(({ Status }) => Status)
  const before = await others()
  assert.ok(before.some((each) => each.Ip === Ip))
  assert.notEqual(stopped[0], stopped[1])
  const now = await deploy('fair', 'capacity')
  assert.deepEqual(
    now.map(({ Status }) => Status),
    stopped,
  )
  const times = (all: typeof before) => all.map(({ LastRestartTime }) => LastRestartTime)
  assert.deepEqual(times(await others()), times(before))
})

test('nothing, shares that are not the whole, and policies that do not go together cannot be deployed', async (t) => {
  const it = await startEmr(t)
  await it.refused('DeployYarnConf', [
    [{}, 'FailedOperation', 'nothing waits'],
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
  await edit(it, 'capacity', share('q', 50))
  await it.refused('DeployYarnConf', [[{}, 'FailedOperation', 'the queues of root must have 100']])
  await edit(it, 'capacity', half)
  const drf = basic({ schedulingPolicy: 'drf' })
  await edit(it, 'fair', { OpType: 0, Name: 'a', ParentId: 'root', ...drf })
  await edit(it, 'fair', { OpType: 2, Name: 'b', ParentId: 'root.a', ...drf })
  for (const policy of ['fair', 'fifo', 'null']) {
    const own = { OpType: 6, MyId: 'root.a', ...basic({ schedulingPolicy: policy }) }
    await edit(it, 'fair', own)
    await it.refused('DeployYarnConf', [
      [{}, 'FailedOperation', 'the schedulingPolicy of root.a.b cannot be drf below'],
    ])
  }
  await edit(it, 'fair', { OpType: 6, MyId: 'root.a', ...drf })
  await deployed(it)
  await it.refused('DeployYarnConf', [[{}, 'FailedOperation', 'nothing waits']])
})
