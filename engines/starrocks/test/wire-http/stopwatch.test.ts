import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stopwatch } from '../../src/wire-http/stopwatch.ts'
import { manualClock } from '../../../../src/kernel/clock.ts'

test('a phase took the time since the one before it ended', () => {
  const clock = manualClock()
  const watch = stopwatch<'begin' | 'read' | 'commit'>(clock)
  assert.equal(watch.startMs, clock.now())
  clock.advance(3)
  watch.end('begin')
  clock.advance(40)
  watch.end('read')
  clock.advance(500)
  assert.deepEqual(
    [watch.phaseMs('begin'), watch.phaseMs('read'), watch.phaseMs('commit'), watch.totalMs()],
    [3, 40, undefined, 543],
  )
})
