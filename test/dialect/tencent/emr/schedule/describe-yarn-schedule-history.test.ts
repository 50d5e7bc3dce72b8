import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { deployed, edit, half, share } from '../../../../support/fixture/emr-schedule.ts'

test('deployments are listed with their steps, by scheduler, state and time', async (t) => {
  const it = await startEmr(t)
  await edit(it, 'capacity', share('q', 50), half)
  await deployed(it)
  it.cloud.clock.advance(3_600_000)
  await it.answer('ModifyResourceScheduler', { OldValue: 'capacity', NewValue: 'fair' })
  await deployed(it)
  const names = async (members: object) => {
    const { Tasks, Total } = await it.answer('DescribeYarnScheduleHistory', members)
    const found = Tasks as { SchedulerName: string }[]
    return [Total, ...found.map(({ SchedulerName }) => SchedulerName)]
  }
  const [capacity, fair] = ['Capacity Scheduler', 'Fair Scheduler']
  assert.deepEqual(await names({ SchedulerType: 'All', TaskState: -99 }), [2, fair, capacity])
  assert.deepEqual(await names({ SchedulerType: fair }), [1, fair])
  assert.deepEqual(await names({ TaskState: 1 }), [0])
  assert.deepEqual(await names({ Limit: 1 }), [2, fair])
  const seconds = Math.floor(it.cloud.clock.now() / 1000)
  assert.deepEqual(await names({ EndTime: seconds - 1800 }), [1, capacity])
  const { Tasks } = await it.answer('DescribeYarnScheduleHistory', { SchedulerType: capacity })
  const [task] = Tasks as { State: number; OperatorName: string; Details: { Progress: string }[] }[]
  assert.deepEqual([task?.State, task?.OperatorName], [2, 'write capacity-scheduler.xml'])
  assert.deepEqual(
    task?.Details.map(({ Progress }) => Progress),
    ['100%', '100%'],
  )
  await it.refused('DescribeYarnScheduleHistory', [
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
