import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  beginChange,
  canRevert,
  changeVerb,
  describeChange,
  endChange,
  requireIdle,
  revertChange,
} from '../../../src/domain/cluster/change.ts'
import { advance } from '../../../src/domain/cluster/cluster.ts'
import { clusterLifecycle } from '../../../src/domain/cluster/lifecycle.ts'
import { withNodes, withoutNodes, withSize } from '../../../src/domain/cluster/spec.ts'
import { changeVerbs, isChangeVerb } from '../../../src/domain/operation.ts'
import { changeActions, changingCluster, sampleChange } from '../../support/fixture/change.ts'
import { sampleCluster, sampleGroup, sampleNode } from '../../support/fixture/sample.ts'

const kinds = changeVerbs.map((verb) => ({ verb, action: changeActions[verb] }))
const addressed = (group: string, index: number) => ({
  ...sampleNode(group, index),
  address: `10.0.0.${index + 1}`,
})

test('every change is begun in a running cluster that nothing else happens to, and in no other state', () => {
  for (const { verb, action } of kinds)
    for (const state of clusterLifecycle.states) {
      const cluster = sampleCluster({ status: { state } })
      const begin = () =>
        beginChange(cluster, { spec: cluster.spec, change: sampleChange(action) }, 5)
      if (state === 'running') assert.equal(begin().status.state, 'changing', verb)
      else
        assert.throws(begin, {
          code: 'ClusterBusy',
          facts: { id: 'c-1', state, event: action.kind },
        })
    }
})

test('a second change is refused while one is under way, with what that one is', () => {
  for (const one of kinds) {
    const changing = changingCluster(one.action)
    assert.throws(() => requireIdle(changing, 'scale'), {
      code: 'ClusterBusy',
      facts: { id: 'c-1', state: 'changing', event: 'scale', change: one.verb },
    })
  }
})

test('a change keeps what was wanted, and wants the new spec as a generation of its own', () => {
  for (const { verb, action } of kinds) {
    const was = sampleCluster({ spec: { generation: 4 }, status: { state: 'running' } })
    const spec = withNodes(was.spec, 'g-1', [sampleNode('g-1', 2)])
    const { change, status, ...changed } = beginChange(
      was,
      { spec, change: sampleChange(action, { operation: 'op-7' }) },
      9,
    )
    assert.deepEqual(changed.spec, { ...spec, generation: 5 })
    assert.ok(change)
    assert.equal(change.before, was.spec)
    assert.deepEqual([change.startedMs, change.operation, changeVerb(change)], [9, 'op-7', verb])
    assert.equal(change.reverting, undefined)
    assert.deepEqual([status.state, status.stateSinceMs], ['changing', 9])
    assert.equal(status.reason, `waiting for ${describeChange(action)}`)
    assert.equal(status.observedGeneration, was.status.observedGeneration)
  }
})

test('verbs are those of changes, each from one action, with a description of its own direction', () => {
  for (const { verb, action } of kinds) {
    assert.equal(changeVerb(action), verb)
    assert.ok(isChangeVerb(verb))
    assert.match(describeChange(action), /^[a-z]/)
  }
  assert.ok(!isChangeVerb('create'))
  assert.equal(new Set(kinds.map(({ action }) => describeChange(action))).size, kinds.length - 1)
})

test('what goes back wants the spec of before again, as a further generation, with a deadline of its own', () => {
  const scaled = changingCluster(changeActions['scale-out'], {
    cluster: { spec: { groups: [{ ...sampleGroup('g', 0), nodes: [addressed('g', 0)] }] } },
    next: (was) => withNodes(was, 'g', [{ ...addressed('g', 1), publicAddress: '198.18.0.1' }]),
  })
  const back = revertChange(scaled, { reason: 'no stock', deadlineMs: 77 })
  assert.deepEqual(back.spec, { ...scaled.change!.before, generation: 3 })
  assert.deepEqual([back.change?.reverting, back.change?.deadlineMs], ['no stock', 77])
  assert.deepEqual(back.change?.abandoned, ['10.0.0.2', '198.18.0.1'])
  assert.equal(back.change?.before, scaled.change?.before)
  assert.equal(back.status, scaled.status)
})

test('going back happens once, keeps its first reason, and needs a change', () => {
  const changing = changingCluster(changeActions['resize-up'], {
    next: (was) => withSize(was, { of: 'cluster' }, (size) => ({ ...size, cpu: 8 })),
  })
  const back = revertChange(changing, { reason: 'first', deadlineMs: 1 })
  assert.equal(revertChange(back, { reason: 'second', deadlineMs: 2 }), back)
  assert.deepEqual(back.change?.abandoned, [])
  const idle = sampleCluster({ status: { state: 'running' } })
  assert.equal(revertChange(idle, { reason: 'x', deadlineMs: 1 }), idle)
})

test('the addresses of nodes that were to move are given up when they stay', () => {
  const network = { vpc: 'v', zone: 'z', securityGroups: [], subnets: [] }
  const moving = changingCluster(changeActions['switch-zone'], {
    cluster: {
      spec: { network, groups: [{ ...sampleGroup('g', 0), nodes: [addressed('g', 0)] }] },
    },
    next: (was) => ({
      ...was,
      groups: was.groups.map((group) => ({
        ...group,
        nodes: group.nodes.map((node) => ({ ...node, address: '10.9.0.9' })),
      })),
    }),
  })
  const back = revertChange(moving, { reason: 'no stock', deadlineMs: 77 })
  assert.deepEqual(back.change?.abandoned, ['10.9.0.9'])
  assert.deepEqual(back.spec.groups, moving.change?.before.groups)
})

test('nodes that a scale-in removed are wanted again when it goes back, and none is abandoned', () => {
  const groups = [{ ...sampleGroup('g', 0), nodes: [addressed('g', 0), addressed('g', 1)] }]
  const scaled = changingCluster(changeActions['scale-in'], {
    cluster: { spec: { groups } },
    next: (was) => withoutNodes(was, ['g-1']),
  })
  const back = revertChange(scaled, { reason: 'x', deadlineMs: 1 })
  assert.deepEqual(back.spec.groups, groups)
  assert.deepEqual(back.change?.abandoned, [])
})

test('everything but restarts and a new password can go back, once', () => {
  for (const { verb, action } of kinds) {
    const { change } = changingCluster(action)
    const final = ['restart', 'restart-service', 'set-password'].includes(verb)
    assert.equal(canRevert(change!), !final, verb)
    assert.equal(canRevert({ ...change!, reverting: 'x' }), false, verb)
  }
})

test('a change ends in a cluster that runs, or in one that is impaired, never in one that failed', () => {
  for (const { action } of kinds) {
    const changing = changingCluster(action)
    const done = endChange(changing, 'changed', { nowMs: 8, reason: '' })
    assert.deepEqual([done.status.state, done.change], ['running', undefined])
    assert.ok(!('change' in done))
    assert.equal(done.status.observedGeneration, changing.spec.generation)
    const impaired = endChange(changing, 'impair', { nowMs: 8, reason: 'silent' })
    assert.deepEqual([impaired.status.state, impaired.status.reason], ['impaired', 'silent'])
    assert.ok(!('change' in impaired))
    assert.notEqual(impaired.status.observedGeneration, impaired.spec.generation)
    assert.throws(() => advance(changing, 'fail', { nowMs: 8 }), { code: 'ClusterBusy' })
  }
})
