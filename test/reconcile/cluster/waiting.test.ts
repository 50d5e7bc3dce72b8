/** What is said of a cluster while it is waited for: which daemon of which node, and never that something starts while it stops. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { advance, type Cluster } from '../../../src/domain/cluster/cluster.ts'
import type { DaemonState, DaemonStatus } from '../../../src/domain/cluster/daemon.ts'
import { withoutNodes, type ClusterSpec } from '../../../src/domain/cluster/spec.ts'
import { manualClock } from '../../../src/kernel/clock.ts'
import { plan } from '../../../src/reconcile/cluster/plan.ts'
import { waitAfter } from '../../../src/reconcile/cluster/waiting.ts'
import type { Seen, Substrate } from '../../../src/substrate/port.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { changeActions, changingCluster } from '../../support/fixture/change.ts'
import { smallCore } from '../../support/fixture/core.ts'
import {
  sampleCluster,
  sampleGroup,
  sampleScript,
  sampleSpec,
} from '../../support/fixture/sample.ts'
import { seenOf } from '../../support/fixture/seen.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const spec = sampleSpec({ groups: [sampleGroup('g-1', 1), sampleGroup('g-2', 2)] })
const inState = (state: 'creating' | 'changing' | 'running' | 'suspended' | 'isolated') =>
  sampleCluster({ spec, status: { state, reason: 'as it was' } })

/** A cluster that runs on a simulation whose nodes stop and start for ten seconds. */
async function running(t: TestContext) {
  const store = openSqliteStore(`${temporaryDirectory(t)}/emrys.db`)
  t.after(() => store.close())
  const clock = manualClock()
  const progressions = { default: { mode: 'time', seconds: 10 } } as const
  const simulated = simulation({ clock, world: openWorld(':memory:'), progressions })
  let shown: Seen | undefined
  const { drain: _drain, ...rest } = simulated
  const substrate: Substrate = {
    ...rest,
    observe: async (id) => shown ?? simulated.observe(id),
  }
  const { loop } = smallCore({ store, substrate, clock })
  await store.write((tx) => tx.insert('cluster', sampleCluster({ spec }), 0))
  const document = async () => (await store.read((tx) => tx.findById('cluster', 'c-1')))!.document
  const look = async () => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', clock.now()))
    await loop.drain()
    return document()
  }
  const modify = (next: (was: Cluster, nowMs: number) => Cluster) =>
    store.write(async (tx) => {
      const found = (await tx.findById('cluster', 'c-1'))!
      await tx.save('cluster', found, next(found.document, clock.now()))
    })
  for (let second = 0; second < 60 && (await look()).status.state !== 'running'; second++)
    clock.advance(1_000)
  assert.equal((await document()).status.state, 'running')
  return { look, modify, see: (seen: Seen) => (shown = seen) }
}

test('a cluster that stops keeps its reason: nothing of it starts', async (t) => {
  const it = await running(t)
  const reason = 'isolated by its owner'
  await it.modify((was, nowMs) => advance(was, 'isolate', { nowMs, reason }))
  for (let turn = 0; turn < 3; turn++) {
    const { status } = await it.look()
    assert.deepEqual([status.state, status.reason], ['isolated', 'isolated by its owner'])
  }
})

test('nodes that go are said to stop', async (t) => {
  const it = await running(t)
  const next = (was: ClusterSpec) => withoutNodes(was, ['g-2-0', 'g-2-1'])
  const phases = { 'g-2-0': 'stopping', 'g-2-1': 'stopping' } as const
  it.see(seenOf(spec, { phases }))
  await it.modify((was) => changingCluster(changeActions['scale-in'], { cluster: was, next }))
  assert.match((await it.look()).status.reason, /^waiting for 2 nodes to stop/)
})

