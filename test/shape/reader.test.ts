import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { reader, type Convention } from '../../src/shape/reader.ts'
import * as shape from '../../src/shape/shape.ts'

const typeNames = {
  text: 'string',
  integer: 'int',
  decimal: 'float',
  flag: 'bool',
  list: 'array',
  object: 'object',
}
const strict: Convention = {
  unknownMembers: 'refuse',
  memberCase: 'exact',
  numberAsText: false,
  jsonInText: false,
  typeNames,
}
const lenient: Convention = {
  unknownMembers: 'ignore',
  memberCase: 'insensitive',
  numberAsText: true,
  jsonInText: true,
  typeNames,
}

const sample = shape.object({
  Kind: shape.choice(['Small', 'Large'], {
    code: 'Bad.Kind',
    ignoreCase: true,
    aliases: { XL: 'Large' },
  }),
  Name: shape.text({ min: 2, max: 5, pattern: /^[a-z]+$/, code: 'Bad.Name' }),
  Password: shape.optional(shape.text({ min: 8, secret: true, code: 'Bad.Password' })),
  Count: shape.optional(shape.integer({ min: 1, max: 9 })),
  Step: shape.optional(shape.integer({ allowed: [2, 4] })),
  On: shape.flag({ default: false }),
  Tags: shape.optional(
    shape.list(shape.object({ Key: shape.text(), Value: shape.optional(shape.text()) }), {
      max: 2,
    }),
  ),
})

const good = { Kind: 'Small', Name: 'abc' }
const reported = (raw: unknown, convention = strict) => reader(sample, convention)(raw).refusals

test('a good request is read, with defaults filled and spellings made one', () => {
  const { value, refusals } = reader(
    sample,
    strict,
  )({ Kind: 'LARGE', Name: 'abc', Count: '3', Tags: [{ Key: 'k' }] })
  assert.deepEqual(refusals, [])
  assert.deepEqual(value, { Kind: 'Large', Name: 'abc', Count: 3, On: false, Tags: [{ Key: 'k' }] })
  assert.equal(reader(sample, strict)({ ...good, Kind: 'xl' }).value.Kind, 'Large')
})

test('each member is refused for what is wrong with it, with its own code', () => {
  const table: readonly [unknown, object][] = [
    [{ Name: 'abc' }, { name: 'Kind', problem: 'missing', code: 'Bad.Kind' }],
    [
      { ...good, Kind: 'Huge' },
      {
        name: 'Kind',
        problem: 'value',
        value: 'Huge',
        allowed: ['Small', 'Large'],
        code: 'Bad.Kind',
      },
    ],
    [
      { ...good, Name: 7 },
      { name: 'Name', problem: 'type', expected: 'string', value: '7' },
    ],
    [
      { ...good, Name: 'a' },
      { name: 'Name', problem: 'value', value: 'a', min: 2, max: 5, code: 'Bad.Name' },
    ],
    [
      { ...good, Name: 'ABC' },
      { name: 'Name', problem: 'value', value: 'ABC', min: 2, max: 5, code: 'Bad.Name' },
    ],
    [
      { ...good, Count: 10 },
      { name: 'Count', problem: 'value', value: '10', min: 1, max: 9 },
    ],
    [
      { ...good, Count: 1.5 },
      { name: 'Count', problem: 'type', expected: 'int', value: '1.5' },
    ],
    [
      { ...good, Count: '1e1' },
      { name: 'Count', problem: 'type', expected: 'int', value: '1e1' },
    ],
    [
      { ...good, Step: 3 },
      { name: 'Step', problem: 'value', value: '3', allowed: [2, 4] },
    ],
    [
      { ...good, On: 'yes' },
      { name: 'On', problem: 'type', expected: 'bool', value: 'yes' },
    ],
    [
      { ...good, Tags: 'x' },
      { name: 'Tags', problem: 'type', expected: 'array', value: 'x' },
    ],
    [
      { ...good, Tags: [{}] },
      { name: 'Tags.0.Key', problem: 'missing' },
    ],
    [
      { ...good, Tags: [{ Key: 'a', Other: 1 }] },
      { name: 'Tags.0.Other', problem: 'unknown', allowed: ['Key', 'Value'] },
    ],
    [
      { ...good, Extra: 1 },
      { name: 'Extra', problem: 'unknown', allowed: Object.keys(sample.properties) },
    ],
    [[], { name: '', problem: 'type', expected: 'object', value: '[]' }],
  ]
  for (const [raw, expected] of table)
    assert.deepEqual(reported(raw), [expected], JSON.stringify(raw))
})

