import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { templateOf } from '../../../src/domain/cluster/spec.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { sampleSpec } from '../../support/fixture/sample.ts'
import { seenNodes } from '../subject.ts'

const wanted = { id: 'c-1', name: 'sample', spec: sampleSpec(), reveal: () => undefined }
const nodes = [
  { id: 'g-1-0', address: '10.0.0.1' },
  { id: 'g-1-1', address: '10.0.0.2', publicAddress: '198.18.0.1' },
]
/** As version 1 wrote it. */
const body = {
  id: 'c-1',
  family: 'f',
  phase: 'ready',
  generation: 1,
  sinceMs: 5,
  looks: 0,
  groups: [{ id: 'g-1', nodes }],
}

test('nodes of an older world serve as they did, and are taken over without a restart', async (t) => {
  const { substrate, world } = openOld(t, body)
  const seen = await substrate.observe('c-1')
  assert.deepEqual(
    seenNodes(seen),
    nodes.map((node, index) => ({ ...node, index, phase: 'serving' })),
  )
  assert.deepEqual([seen.generation, seen.answering, world.writes], [1, true, 0])
  await substrate.apply(wanted)
  const group = wanted.spec.groups[0]!
  const adopted = await substrate.observe('c-1')
  assert.deepEqual(
    seenNodes(adopted).map(({ phase, runs }) => ({ phase, runs })),
    group.nodes.map((node) => ({ phase: 'serving', runs: templateOf(wanted.spec, group, node) })),
  )
  assert.deepEqual(
    world.find('c-1')?.groups[0]?.nodes.map(({ starts }) => starts),
    [1, 1],
  )
})

test('one that was starting, held or going in an older world continues from there', async (t) => {
  const starting = openOld(t, { ...body, phase: 'starting' })
  assert.equal((await starting.substrate.observe('c-1')).changesInMs, 1000)
  starting.clock.advance(1000)
  assert.equal((await starting.substrate.observe('c-1')).answering, true)
  const run = { script: 's-1', name: 's', node: 'g-1-0', startedMs: 7, exitCode: 3, running: false }
  const held = openOld(t, { ...body, phase: 'prepared', runs: [run] })
  const seen = await held.substrate.observe('c-1')
  assert.equal(seenNodes(seen)[0]?.phase, 'prepared')
  assert.deepEqual(seen.runs, [
    { script: 's-1', node: 'g-1-0', order: 1, startedMs: 7, phase: 'failed', exitCode: 3 },
  ])
  const going = openOld(t, { ...body, phase: 'stopping' })
  assert.equal(seenNodes(await going.substrate.observe('c-1'))[0]?.phase, 'stopping')
  going.clock.advance(1000)
  await going.substrate.remove('c-1')
  assert.equal((await going.substrate.observe('c-1')).present, false)
})

function openOld(t: TestContext, old: object) {
  const file = join(temporaryDirectory(t), 'simulation.db')
  const database = new DatabaseSync(file)
  database.exec('create table cluster (id text primary key, body text not null)')
  database.prepare('insert into cluster values (?, ?)').run('c-1', JSON.stringify(old))
  database.close()
  const clock = manualClock(5)
  const world = openWorld(file)
  const progressions = { default: { mode: 'time', seconds: 1 } } as const
  const substrate = simulation({ clock, world, progressions })
  t.after(() => substrate.close())
  return { clock, world, substrate }
}
