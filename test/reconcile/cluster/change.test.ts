import assert from 'node:assert/strict'
import { limits } from '../../../src/limits.ts'
import { test } from 'node:test'
import { revertChange, type Change } from '../../../src/domain/cluster/change.ts'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { nodesOf, type NodeSize } from '../../../src/domain/cluster/node-group.ts'
import {
  withConfiguration,
  withNodes,
  withoutNodes,
  withRestart,
  withSize,
  withVersion,
  type ClusterSpec,
} from '../../../src/domain/cluster/spec.ts'
import { planChange } from '../../../src/reconcile/cluster/change.ts'
import type { World } from '../../../src/reconcile/cluster/plan.ts'
import type { NodePhase, Seen, SeenRun } from '../../../src/substrate/port.ts'
import {
  changeActions,
  changingCluster,
  type ChangingMembers,
} from '../../support/fixture/change.ts'
import {
  sampleCluster,
  sampleGroup,
  sampleNode,
  sampleScript,
  sampleSpec,
} from '../../support/fixture/sample.ts'
import { absent, seenOf } from '../../support/fixture/seen.ts'

const DEADLINE_MS = 3_600_000
const before = sampleSpec({ groups: [sampleGroup('a', 1), sampleGroup('b', 3)] })
const persisting = { reason: 'no stock', persists: true }
const changing = (verb: keyof typeof changeActions, it: Omit<ChangingMembers, 'cluster'> = {}) =>
  changingCluster(changeActions[verb], { cluster: { spec: before }, ...it })
const step = (cluster: Cluster, seen: Seen, world: Partial<World> = {}) =>
  planChange(cluster, {
    seen,
    rollout: 'node',
    drains: true,
    nowMs: 0,
    sinceMs: -Infinity,
    ...world,
  })
const done = { do: 'record', event: 'changed', reason: '' }
const doubled = (was: NodeSize): NodeSize => ({ ...was, cpu: was.cpu * 2 })

/** As the world is once the spec was applied in whole. */
const arrived = (spec: ClusterSpec, more: Parameters<typeof seenOf>[1] = {}) => seenOf(spec, more)

const out = changing('scale-out', {
  next: (was) => withNodes(was, 'b', [sampleNode('b', 3), sampleNode('b', 4)]),
})

test('nodes that are added are made, started, and waited for until all serve and answer', () => {
  const { spec } = out
  assert.deepEqual(step(out, seenOf(before)), { do: 'apply', spec })
  const phases = { 'b-3': 'starting', 'b-4': 'starting' } as const
  assert.deepEqual(step(out, seenOf(spec, { phases, changesInMs: 8 })), {
    do: 'wait',
    reason: 'waiting for 2 of 6 nodes',
    forMs: 8,
    during: 'start',
  })
  assert.deepEqual(step(out, arrived(spec, { generation: 1 })), { do: 'apply', spec })
  assert.deepEqual(step(out, arrived(spec, { answering: false, changesInMs: 2 })), {
    do: 'wait',
    reason: 'waiting for an answer',
    forMs: 2,
    during: 'verify',
  })
  assert.deepEqual(step(out, arrived(spec)), done)
})

test('added nodes run their scripts before their engines start and once they serve; one that fails reverts', () => {
  const early = sampleScript('s-0')
  const late = sampleScript('s-1', { moment: 'after-start' })
  const scripted = changing('scale-out', {
    next: (was) => withNodes(was, 'b', [sampleNode('b', 3), sampleNode('b', 4)]),
    change: { scripts: [early, late] },
  })
  const { spec } = scripted
  const nodes = ['b-3', 'b-4']
  const ran = (script: string, phase: 'running' | 'done' | 'failed') =>
    nodes.map((node, at) => ({ script, node, phase, order: at + 1, startedMs: 0 }))
  const look = (phase: NodePhase, runs: readonly SeenRun[], more: object = {}) =>
    step(scripted, { ...seenOf(spec, { phases: { 'b-3': phase, 'b-4': phase }, ...more }), runs })
  assert.deepEqual(step(scripted, seenOf(before)), { do: 'apply', spec, hold: true })
  assert.equal(look('starting', []).do, 'wait')
  assert.deepEqual(look('prepared', []), { do: 'run', script: early, nodes })
  const waiting = look('prepared', ran('s-0', 'running'), { changesInMs: 4 })
  const reason = 'waiting for the script s-0.sh'
  assert.deepEqual(waiting, { do: 'wait', reason, forMs: 4, during: 'scripts-before' })
  const first = ran('s-0', 'done')
  assert.deepEqual(look('prepared', first), { do: 'apply', spec })
  assert.deepEqual(look('serving', first), { do: 'run', script: late, nodes })
  assert.deepEqual(look('serving', [...first, ...ran('s-1', 'done')]), done)
  const failed = 'the script s-1.sh failed on b.3 with exit code 1'
  assert.deepEqual(look('serving', [...first, ...ran('s-1', 'failed')]), {
    do: 'revert',
    reason: failed,
  })
})

