/** Sentences on the daemons of nodes, for drivers that run them one by one; others are not asked. */
import assert from 'node:assert/strict'
import { withDaemonOrders, type DaemonAct } from '../../src/domain/cluster/daemon.ts'
import { nodesOf } from '../../src/domain/cluster/node-group.ts'
import { withComponents, type ClusterSpec } from '../../src/domain/cluster/spec.ts'
import type { Seen, Wanted } from '../../src/substrate/port.ts'
import {
  next,
  seenNodes,
  start,
  suiteOf,
  until,
  type OpenSubject,
  type Subject,
} from './subject.ts'

const daemons = [
  { service: 'S', name: 'one', roles: ['worker'] },
  { service: 'S', name: 'two', roles: ['worker'] },
  { service: 'T', name: 'none', roles: ['another'] },
]

export function daemonConformance(
  name: string,
  open: OpenSubject,
  wanted: (id: string) => Wanted,
): void {
  const suite = suiteOf(name, open)
  const withDaemons = (id: string): Wanted => {
    const it = wanted(id)
    return { ...it, spec: { ...it.spec, daemons } }
  }
  const able = (sentence: string, run: (subject: Subject) => Promise<void>) =>
    suite(sentence, async (subject) => {
      if (subject.substrate.capabilities().daemons) await run(subject)
    })

  able('the daemons of a node start with it, those of its role and no others', async (subject) => {
    const seen = await start(subject, withDaemons('c-1'))
    for (const node of seenNodes(seen))
      assert.equal(stateOf(seen, node.id), 'one running, two running')
  })

  able('a daemon is stopped and started alone: nothing else is touched', async (subject) => {
    const it = withDaemons('c-1')
    await start(subject, it)
    const before = subject.processes('c-1')
    const stopped = next(it, ordered(it.spec, 'stop'))
    await subject.substrate.apply(stopped)
    const under = await subject.substrate.observe('c-1')
    assert.ok(seenNodes(under).every(({ phase }) => phase === 'serving'))
    const seen = await start(subject, stopped)
    const [first, ...others] = nodesOf(it.spec.groups).map(({ id }) => id)
    assert.equal(stateOf(seen, first!), 'one stopped, two running')
    for (const id of others) assert.equal(stateOf(seen, id), 'one running, two running')
    const again = await start(subject, next(stopped, ordered(stopped.spec, 'start')))
    assert.equal(stateOf(again, first!), 'one running, two running')
    assert.deepEqual(subject.processes('c-1'), before)
  })

  able('a daemon that is restarted is another one since then', async (subject) => {
    const it = withDaemons('c-1')
    const seen = await start(subject, it)
    const [first] = nodesOf(it.spec.groups)
    const [one, two] = sinceOf(seen, first!.id)
    await subject.wait(seen)
    const again = await start(subject, next(it, ordered(it.spec, 'restart')))
    const [later, same] = sinceOf(again, first!.id)
    assert.ok(later! >= one!)
    assert.equal(same, two)
  })

  able('one that was stopped stays so when its driver is reopened', async (subject) => {
    const it = withDaemons('c-1')
    await start(subject, it)
    const stopped = next(it, ordered(it.spec, 'stop'))
    const before = await start(subject, stopped)
    // What has passed is recorded with the next change at the latest.
    await subject.substrate.apply(stopped)
    await subject.reopen()
    const seen = await until(subject, 'c-1', () => true)
    assert.deepEqual(seenNodes(seen), seenNodes(before))
  })

  able('more daemons come to nodes that serve, and nothing else starts again', async (subject) => {
    const it = withDaemons('c-1')
    await start(subject, it)
    const before = subject.processes('c-1')
    const more = {
      components: ['u'],
      daemons: [{ service: 'U', name: 'three', roles: ['worker'] }],
    }
    const seen = await start(subject, next(it, withComponents(it.spec, more)))
    for (const node of seenNodes(seen))
      assert.equal(stateOf(seen, node.id), 'one running, two running, three running')
    assert.deepEqual(subject.processes('c-1'), before)
  })
}

/** The first daemon of the first node. */
function ordered(spec: ClusterSpec, act: DaemonAct): ClusterSpec {
  const [node] = nodesOf(spec.groups)
  return withDaemonOrders(spec, { act, chosen: [{ node: node!.id, service: 'S', name: 'one' }] })
}

function stateOf(seen: Seen, id: string): string {
  const node = seenNodes(seen).find((each) => each.id === id)
  return (node?.daemons ?? []).map(({ name, state }) => `${name} ${state}`).join(', ')
}

function sinceOf(seen: Seen, id: string): readonly number[] {
  const node = seenNodes(seen).find((each) => each.id === id)
  return (node?.daemons ?? []).map(({ sinceMs = 0 }) => sinceMs)
}
