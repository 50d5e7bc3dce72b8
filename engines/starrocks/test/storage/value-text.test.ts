import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampValue,
  listValue,
  mapValue,
} from '@duckdb/node-api'
import * as fc from 'fast-check'
import { dateText, decimalText, nestedText, timestampText } from '../../src/storage/value-text.ts'

test('dates and times are printed to the microsecond, also before 1970', () => {
  assert.equal(dateText(new DuckDBDateValue(0)), '1970-01-01')
  assert.equal(dateText(new DuckDBDateValue(-719_162)), '0001-01-01')
  assert.equal(timestampText(new DuckDBTimestampValue(-1n)), '1969-12-31 23:59:59.999999')
  assert.equal(timestampText(new DuckDBTimestampValue(1_500_000n)), '1970-01-01 00:00:01.500000')
  assert.equal(timestampText(new DuckDBTimestampValue(0n)), '1970-01-01 00:00:00')
})

test('every moment of StarRocks’ range reads back as itself', () => {
  const first = Date.UTC(1970, 0, 1) - 62_135_596_800_000
  const last = Date.UTC(9999, 11, 31, 23, 59, 59)
  fc.assert(
    fc.property(
      fc.integer({ min: first / 1000, max: last / 1000 }),
      fc.nat(999_999),
      (seconds, micros) => {
        const text = timestampText(
          new DuckDBTimestampValue(BigInt(seconds) * 1_000_000n + BigInt(micros)),
        )
        const [whole = '', fraction = '0'] = text.split('.')
        assert.equal(Date.parse(`${whole.replace(' ', 'T')}Z`) / 1000, seconds)
        assert.equal(Number(fraction), micros)
      },
    ),
  )
})

test('nested values quote text and dates only', () => {
  const type = {
    kind: 'array',
    element: { kind: 'map', key: { kind: 'varchar', length: 9 }, value: { kind: 'date' } },
  } as const
  const value = listValue([mapValue([{ key: 'a"b', value: new DuckDBDateValue(1) }]), null])
  assert.equal(nestedText(value, type), '[{"a\\"b":"1970-01-02"},null]')
  assert.equal(nestedText(true, { kind: 'boolean' }), '1')
  assert.equal(nestedText('a\n"\\', { kind: 'varchar', length: 9 }), '"a\n\\"\\\\"')
  assert.equal(
    nestedText('{"addr":2,"of":"it\'s"}', { kind: 'json' }),
    `'{"addr": 2, "of": "it\\'s"}'`,
  )
  for (const [single, text] of [
    [Math.fround(1.1), '1.1'],
    [Math.fround(0.1), '0.1'],
    [16_777_216, '16777216'],
    [Math.fround(3.402_823_466e38), '3.4028235e+38'],
    [-2, '-2'],
  ] as const)
    assert.equal(nestedText(single, { kind: 'float' }), text)
  assert.equal(decimalText(5n, 2), '5.00')
})

test('a decimal is printed with all digits behind its point', () => {
  for (const [units, scale, text] of [
    [5n, 2, '0.05'],
    [-5n, 2, '-0.05'],
    [0n, 3, '0.000'],
    [-7n, 0, '-7'],
    [12_345n, 2, '123.45'],
    [-(10n ** 38n - 1n), 38, `-0.${'9'.repeat(38)}`],
  ] as const)
    assert.equal(decimalText(new DuckDBDecimalValue(units, 38, scale), scale), text)
  const units = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })
  fc.assert(
    fc.property(units, fc.integer({ min: 0, max: 38 }), (value, scale) => {
      const text = decimalText(new DuckDBDecimalValue(value, 38, scale), scale)
      assert.match(text, /^-?\d+(?:\.\d+)?$/)
      assert.equal(BigInt(text.replace('.', '')), value)
      assert.equal(text.split('.')[1]?.length ?? 0, scale)
    }),
  )
})
