import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random } from '../../src/kernel/random.ts'

test('the same seed gives the same ids, another seed others', () => {
  const draw = (seed: string) => {
    const it = random(seed)
    return [it.hex(16), it.serial.base36(8), it.decimal(15), it.uuid(), it.fraction()]
  }
  assert.deepEqual(draw('a'), draw('a'))
  assert.notDeepEqual(draw('a'), draw('b'))
})

test('ids have their form', () => {
  const it = random()
  for (let n = 0; n < 500; n++) {
    assert.match(it.hex(7), /^[0-9a-f]{7}$/)
    assert.match(it.base36(8), /^[0-9a-z]{8}$/)
    assert.match(it.decimal(15), /^[1-9]\d{14}$/)
    assert.match(it.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const fraction = it.fraction()
    assert.ok(fraction >= 0 && fraction < 1)
  }
})

test('without a seed ids do not repeat', () => {
  const it = random()
  const drawn = new Set(Array.from({ length: 20_000 }, () => it.hex(16)))
  assert.equal(drawn.size, 20_000)
})

test('serial ids have their form and follow each other, from another beginning in each process', () => {
  const it = random()
  const drawn = Array.from({ length: 5_000 }, () => it.serial.base36(8))
  assert.equal(new Set(drawn).size, drawn.length)
  for (const id of drawn) assert.match(id, /^[0-9a-z]{8}$/)
  assert.ok(new Set(drawn.map((id) => id.slice(0, -2))).size < 10)
  const steps = drawn.slice(1).map((id, at) => parseInt(id, 36) - parseInt(drawn[at]!, 36))
  assert.ok(steps.filter((step) => step === 1).length > 4_900)
  assert.match(it.serial.decimal(15), /^[1-9]\d{14}$/)
  assert.match(it.serial.hex(16), /^[0-9a-f]{16}$/)
  assert.notEqual(random().serial.hex(16), random().serial.hex(16))
})
