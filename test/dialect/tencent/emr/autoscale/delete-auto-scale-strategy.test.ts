import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addStrategy,
  once,
  pass,
  shownStrategies,
  startScalable,
  taskNodes,
} from '../../../../support/fixture/emr-strategy.ts'

test('the nodes that came by a strategy go with it, and no others', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it)
  await addStrategy(it, { StrategyName: 'other', ScaleNum: 1, RepeatStrategy: once(it, 2) })
  await pass(it, 1.5)
  await pass(it, 1)
  assert.equal(await taskNodes(it), 4)
  const [first] = await shownStrategies(it)
  const request = { StrategyType: 2, StrategyId: first!.StrategyId }
  await it.refused('DeleteAutoScaleStrategy', [
    [{ ...request, StrategyId: 999_999 }, 'ResourceNotFound.StrategyNotFound', 'StrategyId'],
    [{ ...request, StrategyType: 1 }, 'ResourceNotFound.StrategyNotFound', 'StrategyId'],
    [{ ...request, StrategyType: 3 }, 'InvalidParameter.InvalidStrategyType', 'StrategyType'],
    [{ ...request, GroupId: 9 }, 'FailedOperation', 'GroupId'],
  ])
  await it.answer('DeleteAutoScaleStrategy', request)
  const names = (await shownStrategies(it)).map(({ StrategyName }) => StrategyName)
  assert.deepEqual(names, ['other'])
  await pass(it, 0.5)
  await pass(it, 0.5)
  assert.equal(await taskNodes(it), 2)
})
