/** A running cluster is looked after: it is impaired while it does not serve, says why, and recovers. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { manualClock } from '../../../src/kernel/clock.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import type { Seen, SeenNode, Substrate, GroupProblem } from '../../../src/substrate/port.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { smallCore } from '../../support/fixture/core.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'

type Alter = (seen: Seen) => Seen

/** A running cluster on a simulation whose view of the world can be altered. */
async function running(t: TestContext) {
  const store = openSqliteStore(`${temporaryDirectory(t)}/emrys.db`)
  t.after(() => store.close())
  const clock = manualClock()
  const progressions = { default: { mode: 'immediate' } } as const
  const simulated = simulation({ clock, world: openWorld(':memory:'), progressions })
  let alter: Alter = (seen) => seen
  const applied: number[] = []
  const substrate: Substrate = {
    ...simulated,
    observe: async (id) => alter(await simulated.observe(id)),
    apply(wanted) {
      applied.push(wanted.spec.generation)
      return simulated.apply(wanted)
    },
  }
  const { loop } = smallCore({ store, substrate, clock })
  await store.write(async (tx) => {
    await tx.insert('cluster', sampleCluster(), 0)
    await tx.enqueue('cluster', 'c-1', 0)
  })
  const look = async (): Promise<Cluster> => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', clock.now()))
    await loop.drain()
    return (await store.read((tx) => tx.findById('cluster', 'c-1')))!.document
  }
  assert.equal((await look()).status.state, 'running')
  return { look, clock, loop, store, applied, see: (next: Alter) => (alter = next) }
}

const withNodes =
  (of: (node: SeenNode) => SeenNode, problem?: GroupProblem): Alter =>
  (seen) => ({
    ...seen,
    generation: 0,
    groups: seen.groups.map((group) => ({
      ...group,
      nodes: group.nodes.map(of),
      ...(problem ? { problem } : {}),
    })),
  })
const down = ({ runs: _, ...node }: SeenNode): SeenNode =>
  node.index === 1 ? { ...node, phase: 'starting' } : node
const crashed: GroupProblem = {
  kind: 'crash',
  reason: 'the engine ended with exit code 1',
  sinceMs: 0,
  persists: false,
}
const readiness = ({ status }: Cluster) =>
  Object.fromEntries(Object.entries(status.nodes).map(([id, { ready }]) => [id, ready]))

test('a running cluster of which nodes stop serving is impaired, with the reason and the nodes that are not ready', async (t) => {
  const it = await running(t)
  it.see(withNodes(down, crashed))
  const impaired = await it.look()
  assert.deepEqual(
    [impaired.status.state, impaired.status.reason],
    ['impaired', 'the engine ended with exit code 1'],
  )
  assert.deepEqual(readiness(impaired), { 'g-1-0': true, 'g-1-1': false })
  it.see((seen) => seen)
  const well = await it.look()
  assert.deepEqual([well.status.state, well.status.reason], ['running', ''])
  assert.deepEqual(readiness(well), { 'g-1-0': true, 'g-1-1': true })
})

test('an impaired cluster is looked at again by itself until it serves', async (t) => {
  const { look, clock, loop, store, see } = await running(t)
  see(withNodes(down))
  assert.equal((await look()).status.reason, '1 of 2 nodes do not serve')
  assert.ok((await store.nextDueMs()) !== undefined, 'somebody looks again')
  see((seen) => seen)
  const due = (await store.nextDueMs())!
  clock.advance(due - clock.now())
  await loop.drain()
  const { status } = (await store.read((tx) => tx.findById('cluster', 'c-1')))!.document
  assert.equal(status.state, 'running')
  assert.equal(await store.nextDueMs(), undefined)
})

test('a cluster that does not answer is impaired although all of its nodes are there', async (t) => {
  const it = await running(t)
  it.see((seen) => ({ ...seen, answering: false }))
  const { status } = await it.look()
  assert.deepEqual([status.state, status.reason], ['impaired', 'the cluster does not answer'])
})

test('the reason follows what is seen, and the time since when it is impaired does not', async (t) => {
  const it = await running(t)
  it.see(withNodes(down))
  const first = await it.look()
  it.clock.advance(60_000)
  it.see(withNodes(down, { ...crashed, reason: 'it crashed again' }))
  const second = await it.look()
  assert.equal(second.status.reason, 'it crashed again')
  assert.equal(second.status.stateSinceMs, first.status.stateSinceMs)
})

test('nodes that are gone altogether are made again', async (t) => {
  const it = await running(t)
  it.see((seen) => ({
    ...seen,
    generation: 0,
    groups: seen.groups.map((group) => ({
      ...group,
      nodes: group.nodes.filter(({ index }) => index === 0),
    })),
  }))
  const before = it.applied.length
  const impaired = await it.look()
  assert.equal(impaired.status.state, 'impaired')
  assert.deepEqual(readiness(impaired), { 'g-1-0': true })
  await it.look()
  assert.ok(it.applied.length > before)
})

test('a running cluster that serves is written only when something of it is new', async (t) => {
  const { look, store } = await running(t)
  const revision = async () => (await store.read((tx) => tx.findById('cluster', 'c-1')))!.revision
  await look()
  const before = await revision()
  await look()
  await look()
  assert.equal(await revision(), before)
})
