/** Strategies by load, on what YARN can give of what applications want. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addLoadStrategy,
  demand,
  inHours,
  loadStrategy,
  pass,
  passMinutes,
  records,
  startScalable,
  strategy,
  taskNodes,
} from '../../../../support/fixture/emr-strategy.ts'

async function shown(it: Awaited<ReturnType<typeof startScalable>>) {
  const answer = await it.answer('DescribeAutoScaleStrategies')
  return answer['LoadAutoScaleStrategies'] as (Record<string, unknown> & { StrategyId: number })[]
}

test('nodes come while applications wait, and go when there is too much', async (t) => {
  const it = await startScalable(t)
  await addLoadStrategy(it)
  const tooMuch = {
    LoadMetrics: 'AvailableMemPercentage',
    Conditions: [{ CompareMethod: 3, Threshold: 80 }],
  }
  await addLoadStrategy(it, { StrategyName: 'idle', ScaleAction: 2, ScaleNum: 5 }, tooMuch)
  await passMinutes(it, 3)
  assert.equal(await taskNodes(it), 1)
  // Three nodes of four cores have twelve, five have enough.
  await demand(it, 14)
  await passMinutes(it, 2)
  assert.equal(await taskNodes(it), 3)
  await passMinutes(it, 3)
  assert.equal(await taskNodes(it), 3)
  await demand(it, 0)
  await passMinutes(it, 3)
  assert.equal(await taskNodes(it), 1)
  const [last, first] = await records(it)
  assert.deepEqual([last, first], ['idle SCALE_IN SUCCESS', 'busy SCALE_OUT SUCCESS'])
  const { RecordList } = await it.answer('DescribeAutoScaleRecords')
  const kinds = (RecordList as { StrategyType: number }[]).map((each) => each.StrategyType)
  assert.deepEqual(kinds, [1, 1])
})

test('so many periods in a row have to be met, and afterwards the cluster is left alone for a while', async (t) => {
  const it = await startScalable(t)
  await demand(it, 200)
  await addLoadStrategy(it, { CalmDownTime: 600, ScaleNum: 1 }, { TriggerThreshold: 3 })
  await passMinutes(it, 2)
  assert.equal(await taskNodes(it), 1)
  await passMinutes(it, 2)
  assert.equal(await taskNodes(it), 2)
  await passMinutes(it, 8)
  assert.equal(await taskNodes(it), 2)
  await passMinutes(it, 6)
  assert.equal(await taskNodes(it), 3)
})

test('a strategy that is paused does nothing, nor does one that was removed', async (t) => {
  const it = await startScalable(t)
  await demand(it, 200)
  await addLoadStrategy(it, { StrategyStatus: 3 })
  await passMinutes(it, 3)
  assert.equal(await taskNodes(it), 1)
  const [added] = await shown(it)
  const StrategyId = added!.StrategyId
  const LoadAutoScaleStrategies = [loadStrategy({ StrategyId, Priority: 7 })]
  await it.answer('ModifyAutoScaleStrategy', { StrategyType: 1, LoadAutoScaleStrategies })
  await passMinutes(it, 2)
  assert.equal(await taskNodes(it), 3)
  await it.answer('DeleteAutoScaleStrategy', { StrategyType: 1, StrategyId })
  await passMinutes(it, 3)
  assert.equal(await taskNodes(it), 1)
  assert.deepEqual(await shown(it), [])
})

/** As the example has it. */
function period(members: object = {}): string {
  const days = { StartDay: '2024-12-24', EndDay: '2024-12-24' }
  return JSON.stringify({
    Category: 1,
    ...days,
    StartTime: '00:00:00',
    EndTime: '23:59:59',
    ...members,
  })
}

test('load counts on certain days at certain hours alone, and afterwards the strategy is paused', async (t) => {
  const it = await startScalable(t)
  // Ten o'clock of UTC+8: all of it is on one day.
  const day = 86_400_000
  const ten = 7_200_000
  await pass(it, ((day + ten - (it.cloud.clock.now() % day)) % day) / 3_600_000)
  await demand(it, 200)
  // An hour of two days that begins in one hour.
  const [StartDay = '', StartTime] = inHours(it, 1).split(' ')
  const [, EndTime] = inHours(it, 2).split(' ')
  const [EndDay] = inHours(it, 25).split(' ')
  const PeriodValid = period({ StartDay, EndDay, StartTime, EndTime })
  await addLoadStrategy(it, { ScaleNum: 1, CalmDownTime: 7_200, PeriodValid })
  assert.equal((await shown(it))[0]?.['PeriodValid'], PeriodValid)
  await passMinutes(it, 50)
  assert.equal(await taskNodes(it), 1)
  await passMinutes(it, 15)
  assert.equal(await taskNodes(it), 2)
  await pass(it, 3)
  await passMinutes(it, 3)
  assert.equal(await taskNodes(it), 2)
  await pass(it, 21)
  await passMinutes(it, 5)
  assert.equal(await taskNodes(it), 3)
  assert.equal((await shown(it))[0]?.['StrategyStatus'], 1)
  await pass(it, 3)
  await passMinutes(it, 3)
  assert.equal(await taskNodes(it), 3)
  assert.equal((await shown(it))[0]?.['StrategyStatus'], 3)
})

