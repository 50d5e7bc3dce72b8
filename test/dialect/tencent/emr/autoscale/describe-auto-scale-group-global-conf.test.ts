import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addStrategy, pass, startScalable } from '../../../../support/fixture/emr-strategy.ts'

test('the group says how many nodes it has, may have, and when it may be scaled again', async (t) => {
  const it = await startScalable(t)
  const conf = async () => {
    const { GroupGlobalConfs, TotalCount } = await it.answer('DescribeAutoScaleGroupGlobalConf')
    const [{ GroupGlobalConf: group, CurrentNodes, CurrentPostPaidNodes }] = GroupGlobalConfs as [
      Record<string, number> & { GroupGlobalConf: Record<string, number> },
    ]
    return { ...group, CurrentNodes, CurrentPostPaidNodes, TotalCount } as Record<string, number>
  }
  const before = await conf()
  assert.deepEqual(
    [before['GroupStatus'], before['NextTimeCanScale'], before['CurrentNodes']],
    [2, 0, 0],
  )
  await addStrategy(it, { IntervalTime: 7200 })
  await pass(it, 1.5)
  const after = await conf()
  assert.deepEqual(
    [
      after['GroupStatus'],
      after['ScaleUpperBound'],
      after['CurrentNodes'],
      after['CurrentPostPaidNodes'],
    ],
    [1, 30, 2, 2],
  )
  const seconds = after['NextTimeCanScale']! - it.cloud.clock.now() / 1000
  assert.ok(seconds > 0 && seconds <= 7201, String(seconds))
  await it.refused('DescribeAutoScaleGroupGlobalConf', [
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
