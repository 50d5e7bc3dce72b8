import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spelled } from '../../../../src/dialect/tencent/wire/error-code.ts'

const CHANGED = [
  [
    'InvalidParameter.InvaildCoreCount',
    'InvalidParameter.InvaildCoreCount',
    'InvalidParameter.InvalidCoreCount',
  ],
  ['ResourcesSoldOut.', 'ResourcesSoldOut.', 'ResourcesSoldOut'],
  [
    'InvalidParameter.InvalidSoftWareName',
    'InvalidParameter.InvalidComponent',
    'InvalidParameter.InvalidSoftWareName',
  ],
  [
    'InvalidParameter.InvalidSecuritySupport',
    'UnsupportedOperation',
    'InvalidParameter.InvalidSecuritySupport',
  ],
] as const

test('a code that changed is spelled as in the configured list', () => {
  for (const [code, seed, current] of CHANGED) {
    assert.equal(spelled(code, 'seed'), seed)
    assert.equal(spelled(code, 'current'), current)
  }
})

test('a code that did not change is the same in both lists, misspelt as it is', () => {
  const code = 'InvalidParameter.InvalidSercurityGrpupId'
  assert.equal(spelled(code, 'seed'), code)
  assert.equal(spelled(code, 'current'), code)
})
