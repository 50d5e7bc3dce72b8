import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createConnection, type Connection } from 'mysql2/promise'
import { withNodes, withRestart, withSize, withoutNodes } from '../../../src/domain/cluster/spec.ts'
import { starrocksComponent } from '../../../src/substrate/local/starrocks.ts'
import type { Seen, Substrate, Wanted } from '../../../src/substrate/port.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import {
  localDirectory,
  ready,
  removedFrom,
  untilSeen,
} from '../../support/engine/local-substrate.ts'
import { sampleGroup, sampleNode, sampleSpec } from '../../support/fixture/sample.ts'
import { next, seenNodes } from '../subject.ts'

const ENDLESS = `select count(*) from table(generate_series(1, 100000)) a (x), table(generate_series(1, 100000)) b (y),
  table(generate_series(1, 9000)) c (z) where x * y % 7 = z`
const disks = (sizeGib: number) => [{ use: 'data', type: 'essd', sizeGib, count: 1 } as const]
const wanted: Wanted = {
  id: 'c-1',
  name: 'sample',
  spec: sampleSpec({
    groups: [
      { ...sampleGroup('fe-1', 1), role: 'fe' },
      { ...sampleGroup('cn-1', 3), role: 'cn', name: 'default_warehouse', disks: disks(1) },
    ],
    software: { family: 'starrocks', version: '3.3', components: [] },
  }),
  reveal: () => '1qaz@QAZ',
}

