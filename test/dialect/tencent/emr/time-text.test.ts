import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  addMonths,
  durationText,
  orderStamp,
  timeText,
} from '../../../../src/dialect/tencent/emr/time-text.ts'

const AT = Date.UTC(2024, 10, 5, 17, 39, 44)

test('times are written in UTC+8 without a zone', () => {
  assert.equal(timeText(AT), '2024-11-06 01:39:44')
  assert.equal(orderStamp(AT), '20241106')
})

test('durations are written in days, hours, minutes and seconds', () => {
  assert.equal(durationText(0), '0天0小时0分钟0秒')
  assert.equal(durationText((18 * 3600 + 32 * 60 + 28) * 1000), '0天18小时32分钟28秒')
  assert.equal(durationText(1_000 * (3 * 86_400 + 59)), '3天0小时0分钟59秒')
  assert.equal(durationText(-5), '0天0小时0分钟0秒')
})

test('a month later is the same day, or the last one of a shorter month', () => {
  const from = (day: string) => Date.parse(`${day}T12:00:00+08:00`)
  assert.equal(timeText(addMonths(from('2024-01-31'), 1)), '2024-02-29 12:00:00')
  assert.equal(timeText(addMonths(from('2023-12-31'), 2)), '2024-02-29 12:00:00')
  assert.equal(timeText(addMonths(from('2024-05-15'), 12)), '2025-05-15 12:00:00')
  const months = fc.integer({ min: 1, max: 60 })
  const when = fc.integer({ min: 0, max: Date.UTC(2100, 0) })
  fc.assert(
    fc.property(when, months, (ms, count) => {
      const [year = 0, month = 0] = timeText(ms).split('-').map(Number)
      const [laterYear = 0, laterMonth = 0] = timeText(addMonths(ms, count)).split('-').map(Number)
      assert.equal(laterYear * 12 + laterMonth, year * 12 + month + count)
    }),
  )
})
