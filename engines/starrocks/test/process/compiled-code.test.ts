import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { keepCompiledCode } from '../../src/process/compiled-code.ts'

const MINUTE_MS = 60_000

test('what was compiled is kept once, and not while somebody is connected', () => {
  const clock = manualClock()
  let sessions = 1
  let kept = 0
  keepCompiledCode({ clock, sessions: () => sessions, keep: () => void kept++ })
  clock.advance(MINUTE_MS)
  assert.equal(kept, 0)
  sessions = 0
  clock.advance(MINUTE_MS)
  clock.advance(MINUTE_MS)
  assert.equal(kept, 1)
})

test('not in the first moments, when clients are yet to come', () => {
  const clock = manualClock()
  let kept = 0
  keepCompiledCode({ clock, sessions: () => 0, keep: () => void kept++ })
  clock.advance(1_000)
  assert.equal(kept, 0)
  clock.advance(1_000)
  assert.equal(kept, 1)
})
