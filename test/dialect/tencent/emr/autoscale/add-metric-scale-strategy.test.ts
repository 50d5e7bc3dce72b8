import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import {
  addStrategy,
  inHours,
  once,
  pass,
  records,
  shownStrategies,
  startScalable,
  strategy,
  taskNodes,
} from '../../../../support/fixture/emr-strategy.ts'

test('nodes come and go at their times, and those that were ordered stay', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it)
  await addStrategy(it, {
    StrategyName: 'less',
    ScaleAction: 2,
    ScaleNum: 5,
    RepeatStrategy: once(it, 3),
  })
  assert.equal(await taskNodes(it), 1)
  await pass(it, 2)
  assert.equal(await taskNodes(it), 3)
  await pass(it, 2)
  assert.equal(await taskNodes(it), 1)
  assert.deepEqual(await records(it), ['less SCALE_IN SUCCESS', 'more SCALE_OUT SUCCESS'])
})

test('a strategy repeats until it expires, and is paused then', async (t) => {
  const it = await startScalable(t)
  const ExecuteAtTimeOfDay = inHours(it, 1).slice(11)
  const DayRepeat = { ExecuteAtTimeOfDay, Step: 1 }
  const Expire = inHours(it, 30)
  await addStrategy(it, { RepeatStrategy: { RepeatType: 'DAY', DayRepeat, Expire }, ScaleNum: 1 })
  await pass(it, 2)
  await pass(it, 24)
  assert.equal(await taskNodes(it), 3)
  await pass(it, 24)
  assert.equal(await taskNodes(it), 3)
  const [shown] = await shownStrategies(it)
  assert.equal(shown?.['StrategyStatus'], 3)
})

test('nodes that come for a time go by themselves', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it, { TerminatePolicy: 'TIMING', MaxUse: 7200, GraceDownFlag: true })
  await pass(it, 2)
  assert.equal(await taskNodes(it), 3)
  await pass(it, 2)
  assert.equal(await taskNodes(it), 1)
})

test('nodes are counted by their cores or memory, have their tags, and are at most thirty', async (t) => {
  const it = await startScalable(t)
  const Tags = [{ TagKey: 'group', TagValue: 'data' }]
  await addStrategy(it, { MeasureMethod: 'CPU', ScaleNum: 9, Tags })
  await addStrategy(it, {
    StrategyName: 'memory',
    MeasureMethod: 'MEMORYGB',
    ScaleNum: 16,
    RepeatStrategy: once(it, 3),
  })
  await addStrategy(it, { StrategyName: 'all', ScaleNum: 100, RepeatStrategy: once(it, 5) })
  await addStrategy(it, { StrategyName: 'over', ScaleNum: 1, RepeatStrategy: once(it, 7) })
  await pass(it, 2)
  assert.equal(await taskNodes(it), 1 + 3)
  const { NodeList } = await it.answer('DescribeClusterNodes', { NodeFlag: 'task' })
  const tagged = (NodeList as { Tags: unknown[] }[]).filter((node) => node.Tags.length > 0)
  assert.equal(tagged.length, 3)
  await pass(it, 2)
  assert.equal(await taskNodes(it), 1 + 5)
  await pass(it, 2)
  assert.equal(await taskNodes(it), 1 + 30)
  await pass(it, 2)
  assert.equal(await taskNodes(it), 1 + 30)
  assert.equal((await records(it))[0], 'over SCALE_OUT FAILED')
})

test('after one has done something, others wait or give up', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it, { IntervalTime: 3600 })
  const soon = once(it, 1.1)
  await addStrategy(it, { StrategyName: 'late', RetryValidTime: 60, RepeatStrategy: soon })
  const later = once(it, 1.2)
  await addStrategy(it, { StrategyName: 'later', RetryValidTime: 7200, RepeatStrategy: later })
  for (let at = 0; at < 30; at++) await pass(it, 0.1)
  assert.deepEqual((await records(it)).toSorted(), [
    'late SCALE_OUT FAILED',
    'later SCALE_OUT SUCCESS',
    'more SCALE_OUT SUCCESS',
  ])
})

test('of two that are due together the one with the lower number goes first', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it, { StrategyName: 'second', Priority: 2 })
  const RepeatStrategy = {
    RepeatType: 'DAY',
    DayRepeat: { ExecuteAtTimeOfDay: inHours(it, 1).slice(11), Step: 1 },
  }
  await addStrategy(it, { StrategyName: 'first', Priority: 1, RepeatStrategy })
  await pass(it, 1.05)
  await pass(it, 0.05)
  assert.deepEqual((await records(it)).toReversed(), [
    'first SCALE_OUT SUCCESS',
    'second SCALE_OUT SUCCESS',
  ])
})

