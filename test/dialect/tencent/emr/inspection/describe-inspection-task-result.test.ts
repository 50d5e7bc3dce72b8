import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

test('reports are paged and bounded by their times, and their kinds are shown in either language', async (t) => {
  const it = await startEmr(t)
  for (let at = 0; at < 3; at++)
    await it.answer('ModifyInspectionSettings', {
      Type: 'RealTime',
      Settings: [{ TaskType: 'NodeFailure' }],
    })
  await it.cloud.settle()
  const read = async (members: object = {}) => {
    const answer = await it.answer('DescribeInspectionTaskResult', members)
    const text = (member: string) => Buffer.from(String(answer[member]), 'base64').toString()
    return {
      ids: (JSON.parse(text('InspectionResultInfo')) as { Id: string }[]).map(({ Id }) => Id),
      total: answer['Total'],
      types: JSON.parse(text('TypeInfo')) as unknown,
    }
  }
  const { ids, total, types } = await read()
  assert.deepEqual([ids.length, total], [3, 3])
  assert.deepEqual(types, { FixedTime: 'Scheduled', RealTime: 'Real-time' })
  assert.deepEqual((await read({ Limit: 1, Offset: 1 })).ids, [ids[1]])
  const nowS = Math.floor(it.cloud.clock.now() / 1000)
  assert.equal((await read({ StartTime: nowS + 60 })).total, 0)
  assert.equal((await read({ EndTime: nowS - 3_600 })).total, 0)
  assert.equal((await read({ StartTime: nowS - 3_600, EndTime: nowS + 60 })).total, 3)
  await it.refused('DescribeInspectionTaskResult', [
    [{ Type: 'Never' }, 'InvalidParameterValue', 'Type'],
  ])
})
