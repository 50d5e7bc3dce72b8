import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import type { Json } from '../../../src/kernel/json.ts'
import { manualClock } from '../../../src/kernel/clock.ts'
import { partOf, sharedSimulation, WORLD } from '../../../src/server/shared/world.ts'
import { recordId } from '../../../src/server/shared/state.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import type { Progression } from '../../../src/substrate/simulation/progression.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { substrateConformance } from '../../substrate/conformance.ts'
import { wantedOf, type Subject } from '../../substrate/subject.ts'

for (const pace of [{ mode: 'immediate' }, { mode: 'time', seconds: 3 }] as const)
  substrateConformance(`shared simulation, ${pace.mode}`, async (t) => subject(t, pace))

test('two servers see one world, and give no address twice', async (t) => {
  const { open } = worldIn(t, { mode: 'immediate' })
  const [one, other] = [open(), open()]
  const first = wantedOf({}, 'c-1')
  await one.apply(first)
  assert.equal((await other.observe('c-1')).answering, true)
  await other.apply(wantedOf({}, 'c-2'))
  const seen = [await one.observe('c-1'), await one.observe('c-2')]
  const addresses = seen.flatMap(({ groups }) => groups).flatMap(({ nodes }) => nodes)
  assert.equal(new Set(addresses.map(({ address }) => address)).size, 8)
  await other.remove('c-1')
  await other.remove('c-1')
  assert.equal((await one.observe('c-1')).present, false)
})

test('what passed at the old pace stays so at the new one', async (t) => {
  const { open, clock } = worldIn(t, { mode: 'time', seconds: 3 })
  const [one, other] = [open(), open()]
  await one.apply(wantedOf({}, 'c-1'))
  clock.advance(3_000)
  await other.pacing!.settle!()
  other.pacing!.set('default', 'manual:1000')
  assert.equal((await other.observe('c-1')).answering, true)
})

test('what applications want of one server is what another one knows', async (t) => {
  const { open } = worldIn(t, { mode: 'immediate' })
  const [one, other] = [open(), open()]
  const wanted = wantedOf({}, 'c-1')
  const roles = wanted.spec.groups.map(({ role }) => role)
  const daemon = (name: string) => ({ service: 'YARN', name, roles })
  const daemons = [daemon('ResourceManager'), daemon('NodeManager')]
  await one.apply({ ...wanted, spec: { ...wanted.spec, daemons } })
  await one.setDemand!('c-1', { applications: 1, containers: 1, memoryMib: 1, cores: 1 })
  const { load, processors } = other.inquiries!('c-1')
  assert.deepEqual((await load?.('root'))?.containers, { allocated: 1, pending: 0 })
  assert.equal(await load?.('root.other'), undefined)
  const { cores, usedPercent } = await processors!()
  assert.ok(cores > 0 && usedPercent === 100 / cores, `${usedPercent} of ${cores}`)
  assert.equal(await one.setDemand!('c-0', NOTHING), false)
})

const NOTHING = { applications: 0, containers: 0, memoryMib: 0, cores: 0 }

function worldIn(t: TestContext, pace: Progression) {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const store = openSqliteStore(file)
  t.after(() => store.close())
  const clock = manualClock()
  const options = { store, clock, progressions: { default: pace }, catchUp: async () => {} }
  return { file, clock, open: () => sharedSimulation(options) }
}

function subject(t: TestContext, pace: Progression): Subject {
  const { file, clock, open } = worldIn(t, pace)
  let substrate = open()
  const database = new DatabaseSync(file, { readOnly: true })
  t.after(() => database.close())
  const all = database.prepare(`select id, revision, body from document where kind = 'record'`)
  const clusterOf = (id: string) => {
    const row = all.all().find((each) => each['id'] === recordId(WORLD, id))
    const body = row && (JSON.parse(String(row['body'])) as { readonly value: Json })
    return partOf(body?.value).cluster
  }
  const nodesOf = (id: string) => clusterOf(id)?.groups.flatMap(({ nodes }) => nodes) ?? []
  return {
    get substrate() {
      return substrate
    },
    wait: async (seen) => clock.advance(seen.changesInMs ?? 0),
    writes: () => JSON.stringify(all.all().map(({ id, revision }) => [id, revision])),
    processes: (id) =>
      new Map(
        nodesOf(id)
          .filter(({ phase, starts }) => starts > 0 && !phase.startsWith('stop'))
          .map((node) => [node.id, `${node.id} ${node.starts}`]),
      ),
    nodesLeft: (id) => nodesOf(id).map((node) => node.id),
    async reopen() {
      substrate = open()
    },
  }
}
