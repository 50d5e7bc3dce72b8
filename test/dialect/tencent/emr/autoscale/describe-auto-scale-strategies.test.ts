import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addStrategy,
  inHours,
  shownStrategies,
  startScalable,
} from '../../../../support/fixture/emr-strategy.ts'

test('a strategy reads back as it was written', async (t) => {
  const it = await startScalable(t)
  const written = {
    StrategyName: 'add',
    CompensateFlag: 0,
    ConfigGroupAssigned: '{"HDFS-2.8.5":-1,"YARN-2.8.5":-1}',
    GraceDownFlag: true,
    GraceDownTime: 600,
    MeasureMethod: 'INSTANCE',
    TerminatePolicy: 'DEFAULT',
    MaxUse: 0,
    RepeatStrategy: {
      RepeatType: 'DOW',
      WeekRepeat: { ExecuteAtTimeOfDay: '11:05:00', DaysOfWeek: [1, 3] },
      Expire: inHours(it, 1000),
      StartTime: inHours(it, 2),
    },
    SoftDeployInfo: [1, 2],
    ServiceNodeInfo: [7],
    Tags: [{ TagKey: 'group', TagValue: 'data' }],
  }
  await addStrategy(it, written)
  const [shown] = await shownStrategies(it)
  const { RepeatStrategy, ...rest } = written
  for (const [name, value] of Object.entries(rest)) assert.deepEqual(shown?.[name], value, name)
  assert.deepEqual(shown?.['RepeatStrategy'], {
    DayRepeat: { ExecuteAtTimeOfDay: '', Step: 0 },
    MonthRepeat: { ExecuteAtTimeOfDay: '', DaysOfMonthRange: null },
    NotRepeat: { ExecuteAt: '' },
    ...RepeatStrategy,
  })
  const { GroupGlobalConfs } = await it.answer('DescribeAutoScaleGroupGlobalConf')
  const [group] = GroupGlobalConfs as { GroupGlobalConf: { Id: number } }[]
  assert.equal(shown?.['GroupId'], group?.GroupGlobalConf.Id)
  await it.refused('DescribeAutoScaleStrategies', [
    [{ GroupId: 7 }, 'FailedOperation', 'GroupId'],
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
