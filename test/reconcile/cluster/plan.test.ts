import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterLifecycle, stateTraits } from '../../../src/domain/cluster/lifecycle.ts'
import type { ClusterState } from '../../../src/domain/cluster/lifecycle.ts'
import { withRestart, withSize, type ClusterSpec } from '../../../src/domain/cluster/spec.ts'
import { plan, startsEngines } from '../../../src/reconcile/cluster/plan.ts'
import type { Seen } from '../../../src/substrate/port.ts'
import { changeActions, changingCluster } from '../../support/fixture/change.ts'
import { sampleCluster, sampleGroup, sampleSpec } from '../../support/fixture/sample.ts'
import { absent, seenOf } from '../../support/fixture/seen.ts'

const spec = sampleSpec({ groups: [sampleGroup('g-1', 1), sampleGroup('g-2', 2)] })
const creating = sampleCluster({ spec })
const persisting = { reason: 'no stock', persists: true }

const inState = (state: ClusterState, of: ClusterSpec = spec) =>
  sampleCluster({ spec: of, status: { state, reason: 'as it was' } })
const step = (cluster: typeof creating, seen: Seen) =>
  plan(cluster, { seen, rollout: 'node', drains: true, nowMs: 0, sinceMs: -Infinity })

test('a cluster of which nothing is there gets all that is wanted', () => {
  for (const state of ['creating', 'resuming'] as const)
    assert.deepEqual(step(inState(state), absent), { do: 'apply', spec })
})

test('a cluster of which a part is missing is applied again', () => {
  for (const phases of [{ 'g-1-0': 'absent' }, { 'g-2-1': 'absent' }] as const)
    assert.deepEqual(step(creating, seenOf(spec, { phases })), { do: 'apply', spec })
})

test('a node that runs something else than is wanted is brought to it', () => {
  const older = withRestart(spec, { of: 'nodes', nodes: ['g-2-0'] })
  assert.deepEqual(step(creating, seenOf(spec, { runs: older })), { do: 'apply', spec })
  const smaller = withSize(spec, { of: 'group', group: 'g-1' }, (was) => ({ ...was, cpu: 2 }))
  assert.deepEqual(step(creating, seenOf(spec, { runs: smaller })), { do: 'apply', spec })
})

test('nodes that start are waited for, as long as the substrate says', () => {
  const phases = { 'g-2-0': 'starting', 'g-2-1': 'starting' } as const
  const waiting = step(creating, seenOf(spec, { phases, changesInMs: 70 }))
  assert.deepEqual(waiting, { do: 'wait', reason: 'waiting for 1 of 2 node groups', forMs: 70 })
})

test('nodes that are prepared, or stopped, are started', () => {
  for (const phase of ['prepared', 'stopped'] as const)
    assert.deepEqual(step(creating, seenOf(spec, { phases: { 'g-1-0': phase } })), {
      do: 'apply',
      spec,
    })
})

test('running is recorded only when the generation is there and the data plane answered', () => {
  for (const [state, event] of [
    ['creating', 'created'],
    ['resuming', 'resumed'],
  ] as const) {
    const cluster = inState(state)
    assert.deepEqual(step(cluster, seenOf(spec, { generation: 0 })), { do: 'apply', spec })
    assert.deepEqual(step(cluster, seenOf(spec, { answering: false, changesInMs: 5 })), {
      do: 'wait',
      reason: 'waiting for the first answer',
      forMs: 5,
    })
    assert.deepEqual(step(cluster, seenOf(spec)), { do: 'record', event, reason: '' })
  }
})

test('a problem that persists fails a cluster that is being created, with its reason', () => {
  const seen = seenOf(spec, { phases: { 'g-2-0': 'starting' }, problems: { 'g-2': persisting } })
  const failed = { do: 'record', event: 'fail', reason: 'no stock' }
  assert.deepEqual(step(creating, seen), failed)
  const missing = seenOf(spec, { phases: { 'g-2-0': 'absent' }, problems: { 'g-2': persisting } })
  assert.deepEqual(step(creating, missing), failed)
})

