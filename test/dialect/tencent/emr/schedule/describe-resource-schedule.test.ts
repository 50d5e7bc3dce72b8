import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

test('both schedulers are shown with the one that is in force', async (t) => {
  const it = await startEmr(t)
  const answer = await it.answer('DescribeResourceSchedule')
  assert.deepEqual([answer['OpenSwitch'], answer['Scheduler']], [true, 'capacity'])
  for (const name of ['FSInfo', 'CSInfo']) {
    const info = JSON.parse(String(answer[name])) as { schedulerInfo: { queue: { name: string } } }
    assert.equal(info.schedulerInfo.queue.name, 'root')
  }
  await it.refused('DescribeResourceSchedule', [
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
