import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as domain from '../../../src/domain/cluster/cluster.ts'
import {
  clusterLifecycle,
  unsettledStates,
  type ClusterEvent,
} from '../../../src/domain/cluster/lifecycle.ts'
import { Fault } from '../../../src/domain/fault.ts'
import { sampleCluster } from '../../support/sample.ts'

const events = [
  ...new Set(
    clusterLifecycle.states.flatMap((state) => Object.keys(clusterLifecycle.table[state])),
  ),
] as ClusterEvent[]

test('every state and event pair either leads to a known state or is refused with its names', () => {
  let legal = 0
  for (const state of clusterLifecycle.states) {
    for (const event of events) {
      const cluster = sampleCluster({ state })
      const next = clusterLifecycle.next(state, event)
      if (next) {
        legal++
        assert.ok(clusterLifecycle.states.includes(next))
        assert.equal(domain.advance(cluster, event, { nowMs: 5 }).status.state, next)
      } else {
        assert.throws(
          () => domain.advance(cluster, event, { nowMs: 5 }),
          (fault) => fault instanceof Fault && fault.code === 'ClusterBusy',
        )
      }
    }
  }
  assert.ok(legal > 15)
})

test('every state leads to deleted, and deleted leads nowhere', () => {
  for (const state of clusterLifecycle.states) {
    const reached = new Set([state])
    for (const from of reached)
      for (const to of Object.values(clusterLifecycle.table[from])) reached.add(to)
    assert.ok(reached.has('deleted'), state)
  }
  assert.deepEqual(clusterLifecycle.table.deleted, {})
})

test('every unsettled state has a way out that is not a client', () => {
  const ways = {
    creating: 'created',
    changing: 'changed',
    resuming: 'resumed',
    deleting: 'deleted',
  } as const
  for (const state of unsettledStates)
    assert.ok(clusterLifecycle.next(state, ways[state as keyof typeof ways]))
})

test('arriving at running records the generation that runs', () => {
  const cluster = domain.advance(sampleCluster({ generation: 3 }), 'created', { nowMs: 9 })
  assert.deepEqual(
    [cluster.status.observedGeneration, cluster.status.startedMs, cluster.status.stateSinceMs],
    [3, 9, 9],
  )
})

test('tags are merged by key, kept in order and bounded', () => {
  const tagged = domain.tag(
    sampleCluster({ tags: [{ key: 'a', value: '1' }] }),
    [
      { key: 'b', value: '2' },
      { key: 'a', value: '3' },
    ],
    2,
  )
  assert.deepEqual(tagged.tags, [
    { key: 'a', value: '3' },
    { key: 'b', value: '2' },
  ])
  assert.throws(() => domain.tag(tagged, [{ key: 'c', value: '' }], 2), /LimitReached/)
  assert.deepEqual(domain.untag(tagged, ['a', 'absent']).tags, [{ key: 'b', value: '2' }])
  assert.deepEqual(domain.untag(tagged, 'all').tags, [])
})

test('a cluster on its way out is not changed any more', () => {
  for (const state of ['deleting', 'deleted'] as const) {
    const cluster = sampleCluster({ state })
    assert.throws(() => domain.rename(cluster, 'x'), /ClusterBusy/)
    assert.throws(() => domain.moveScope(cluster, 'x'), /ClusterBusy/)
    assert.throws(() => domain.tag(cluster, [], 1), /ClusterBusy/)
    assert.throws(() => domain.untag(cluster, 'all'), /ClusterBusy/)
  }
})

test('observing nothing new gives back the same object', () => {
  const cluster = sampleCluster()
  const [node] = cluster.spec.groups[0]!.nodes
  const seen = new Map([[node!.id, { address: '10.0.0.1', ready: true }]])
  const observed = domain.observeNodes(cluster, seen)
  assert.notEqual(observed, cluster)
  assert.equal(observed.groups[0]!.nodes[0]!.address, '10.0.0.1')
  assert.equal(domain.observeNodes(observed, seen), observed)
})