test('what was paused, and what nothing can be taken from, does nothing', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it, { StrategyStatus: 3 })
  await addStrategy(it, { StrategyName: 'less', ScaleAction: 2, RepeatStrategy: once(it, 2) })
  await pass(it, 3)
  assert.deepEqual(await records(it), ['less SCALE_IN FAILED'])
  assert.equal(await taskNodes(it), 1)
})

test('what is no strategy is refused by name', async (t) => {
  const it = await startScalable(t)
  const taken = once(it, 1)
  await addStrategy(it, { StrategyName: 'known', RepeatStrategy: taken })
  const of = (members: object) => ({
    StrategyType: 2,
    TimeAutoScaleStrategy: strategy(it, { RepeatStrategy: once(it, 5), ...members }),
  })
  const at = (RepeatStrategy: object) => of({ RepeatStrategy })
  const LAYOUT = 'InvalidParameter.InvalidTimeLayout'
  const NONE = 'UnsupportedOperation'
  await it.refused('AddMetricScaleStrategy', [
    [{ ...of({}), StrategyType: 1 }, 'MissingParameter', 'LoadAutoScaleStrategy'],
    [{ ...of({}), StrategyType: 0 }, 'InvalidParameter.InvalidStrategyType', '`StrategyType`'],
    [{ StrategyType: 2 }, 'MissingParameter', 'TimeAutoScaleStrategy'],
    [of({ StrategyName: 'known' }), 'InvalidParameter.RepeatedStrategyName', 'StrategyName'],
    [at(taken), 'InvalidParameter.RepeatedExecutionTime', 'RepeatStrategy'],
    [at(once(it, -1)), LAYOUT, 'RepeatStrategy'],
    [at({ ...once(it, 5), Expire: inHours(it, 4) }), LAYOUT, 'RepeatStrategy'],
    [at({ ...once(it, 5), Expire: 'never' }), LAYOUT, 'Expire'],
    [at({ RepeatType: 'NONE' }), LAYOUT, 'NotRepeat'],
    [
      at({ RepeatType: 'NONE', NotRepeat: { ExecuteAt: '2999-02-30 00:00:00' } }),
      LAYOUT,
      'ExecuteAt',
    ],
    [
      at({ RepeatType: 'DAY', DayRepeat: { ExecuteAtTimeOfDay: '25:00:00', Step: 1 } }),
      LAYOUT,
      'ExecuteAtTimeOfDay',
    ],
    [
      at({
        RepeatType: 'DOM',
        MonthRepeat: { ExecuteAtTimeOfDay: '01:00:00', DaysOfMonthRange: [9, 2] },
      }),
      LAYOUT,
      'DaysOfMonthRange',
    ],
    [of({ ScaleAction: 3 }), 'InvalidParameter.InvalidScaleAction', 'ScaleAction'],
    [of({ TerminatePolicy: 'TIMING', MaxUse: 8 }), 'InvalidParameter.InvalidStrategy', 'MaxUse'],
    [of({ GroupId: 7 }), 'FailedOperation', 'GroupId'],
    [of({ GraceDownProtectFlag: true }), NONE, 'GraceDownProtectFlag'],
    [of({ GraceDownProtectTime: 60 }), NONE, 'GraceDownProtectTime'],
    [of({ GraceDownLabel: [{ Name: 'a', Value: 'b' }] }), NONE, 'GraceDownLabel'],
    [of({ CompensateFlag: 1 }), NONE, 'CompensateFlag'],
    [of({ SoftDeployInfo: [1, 42] }), NONE, 'SoftDeployInfo'],
    [of({ ServiceNodeInfo: [89] }), NONE, 'ServiceNodeInfo'],
    [of({ ConfigGroupAssigned: '{"HDFS-2.8.5":7}' }), NONE, 'ConfigGroupAssigned'],
    [of({ ConfigGroupAssigned: 'none' }), NONE, 'ConfigGroupAssigned'],
    [{ ...of({}), InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})

test('strategies need a specification of task nodes, pay by the hour, and are thirty at most', async (t) => {
  const bare = await startEmr(t)
  const add = (it: typeof bare) => ({ StrategyType: 2, TimeAutoScaleStrategy: strategy(it) })
  await bare.refused('AddMetricScaleStrategy', [
    [add(bare), 'InvalidParameter.InvalidStrategySpec', 'TimeAutoScaleStrategy'],
  ])
  const term = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }
  const bought = await startEmr(t, { members: term })
  await bought.refused('AddMetricScaleStrategy', [
    [add(bought), 'UnsupportedOperation', 'StrategyType'],
  ])
  const full = await startScalable(t)
  for (let at = 0; at < 30; at++)
    await addStrategy(full, { StrategyName: `s${at}`, RepeatStrategy: once(full, 10 + at) })
  await full.refused('AddMetricScaleStrategy', [
    [add(full), 'FailedOperation.MoreStrategyNotAllowed', 'at most 30'],
  ])
})
