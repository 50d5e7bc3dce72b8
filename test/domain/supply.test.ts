import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Limit, Reservation } from '../../src/domain/environment.ts'
import { checkSupply, merged } from '../../src/domain/supply.ts'

const machine = (type: string, amount: number): Reservation => ({
  measure: 'machine',
  type,
  zone: 'z-1',
  charge: 'postpaid',
  amount,
})
const wanted = [machine('A', 2), machine('B', 3)]

function check(limits: readonly Limit[], taken = 0) {
  const ofEach = async (counted: readonly Limit[]) => counted.map(() => taken)
  return checkSupply(limits, { region: 'r-1', wanted }, ofEach)
}

const ENOUGH: readonly (readonly Limit[])[] = [
  [],
  [{ rule: 'stock', measure: 'machine', most: 5 }],
  [{ rule: 'stock', measure: 'machine', type: 'A', most: 2 }],
  [{ rule: 'stock', measure: 'machine', type: 'C', most: 0 }],
  [{ rule: 'stock', measure: 'machine', zone: 'z-2', most: 0 }],
  [{ rule: 'stock', measure: 'machine', region: 'r-2', most: 0 }],
  [{ rule: 'stock', measure: 'machine', charge: 'prepaid', most: 0 }],
  [{ rule: 'quota', measure: 'disk', most: 0 }],
]
for (const limits of ENOUGH) {
  test(`five machines of two types fit ${JSON.stringify(limits)}`, () => check(limits))
}

test('what is taken already counts', async () => {
  await assert.rejects(check([{ rule: 'stock', measure: 'machine', most: 5 }], 4), {
    code: 'ResourceShort',
    facts: { what: 'machine', type: '', zone: '', wanted: 5, available: 1 },
  })
})

test('a limit that was lowered below what is taken has nothing left, rather than less', async () => {
  await assert.rejects(
    check([{ rule: 'stock', measure: 'machine', type: 'B', zone: 'z-1', most: 1 }], 9),
    { facts: { what: 'machine', type: 'B', zone: 'z-1', wanted: 3, available: 0 } },
  )
})

test('stock is reported before quotas, a type before everything, whatever their order', async () => {
  const quota: Limit = { rule: 'quota', measure: 'machine', most: 0 }
  const all: Limit = { rule: 'stock', measure: 'machine', most: 0 }
  const one: Limit = { rule: 'stock', measure: 'machine', type: 'A', most: 1 }
  await assert.rejects(check([quota, all, one]), {
    facts: { what: 'machine', type: 'A', zone: '', wanted: 2, available: 1 },
  })
  await assert.rejects(check([quota, all]), { code: 'ResourceShort' })
  await assert.rejects(check([quota]), { code: 'QuotaExceeded' })
})

test('reservations of the same thing are one, and those of nothing none', () => {
  assert.deepEqual(merged([machine('A', 1), machine('B', 0), machine('A', 2)]), [machine('A', 3)])
})
