import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QueueLoad } from '../../src/domain/inquiry.ts'
import {
  isTriggered,
  evaluationIntervalMs,
  queuesOf,
  withSample,
  type LoadCondition,
  type LoadTrigger,
  type LoadWindow,
} from '../../src/domain/load-trigger.ts'

const none = { available: 0, allocated: 0, pending: 0, reserved: 0 }

function loadOf(pending: number): QueueLoad {
  return {
    memoryMib: { ...none, pending },
    cores: { available: 3, allocated: 4, pending: 0, reserved: 1 },
    containers: { allocated: 4, pending: 2 },
    applications: { running: 1, pending: 2, submitted: 3, completed: 4, failed: 5, killed: 6 },
  }
}

const condition: LoadCondition = {
  figure: 'pendingMemoryMib',
  queue: 'root',
  periodMs: 60_000,
  times: 2,
  gather: 'average',
  comparisons: [{ compare: '>', threshold: 100 }],
}

const triggerOf = (...conditions: readonly Partial<LoadCondition>[]): LoadTrigger => ({
  match: 'all',
  conditions: conditions.map((each) => ({ ...condition, ...each })),
})

type Windows = readonly (LoadWindow | null)[]

/** Sees these figures, one in so many ms. */
function run(trigger: LoadTrigger, pending: readonly number[], everyMs = 10_000): Windows {
  let windows: Windows | undefined
  for (const [at, value] of pending.entries()) {
    const sample = new Map([['root', loadOf(value)]])
    windows = withSample(trigger, windows, { sample, nowMs: at * everyMs })
  }
  return windows ?? []
}

const times = (count: number, value: number) => Array.from({ length: count }, () => value)

test('so many windows in a row have to be met', () => {
  const trigger = triggerOf({})
  assert.equal(isTriggered(trigger, run(trigger, times(12, 200))), false)
  assert.equal(isTriggered(trigger, run(trigger, times(13, 200))), true)
  // The second window is not.
  const uneven = [...times(7, 200), ...times(6, 0), ...times(6, 200)]
  assert.equal(isTriggered(trigger, run(trigger, uneven)), false)
})

test('a window is judged by what it has gathered', () => {
  const values = [0, 300, 0, 300, 0, 300, 300]
  for (const [gather, compare, threshold, expected] of [
    ['average', '>', 171, true],
    ['average', '>', 172, false],
    ['greatest', '>=', 300, true],
    ['greatest', '<', 300, false],
    ['least', '<=', 0, true],
    ['least', '>', 0, false],
  ] as const) {
    const trigger = triggerOf({ times: 1, gather, comparisons: [{ compare, threshold }] })
    assert.equal(
      isTriggered(trigger, run(trigger, values)),
      expected,
      `${gather} ${compare} ${threshold}`,
    )
  }
  const between = triggerOf({
    times: 1,
    comparisons: [
      { compare: '>', threshold: 100 },
      { compare: '<', threshold: 150 },
    ],
  })
  assert.equal(isTriggered(between, run(between, values)), false)
})

test('a gap of two periods begins the counting again, a shorter one does not', () => {
  const trigger = triggerOf({})
  assert.equal(isTriggered(trigger, run(trigger, times(3, 200), 119_999)), true)
  assert.equal(isTriggered(trigger, run(trigger, times(9, 200), 120_000)), false)
})

test('a queue that is not there says nothing, and what it said is forgotten', () => {
  const trigger = triggerOf({ times: 1 })
  const windows = run(trigger, times(6, 200))
  const lost = withSample(trigger, windows, { sample: new Map(), nowMs: 60_000 })
  assert.deepEqual(lost, [null])
  assert.equal(isTriggered(trigger, lost), false)
})

test('all conditions have to be met, or any', () => {
  const other = { figure: 'availableCores', comparisons: [{ compare: '>', threshold: 9 }] } as const
  const all = triggerOf({ times: 1 }, { times: 1, ...other })
  const windows = run(all, times(7, 200))
  assert.equal(isTriggered(all, windows), false)
  assert.equal(isTriggered({ ...all, match: 'any' }, windows), true)
})

test('every figure is what its name says', () => {
  const of = (figure: LoadCondition['figure']) => {
    const [window] = run(triggerOf({ figure }), [7])
    return window?.sum
  }
  assert.equal(of('pendingMemoryMib'), 7)
  assert.equal(of('availableCoresPercent'), 37.5)
  assert.equal(of('availableMemoryPercent'), 0)
  assert.equal(of('pendingContainersRatio'), 0.5)
  assert.equal(of('killedApplications'), 6)
  assert.equal(of('reservedCores'), 1)
})

test('it is looked at six times in the shortest period, and each queue is asked once', () => {
  const trigger = triggerOf({ periodMs: 300_000 }, { queue: 'root.default' }, {})
  assert.equal(evaluationIntervalMs(trigger), 10_000)
  assert.deepEqual(queuesOf(trigger), ['root', 'root.default'])
})
