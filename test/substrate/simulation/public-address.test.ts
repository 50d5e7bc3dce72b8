import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NodeGroup } from '../../../src/domain/cluster.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import type { Wanted } from '../../../src/substrate/substrate.ts'

test('only nodes of an exposed group get public addresses, and keep them', async (t) => {
  const clock = systemClock()
  const world = openWorld(':memory:')
  const substrate = simulation({ clock, world, progressions: { default: { mode: 'immediate' } } })
  t.after(() => substrate.close())
  const groups = [groupOf('master', true), groupOf('core', false)]
  const wanted = wantedOf(groups)
  for (const group of groups) await substrate.ensureGroup(wanted, group)
  const first = await substrate.observe('c-1')
  for (const group of groups) await substrate.ensureGroup({ ...wanted, generation: 2 }, group)
  const again = await substrate.observe('c-1')
  const [master, core] = first.groups.map((group) => group.nodes)
  assert.match(master?.[0]?.publicAddress ?? '', /^198\.1[89]\.\d+\.\d+$/)
  assert.notEqual(master?.[0]?.publicAddress, master?.[1]?.publicAddress)
  assert.equal(core?.[0]?.publicAddress, undefined)
  assert.deepEqual(
    again.groups.map((group) => group.nodes),
    first.groups.map((group) => group.nodes),
  )
})

function groupOf(role: string, exposed: boolean): NodeGroup {
  const nodes = [0, 1].map((index) => ({
    id: `${role}-${index}`,
    index,
    name: `${role}.${index}`,
    ready: false,
  }))
  const machine = { cpu: 1, memoryMib: 1024, disks: [], zone: 'z', subnet: 's', spec: 'm' }
  return { id: `c-1.${role}`, role, name: role, ...machine, exposed, nodes, traits: {} }
}

function wantedOf(groups: readonly NodeGroup[]): Wanted {
  return {
    id: 'c-1',
    name: 'one',
    generation: 1,
    software: { family: 'f', version: '1', components: [] },
    network: { vpc: 'v', zone: 'z', subnets: [], securityGroups: [] },
    groups,
    tags: [],
    traits: {},
    reveal: () => undefined,
  }
}
