import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import {
  WORLD_VERSION,
  type WorldCluster,
} from '../../../src/substrate/simulation/world-cluster.ts'
import { statementsOf } from '../../support/fixture/statement-count.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const blank = (id: string): WorldCluster => ({
  version: WORLD_VERSION,
  id,
  family: 'f',
  generation: 0,
  groups: [],
})

test('what is put together in one turn is one transaction, and in the file when it resolves', async (t) => {
  const { world, other } = openWorlds(t)
  const sent = await statementsOf(async () => {
    const written = ['c-1', 'c-2', 'c-3'].map((id) => world.putTogether(blank(id)))
    assert.deepEqual(other.all(), [], 'nothing was committed yet')
    assert.equal(world.find('c-2')?.id, 'c-2')
    await Promise.all(written)
  })
  assert.equal(sent.filter((sql) => sql === 'commit').length, 1)
  const alone = await statementsOf(() => world.putTogether(blank('c-3')))
  assert.equal(alone.length, 1, 'one alone needs no transaction around it')
  assert.deepEqual(
    other.all().map(({ id }) => id),
    ['c-1', 'c-2', 'c-3'],
  )
})

test('of many that are put together none is forgotten before it is written', async (t) => {
  const { world } = openWorlds(t)
  t.after(() => world.close())
  const ids = Array.from({ length: 2_500 }, (_, at) => `c-${at}`)
  const written = ids.map((id) => world.putTogether(blank(id)))
  assert.deepEqual(
    ids.map((id) => world.find(id)?.id),
    ids,
  )
  await Promise.all(written)
})

test('a write of its own, and the end, leave nothing behind of what was put together before', async (t) => {
  const { world, other } = openWorlds(t)
  const first = world.putTogether(blank('c-1'))
  world.put(blank('c-2'))
  assert.equal(other.all().length, 2)
  const last = world.putTogether(blank('c-3'))
  world.close()
  assert.equal(other.all().length, 3)
  await Promise.all([first, last])
})

test('what could not be committed is refused to all who put it, and forgotten', async (t) => {
  const { world, other } = openWorlds(t)
  t.after(() => world.close())
  const { exec } = DatabaseSync.prototype
  const mocked = t.mock.method(
    DatabaseSync.prototype,
    'exec',
    function (this: DatabaseSync, sql: string) {
      if (sql === 'commit') throw new Error('the disk is full')
      return exec.call(this, sql)
    },
  )
  const written = ['c-1', 'c-2'].map((id) => world.putTogether(blank(id)))
  for (const each of written) await assert.rejects(each, /the disk is full/)
  assert.equal(world.find('c-1'), undefined)
  mocked.mock.restore()
  await world.putTogether(blank('c-3'))
  assert.deepEqual(
    other.all().map(({ id }) => id),
    ['c-3'],
  )
})

function openWorlds(t: TestContext) {
  const file = join(temporaryDirectory(t), 'simulation.db')
  const [world, other] = [openWorld(file), openWorld(file)]
  t.after(() => other.close())
  return { world, other }
}
