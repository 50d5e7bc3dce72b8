import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeZoneNamed, wallTimeText } from '../../src/kernel/time-zone.ts'

const MOMENT = Date.UTC(2026, 0, 31, 20, 5, 9)

test('a moment reads as clocks of a zone show it', () => {
  assert.equal(wallTimeText(MOMENT, 'UTC'), '2026-01-31 20:05:09')
  assert.equal(wallTimeText(MOMENT, 'Asia/Shanghai'), '2026-02-01 04:05:09')
  assert.equal(wallTimeText(MOMENT, '-03:30'), '2026-01-31 16:35:09')
  assert.throws(() => wallTimeText(MOMENT, 'Mars/Base'), RangeError)
})

test('zones are known by any of their names, in any case', () => {
  assert.equal(timeZoneNamed('asia/shanghai'), 'Asia/Shanghai')
  assert.equal(timeZoneNamed('+08:00'), '+08:00')
  for (const name of ['', 'Mars/Base', 'x'.repeat(100)])
    assert.equal(timeZoneNamed(name), undefined)
})

test('a zone has one formatter, however often it is asked', (t) => {
  const made = t.mock.method(Intl, 'DateTimeFormat')
  for (let round = 0; round < 100; round++) {
    wallTimeText(MOMENT + round, 'Europe/Vienna')
    timeZoneNamed('Europe/Paris')
    timeZoneNamed('Mars/Base two')
  }
  assert.equal(made.mock.callCount(), 3)
  const zones = Array.from(
    { length: 1000 },
    (_, index) => `+00:${String(index % 60).padStart(2, '0')}`,
  )
  for (const zone of zones) wallTimeText(MOMENT, zone)
  assert.equal(wallTimeText(MOMENT, 'Europe/Vienna'), '2026-01-31 21:05:09')
})
