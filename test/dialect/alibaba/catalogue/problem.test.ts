import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { notIn, notWithin, problemText } from '../../../../src/dialect/alibaba/catalogue/problem.ts'

test('sets and ranges are said as the service says them', () => {
  const region = notIn('Region id', 'cn-x', ['cn-beijing', 'cn-hangzhou'])
  assert.deepEqual(region.map(problemText), [
    'Region id should be select from set [cn-beijing, cn-hangzhou]',
  ])
  const number = notWithin('Number of fe', 3, { min: 1, max: 1, step: 1 })
  assert.deepEqual(number.map(problemText), ['Number of fe should be in range [1, 1]'])
})

test('the other rules are said in the same style', () => {
  const [step] = notWithin('Storage size of be', 105, { min: 100, max: 200, step: 10 })
  assert.ok(step)
  assert.equal(problemText(step), 'Storage size of be should be 100 plus a multiple of 10')
  const when = 'pay type is prePaid'
  assert.equal(
    problemText({ what: 'Duration', rule: 'required', when }),
    'Duration is required when pay type is prePaid',
  )
  assert.equal(
    problemText({ what: 'Agent node group', rule: 'unsupported', when: 'package type is trial' }),
    'Agent node group is not supported when package type is trial',
  )
})

test('a number is accepted exactly when it is one of the steps of its range', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -5, max: 60 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 7 }),
      (value, min, width, step) => {
        const range = { min, max: min + width, step }
        const steps = []
        for (let one = min; one <= range.max; one += step) steps.push(one)
        assert.equal(notWithin('x', value, range).length === 0, steps.includes(value))
      },
    ),
  )
  assert.equal(notWithin('x', Number.NaN, { min: 0, max: 1, step: 1 }).length, 1)
  assert.equal(notWithin('x', 1.5, { min: 0, max: 2, step: 1 }).length, 1)
})
