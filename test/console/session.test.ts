import assert from 'node:assert/strict'
import { test } from 'node:test'
import { carriesRequestToken, sessions } from '../../src/console/session.ts'
import { manualClock } from '../../src/kernel/clock.ts'
import { limits } from '../../src/limits.ts'

const owner = { kind: 'administrator' } as const

/** Of the machine's time, by which sessions end. */
function held() {
  let nowMs = manualClock().wall()
  return {
    held: sessions({ wall: () => nowMs }),
    pass: (ms: number) => void (nowMs += ms),
  }
}

test('a session is found by its id alone, and each has its own request token', () => {
  const it = held().held
  const [one, other] = [it.begin(owner), it.begin(owner)]
  assert.notEqual(one.id, other.id)
  assert.equal(it.find(one.id)?.requestToken, one.session.requestToken)
  assert.equal(it.find(`${one.id}x`), undefined)
  assert.ok(carriesRequestToken(one.session, one.session.requestToken))
  assert.ok(!carriesRequestToken(one.session, other.session.requestToken))
  assert.ok(!carriesRequestToken(one.session, undefined))
})

test('a session ends by lying idle, by its age however much it is used, and when it is ended', () => {
  const { held: it, pass } = held()
  const idle = it.begin(owner)
  pass(limits.consoleIdleMs)
  assert.ok(!it.has(idle.id))
  assert.equal(it.find(idle.id), undefined)
  const used = it.begin(owner)
  for (let ms = 0; ms < limits.consoleSessionMs - 1; ms += limits.consoleIdleMs - 1) {
    assert.ok(it.find(used.id), String(ms))
    pass(limits.consoleIdleMs - 1)
  }
  pass(limits.consoleIdleMs)
  assert.equal(it.find(used.id), undefined)
  const ended = it.begin(owner)
  it.end(ended.id)
  assert.equal(it.find(ended.id), undefined)
  assert.equal(it.size, 0)
})

test('their number is bounded: the one that was used longest ago makes room', () => {
  const it = held().held
  const begun = Array.from({ length: limits.consoleSessions }, () => it.begin(owner).id)
  assert.ok(it.find(begun[0] ?? ''))
  const last = it.begin(owner).id
  assert.equal(it.size, limits.consoleSessions)
  assert.ok(it.find(begun[0] ?? '') && it.find(last))
  assert.equal(it.find(begun[1] ?? ''), undefined)
})