test('what starts is named by the daemon that is not up, and its node', () => {
  const daemon = (name: string, state: DaemonState, sinceMs?: number) =>
    sinceMs === undefined
      ? { service: 'HDFS', name, state }
      : { service: 'HDFS', name, state, sinceMs }
  const creating = inState('creating')
  const reasonOf = (of: Cluster, daemons: Readonly<Record<string, readonly DaemonStatus[]>>) => {
    const phases = { 'g-1-0': 'starting', 'g-2-0': 'starting' } as const
    const seen = seenOf(spec, { phases, daemons })
    const step = plan(of, { seen, rollout: 'node', drains: true, nowMs: 0, sinceMs: -Infinity })
    return 'reason' in step ? step.reason : step.do
  }
  const coming = {
    'g-1-0': [daemon('ZKFailoverController', 'starting'), daemon('NameNode', 'starting', 20)],
    'g-2-0': [daemon('DataNode', 'starting', 30)],
  }
  const share = '2 of 2 node groups'
  assert.equal(reasonOf(creating, coming), `waiting for HDFS NameNode on g-1.0 (${share})`)
  const later = { ...coming, 'g-1-0': [daemon('NameNode', 'running', 20)] }
  assert.equal(reasonOf(creating, later), `waiting for HDFS DataNode on g-2.0 (${share})`)
  const failed = { ...later, 'g-1-0': [daemon('NameNode', 'failed', 90)] }
  assert.equal(reasonOf(creating, failed), `waiting for HDFS NameNode on g-1.0 (${share})`)
  assert.equal(
    reasonOf(inState('changing'), coming),
    'waiting for HDFS NameNode on g-1.0 (2 of 3 nodes)',
  )
  assert.equal(
    reasonOf(inState('running'), failed),
    '2 of 3 nodes do not serve: HDFS NameNode on g-1.0',
  )
  assert.equal(reasonOf(creating, {}), `waiting for ${share}`)
  const alike = daemon('DataNode', 'starting', 30)
  assert.equal(reasonOf(creating, { ...coming, 'g-1-0': [alike] }), `waiting for ${share}`)
  const stops = { 'g-2-1': [daemon('DataNode', 'stopping', 5)] }
  const apply = { do: 'apply', spec } as const
  const seen = seenOf(spec, { daemons: { ...coming, ...stops } })
  assert.deepEqual(waitAfter(apply, inState('changing'), seen), {
    reason: 'waiting for HDFS DataNode on g-2.1 to stop',
  })
  assert.deepEqual(waitAfter(apply, creating, seenOf(spec, { daemons: coming })), {
    reason: 'waiting for HDFS NameNode on g-1.0',
  })
})

test('what was applied is waited for by what it does: start, stop, drain or a script', () => {
  const apply = { do: 'apply', spec } as const
  const missing = seenOf(spec, { phases: { 'g-2-0': 'absent' } })
  const fewer = { ...spec, groups: spec.groups.slice(0, 1) }
  assert.deepEqual(waitAfter(apply, inState('creating'), missing), { reason: 'starting' })
  assert.deepEqual(waitAfter(apply, inState('changing'), missing), { reason: 'starting' })
  assert.deepEqual(
    waitAfter({ do: 'apply', spec: fewer }, inState('changing'), seenOf(spec, { runs: fewer })),
    { reason: 'waiting for 2 nodes to stop' },
  )
  for (const state of ['suspended', 'isolated'] as const)
    assert.deepEqual(waitAfter(apply, inState(state), seenOf(spec)), { reason: 'as it was' })
  assert.deepEqual(waitAfter(apply, inState('running'), seenOf(spec)), { reason: 'as it was' })
  assert.deepEqual(waitAfter({ do: 'remove' }, inState('isolated'), seenOf(spec)), {
    reason: 'stopping',
  })
  assert.deepEqual(
    waitAfter({ do: 'drain', nodes: ['g-2-0'] }, inState('changing'), seenOf(spec)),
    { reason: 'waiting for 1 node to be drained', during: 'drain' },
  )
  const script = sampleScript('s-1', { name: 'first.sh' })
  assert.deepEqual(
    waitAfter({ do: 'run', script, nodes: ['g-1-0'] }, inState('creating'), seenOf(spec)),
    { reason: 'waiting for the script first.sh' },
  )
  const wait = { reason: 'waiting for the frontends', during: 'upgrade-frontends' }
  assert.deepEqual(waitAfter({ ...apply, wait }, inState('changing'), missing), wait)
})