test('added nodes that have a problem which may pass are applied again', () => {
  const problems = { b: { reason: 'it crashed' } }
  const seen = seenOf(out.spec, { phases: { 'b-3': 'starting' }, problems })
  assert.deepEqual(step(out, seen), { do: 'apply', spec: out.spec })
})

const scaleIn = (more: Partial<Omit<Change, 'kind'>> = {}) =>
  changing('scale-in', { next: (was) => withoutNodes(was, ['b-1', 'b-2']), change: more })

test('nodes that go are drained first, waited for, and removed when they are drained', () => {
  const it = scaleIn()
  assert.deepEqual(step(it, seenOf(before)), { do: 'drain', nodes: ['b-1', 'b-2'] })
  const half = { 'b-1': 'drained', 'b-2': 'draining' } as const
  assert.deepEqual(step(it, seenOf(before, { phases: half, changesInMs: 6 })), {
    do: 'wait',
    reason: 'waiting for 1 node to be drained',
    forMs: 6,
    during: 'drain',
  })
  const phases = { 'b-1': 'drained', 'b-2': 'drained' } as const
  assert.deepEqual(step(it, seenOf(before, { phases })), { do: 'apply', spec: it.spec })
  assert.deepEqual(step(it, arrived(it.spec)), done)
})

test('without a time limit nodes are drained for as long as it takes', () => {
  const seen = seenOf(before, { phases: { 'b-1': 'draining', 'b-2': 'draining' } })
  assert.equal(step(scaleIn(), seen, { nowMs: DEADLINE_MS - 1 }).do, 'wait')
})

test('nodes that are not drained in time go as they are, and are looked at when their time is over', () => {
  const it = scaleIn({ graceMs: 1_000 })
  const seen = seenOf(before, { phases: { 'b-1': 'draining' } })
  assert.equal(step(it, seen, { nowMs: 999 }).do, 'drain')
  const late = { do: 'apply', spec: it.spec, graceOver: true }
  assert.deepEqual(step(it, seen, { nowMs: 1_000 }), late)
  const both = { phases: { 'b-1': 'draining', 'b-2': 'draining' } } as const
  for (const [changesInMs, forMs] of [
    [5_000, 400],
    [70, 70],
    [undefined, 400],
  ] as const) {
    const more = changesInMs === undefined ? {} : { changesInMs }
    const waiting = step(it, seenOf(before, { ...both, ...more }), { nowMs: 600 })
    assert.ok(waiting.do === 'wait')
    assert.equal(waiting.forMs, forMs)
  }
})

test('where only so many may be drained side by side, the others keep serving until it is their turn', () => {
  const it = changing('scale-in', {
    next: (was) => withoutNodes(was, ['b-0', 'b-1', 'b-2']),
    change: { drainAtOnce: 1 },
  })
  const turn = (phases: NonNullable<Parameters<typeof seenOf>[1]>['phases'] = {}) =>
    step(it, seenOf(before, { phases }))
  const none = turn()
  assert.ok(none.do === 'drain')
  assert.deepEqual(none.nodes, ['b-0'])
  const first = turn({ 'b-0': 'draining' })
  assert.deepEqual(
    [first.do, first.do === 'wait' && first.reason],
    ['wait', 'waiting for 3 nodes to be drained'],
  )
  const second = turn({ 'b-0': 'drained' })
  assert.ok(second.do === 'drain')
  assert.ok(second.nodes.includes('b-1') && !second.nodes.includes('b-2'))
  const all = turn({ 'b-0': 'drained', 'b-1': 'drained', 'b-2': 'drained' })
  assert.deepEqual(all, { do: 'apply', spec: it.spec })
})

test('where a driver loses nodes safely at any time, none is drained', () => {
  const it = scaleIn()
  assert.deepEqual(step(it, seenOf(before), { drains: false }), { do: 'apply', spec: it.spec })
})

