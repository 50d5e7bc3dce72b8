import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addStrategy,
  inHours,
  once,
  pass,
  records,
  startScalable,
} from '../../../../support/fixture/emr-strategy.ts'

test('records are filtered, sorted and paged', async (t) => {
  const it = await startScalable(t)
  await addStrategy(it)
  await addStrategy(it, { StrategyName: 'less', ScaleAction: 2, RepeatStrategy: once(it, 2) })
  await addStrategy(it, { StrategyName: 'none', ScaleAction: 2, RepeatStrategy: once(it, 3) })
  for (let at = 0; at < 4; at++) await pass(it, 1)
  const [out, less, none] = [
    'more SCALE_OUT SUCCESS',
    'less SCALE_IN SUCCESS',
    'none SCALE_IN FAILED',
  ]
  assert.deepEqual(await records(it), [none, less, out])
  assert.deepEqual(await records(it, { Asc: 1, Limit: 2 }), [out, less])
  assert.deepEqual(await records(it, { Offset: 2, Limit: 1 }), [out])
  assert.deepEqual(await records(it, { RecordSource: 1 }), [])
  const by = (Key: string, Value: string) => records(it, { Filters: [{ Key, Value }] })
  assert.deepEqual(await by('StrategyName', 'less'), [less])
  assert.deepEqual(await by('ActionStatus', '2'), [none])
  assert.deepEqual(await by('ActionStatus', '3'), [])
  assert.deepEqual(await by('ScaleAction', '1'), [out])
  assert.deepEqual(await by('StartTime', inHours(it, 0)), [])
  assert.deepEqual(await by('EndTime', inHours(it, 0).replaceAll('-', '/')), [none, less, out])
  const { RecordList, TotalCount } = await it.answer('DescribeAutoScaleRecords', { Asc: 1 })
  const [first, , last] = RecordList as Record<string, unknown>[]
  assert.deepEqual([TotalCount, first?.['ExpectScaleNum'], first?.['StrategyType']], [3, 2, 2])
  assert.match(String(first?.['ScaleInfo']), /0 nodes before, 2 after, 2 succeeded/)
  assert.match(String(last?.['ScaleInfo']), /there were no nodes/)
  await it.refused('DescribeAutoScaleRecords', [
    [
      { Filters: [{ Key: 'Mood', Value: '' }] },
      'InvalidParameter.InvalidFilterKey',
      'Filters.0.Key',
    ],
    [
      { Filters: [{ Key: 'StartTime', Value: 'now' }] },
      'InvalidParameter.InvalidStartTimeOrEndTime',
      'Filters.0.Value',
    ],
    [{ InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
