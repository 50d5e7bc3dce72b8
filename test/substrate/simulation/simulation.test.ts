import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { withRestart } from '../../../src/domain/cluster/spec.ts'
import type { Substrate } from '../../../src/substrate/port.ts'
import type { Progression } from '../../../src/substrate/simulation/progression.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld, type World } from '../../../src/substrate/simulation/world.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { sampleSpec } from '../../support/fixture/sample.ts'
import { substrateConformance } from '../conformance.ts'
import { next, seenNodes, type Subject } from '../subject.ts'

const wanted = { id: 'c-1', name: 'sample', spec: sampleSpec(), reveal: () => undefined }

for (const pace of [{ mode: 'immediate' }, { mode: 'time', seconds: 3 }] as const) {
  substrateConformance(`simulation, ${pace.mode}`, async (t) => subject(t, pace))
}

test('a step takes its seconds of service time, no less', async () => {
  const { substrate, clock } = openSimulation({ mode: 'time', seconds: 3 })
  await substrate.apply(wanted)
  clock.advance(2_999)
  const early = await substrate.observe('c-1')
  assert.deepEqual([early.answering, early.changesInMs], [false, 1])
  clock.advance(1)
  assert.equal((await substrate.observe('c-1')).answering, true)
})

test('in manual mode a step is done on the n-th look, and looking at a cluster that runs counts nothing', async () => {
  const { substrate, world } = openSimulation({ mode: 'manual', every: 3 })
  const look = () => substrate.onDescribe!(['c-1'])
  await substrate.apply(wanted)
  assert.equal((await substrate.observe('c-1')).changesInMs, undefined)
  assert.deepEqual([look(), look()], [[], []])
  assert.equal((await substrate.observe('c-1')).answering, false)
  assert.deepEqual(substrate.onDescribe!(['c-9', 'c-1']), ['c-1'])
  assert.equal((await substrate.observe('c-1')).answering, true)
  const { writes } = world
  assert.deepEqual(look(), [])
  assert.equal(world.writes, writes)
})

test('in manual mode looks end a restart and a removal too', async () => {
  const { substrate } = openSimulation({ mode: 'manual', every: 1 })
  const look = () => substrate.onDescribe!(['c-1'])
  await substrate.apply(wanted)
  look()
  const nodes = [wanted.spec.groups[0]!.nodes[0]!.id]
  await substrate.apply(next(wanted, withRestart(wanted.spec, { of: 'nodes', nodes })))
  assert.deepEqual(
    seenNodes(await substrate.observe('c-1')).map(({ phase }) => phase),
    ['starting', 'serving'],
  )
  assert.deepEqual(look(), ['c-1'])
  assert.equal((await substrate.observe('c-1')).generation, 2)
  await substrate.remove('c-1')
  await substrate.remove('c-1')
  assert.equal((await substrate.observe('c-1')).present, true)
  assert.deepEqual(look(), ['c-1'])
  await substrate.remove('c-1')
  assert.equal((await substrate.observe('c-1')).present, false)
})

test('looks cost nothing where no family moves by them', async () => {
  const { substrate, world } = openSimulation({ mode: 'time', seconds: 0 })
  await substrate.apply(wanted)
  const { writes } = world
  assert.deepEqual(substrate.onDescribe!(['c-1']), [])
  assert.equal(world.writes, writes)
})

test('a family has its own pace, which can be changed while a cluster is under way', async () => {
  const { substrate } = openSimulation({ mode: 'time', seconds: 1000 })
  await substrate.apply(wanted)
  assert.equal((await substrate.observe('c-1')).answering, false)
  substrate.pacing!.set('f', 'immediate')
  assert.equal((await substrate.observe('c-1')).answering, true)
  assert.deepEqual(substrate.pacing!.all(), { default: 'time:1000', f: 'immediate' })
  assert.throws(() => substrate.pacing!.set('f', 'soon'), /`soon` is not a pace/)
})

test('a slower pace undoes nothing that has passed', async () => {
  const { substrate } = openSimulation({ mode: 'immediate' })
  await substrate.apply(wanted)
  assert.equal((await substrate.observe('c-1')).answering, true)
  substrate.pacing!.set('default', 'time:1000')
  assert.equal((await substrate.observe('c-1')).answering, true)
})

test('a restart of one node leaves the others serving while it starts', async () => {
  const { substrate, clock } = openSimulation({ mode: 'time', seconds: 1 })
  await substrate.apply(wanted)
  clock.advance(1000)
  const nodes = [wanted.spec.groups[0]!.nodes[0]!.id]
  await substrate.apply(next(wanted, withRestart(wanted.spec, { of: 'nodes', nodes })))
  const seen = await substrate.observe('c-1')
  assert.deepEqual(
    seenNodes(seen).map(({ phase, runs }) => [phase, runs?.restarts]),
    [
      ['starting', undefined],
      ['serving', 0],
    ],
  )
  assert.deepEqual([seen.answering, seen.generation, seen.changesInMs], [true, 0, 1000])
  clock.advance(1000)
  assert.equal((await substrate.observe('c-1')).generation, 2)
})

interface OpenSimulation {
  readonly clock: ReturnType<typeof manualClock>
  readonly world: World
  readonly substrate: Substrate
}

function openSimulation(pace: Progression, file = ':memory:'): OpenSimulation {
  const clock = manualClock()
  const world = openWorld(file)
  const progressions = { default: pace }
  return { clock, world, substrate: simulation({ clock, world, progressions }) }
}

async function subject(t: TestContext, pace: Progression): Promise<Subject> {
  const file = join(temporaryDirectory(t), 'simulation.db')
  const { clock, ...first } = openSimulation(pace, file)
  let { substrate, world } = first
  let before = 0
  t.after(() => substrate.close())
  return {
    get substrate() {
      return substrate
    },
    wait: async (seen) => clock.advance(seen.changesInMs ?? 0),
    writes: () => before + world.writes,
    processes: (id) => incarnations(world, id),
    nodesLeft: (id) =>
      world.find(id)?.groups.flatMap(({ nodes }) => nodes.map((node) => node.id)) ?? [],
    async reopen() {
      before += world.writes
      await substrate.close()
      world = openWorld(file)
      substrate = simulation({ clock, world, progressions: { default: pace } })
    },
  }
}

/** A simulated process is one start of its node. */
function incarnations(world: World, id: string): ReadonlyMap<string, string> {
  const nodes = world.find(id)?.groups.flatMap((group) => group.nodes) ?? []
  const up = nodes.filter(
    ({ phase, starts }) => starts > 0 && phase !== 'stopping' && phase !== 'stopped',
  )
  return new Map(up.map((node) => [node.id, `${node.id} ${node.starts}`]))
}