const restart = (rolling: boolean, more: Partial<Omit<Change, 'kind'>> = {}) =>
  changing('restart', {
    next: (was) => withRestart(was, { of: 'cluster' }),
    change: { rolling, ...more },
  })

test('a restart that is not rolling restarts all nodes of its scope at once', () => {
  const it = restart(false)
  assert.deepEqual(step(it, seenOf(before)), { do: 'apply', spec: it.spec })
})

test('a rolling restart takes one node at a time, the next only when it serves', () => {
  const it = restart(true)
  const ids = nodesOf(before.groups).map(({ id }) => id)
  /** The world after the first `count` nodes: they run the new restart, the others the old one. */
  const after = (count: number) => withRestart(before, { of: 'nodes', nodes: ids.slice(0, count) })
  for (const [at, id] of ids.entries()) {
    const next = step(it, seenOf(before, { runs: after(at), generation: 1 }))
    assert.ok(next.do === 'apply')
    assert.deepEqual(restartsOf(next.spec), restartsOf(after(at + 1)), id)
    const starting = seenOf(before, { runs: after(at), phases: { [id]: 'starting' } })
    const held = step(it, starting)
    if (held.do === 'apply')
      assert.deepEqual(restartsOf(held.spec), restartsOf(after(at + 1)), `${id} starts`)
    else assert.deepEqual([held.do, at], ['wait', ids.length - 1])
  }
  assert.deepEqual(step(it, arrived(it.spec)), done)
})

test('a rolling change waits while any node of it is out of service, whatever the reason', () => {
  const it = restart(true)
  const seen = seenOf(before, { phases: { 'b-2': 'starting' } })
  const held = step(it, seen)
  assert.ok(held.do === 'apply')
  assert.deepEqual(restartsOf(held.spec), { 'a-0': 0, 'b-0': 0, 'b-1': 0, 'b-2': 1 })
})

test('where a substrate restarts only whole clusters, a rolling restart is one of the whole', () => {
  const it = restart(true)
  assert.deepEqual(step(it, seenOf(before), { rollout: 'cluster' }), {
    do: 'apply',
    spec: it.spec,
  })
})

test('a rolling change of size holds back the sizes of nodes whose turn has not come', () => {
  const it = changing('resize-up', {
    next: (was) => withSize(was, { of: 'group', group: 'b' }, doubled),
    change: { rolling: true },
  })
  const first = step(it, seenOf(before))
  assert.ok(first.do === 'apply')
  assert.deepEqual(cpusOf(first.spec), { 'a-0': 4, 'b-0': 8, 'b-1': 4, 'b-2': 4 })
  const one = withSize(before, { of: 'nodes', nodes: ['b-0'] }, doubled)
  const second = step(it, seenOf(before, { runs: one, generation: 1 }))
  assert.ok(second.do === 'apply')
  assert.deepEqual(cpusOf(second.spec), { 'a-0': 4, 'b-0': 8, 'b-1': 8, 'b-2': 4 })
  assert.deepEqual(step(it, arrived(it.spec)), done)
})

test('another size, other settings and another version are applied wherever they differ, and are done when all run them', () => {
  const files = [{ service: 's', version: '1', file: 'f', properties: { a: '1' } }]
  const changes: readonly (readonly [keyof typeof changeActions, ChangingMembers['next']])[] = [
    ['resize-up', (was) => withSize(was, { of: 'cluster' }, doubled)],
    ['resize-down', (was) => withSize(was, { of: 'nodes', nodes: ['b-1'] }, doubled)],
    ['configure', (was) => withConfiguration(was, files)],
    ['upgrade', (was) => withVersion(was, '2')],
    ['downgrade', (was) => withVersion(was, '0')],
  ]
  for (const [verb, next] of changes) {
    const it = changing(verb, next ? { next } : {})
    assert.deepEqual(step(it, seenOf(before)), { do: 'apply', spec: it.spec }, verb)
    // Some nodes run what is wanted, one does not: the generation alone says nothing.
    const runs = { ...before, generation: it.spec.generation }
    assert.deepEqual(step(it, seenOf(before, { runs })), { do: 'apply', spec: it.spec }, verb)
    assert.deepEqual(step(it, arrived(it.spec)), done, verb)
  }
})

