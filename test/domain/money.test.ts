import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amountOf, amountText } from '../../src/domain/money.ts'

test('every amount is read back from its text', () => {
  const amounts = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })
  fc.assert(fc.property(amounts, (amount) => assert.equal(amountOf(amountText(amount)), amount)))
})

test('amounts have at least two decimals and at most four', () => {
  const texts = [0, 1, 10, 100, 12_582_000, -25_000, -1].map(amountText)
  assert.deepEqual(texts, ['0.00', '0.0001', '0.001', '0.01', '1258.20', '-2.50', '-0.0001'])
})

test('what is no amount, or not exact, is refused', () => {
  for (const text of ['', '.5', '5.', '1.00001', '1e3', '+1', ' 1', '1,5', '--1', '999999999999'])
    assert.equal(amountOf(text), undefined, text)
  assert.deepEqual([amountOf('7'), amountOf('0.5'), amountOf('-0')], [70_000, 5_000, 0])
})
