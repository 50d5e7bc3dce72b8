import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { edit, half, pending, share } from '../../../../support/fixture/emr-schedule.ts'

test('each line that changes is shown with what is in force and what waits', async (t) => {
  const it = await startEmr(t)
  assert.deepEqual(await pending(it), [])
  await it.answer('ModifyResourceScheduler', { OldValue: 'capacity', NewValue: 'fair' })
  await edit(it, 'capacity', share('q', 50), half)
  assert.deepEqual(await pending(it, { Scheduler: 'capacity' }), [
    ' Scheduler: capacity -> fair',
    'root.default capacity: 100 -> 50',
    'root.q queue:  -> root.q',
    'root.q capacity:  -> 50',
  ])
  const { Details } = await it.answer('DescribeResourceScheduleDiffDetail', {
    Scheduler: 'capacity',
  })
  const [first, second] = Details as {
    Name: string
    Count: number
    Header: { Id: string }[]
    Rows: Record<string, string>[]
  }[]
  assert.deepEqual(
    [first?.Name, first?.Count, second?.Name, second?.Count],
    ['全局配置', 1, '资源池', 3],
  )
  assert.deepEqual(
    second?.Rows.map(({ Operation }) => Operation),
    ['更新', '新增', '新增'],
  )
  assert.equal(second?.Header[0]?.Id, 'Queue')
  await it.refused('DescribeResourceScheduleDiffDetail', [
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
