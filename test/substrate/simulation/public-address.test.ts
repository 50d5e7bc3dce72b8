import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../src/kernel/clock.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { sampleGroup, sampleSpec } from '../../support/fixture/sample.ts'

test('only nodes of an exposed group get public addresses, and keep them', async (t) => {
  const clock = systemClock()
  const world = openWorld(':memory:')
  const substrate = simulation({ clock, world, progressions: { default: { mode: 'immediate' } } })
  t.after(() => substrate.close())
  const groups = [{ ...sampleGroup('open', 2), exposed: true }, sampleGroup('closed', 2)]
  const nodesAt = async (generation: number) => {
    const spec = sampleSpec({ groups, generation })
    await substrate.apply({ id: 'c-1', name: 'sample', spec, reveal: () => undefined })
    const seen = await substrate.observe('c-1')
    return Object.fromEntries(seen.groups.map((group) => [group.id, group.nodes]))
  }
  const nodes = await nodesAt(1)
  assert.match(nodes['open']?.[0]?.publicAddress ?? '', /^198\.1[89]\.\d+\.\d+$/)
  assert.notEqual(nodes['open']?.[0]?.publicAddress, nodes['open']?.[1]?.publicAddress)
  assert.equal(nodes['closed']?.[0]?.publicAddress, undefined)
  assert.deepEqual(await nodesAt(2), nodes)
})
