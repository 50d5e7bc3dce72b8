import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  daemonsOf,
  withDaemonOrders,
  type DaemonAct,
  type DaemonRequest,
} from '../../../src/domain/cluster/daemon.ts'
import { templateOf, type ClusterSpec } from '../../../src/domain/cluster/spec.ts'
import { sampleGroup, sampleSpec } from '../../support/fixture/sample.ts'

const spec = sampleSpec({
  groups: [sampleGroup('g', 2)],
  daemons: [
    { service: 'S', name: 'one', roles: ['worker'] },
    { service: 'S', name: 'two', roles: ['other'] },
  ],
})

const one = { node: 'g-0', service: 'S', name: 'one' }

function after(was: ClusterSpec, act: DaemonAct, members: Partial<DaemonRequest> = {}) {
  const next = withDaemonOrders(was, { act, chosen: [one], ...members })
  const [group] = next.groups
  return { next, wanted: daemonsOf(next, group!, group!.nodes[0]!)![0]! }
}

test('a node has the daemons of its role, and what is as for all others is not written down', () => {
  const [group] = spec.groups
  assert.deepEqual(daemonsOf(spec, group!, group!.nodes[0]!), [
    { service: 'S', name: 'one', running: true, restarts: 0 },
  ])
  assert.equal(daemonsOf(sampleSpec(), group!, group!.nodes[0]!), undefined)
  const { next } = after(after(spec, 'stop').next, 'start')
  assert.deepEqual(next, spec)
})

test('each act changes what is wanted of the chosen daemon and of no other', () => {
  const stopped = after(spec, 'stop')
  assert.equal(stopped.wanted.running, false)
  assert.equal(stopped.next.groups[0]!.nodes[1], spec.groups[0]!.nodes[1])
  assert.deepEqual(after(stopped.next, 'restart').wanted, {
    service: 'S',
    name: 'one',
    running: true,
    restarts: 1,
  })
  const maintained = after(spec, 'enter-maintenance', { maintenance: 'watched' })
  assert.equal(maintained.wanted.maintenance, 'watched')
  assert.deepEqual(after(maintained.next, 'exit-maintenance').next, spec)
})

test('a start touches what runs only where it is down', () => {
  assert.equal(after(spec, 'start').wanted.restarts, 0)
  assert.equal(after(spec, 'start', { isDown: () => true }).wanted.restarts, 1)
})

test('the template of a node tells its daemons apart, and is as ever where there are none', () => {
  const templates = (it: ClusterSpec) =>
    it.groups[0]!.nodes.map((node) => templateOf(it, it.groups[0]!, node).daemons)
  const [first, second] = templates(spec)
  assert.equal(first, second)
  const [other, same] = templates(after(spec, 'stop').next)
  assert.notEqual(other, first)
  assert.equal(same, second)
  assert.ok(!('daemons' in templateOf(sampleSpec(), spec.groups[0]!, spec.groups[0]!.nodes[0]!)))
})
