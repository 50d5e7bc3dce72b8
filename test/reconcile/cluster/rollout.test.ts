/** Changes carried out on the simulation by nothing but the plan: what is out of service on the way, and where they end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { nodesOf } from '../../../src/domain/cluster/node-group.ts'
import {
  nodesIn,
  withNodes,
  withoutNodes,
  withRestart,
  withSize,
  type ClusterSpec,
} from '../../../src/domain/cluster/spec.ts'
import { manualClock } from '../../../src/kernel/clock.ts'
import { isThere, nodesSeen } from '../../../src/reconcile/cluster/gap.ts'
import { planChange } from '../../../src/reconcile/cluster/change.ts'
import type { Step } from '../../../src/reconcile/cluster/step.ts'
import type { Seen, Wanted } from '../../../src/substrate/port.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import {
  changeActions,
  changingCluster,
  type ChangingMembers,
} from '../../support/fixture/change.ts'
import { sampleGroup, sampleNode, sampleSpec } from '../../support/fixture/sample.ts'

const TURNS_MAX = 300

interface Drive {
  readonly steps: readonly Step[]
  /** The world before each step. */
  readonly worlds: readonly Seen[]
  readonly cluster: Cluster
}

/** From a cluster that serves until the change's end is recorded. */
async function drive(
  verb: keyof typeof changeActions,
  spec: ClusterSpec,
  members: Omit<ChangingMembers, 'cluster' | 'nowMs'>,
): Promise<Drive> {
  const clock = manualClock()
  const progressions = { default: { mode: 'time', seconds: 2 } } as const
  const substrate = simulation({ clock, world: openWorld(':memory:'), progressions })
  const wanted = (of: ClusterSpec): Wanted => ({
    id: 'c-1',
    name: 'c-1',
    spec: of,
    reveal: () => undefined,
  })
  await substrate.apply(wanted(spec))
  clock.advance(2_000)
  const nowMs = clock.now()
  const cluster = changingCluster(changeActions[verb], { ...members, cluster: { spec }, nowMs })
  const steps: Step[] = []
  const worlds: Seen[] = []
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const seen = await substrate.observe('c-1')
    worlds.push(seen)
    const { rollout } = substrate.capabilities()
    const next = planChange(cluster, {
      seen,
      rollout,
      drains: true,
      nowMs: clock.now(),
      sinceMs: -Infinity,
    })
    const repeated = JSON.stringify(next) === JSON.stringify(steps.at(-1))
    steps.push(next)
    if (next.do === 'record' || next.do === 'revert') break
    if (next.do === 'drain') await substrate.drain?.(wanted(cluster.spec), next.nodes)
    if (next.do === 'apply') await substrate.apply(wanted(next.spec))
    // A step that is still the same shows something new only with time.
    if (next.do === 'wait' || repeated) clock.advance(seen.changesInMs ?? 1)
  }
  await substrate.close()
  return { steps, worlds, cluster }
}

const serving = (seen: Seen) =>
  new Set(nodesSeen(seen).flatMap(({ id, phase }) => (phase === 'serving' ? [id] : [])))

const anySpec = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })
  .map((sizes) => sampleSpec({ groups: sizes.map((nodes, at) => sampleGroup(`g-${at}`, nodes)) }))

const someNodes = (spec: ClusterSpec, chosen: readonly number[]) => {
  const ids = nodesOf(spec.groups).map(({ id }) => id)
  return [...new Set(chosen.map((at) => ids[at % ids.length]!))]
}

const ended = ({ steps, worlds, cluster }: Drive) => {
  assert.deepEqual(steps.at(-1), { do: 'record', event: 'changed', reason: '' })
  assert.ok(isThere(cluster.spec, worlds.at(-1)!))
}

test('a restart reaches every node of its scope and no other; rolling, one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      anySpec,
      fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (spec, chosen, rolling) => {
        const scope = { of: 'nodes', nodes: someNodes(spec, chosen) } as const
        const next = (was: ClusterSpec) => withRestart(was, scope)
        const driven = await drive('restart', spec, { scope, next, change: { rolling } })
        ended(driven)
        const down = new Set<string>()
        for (const seen of driven.worlds) {
          const up = serving(seen)
          const out = nodesSeen(seen).filter(({ id }) => !up.has(id))
          if (rolling) assert.ok(out.length <= 1, out.map(({ id }) => id).join())
          for (const { id } of out) down.add(id)
        }
        assert.deepEqual([...down].toSorted(), nodesIn(spec, scope).toSorted())
      },
    ),
    { numRuns: 30 },
  )
})

test('a resize of a group restarts its nodes only, and ends with all of them at their new size', async () => {
  await fc.assert(
    fc.asyncProperty(anySpec, fc.nat(2), fc.boolean(), async (spec, at, rolling) => {
      const { id: group } = spec.groups[at % spec.groups.length]!
      const scope = { of: 'group', group } as const
      const next = (was: ClusterSpec) => withSize(was, scope, (size) => ({ ...size, cpu: 16 }))
      const driven = await drive('resize-up', spec, { scope, next, change: { rolling } })
      ended(driven)
      const others = nodesOf(spec.groups.filter(({ id }) => id !== group))
      for (const seen of driven.worlds) {
        const up = serving(seen)
        for (const { id } of others) assert.ok(up.has(id), id)
        if (rolling) assert.ok(nodesSeen(seen).length - up.size <= 1)
      }
    }),
    { numRuns: 30 },
  )
})

test('nodes that are added or removed restart nothing else, and none goes before it was drained', async () => {
  await fc.assert(
    fc.asyncProperty(
      anySpec,
      fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (spec, chosen, grows) => {
        const names = someNodes(spec, chosen)
        // No cloud lets the last node of a cluster go.
        fc.pre(names.length < nodesOf(spec.groups).length)
        const { id: group, nodes } = spec.groups[0]!
        const added = names.map((_, at) => sampleNode(group, nodes.length + at))
        const driven = grows
          ? await drive('scale-out', spec, { next: (was) => withNodes(was, group, added) })
          : await drive('scale-in', spec, { next: (was) => withoutNodes(was, names) })
        ended(driven)
        const gone = new Set(grows ? [] : names)
        const drained = new Set<string>()
        for (const seen of driven.worlds) {
          const there = new Map(nodesSeen(seen).map((node) => [node.id, node.phase]))
          for (const [id, phase] of there) if (phase === 'drained') drained.add(id)
          for (const { id } of nodesOf(spec.groups)) {
            if (!gone.has(id)) assert.equal(there.get(id), 'serving', id)
            else if (!there.has(id)) assert.ok(drained.has(id), id)
          }
        }
      },
    ),
    { numRuns: 30 },
  )
})
