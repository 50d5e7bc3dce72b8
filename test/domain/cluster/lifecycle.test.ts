import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advance } from '../../../src/domain/cluster/cluster.ts'
import {
  clusterLifecycle,
  stateTraits,
  statesWhere,
  type ClusterEvent,
} from '../../../src/domain/cluster/lifecycle.ts'
import { Fault } from '../../../src/domain/fault.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'

const { states, table, next } = clusterLifecycle
const events = [
  ...new Set(states.flatMap((state) => Object.keys(table[state]))),
] as readonly ClusterEvent[]

/** What an owner, or what it owes, makes of a cluster; the rest is recorded by the reconciler from what it sees. */
const REQUESTED: ReadonlySet<ClusterEvent> = new Set([
  'pay',
  'change',
  'suspend',
  'resume',
  'isolate',
  'restore',
  'release',
])

test('every state and event pair either leads to a known state or is refused with its names', () => {
  let legal = 0
  for (const state of states) {
    for (const event of events) {
      const cluster = sampleCluster({ status: { state } })
      const reached = next(state, event)
      if (reached) {
        legal++
        assert.ok(states.includes(reached))
        assert.equal(advance(cluster, event, { nowMs: 5 }).status.state, reached)
      } else {
        assert.throws(
          () => advance(cluster, event, { nowMs: 5 }),
          (fault) => {
            assert.ok(fault instanceof Fault && fault.code === 'ClusterBusy')
            assert.deepEqual(fault.facts, { id: 'c-1', state, event })
            return true
          },
        )
      }
    }
  }
  assert.ok(legal > 15)
})

test('every state leads to deleted, and deleted leads nowhere', () => {
  for (const state of states) {
    const reached = new Set([state])
    for (const from of reached) for (const to of Object.values(table[from])) reached.add(to)
    assert.ok(reached.has('deleted'), state)
  }
  assert.deepEqual(table.deleted, {})
})

test('every unsettled state has a way out that is not a client, and it is its arrival', () => {
  for (const state of statesWhere(({ settled }) => !settled)) {
    const ways = (Object.keys(table[state]) as ClusterEvent[]).filter(
      (event) => !REQUESTED.has(event),
    )
    assert.ok(ways.length > 0, state)
    const { arrival } = stateTraits[state]
    assert.ok(arrival !== undefined && ways.includes(arrival), state)
  }
})

test('an arrival is legal, leads to a settled state, and only unsettled states have one', () => {
  for (const state of states) {
    const { arrival, settled } = stateTraits[state]
    assert.equal(arrival === undefined, settled, state)
    if (arrival === undefined) continue
    const reached = next(state, arrival)
    assert.ok(reached && stateTraits[reached].settled, `${state} ${arrival}`)
  }
})

test('what can be stopped is billed and may be suspended and isolated; nothing else may be suspended', () => {
  for (const state of states) {
    const { stoppable, billed } = stateTraits[state]
    assert.equal(next(state, 'suspend') !== undefined, stoppable, state)
    if (!stoppable) continue
    assert.ok(billed, state)
    assert.ok(next(state, 'isolate'), state)
  }
})

test('what is stopped is not billed, and comes back by being paid for', () => {
  for (const state of statesWhere(({ stopped }) => stopped)) {
    assert.ok(!stateTraits[state].billed, state)
    assert.equal(next(state, 'resume') ?? next(state, 'restore'), 'resuming', state)
  }
})

test('a change begins only in a state that is billed, settled and free', () => {
  for (const state of states) {
    if (!next(state, 'change')) continue
    const { billed, settled, busy } = stateTraits[state]
    assert.deepEqual({ billed, settled, busy }, { billed: true, settled: true, busy: false }, state)
  }
  assert.deepEqual(
    states.filter((state) => next(state, 'change')),
    ['running'],
  )
})

test('what has run never fails by a change: no event of a changing cluster leads to failed', () => {
  assert.deepEqual(
    states.filter((state) => next(state, 'fail')),
    ['creating'],
  )
  const reached = new Set<string>(['changing'])
  for (const from of reached)
    for (const to of Object.values(table[from as keyof typeof table])) reached.add(to)
  assert.ok(!reached.has('failed'))
})

test('states are found by their traits, in the order of the table', () => {
  assert.deepEqual(
    statesWhere(({ settled }) => !settled),
    ['creating', 'changing', 'impaired', 'resuming', 'deleting'],
  )
  assert.deepEqual(
    statesWhere(({ stopped }) => stopped),
    ['suspended', 'isolated'],
  )
  assert.deepEqual(
    statesWhere(({ visible }) => !visible),
    ['deleted'],
  )
  assert.deepEqual(
    statesWhere(() => true),
    states,
  )
})
