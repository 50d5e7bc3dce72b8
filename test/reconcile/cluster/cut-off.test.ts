/** A server may be killed in the middle of an apply: the driver has noted the nodes by then, and nobody finishes them by itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import type { Seen, Substrate } from '../../../src/substrate/port.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { smallCore } from '../../support/fixture/core.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

/** As a driver shows nodes whose processes were never configured. */
function halfMade(seen: Seen): Seen {
  const groups = seen.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map(({ runs: _runs, ...node }) => ({ ...node, phase: 'starting' as const })),
  }))
  return { ...seen, generation: 0, answering: false, groups }
}

test('an apply that was cut off is repeated until what it was for is there', async (t) => {
  const store = openSqliteStore(`${temporaryDirectory(t)}/emrys.db`)
  t.after(() => store.close())
  const clock = manualClock()
  const progressions = { default: { mode: 'immediate' } } as const
  const simulated = simulation({ clock, world: openWorld(':memory:'), progressions })
  let applies = 0
  const substrate: Substrate = {
    ...simulated,
    observe: async (id) => {
      const seen = await simulated.observe(id)
      return applies < 2 ? halfMade(seen) : seen
    },
    apply(wanted) {
      applies++
      return simulated.apply(wanted)
    },
  }
  const { loop } = smallCore({ store, substrate, clock })
  await store.write(async (tx) => {
    await tx.insert('cluster', sampleCluster(), 0)
    await tx.enqueue('cluster', 'c-1', 0)
  })
  const state = async () => {
    await store.write((tx) => tx.enqueue('cluster', 'c-1', clock.now()))
    await loop.drain()
    return (await store.read((tx) => tx.findById('cluster', 'c-1')))?.document.status.state
  }
  await state()
  assert.equal(await state(), 'running')
  assert.equal(applies, 2)
})