test('a list that is too long is refused by its bounds', () => {
  const tags = [{ Key: 'a' }, { Key: 'b' }, { Key: 'c' }]
  assert.deepEqual(reported({ ...good, Tags: tags }), [
    {
      name: 'Tags',
      problem: 'value',
      value: '3 items',
      rule: 'between 0 and 2 items',
      min: 0,
      max: 2,
    },
  ])
})

test('what cannot be read comes first, then what is missing, then values, each in declared order', () => {
  const refusals = reported({ Extra: 1, Step: 3, Count: 'many', Name: 'TOO LONG' })
  assert.deepEqual(
    refusals.map(({ name, problem }) => [name, problem]),
    [
      ['Extra', 'unknown'],
      ['Count', 'type'],
      ['Kind', 'missing'],
      ['Name', 'value'],
      ['Step', 'value'],
    ],
  )
})

test('a secret is never repeated, not even when its type is wrong', () => {
  const text = JSON.stringify([
    ...reported({ ...good, Password: 'hunter2' }),
    ...reported({ ...good, Password: { a: 'hunter2' } }),
  ])
  assert.ok(text.includes('Password'))
  assert.ok(!text.includes('hunter2'))
})

test('null and absent are the same', () => {
  assert.deepEqual(reported({ ...good, Password: null, Count: null }), [])
  assert.deepEqual(
    reported({ ...good, Name: null }).map(({ problem }) => problem),
    ['missing'],
  )
})

test('a lenient wire folds the case of members, ignores the undeclared, and reads JSON in texts', () => {
  const read = reader(
    sample,
    lenient,
  )({ kIND: 'Small', name: 'abc', other: 1, TAGS: '[{"key":"k","value":5}]', on: 'True' })
  assert.deepEqual(read, {
    value: { Kind: 'Small', Name: 'abc', On: true, Tags: [{ Key: 'k', Value: '5' }] },
    refusals: [],
  })
})

test('a refusal repeats nothing of a list or object, however deep it is', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  const refused = (Name: unknown) => reader(sample, lenient)({ Name }).refusals[0]
  assert.deepEqual(refused(deep), {
    name: 'Name',
    problem: 'type',
    expected: 'string',
    value: '[…]',
  })
  assert.equal(refused({ Password: 'hidden' })?.value, '{…}')
})

test('a flattened list is read in the order of its numbers', () => {
  const list = shape.object({ Items: shape.list(shape.integer()) })
  assert.deepEqual(reader(list, strict)({ Items: { '10': '3', '2': '2', '0': '1' } }).value, {
    Items: [1, 2, 3],
  })
  assert.equal(reader(list, strict)({ Items: { a: '1' } }).refusals[0]?.problem, 'type')
})

test('whatever is sent, reading ends with a value or bounded refusals, and accepts only what the shape allows', () => {
  const anything = fc.object({
    key: fc.constantFrom('Kind', 'Name', 'Count', 'Tags', 'On', 'x'),
    maxDepth: 3,
  })
  fc.assert(
    fc.property(anything, fc.constantFrom(strict, lenient), (raw, convention) => {
      const { value, refusals } = reader(sample, convention)(raw)
      assert.ok(refusals.length <= 20)
      if (refusals.length > 0) return
      assert.ok(['Small', 'Large'].includes(value.Kind))
      assert.match(value.Name, /^[a-z]{2,5}$/)
      assert.equal(typeof value.On, 'boolean')
    }),
    { numRuns: 500 },
  )
})