test('an instance on this machine logs in with its password, runs SQL, shows its nodes, and keeps its data when it is killed', async (t) => {
  const { root, substrate, pid, compiled } = setUp(t)
  const running = await ready(substrate, wanted)
  const first = await login(running)
  await first.query('create database shop')
  await first.query(
    'create table shop.orders (id int, total decimal(10,2)) duplicate key(id) distributed by hash(id)',
  )
  await first.query('insert into shop.orders values (1, 10.50), (2, 4.25)')
  const [sum] = await first.query('select sum(total) as total from shop.orders')
  assert.deepEqual(sum, [{ total: '14.75' }])
  const [nodes] = await first.query('show compute nodes')
  assert.equal((nodes as unknown[]).length, 3)
  await first.end()

  const long = await Promise.all(Array.from({ length: 8 }, () => login(running)))
  const ended = long.map((client) => assert.rejects(client.query(ENDLESS)))
  const short = await login(running)
  const [one] = await short.query('select 1 as one from shop.orders limit 1')
  assert.deepEqual(one, [{ one: 1 }], 'long statements hold up no short one')
  for (const { threadId } of long) await short.query(`kill ${threadId}`)
  await Promise.all(ended)
  await short.end()

  process.kill(-pid('c-1'), 'SIGKILL')
  substrate.supervise!(() => {})
  const again = await login(await untilSeen(substrate, 'c-1', (seen) => seen.answering))
  const [kept] = await again.query('select count(*) as n from shop.orders')
  assert.deepEqual(kept, [{ n: 2 }])
  await again.end()
  assert.match((await substrate.metrics!()).get('c-1') ?? '', /# TYPE/)

  await removedFrom(substrate, 'c-1')
  assert.deepEqual(readdirSync(root), [])
  assert.notDeepEqual(readdirSync(compiled), [], 'what was compiled is kept for the next')
})

test('changes of an instance: more nodes and another size without a restart, a restart with one, a stop that keeps the data', async (t) => {
  const { substrate, pid } = setUp(t)
  let it = wanted
  const before = await ready(substrate, it)
  await inSession(before, (client) => client.query('create database shop'))
  const first = pid('c-1')
  await substrate.apply(it)
  assert.equal(pid('c-1'), first, 'the same again touches nothing')

  it = next(it, withNodes(it.spec, 'cn-1', [sampleNode('cn-1', 3)]))
  const more = await ready(substrate, it)
  assert.equal(await computeNodes(more), 4)
  it = next(
    it,
    withSize(it.spec, { of: 'group', group: 'cn-1' }, (was) => ({
      ...was,
      cpu: 16,
      memoryMib: 65_536,
      disks: disks(2),
    })),
  )
  const large = await ready(substrate, it)
  assert.equal(seenNodes(large).find(({ id }) => id === 'cn-1-0')?.runs?.cpu, 16)
  assert.equal(pid('c-1'), first)

  it = next(it, withRestart(it.spec, { of: 'nodes', nodes: ['cn-1-1'] }))
  await ready(substrate, it)
  assert.notEqual(pid('c-1'), first)

  const less = next(it, withoutNodes(it.spec, ['cn-1-2']))
  await substrate.drain!(less, ['cn-1-2'])
  await untilSeen(substrate, 'c-1', (seen) =>
    seenNodes(seen).some(({ phase }) => phase === 'drained'),
  )
  assert.equal(await computeNodes(await ready(substrate, less)), 3)

  const stopped = next(less, { ...less.spec, running: false })
  await substrate.apply(stopped)
  await untilSeen(substrate, 'c-1', (seen) =>
    seenNodes(seen).every(({ phase }) => phase === 'stopped'),
  )
  assert.equal(pid('c-1'), 0)
  const back = await ready(substrate, next(stopped, less.spec))
  const [databases] = await inSession(back, (client) => client.query("show databases like 'shop'"))
  assert.equal((databases as unknown[]).length, 1)
  await removedFrom(substrate, 'c-1')
})

test('files that the engine refuses leave it as it was', async (t) => {
  const { substrate, pid } = setUp(t)
  const before = await ready(substrate, wanted)
  const first = pid('c-1')
  // Longer than the engine takes a name for.
  const named = wanted.spec.groups.map((group) => ({ ...group, name: 'n'.repeat(256) }))
  const changed = next(wanted, { ...wanted.spec, groups: named })
  await substrate.apply(changed)
  const seen = await substrate.observe('c-1')
  assert.deepEqual(seenNodes(seen), seenNodes(before))
  assert.deepEqual(
    seen.groups.map(({ problem }) => [problem?.kind, problem?.persists]),
    [
      ['refused', true],
      ['refused', true],
    ],
  )
  assert.match(seen.groups[0]?.problem?.reason ?? '', /group/)
  await ready(substrate, next(changed, wanted.spec))
  assert.equal(pid('c-1'), first)
})

test('an engine that does not know a member of its files is started again: its program is older', async (t) => {
  const { substrate, files } = setUp(t)
  await ready(substrate, wanted)
  const { directory } = files('c-1')
  const [role] = starrocksComponent().roles
  const path = join(directory, 'engine.json')
  const current = JSON.parse(readFileSync(path, 'utf8')) as { nodes: object[] }
  assert.equal(await role?.update(directory), 'applied')
  const nodes = current.nodes.map((node) => ({ ...node, ofTomorrow: 1 }))
  writeFileSync(path, JSON.stringify({ ...current, nodes }))
  assert.equal(await role?.update(directory), 'restart')
})

function setUp(t: TestContext) {
  const compiled = temporaryDirectory(t)
  const directory = localDirectory(t, starrocksComponent(compiled))
  const substrate: Substrate = directory.open()
  return { ...directory, substrate, compiled }
}

function login(seen: Seen): Promise<Connection> {
  const { host, port } = seen.endpoints.find((endpoint) => endpoint.name === 'mysql')!
  return createConnection({ host, port, user: 'admin', password: '1qaz@QAZ' })
}

async function inSession<T>(seen: Seen, work: (client: Connection) => Promise<T>): Promise<T> {
  const client = await login(seen)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function computeNodes(seen: Seen): Promise<number> {
  const [nodes] = await inSession(seen, (client) => client.query('show compute nodes'))
  return (nodes as unknown[]).length
}
