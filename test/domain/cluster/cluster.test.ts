import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as domain from '../../../src/domain/cluster/cluster.ts'
import { revertChange } from '../../../src/domain/cluster/change.ts'
import { nodeStatus } from '../../../src/domain/cluster/cluster.ts'
import { statesWhere } from '../../../src/domain/cluster/lifecycle.ts'
import { withGroup, withVersion } from '../../../src/domain/cluster/spec.ts'
import { withNodeStatuses } from '../../../src/domain/cluster/status.ts'
import { changeActions, changingCluster } from '../../support/fixture/change.ts'
import { sampleCluster, sampleGroup, sampleNode } from '../../support/fixture/sample.ts'

test('arriving at running records the generation that runs', () => {
  const cluster = domain.advance(sampleCluster({ spec: { generation: 3 } }), 'created', {
    nowMs: 9,
  })
  assert.deepEqual(
    [cluster.status.observedGeneration, cluster.status.startedMs, cluster.status.stateSinceMs],
    [3, 9, 9],
  )
})

test('a state that puts a cluster away wants its nodes stopped, and coming back wants them running', () => {
  const running = sampleCluster({ status: { state: 'running' } })
  const away = domain.advance(running, 'suspend', { nowMs: 1, reason: 'unpaid' })
  assert.deepEqual([away.spec.running, away.status.reason], [false, 'unpaid'])
  const isolated = domain.advance(away, 'isolate', { nowMs: 2 })
  assert.equal(isolated.spec, away.spec)
  const back = domain.advance(isolated, 'restore', { nowMs: 3 })
  assert.equal(back.spec.running, true)
  assert.equal(back.spec.generation, running.spec.generation)
})

test('a release is noted with its time, from which on nothing is charged', () => {
  const released = domain.advance(sampleCluster({ status: { state: 'running' } }), 'release', {
    nowMs: 7,
  })
  assert.deepEqual([released.status.state, released.status.releasedMs], ['deleting', 7])
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
    const cluster = sampleCluster({ status: { state } })
    assert.throws(() => domain.rename(cluster, 'x'), /ClusterBusy/)
    assert.throws(() => domain.setGroupDescription(cluster, 'g-1', 'x'), /ClusterBusy/)
    assert.throws(() => domain.moveResourceGroup(cluster, 'x'), /ClusterBusy/)
    assert.throws(() => domain.tag(cluster, [], 1), /ClusterBusy/)
    assert.throws(() => domain.untag(cluster, 'all'), /ClusterBusy/)
  }
})

test('a group is described in any state that allows it, as no generation of its own', () => {
  for (const state of statesWhere(({ modifiable }) => modifiable)) {
    const cluster = sampleCluster({ status: { state } })
    const { spec, ...rest } = domain.setGroupDescription(cluster, 'g-1', 'new')
    assert.deepEqual({ ...rest, spec: cluster.spec }, cluster)
    assert.deepEqual([spec.generation, spec.groups[0]?.description], [1, 'new'])
  }
  const cluster = sampleCluster()
  assert.throws(() => domain.setGroupDescription(cluster, 'g-2', 'x'), /NodeGroupNotFound/)
})

test('a description that was given during a change stays, also when the change goes back', () => {
  const changing = changingCluster(changeActions.upgrade, {
    next: (was) => withGroup(withVersion(was, '2'), sampleGroup('added', 1)),
  })
  const described = domain.setGroupDescription(changing, 'g-1', 'new')
  const both = domain.setGroupDescription(described, 'added', 'of the change alone')
  assert.deepEqual(
    both.spec.groups.map(({ description }) => description),
    ['new', 'of the change alone'],
  )
  const { spec } = revertChange(both, { reason: 'no stock', deadlineMs: 1 })
  assert.deepEqual(
    [spec.software.version, ...spec.groups.map(({ description }) => description)],
    ['1', 'new'],
  )
})

test('observing nothing new returns the same object', () => {
  const { status } = sampleCluster()
  const seen = { 'g-1-0': { address: '10.0.0.1', ready: true } }
  const observed = withNodeStatuses(status, seen)
  assert.notEqual(observed, status)
  assert.equal(observed.nodes['g-1-0']?.address, '10.0.0.1')
  assert.equal(withNodeStatuses(observed, structuredClone(seen)), observed)
})

test('any difference of a node is news, and a node that is seen no more has no status any more', () => {
  const { status } = sampleCluster()
  const one = { address: '10.0.0.1', publicAddress: '198.18.0.1', ready: true }
  const observed = withNodeStatuses(status, { one })
  for (const changed of [
    { ...one, ready: false },
    { ...one, address: '10.0.0.2' },
    { ...one, publicAddress: '198.18.0.2' },
    { address: one.address, ready: true },
  ])
    assert.deepEqual(withNodeStatuses(observed, { one: changed }).nodes, { one: changed })
  assert.deepEqual(withNodeStatuses(observed, { two: one }).nodes, { two: one })
  assert.deepEqual(withNodeStatuses(observed, {}).nodes, {})
})

test('a node that was not seen yet has what was allocated for it, and is not ready', () => {
  const node = { ...sampleNode('g-1', 0), address: '10.0.0.1', publicAddress: '198.18.0.1' }
  const cluster = sampleCluster()
  const { address, publicAddress } = node
  assert.deepEqual(nodeStatus(cluster, node), { address, publicAddress, ready: false })
  assert.deepEqual(nodeStatus(cluster, sampleNode('g-1', 0)), { address: '', ready: false })
  const seen = { address: '10.9.9.9', ready: true }
  const status = withNodeStatuses(cluster.status, { [node.id]: seen })
  assert.deepEqual(nodeStatus({ ...cluster, status }, node), seen)
})
