import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withNodes, withoutNodes, withRestart } from '../../../src/domain/cluster/spec.ts'
import { gapOf, isThere, nodesSeen } from '../../../src/reconcile/cluster/gap.ts'
import { sampleGroup, sampleNode, sampleSpec } from '../../support/fixture/sample.ts'
import { absent, seenOf } from '../../support/fixture/seen.ts'

const spec = sampleSpec({ groups: [sampleGroup('a', 1), sampleGroup('b', 3)] })
const ids = (nodes: readonly { readonly id: string }[]) => nodes.map(({ id }) => id)

test('of a cluster that is there as it is wanted nothing lies between', () => {
  const nothing = { missing: [], different: [], pending: [], extra: [], problems: [] }
  assert.deepEqual(gapOf(spec, seenOf(spec)), nothing)
  assert.ok(isThere(spec, seenOf(spec)))
})

test('what is wanted and not there is missing, node by node', () => {
  assert.deepEqual(gapOf(spec, absent).missing, ['a-0', 'b-0', 'b-1', 'b-2'])
  const seen = seenOf(spec, { phases: { 'b-1': 'absent' } })
  assert.deepEqual(gapOf(spec, seen).missing, ['b-1'])
  assert.ok(!isThere(spec, seen))
})

test('a node is different by what it runs, and pending while that is not known', () => {
  const restarted = withRestart(spec, { of: 'nodes', nodes: ['b-0', 'b-2'] })
  const seen = seenOf(spec, { phases: { 'b-2': 'starting' } })
  const gap = gapOf(restarted, seen)
  assert.deepEqual(gap.different, ['b-0'])
  assert.deepEqual(ids(gap.pending), ['b-2'])
  assert.ok(!isThere(restarted, seenOf(spec, { generation: restarted.generation })))
})

test('whatever is there and does not serve is pending, with its phase', () => {
  const phases = {
    'a-0': 'prepared',
    'b-0': 'stopped',
    'b-1': 'draining',
    'b-2': 'starting',
  } as const
  const { pending, different } = gapOf(spec, seenOf(spec, { phases }))
  assert.deepEqual(Object.fromEntries(pending.map(({ id, phase }) => [id, phase])), phases)
  assert.deepEqual(different, [])
})

test('what is there and not wanted is extra, also when its whole group is', () => {
  const larger = withNodes(spec, 'b', [sampleNode('b', 3)])
  assert.deepEqual(ids(gapOf(spec, seenOf(larger)).extra), ['b-3'])
  assert.deepEqual(ids(gapOf(withoutNodes(spec, ['b-1']), seenOf(spec)).extra), ['b-1'])
  const [first] = spec.groups
  assert.deepEqual(ids(gapOf({ ...spec, groups: [first!] }, seenOf(spec)).extra), [
    'b-0',
    'b-1',
    'b-2',
  ])
  assert.ok(!isThere(spec, seenOf(larger, { generation: spec.generation })))
})

test('problems of all groups are seen, and nodes of all groups', () => {
  const problems = { a: { reason: 'one' }, b: { reason: 'two', persists: true } }
  const seen = seenOf(spec, { problems })
  assert.deepEqual(
    gapOf(spec, seen).problems.map(({ reason, persists }) => [reason, persists]),
    [
      ['one', false],
      ['two', true],
    ],
  )
  assert.deepEqual(ids(nodesSeen(seen)), ['a-0', 'b-0', 'b-1', 'b-2'])
})

test('a cluster is there only with its generation and an answer', () => {
  assert.ok(!isThere(spec, seenOf(spec, { answering: false })))
  assert.ok(!isThere(spec, seenOf(spec, { generation: spec.generation + 1 })))
  assert.ok(!isThere(spec, seenOf(spec, { generation: 0 })))
})