test('one that has run never fails: it waits, with the reason of its problem', () => {
  const seen = seenOf(spec, {
    phases: { 'g-2-0': 'starting' },
    problems: { 'g-2': persisting },
    changesInMs: 9,
  })
  assert.deepEqual(step(inState('resuming'), seen), { do: 'wait', reason: 'no stock', forMs: 9 })
  for (const state of clusterLifecycle.states) {
    const planned = step(inState(state), seen)
    if (planned.do === 'record' && planned.event === 'fail') assert.equal(state, 'creating')
  }
})

test('a problem that may pass is waited for, and its reason is shown', () => {
  const problems = { 'g-2': { reason: 'it crashed twice' } }
  const seen = seenOf(spec, { phases: { 'g-2-0': 'starting' }, problems })
  const waiting = { do: 'wait', reason: 'it crashed twice', forMs: undefined }
  assert.deepEqual(step(creating, seen), waiting)
})

test('a cluster that was denied fails before anything is made for it', () => {
  const denied = sampleCluster({ spec, status: { denied: 'out of stock' } })
  const failed = { do: 'record', event: 'fail', reason: 'out of stock' }
  assert.deepEqual(step(denied, absent), failed)
  assert.deepEqual(step(denied, seenOf(spec)), failed)
})

test('a deleting cluster is removed until nothing is left', () => {
  const deleting = inState('deleting')
  const phases = { 'g-1-0': 'stopping', 'g-2-0': 'stopping', 'g-2-1': 'absent' } as const
  for (const seen of [seenOf(spec), seenOf(spec, { phases })])
    assert.deepEqual(step(deleting, seen), { do: 'remove' })
  assert.deepEqual(step(deleting, absent), { do: 'record', event: 'deleted', reason: '' })
})

test('a cluster that never ran, or is gone, is left alone, whatever is seen', () => {
  const worlds = [
    absent,
    seenOf(spec),
    seenOf(spec, { phases: { 'g-1-0': 'starting' }, problems: { 'g-1': persisting } }),
  ]
  for (const state of ['unpaid', 'failed', 'deleted'] as const)
    for (const world of worlds) assert.deepEqual(step(inState(state), world), { do: 'rest' })
})

test('nodes of a cluster that is isolated are stopped, and then it rests', () => {
  for (const state of ['suspended', 'isolated'] as const) {
    const away = inState(state, { ...spec, running: false })
    assert.deepEqual(step(away, seenOf(spec)), { do: 'apply', spec: away.spec })
    const all = (phase: 'stopping' | 'stopped') => ({
      'g-1-0': phase,
      'g-2-0': phase,
      'g-2-1': phase,
    })
    const stopping = seenOf(spec, { phases: all('stopping'), changesInMs: 3 })
    assert.deepEqual(step(away, stopping), { do: 'wait', reason: 'as it was', forMs: 3 })
    const half = seenOf(spec, { phases: { ...all('stopped'), 'g-1-0': 'serving' } })
    assert.deepEqual(step(away, half), { do: 'apply', spec: away.spec })
    for (const rest of [seenOf(spec, { phases: all('stopped') }), absent])
      assert.deepEqual(step(away, rest), { do: 'rest' })
  }
})

test('a running cluster is only called so while all of it serves and answers', () => {
  const running = inState('running')
  assert.deepEqual(step(running, seenOf(spec)), { do: 'rest' })
  for (const [seen, reason] of [
    [seenOf(spec, { phases: { 'g-1-0': 'starting' } }), '1 of 3 nodes do not serve'],
    [
      seenOf(spec, { phases: { 'g-1-0': 'absent', 'g-2-0': 'stopped' } }),
      '2 of 3 nodes do not serve',
    ],
    [seenOf(spec, { answering: false }), 'the cluster does not answer'],
    [
      seenOf(spec, { phases: { 'g-2-0': 'starting' }, problems: { 'g-2': { reason: 'killed' } } }),
      'killed',
    ],
  ] as const)
    assert.deepEqual(step(running, seen), { do: 'record', event: 'impair', reason })
})

