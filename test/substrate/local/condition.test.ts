import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  afterAlive,
  afterBlock,
  afterEnd,
  afterLook,
  afterStart,
  afterStop,
  isOverdue,
  soonMs,
  problemOf,
  waitMs,
  type Condition,
} from '../../../src/substrate/local/condition.ts'

const timeouts = { unresponsiveMs: 15_000, startMs: 120_000, steadyMs: 60_000 }
const at = (seconds: number) => ({ ms: 1_000_000 + seconds * 1000, wallMs: seconds * 1000 })
const pauseMs = (count: number) => count * 1000

/** What comes of a look each second, up to `seconds`. */
function looks(from: Condition, seconds: readonly number[], problem?: string): Condition {
  return seconds.reduce(
    (was, second) => afterLook(was, { pid: 7, problem }, { now: at(second), timeouts }),
    from,
  )
}

test('a single look that finds no answer is no problem yet; the second one is, since the first', () => {
  const running = looks({}, [0])
  const once = looks(running, [1], 'silence')
  assert.equal(problemOf(once, 'engine', false), undefined)
  const twice = looks(once, [2], 'silence')
  assert.deepEqual(problemOf(twice, 'engine', false), {
    kind: 'unresponsive',
    reason: 'the process engine is there and does not do its work: silence',
    sinceMs: at(1).ms,
    persists: false,
  })
  assert.deepEqual(
    problemOf(looks(twice, [3], 'silence'), 'engine', false),
    problemOf(twice, 'engine', false),
  )
  assert.equal(problemOf(looks(twice, [3]), 'engine', true), undefined)
})

test('one that was started and has not answered yet is starting, for as long as that may take', () => {
  const started = afterStart({}, 7)
  const silent = looks(started, [1, 2, 60, 119], 'silence')
  assert.equal(problemOf(silent, 'engine', false), undefined)
  assert.equal(isOverdue(silent, at(119), timeouts), false)
  assert.equal(isOverdue(looks(silent, [122], 'silence'), at(122), timeouts), true)
})

test('one that was found, or has answered, is overdue after its time on the wall, and not by two looks far apart', () => {
  const found = looks(afterAlive({}, 7, at(0)), [1, 2, 3], 'silence')
  assert.equal(isOverdue(found, at(15), timeouts), false)
  assert.equal(isOverdue(found, at(16), timeouts), true)
  assert.equal(isOverdue(found, { ms: at(99_999).ms, wallMs: at(4).wallMs }, timeouts), false)
  const slept = looks(looks({}, [0]), [1, 10_000], 'silence')
  assert.equal(isOverdue(slept, at(10_000), timeouts), false)
})

test('the first end is followed by a start at once, the next ones by longer and longer waits', () => {
  const once = afterEnd(looks({}, [0]), 'crash', { now: at(5), pauseMs })
  assert.equal(waitMs(once, at(5)), 0)
  const twice = afterEnd(afterStart(once, 8), 'crash', { now: at(6), pauseMs })
  assert.equal(waitMs(twice, at(6)), 1000)
  assert.equal(waitMs(twice, at(7)), 0)
  const thrice = afterEnd(afterStart(twice, 9), 'crash', { now: at(8), pauseMs })
  assert.equal(waitMs(thrice, at(8)), 2000)
  assert.equal(problemOf(thrice, 'engine', false)?.sinceMs, at(5).ms)
})

test('a crash is over with the next answer; a loop only once it has run steadily', () => {
  const end = (was: Condition, second: number) =>
    afterEnd(afterStart(was, 7), 'crash', { now: at(second), pauseMs })
  const once = looks(afterStart(end({}, 0), 7), [1])
  assert.equal(problemOf(once, 'engine', true), undefined)
  assert.equal(problemOf(once, 'engine', false)?.kind, 'crash')
  const loop = looks(afterStart(end(end(end({}, 0), 1), 2), 7), [3])
  assert.equal(
    problemOf(loop, 'engine', true)?.reason,
    'the process engine ended by itself; it had to be started again 3 times since it last ran steadily',
  )
  assert.ok(problemOf(looks(loop, [62]), 'engine', true))
  assert.equal(problemOf(looks(loop, [63]), 'engine', true), undefined)
})

test('an end on purpose is no crash, and does not forget those before it', () => {
  assert.deepEqual(afterStop(looks({}, [0])), {})
  const crashed = afterEnd(looks({}, [0]), 'unresponsive', { now: at(5), pauseMs })
  assert.equal(problemOf(afterStop(crashed), 'engine', false)?.kind, 'unresponsive')
})

test('either clock ends a wait', () => {
  const twice = afterEnd(afterEnd({}, 'crash', { now: at(0), pauseMs }), 'crash', {
    now: at(0),
    pauseMs: () => 60_000,
  })
  assert.equal(waitMs(twice, { ms: at(0).ms + 3_600_000, wallMs: 1 }), 0)
  assert.equal(waitMs(twice, { ms: at(0).ms, wallMs: 60_000 }), 0)
})

test('one that cannot be started says why since when, and whoever can change it is not asked all the time', () => {
  const now = { ms: 1_000, wallMs: 1_000 }
  const later = (ms: number) => ({ ms: now.ms + ms, wallMs: now.wallMs + ms })
  const first = afterBlock({}, 'the key is disabled', now)
  assert.deepEqual(problemOf(first, 'engine', false), {
    kind: 'refused',
    reason: 'the key is disabled',
    sinceMs: 1_000,
    persists: false,
  })
  assert.equal(waitMs(first, later(500)), 1_500)
  assert.equal(waitMs(first, later(2_000)), 0)
  const second = afterBlock(first, 'the key service is silent', later(2_000))
  assert.equal(problemOf(second, 'engine', false)?.sinceMs, 1_000)
  assert.equal(waitMs(second, later(2_500)), 1_500)
  assert.equal(problemOf(afterStart(second, 7), 'engine', false), undefined)
})

test('one that comes up is looked at the less often the longer it takes', () => {
  assert.equal(soonMs(undefined, 9_000), 50)
  const ages = [0, 500, 1_000, 4_000, 10_000, 60_000]
  assert.deepEqual(
    ages.map((age) => soonMs(1_000, 1_000 + age)),
    [50, 50, 100, 400, 1_000, 1_000],
  )
})
