import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inOrder, isBeforeStart, scriptMoments, startSteps } from '../../src/domain/script.ts'
import { sampleScript } from '../support/fixture/sample.ts'

const scripts = fc.array(
  fc.record({
    moment: fc.constantFrom(...scriptMoments),
    order: fc.integer({ min: 0, max: 3 }),
    at: fc.nat(),
  }),
)

test('scripts run moment by moment, by number within one, and as given where the numbers are equal', () => {
  fc.assert(
    fc.property(scripts, (given) => {
      const numbered = given.map((script, at) => ({ ...script, at }))
      const sorted = inOrder(numbered)
      assert.equal(new Set(sorted).size, numbered.length)
      for (const [at, script] of sorted.entries()) {
        const next = sorted[at + 1]
        if (!next) continue
        const place = (it: typeof script) => [scriptMoments.indexOf(it.moment), it.order, it.at]
        assert.ok(compare(place(script), place(next)) < 0)
      }
    }),
  )
})

test('the engine waits for all scripts but those that wait for it', () => {
  assert.deepEqual(
    scriptMoments.map((moment) => isBeforeStart({ moment })),
    [true, true, false],
  )
})

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((number, index) => number !== other[index])
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0)
}

test('new nodes go through the steps of the scripts that there are', () => {
  const [early, late] = [sampleScript('a'), sampleScript('b', { moment: 'after-start' })]
  assert.deepEqual(startSteps([]), ['allocate', 'start', 'verify'])
  assert.deepEqual(startSteps([early]), ['allocate', 'scripts-before', 'start', 'verify'])
  assert.deepEqual(startSteps([late]), ['allocate', 'start', 'scripts-after', 'verify'])
})