test('a problem that persists sends every change back but a restart, with its reason', () => {
  const problems = { b: persisting }
  for (const verb of ['scale-out', 'scale-in', 'resize-up', 'configure', 'upgrade'] as const)
    assert.deepEqual(step(changing(verb), seenOf(before, { problems })), {
      do: 'revert',
      reason: 'no stock',
    })
  const restarting = step(restart(false), seenOf(before, { problems }))
  assert.equal(restarting.do, 'apply')
})

test('a change that takes too long goes back, also when it only waits', () => {
  const seen = seenOf(out.spec, { phases: { 'b-3': 'starting' } })
  assert.equal(step(out, seen, { nowMs: DEADLINE_MS - 1 }).do, 'wait')
  const reason = 'more nodes took too long'
  assert.deepEqual(step(out, seen, { nowMs: DEADLINE_MS }), { do: 'revert', reason })
})

test('a server that has just started gives a change time, however long nobody carried it out', () => {
  const seen = seenOf(out.spec, { phases: { 'b-3': 'starting' } })
  const sinceMs = 2 * DEADLINE_MS
  const endMs = sinceMs + limits.changeAfterStartMs
  assert.equal(step(out, seen, { nowMs: endMs - 1, sinceMs }).do, 'wait')
  assert.equal(step(out, seen, { nowMs: endMs, sinceMs }).do, 'revert')
})

test('a restart that takes too long leaves an impaired cluster: there is nothing to go back to', () => {
  const it = restart(true)
  const seen = seenOf(before, { phases: { 'b-0': 'starting' } })
  assert.notEqual(step(it, seen, { nowMs: DEADLINE_MS - 1 }).do, 'record')
  assert.deepEqual(step(it, seen, { nowMs: DEADLINE_MS }), {
    do: 'record',
    event: 'impair',
    reason: 'the restart took too long',
  })
})

const back = revertChange(out, { reason: 'no stock', deadlineMs: DEADLINE_MS })

test('on the way back, added nodes that serve are drained, and those that never served go at once', () => {
  assert.deepEqual(step(back, seenOf(out.spec)), { do: 'drain', nodes: ['b-3', 'b-4'] })
  const phases = { 'b-3': 'starting', 'b-4': 'prepared' } as const
  assert.deepEqual(step(back, seenOf(out.spec, { phases })), { do: 'apply', spec: back.spec })
  const drained = { 'b-3': 'drained', 'b-4': 'drained' } as const
  assert.deepEqual(step(back, seenOf(out.spec, { phases: drained })), {
    do: 'apply',
    spec: back.spec,
  })
  assert.deepEqual(step(back, arrived(back.spec)), done)
})

test('what goes back does not turn again, neither by a problem nor by its deadline', () => {
  const seen = seenOf(out.spec, { problems: { b: persisting } })
  for (const nowMs of [0, DEADLINE_MS, 2 * DEADLINE_MS])
    assert.equal(step(back, seen, { nowMs }).do, 'drain')
})

test('what goes back is not rolled out: everything is brought back at once', () => {
  const resized = changing('resize-up', {
    next: (was) => withSize(was, { of: 'cluster' }, doubled),
    change: { rolling: true },
  })
  const reverted = revertChange(resized, { reason: 'x', deadlineMs: DEADLINE_MS })
  const step1 = step(reverted, seenOf(resized.spec))
  assert.deepEqual(step1, { do: 'apply', spec: reverted.spec })
})

test('nodes whose removal goes back are wanted again: applying stops their draining', () => {
  const reverted = revertChange(scaleIn(), { reason: 'x', deadlineMs: DEADLINE_MS })
  const seen = seenOf(before, { phases: { 'b-1': 'draining', 'b-2': 'drained' } })
  assert.deepEqual(step(reverted, seen), { do: 'apply', spec: reverted.spec })
})

test('a cluster that is changing without a change is brought to what is wanted', () => {
  const lost = sampleCluster({ spec: before, status: { state: 'changing' } })
  assert.deepEqual(step(lost, absent), { do: 'apply', spec: before })
  assert.deepEqual(step(lost, seenOf(before)), done)
})

function restartsOf({ groups }: ClusterSpec): Readonly<Record<string, number>> {
  return Object.fromEntries(nodesOf(groups).map(({ id, restarts }) => [id, restarts]))
}

function cpusOf({ groups }: ClusterSpec): Readonly<Record<string, number>> {
  return Object.fromEntries(
    groups.flatMap((group) => group.nodes.map(({ id, size }) => [id, size?.cpu ?? group.cpu])),
  )
}
