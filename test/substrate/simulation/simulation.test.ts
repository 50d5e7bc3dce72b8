import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import type { Progression } from '../../../src/substrate/simulation/progression.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { temporaryDirectory } from '../../support/directory.ts'
import { sampleCluster } from '../../support/sample.ts'
import { substrateConformance, type Subject } from '../conformance.ts'

const wanted = { ...sampleCluster({ id: 'c-1' }), reveal: () => undefined }

for (const pace of [{ mode: 'immediate' }, { mode: 'time', seconds: 3 }] as const) {
  substrateConformance(`simulation, ${pace.mode}`, async (t) => subject(t, pace))
}

test('a step takes its seconds of service time, no less', async () => {
  const { substrate, clock } = world({ mode: 'time', seconds: 3 })
  await substrate.ensureGroup(wanted, wanted.spec.groups[0]!)
  clock.advance(2_999)
  const early = await substrate.observe('c-1')
  assert.deepEqual([early.answering, early.changesInMs], [false, 1])
  clock.advance(1)
  assert.equal((await substrate.observe('c-1')).answering, true)
})

test('in manual mode a step is done on the n-th look, and looking at a ready cluster counts nothing', async () => {
  const { substrate } = world({ mode: 'manual', every: 3 })
  await substrate.ensureGroup(wanted, wanted.spec.groups[0]!)
  assert.equal((await substrate.observe('c-1')).changesInMs, undefined)
  assert.deepEqual([substrate.described('c-1'), substrate.described('c-1')], [false, false])
  assert.equal((await substrate.observe('c-1')).answering, false)
  assert.equal(substrate.described('c-1'), true)
  assert.equal((await substrate.observe('c-1')).answering, true)
  assert.equal(substrate.described('c-9'), false)
})

test('a family has its own pace, which can be changed while a cluster is under way', async () => {
  const { substrate } = world({ mode: 'time', seconds: 1000 })
  await substrate.ensureGroup(wanted, wanted.spec.groups[0]!)
  assert.equal((await substrate.observe('c-1')).answering, false)
  substrate.setProgression('f', { mode: 'immediate' })
  assert.equal((await substrate.observe('c-1')).answering, true)
})

test('a new generation starts the cluster anew', async () => {
  const { substrate, clock } = world({ mode: 'time', seconds: 1 })
  await substrate.ensureGroup(wanted, wanted.spec.groups[0]!)
  clock.advance(1000)
  await substrate.ensureGroup({ ...wanted, generation: 2 }, wanted.spec.groups[0]!)
  assert.equal((await substrate.observe('c-1')).answering, false)
  clock.advance(1000)
  assert.equal((await substrate.observe('c-1')).generation, 2)
})

function world(pace: Progression, file = ':memory:') {
  const clock = manualClock()
  const opened = openWorld(file)
  return {
    clock,
    opened,
    substrate: simulation({ clock, world: opened, progressions: { default: pace } }),
  }
}

async function subject(t: TestContext, pace: Progression): Promise<Subject> {
  const file = join(temporaryDirectory(t), 'simulation.db')
  const { clock, opened, substrate } = world(pace, file)
  t.after(() => substrate.close())
  return {
    substrate,
    wait: async (seen) => clock.advance(seen.changesInMs ?? 0),
    writes: () => opened.writes,
    reopen: async () =>
      simulation({ clock, world: openWorld(file), progressions: { default: pace } }),
  }
}
