/** How nodes that go are made safe to lose: how many at a time, for how long, and what becomes of them after that. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Change } from '../../../src/domain/cluster/change.ts'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { withoutNodes } from '../../../src/domain/cluster/spec.ts'
import { planChange } from '../../../src/reconcile/cluster/change.ts'
import type { NodePhase, Seen } from '../../../src/substrate/port.ts'
import { sampleCluster, sampleGroup, sampleSpec } from '../../support/fixture/sample.ts'

const before = sampleSpec({ groups: [sampleGroup('g-1', 4)] })
const gone = ['g-1-1', 'g-1-2', 'g-1-3']

function leaving(members: Partial<Change> = {}): Cluster {
  const change = {
    kind: 'scale',
    direction: 'in',
    scope: { of: 'nodes', nodes: gone },
    operation: 'op',
    rolling: false,
    startedMs: 1_000,
    deadlineMs: 100_000,
    before,
    supply: { before: [], after: [] },
    ...members,
  } as Change
  return sampleCluster({
    spec: { ...withoutNodes(before, gone), generation: 2 },
    status: { state: 'changing' },
    change,
  })
}

/** The first node stays and serves. */
function seen(phases: readonly NodePhase[], changesInMs?: number): Seen {
  const nodes = ['serving' as const, ...phases].map((phase, index) => {
    return { id: `g-1-${index}`, index, address: '', phase }
  })
  return {
    present: true,
    generation: 0,
    groups: [{ id: 'g-1', nodes }],
    answering: true,
    endpoints: [],
    ...(changesInMs === undefined ? {} : { changesInMs }),
  }
}

function stepOf(cluster: Cluster, world: Seen, nowMs = 2_000) {
  return planChange(cluster, {
    seen: world,
    rollout: 'node',
    drains: true,
    sinceMs: -Infinity,
    nowMs,
  })
}

test('all nodes that go are drained side by side', () => {
  const step = stepOf(leaving(), seen(['serving', 'serving', 'serving']))
  assert.deepEqual(step, { do: 'drain', nodes: gone })
})

test('with a bound, the next one is drained when one before it is safe to lose', () => {
  const it = leaving({ drainAtOnce: 1 })
  const drained: NodePhase[] = ['serving', 'serving', 'serving']
  const order: string[] = []
  for (let at = 0; at < gone.length; at++) {
    const step = stepOf(it, seen(drained))
    assert.ok(step.do === 'drain')
    order.push(step.nodes.at(-1)!)
    drained[at] = 'draining'
    const waiting = stepOf(it, seen(drained))
    assert.deepEqual(
      [waiting.do, waiting.do === 'wait' && waiting.during],
      ['wait', 'drain'],
      `node ${at} was not waited for`,
    )
    drained[at] = 'drained'
  }
  assert.deepEqual(order, gone)
  assert.equal(stepOf(it, seen(drained)).do, 'apply')
})

test('a bound that is larger than what goes changes nothing', () => {
  const step = stepOf(leaving({ drainAtOnce: 9 }), seen(['serving', 'serving', 'serving']))
  assert.deepEqual(step, { do: 'drain', nodes: gone })
})

test('nodes are waited for until their time is over, and then they go as they are', () => {
  const it = leaving({ graceMs: 5_000 })
  const draining = seen(['draining', 'draining', 'drained'], 60_000)
  const waiting = stepOf(it, draining, 4_000)
  assert.deepEqual([waiting.do, waiting.do === 'wait' && waiting.forMs], ['wait', 2_000])
  const soon = stepOf(it, seen(['draining', 'draining', 'drained'], 500), 4_000)
  assert.equal(soon.do === 'wait' && soon.forMs, 500)
  assert.deepEqual(stepOf(it, draining, 6_000), { do: 'apply', spec: it.spec, graceOver: true })
})

test('without such a time they are waited for, however long it takes', () => {
  const step = stepOf(leaving(), seen(['draining', 'draining', 'drained']), 99_000)
  assert.deepEqual([step.do, step.do === 'wait' && step.forMs], ['wait', undefined])
})