test('an impaired cluster is waited for while its supervisor restarts it, and recovers when all of it serves', () => {
  const impaired = inState('impaired')
  assert.deepEqual(step(impaired, seenOf(spec)), { do: 'record', event: 'recover', reason: '' })
  const phases = { 'g-1-0': 'starting' } as const
  assert.deepEqual(step(impaired, seenOf(spec, { phases, changesInMs: 4 })), {
    do: 'wait',
    reason: '1 of 3 nodes do not serve',
    forMs: 4,
  })
  const problems = { 'g-1': { reason: 'killed' } }
  assert.deepEqual(step(impaired, seenOf(spec, { phases: { 'g-1-0': 'absent' }, problems })), {
    do: 'wait',
    reason: 'killed',
    forMs: undefined,
  })
})

test('what nobody else would start again in an impaired cluster is applied', () => {
  const impaired = inState('impaired')
  const apply = { do: 'apply', spec }
  assert.deepEqual(step(impaired, absent), apply)
  assert.deepEqual(step(impaired, seenOf(spec, { phases: { 'g-1-0': 'absent' } })), apply)
  // As a restart leaves it that took too long: nodes serve, and run what was wanted before.
  const restarted = withRestart({ ...spec, generation: 2 }, { of: 'nodes', nodes: ['g-2-0'] })
  const late = inState('impaired', restarted)
  assert.deepEqual(step(late, seenOf(spec)), { do: 'apply', spec: restarted })
  assert.deepEqual(step(late, seenOf(restarted, { generation: 1 })), {
    do: 'apply',
    spec: restarted,
  })
})

test('whatever is recorded is legal in the state it is recorded in', () => {
  const starting = { 'g-1-0': 'starting' } as const
  const worlds = [
    absent,
    seenOf(spec),
    seenOf(spec, { phases: starting }),
    seenOf(spec, { answering: false }),
    seenOf(spec, { phases: starting, problems: { 'g-1': persisting } }),
  ]
  let recorded = 0
  const clusters = [
    ...clusterLifecycle.states.map((state) => inState(state)),
    ...Object.values(changeActions).map((action) => changingCluster(action, { cluster: { spec } })),
  ]
  for (const cluster of clusters)
    for (const seen of worlds)
      for (const nowMs of [0, 1e12]) {
        const planned = plan(cluster, {
          seen,
          rollout: 'node',
          drains: true,
          sinceMs: -Infinity,
          nowMs,
        })
        if (planned.do !== 'record') continue
        recorded++
        const { state } = cluster.status
        assert.ok(clusterLifecycle.next(state, planned.event), `${state} ${planned.event}`)
      }
  assert.ok(recorded > 20)
})

test('engines are about to start in every state that arrives at running, but for what was denied', () => {
  for (const state of clusterLifecycle.states) {
    const { arrival } = stateTraits[state]
    const arrives = arrival !== undefined && clusterLifecycle.next(state, arrival) === 'running'
    assert.equal(startsEngines(inState(state)), arrives, state)
  }
  assert.equal(startsEngines(sampleCluster({ status: { denied: 'x' } })), false)
})

test('a running cluster whose role says something else about objects is applied, and one of which that is not known is left alone', () => {
  const running = inState('running')
  const one = { endpoint: 'http://127.0.0.1:1', region: 'r', prefixes: [] }
  const other = { ...one, prefixes: [{ name: 'oss://b/', rights: ['read'] as const }] }
  const decide = (seen: Seen, objectStorage?: typeof one | typeof other | null) =>
    plan(running, {
      seen,
      rollout: 'node',
      drains: true,
      nowMs: 0,
      sinceMs: -Infinity,
      ...(objectStorage === undefined ? {} : { objectStorage }),
    })
  const bare = seenOf(spec)
  const given = { ...bare, objectStorage: one }
  assert.deepEqual(decide(given, other), { do: 'apply', spec })
  assert.deepEqual(decide(bare, one), { do: 'apply', spec })
  assert.deepEqual(decide(given, null), { do: 'apply', spec })
  for (const rest of [decide(given, one), decide(given), decide(bare), decide(bare, null)])
    assert.deepEqual(rest, { do: 'rest' })
})
