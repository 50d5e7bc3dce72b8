import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  compareBounds,
  compareValues,
  momentName,
  normalValue,
  stepValue,
} from '../../src/catalog/partition-value.ts'
import type { PartitionBound } from '../../src/catalog/catalog.ts'

const date = { kind: 'date' } as const
const datetime = { kind: 'datetime' } as const
const int = { kind: 'int' } as const

test('a value has one spelling, and what is none is refused', () => {
  assert.equal(normalValue('2024-1-2', date), '2024-01-02')
  assert.equal(normalValue('20240102', date), '2024-01-02')
  assert.equal(normalValue('2024-01-02', datetime), '2024-01-02 00:00:00')
  assert.equal(normalValue(' 007 ', int), '7')
  for (const [text, type] of [
    ['2024-02-30', date],
    ['2024-13-01', date],
    ['x', int],
    ['1.5', int],
    ['2024-01-01 24:00:00', datetime],
  ] as const) {
    assert.throws(() => normalValue(text, type), /Invalid partition value/, text)
  }
})

test('steps continue by calendar units', () => {
  assert.equal(stepValue('2024-01-31', date, 1, 'day'), '2024-02-01')
  assert.equal(stepValue('2024-02-01', date, 1, 'month'), '2024-03-01')
  assert.equal(stepValue('2024-01-01', date, 1, 'quarter'), '2024-04-01')
  assert.equal(stepValue('2024-12-31 23:00:00', datetime, 1, 'hour'), '2025-01-01 00:00:00')
  assert.equal(stepValue('-5', int, 10), '5')
  assert.throws(() => stepValue('2024-01-01', date, 1, 'fortnight'), /fortnight/)
})

test('names follow the unit', () => {
  assert.equal(momentName('2024-03-04', 'year'), 'p2024')
  assert.equal(momentName('2024-03-04', 'month'), 'p202403')
  assert.equal(momentName('2024-03-04', 'day'), 'p20240304')
  assert.equal(momentName('2024-03-04 05:00:00', 'hour'), 'p2024030405')
})

test('integers are ordered as numbers, however long', () => {
  fc.assert(
    fc.property(
      fc.bigInt(-(10n ** 38n), 10n ** 38n),
      fc.bigInt(-(10n ** 38n), 10n ** 38n),
      (a, b) => {
        const order = compareValues(String(a), String(b), { kind: 'largeint' })
        assert.equal(Math.sign(order), a < b ? -1 : a > b ? 1 : 0)
      },
    ),
  )
})

test('the order of bounds is total: antisymmetric and transitive, with ends below and above all', () => {
  const value = fc.oneof(
    fc.record({
      kind: fc.constant('value' as const),
      text: fc.integer({ min: -3, max: 3 }).map(String),
    }),
    fc.constant({ kind: 'max' as const }),
  )
  const bound: fc.Arbitrary<PartitionBound | undefined> = fc.option(
    fc.array(value, { minLength: 1, maxLength: 2 }),
    { nil: undefined },
  )
  const types = [int, int]
  fc.assert(
    fc.property(bound, bound, bound, (a, b, c) => {
      const [ab, ba] = [compareBounds(a, b, types), compareBounds(b, a, types)]
      assert.equal(Math.sign(ab), -Math.sign(ba) + 0)
      if (ab <= 0 && compareBounds(b, c, types) <= 0) assert.ok(compareBounds(a, c, types) <= 0)
      if (a !== undefined) assert.ok(compareBounds(undefined, a, types) < 0)
    }),
  )
})
