import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { machineIdOf, numberOf, serialOf } from '../../../../src/dialect/tencent/emr/identifier.ts'

test('derived numbers and ids have the documented form and are always the same', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const number = numberOf(text)
      assert.ok(Number.isInteger(number) && number > 0 && number < 2 ** 31)
      assert.match(machineIdOf(text), /^ins-[0-9a-z]{8}$/)
      assert.match(
        serialOf(text),
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
      )
      assert.equal(numberOf(text), number)
    }),
  )
  // What clients have stored must not change with a release.
  assert.equal(numberOf('vpc-12345678'), 206562127)
  assert.equal(machineIdOf('emr-vm-12345678'), machineIdOf('emr-vm-12345678'))
})

test('different nodes have different machines', () => {
  const nodes = Array.from({ length: 10_000 }, (_, index) => `emr-vm-${index}`)
  assert.equal(new Set(nodes.map((node) => machineIdOf(node))).size, nodes.length)
  assert.equal(new Set(nodes.map((node) => serialOf(node))).size, nodes.length)
})
