import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterLifecycle } from '../../../src/domain/cluster/lifecycle.ts'
import { plan } from '../../../src/reconcile/cluster/cluster.ts'
import type { Seen } from '../../../src/substrate/port.ts'
import { sampleCluster, sampleGroup } from '../../support/sample.ts'

const absent: Seen = { present: false, generation: 0, groups: [], answering: false, endpoints: [] }
const groups = [sampleGroup('g-1', 1), sampleGroup('g-2', 2)]
const cluster = sampleCluster({ groups })
type Phase = Seen['groups'][number]['phase']

function seen(phases: readonly Phase[], more: Partial<Seen> = {}): Seen {
  const found = phases.map((phase, at) => {
    const group = groups[at]!
    const nodes = group.nodes.map((node) => ({
      id: node.id,
      address: '10.0.0.1',
      ready: phase === 'ready',
    }))
    return { id: group.id, phase, nodes }
  })
  return { present: true, generation: 1, groups: found, answering: true, endpoints: [], ...more }
}

test('a cluster of which nothing is there gets all its groups', () => {
  assert.deepEqual(plan(cluster, absent), { do: 'ensure', groups: ['g-1', 'g-2'] })
})

test('only what is missing is ensured', () => {
  assert.deepEqual(plan(cluster, seen(['ready'])), { do: 'ensure', groups: ['g-2'] })
})

test('starting groups are waited for, as long as the substrate says', () => {
  const step = plan(cluster, seen(['ready', 'starting'], { changesInMs: 70 }))
  assert.deepEqual(step, { do: 'wait', reason: 'waiting for 1 of 2 node groups', forMs: 70 })
})

test('running is recorded only when the generation is there and the data plane answered', () => {
  assert.deepEqual(plan(cluster, seen(['ready', 'ready'], { generation: 0 })), {
    do: 'ensure',
    groups: ['g-1', 'g-2'],
  })
  assert.equal(plan(cluster, seen(['ready', 'ready'], { answering: false })).do, 'wait')
  assert.deepEqual(plan(cluster, seen(['ready', 'ready'])), {
    do: 'record',
    event: 'created',
    reason: '',
  })
})

test('a failed group fails the cluster with its reason', () => {
  const failed = seen(['ready', 'failed'])
  const told = {
    ...failed,
    groups: failed.groups.map((group) => ({ ...group, reason: 'no stock' })),
  }
  assert.deepEqual(plan(cluster, told), { do: 'record', event: 'fail', reason: 'no stock' })
})

test('a deleting cluster is destroyed until nothing is left', () => {
  const deleting = { ...cluster, state: 'deleting' as const }
  assert.deepEqual(plan(deleting, seen(['stopping', 'stopping'])), { do: 'destroy' })
  assert.deepEqual(plan(deleting, absent), { do: 'record', event: 'deleted', reason: '' })
})

test('a cluster at rest is left alone, whatever is seen', () => {
  for (const state of [
    'unpaid',
    'running',
    'failed',
    'suspended',
    'isolated',
    'deleted',
  ] as const) {
    for (const world of [absent, seen(['ready', 'ready']), seen(['failed', 'starting'])]) {
      assert.deepEqual(plan({ ...cluster, state }, world), { do: 'nothing' })
    }
  }
})

test('whatever is recorded is legal in the state it is recorded in', () => {
  for (const state of clusterLifecycle.states) {
    for (const world of [absent, seen(['ready', 'ready']), seen(['failed', 'ready'])]) {
      const step = plan({ ...cluster, state }, world)
      if (step.do === 'record')
        assert.ok(clusterLifecycle.next(state, step.event), `${state} ${step.event}`)
    }
  }
})
