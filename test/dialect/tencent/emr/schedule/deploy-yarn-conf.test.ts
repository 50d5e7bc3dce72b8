import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import {
  deployed,
  edit,
  half,
  masterFile,
  paths,
  pending,
  share,
} from '../../../../support/fixture/emr-schedule.ts'
import { processes } from '../../../../support/fixture/emr-process.ts'

test('what was drafted comes into force on the masters, which start anew with it', async (t) => {
  const it = await startEmr(t, { seconds: 60 })
  await it.answer('ModifyResourceScheduler', { OldValue: 'fair', NewValue: 'capacity' })
  await edit(it, 'capacity', share('q', 50), half)
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
  const file = await masterFile(it, 'capacity-scheduler.xml')
  assert.equal(file['yarn.scheduler.capacity.root.queues'], 'default,q')
  assert.equal(file['yarn.scheduler.capacity.root.q.capacity'], '50')
  const site = await masterFile(it, 'yarn-site.xml')
  assert.match(site['yarn.resourcemanager.scheduler.class'] ?? '', /CapacityScheduler$/)
  const after = await processes(it)
  for (const [at, { NodeFlagFilter, LastRestartTime }] of after.entries())
    assert.equal(LastRestartTime > before[at]!.LastRestartTime, NodeFlagFilter === 'master')
  assert.deepEqual(await pending(it), [])
  assert.deepEqual(await paths(it, 'capacity'), ['root', 'root.default', 'root.q'])
  const { ActiveScheduler } = await it.answer('DescribeGlobalConfig')
  assert.equal(ActiveScheduler, 'capacity')
})

test('nothing, and shares that are not the whole, cannot be deployed', async (t) => {
  const it = await startEmr(t)
  await it.refused('DeployYarnConf', [
    [{}, 'FailedOperation', 'nothing waits'],
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
  await edit(it, 'capacity', share('q', 50))
  await it.refused('DeployYarnConf', [[{}, 'FailedOperation', 'the queues of root must have 100']])
  await edit(it, 'capacity', half)
  await deployed(it)
  await it.refused('DeployYarnConf', [[{}, 'FailedOperation', 'nothing waits']])
})
