import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setDescription } from '../../../src/app/cluster/set-description.ts'
import { manualClock } from '../../../src/kernel/clock.ts'
import { random } from '../../../src/kernel/random.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import {
  sampleCall,
  sampleCluster,
  sampleGroup,
  type SampleMembers,
} from '../../support/fixture/sample.ts'

async function stored(t: TestContext, ...clusters: readonly SampleMembers[]) {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  await store.write(async (tx) => {
    for (const each of clusters) await tx.insert('cluster', sampleCluster(each), 0)
  })
  const parts = { store, clock: manualClock(5), random: random() }
  return {
    describe: (group: string, call = sampleCall()) =>
      setDescription(parts, call, { group, description: 'new' }),
    found: async (id: string) => (await store.read((tx) => tx.findById('cluster', id)))!,
    audit: () => store.read((tx) => tx.audit('a', 10)),
    operations: async (parent: string) => {
      const listing = { account: 'a', parent, order: 'newest', limit: 10, offset: 0 } as const
      const { rows } = await store.read((tx) => tx.list('operation', listing))
      return rows.map(({ document: { verb, status } }) => `${verb} ${status}`)
    },
    nextDueMs: () => store.nextDueMs(),
  }
}

const withGroup = (id: string) => ({ spec: { groups: [sampleGroup(id, 1)] } })

test('the cluster is found by its group, and what was asked is recorded with it', async (t) => {
  const it = await stored(t, { id: 'c-1', ...withGroup('g-1') }, { id: 'c-2', ...withGroup('g-2') })
  const other = await it.found('c-1')
  await it.describe('g-2')
  const { document } = await it.found('c-2')
  assert.deepEqual(
    document.spec.groups.map(({ description }) => description),
    ['new'],
  )
  assert.equal(document.spec.generation, 1)
  assert.deepEqual(await it.found('c-1'), other)
  assert.deepEqual(await it.operations('c-2'), ['set-description completed'])
  assert.deepEqual(
    (await it.audit()).map(({ action, subject }) => [action, subject]),
    [['Do', 'c-2']],
  )
  // Nothing that runs is another one for it.
  assert.equal(await it.nextDueMs(), undefined)
})

test('a group of what does not exist for the caller is no group, and nothing is recorded', async (t) => {
  const it = await stored(
    t,
    { id: 'c-1', ...withGroup('g-1') },
    { id: 'c-2', ...withGroup('g-2'), status: { state: 'deleting' } },
    { id: 'c-3', ...withGroup('g-3'), account: 'b' },
  )
  const absent: readonly [string, Parameters<typeof sampleCall>[0]][] = [
    ['g-0', {}],
    ['g-2', {}],
    ['g-3', {}],
    ['g-1', { product: 'another' }],
    ['g-1', { region: 'elsewhere' }],
    ['g-1', { visible: ({ id }) => id !== 'c-1' }],
  ]
  for (const [group, members] of absent)
    await assert.rejects(it.describe(group, sampleCall(members)), {
      code: 'NodeGroupNotFound',
      facts: { id: group },
    })
  assert.deepEqual(await it.audit(), [])
  await it.describe('g-1', sampleCall({ region: 'r', visible: () => true }))
})