test('it reads back as it was written', async (t) => {
  const it = await startScalable(t)
  const written = loadStrategy(
    { CalmDownTime: 60, GraceDownFlag: true, GraceDownTime: 30, Soft: 'yarn' },
    { LoadMetrics: 'AppsPending#root.default', StatisticPeriod: 300, TriggerThreshold: 2 },
    { LoadMetrics: 'ContainerPendingRatio' },
  )
  await it.answer('AddMetricScaleStrategy', { StrategyType: 1, LoadAutoScaleStrategy: written })
  const [read] = await shown(it)
  const { LoadMetricsConditions: conditions, ...members } = written
  assert.partialDeepStrictEqual(read, { ...members, Priority: 1 })
  const { LoadMetrics, Match } = read!['LoadMetricsConditions'] as typeof conditions & {
    Match: number
  }
  assert.equal(Match, 0)
  assert.deepEqual(
    LoadMetrics,
    conditions.LoadMetrics.map((each) => ({ MetricId: 0, ...each })),
  )
  const { GroupGlobalConfs } = await it.answer('DescribeAutoScaleGroupGlobalConf')
  const [conf] = GroupGlobalConfs as { GroupGlobalConf: { StrategyType: number } }[]
  assert.equal(conf?.GroupGlobalConf.StrategyType, 1)
})

test('what is no strategy by load is refused by name', async (t) => {
  const it = await startScalable(t)
  const of = (members: object, ...conditions: Parameters<typeof loadStrategy>[1][]) => ({
    StrategyType: 1,
    LoadAutoScaleStrategy: loadStrategy(members, ...conditions),
  })
  const NONE = 'UnsupportedOperation'
  const TIME = 'InvalidParameter.InvalidTimeLayout'
  const PERIOD = 'InvalidParameter.InvalidStatisticPeriodOrTriggerThreshold'
  const NUMBER = 'InvalidParameter.InvalidConditionNum'
  const COMPARE = 'InvalidParameter.InvalidCompareMethod'
  await it.refused('AddMetricScaleStrategy', [
    [of({ ProcessMethod: 4 }), 'InvalidParameter.InvalidProcessMethod', 'ProcessMethod'],
    [of({ YarnNodeLabel: 'a' }), NONE, 'YarnNodeLabel'],
    [of({ PeriodValid: '1' }), TIME, 'PeriodValid'],
    [of({ PeriodValid: period({ Category: 2 }) }), NONE, 'PeriodValid.Category'],
    [of({ PeriodValid: period({ StartDay: '2024-02-30' }) }), TIME, 'PeriodValid.StartDay'],
    [of({ PeriodValid: period({ EndDay: '2024-12-23' }) }), TIME, 'PeriodValid.EndDay'],
    [of({ PeriodValid: period({ StartTime: '24:00:00' }) }), TIME, 'PeriodValid.StartTime'],
    [of({ PeriodValid: period({ StartTime: '12:00:00', EndTime: '11:59:59' }) }), TIME, 'EndTime'],
    [of({ PeriodValid: period({ EndTime: undefined }) }), TIME, 'PeriodValid.EndTime'],
    [of({ Soft: 'trino' }), NONE, 'Soft'],
    [of({ GraceDownProtectFlag: true }), NONE, 'GraceDownProtectFlag'],
    [of({ LoadMetricsConditions: { LoadMetrics: [] } }), NUMBER, 'LoadMetrics'],
    [of({}, { Conditions: [] }), NUMBER, 'Conditions'],
    [of({}, { Conditions: [{ CompareMethod: 5, Threshold: 1 }] }), COMPARE, 'CompareMethod'],
    [of({}, { StatisticPeriod: 61 }), PERIOD, 'StatisticPeriod'],
    [of({}, { TriggerThreshold: 0 }), PERIOD, 'TriggerThreshold'],
    [of({}, { LoadMetrics: 'Temperature' }), NONE, 'LoadMetrics'],
    [of({}, { LoadMetrics: 'PendingMB#other' }), 'InvalidParameter.InvalidStrategy', 'queue'],
    [of({}, { LoadMetrics: 'PendingMB#root,a=b' }), 'InvalidParameter.InvalidStrategy', 'queue'],
    [
      of({}, { LoadMetrics: 'AvailableMemPercentage#root.a' }),
      'InvalidParameter.InvalidStrategy',
      'whole cluster',
    ],
  ])
  await addLoadStrategy(it)
  const time = { StrategyType: 2, TimeAutoScaleStrategy: strategy(it, { StrategyName: 'busy' }) }
  const [added] = await shown(it)
  await it.refused('AddMetricScaleStrategy', [
    [time, 'InvalidParameter.RepeatedStrategyName', 'StrategyName'],
  ])
  await it.refused('DeleteAutoScaleStrategy', [
    [
      { StrategyType: 2, StrategyId: added?.StrategyId },
      'ResourceNotFound.StrategyNotFound',
      'StrategyId',
    ],
  ])
})
