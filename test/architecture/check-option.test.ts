import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkOptions, HELP } from '../../scripts/check/check-option.ts'

test('options of the check name a ring of tests, or files', () => {
  const nothing = { ring: 'plain', files: [], long: false, times: false, help: false }
  assert.deepEqual(checkOptions([]), nothing)
  assert.deepEqual(checkOptions(['a.test.ts', '--times']), {
    ...nothing,
    files: ['a.test.ts'],
    times: true,
  })
  assert.equal(checkOptions(['--crash', 'a.test.ts']).ring, 'crash')
})

test('what is no option is refused, and not taken for the whole check', () => {
  assert.throws(() => checkOptions(['--crashes']), /'--crashes'/)
  assert.ok(HELP.split('\n').every((line) => line.length <= 80))
})
