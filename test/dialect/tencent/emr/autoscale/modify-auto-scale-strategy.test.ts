import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addStrategy,
  once,
  pass,
  shownStrategies,
  startScalable,
  strategy,
  taskNodes,
} from '../../../../support/fixture/emr-strategy.ts'

test('a strategy does from now on what it says now', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it)
  const [added] = await shownStrategies(it)
  const StrategyId = added!.StrategyId
  const changed = strategy(it, { StrategyId, ScaleNum: 1, RepeatStrategy: once(it, 3) })
  await it.answer('ModifyAutoScaleStrategy', {
    StrategyType: 2,
    TimeAutoScaleStrategies: [changed],
  })
  await pass(it, 2)
  assert.equal(await taskNodes(it), 1)
  await pass(it, 2)
  assert.equal(await taskNodes(it), 2)
})

test('unknown strategies are refused, and then none is changed', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it)
  const [added] = await shownStrategies(it)
  const StrategyId = added!.StrategyId
  const known = strategy(it, { StrategyId, ScaleNum: 9 })
  const of = (...TimeAutoScaleStrategies: object[]) => ({
    StrategyType: 2,
    TimeAutoScaleStrategies,
  })
  await it.refused('ModifyAutoScaleStrategy', [
    [{ StrategyType: 2 }, 'MissingParameter', 'TimeAutoScaleStrategies'],
    [of(strategy(it)), 'MissingParameter', 'StrategyId'],
    [
      of(known, strategy(it, { StrategyName: 'x', StrategyId: 999_999 })),
      'ResourceNotFound.StrategyNotFound',
      'TimeAutoScaleStrategies.1.StrategyId',
    ],
    [{ ...of(known), StrategyType: 1 }, 'MissingParameter', 'LoadAutoScaleStrategies'],
    [{ ...of(known), StrategyType: 9 }, 'InvalidParameter.InvalidStrategyType', 'StrategyType'],
    [{ ...of(known), GroupId: 9 }, 'FailedOperation', 'GroupId'],
    [of({ ...known, Priority: -1 }), 'InvalidParameter.InvalidStrategyPriority', 'Priority'],
  ])
  const [shown] = await shownStrategies(it)
  assert.equal(shown?.['ScaleNum'], 2)
})
