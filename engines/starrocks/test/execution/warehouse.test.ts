import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { EngineIdentity, WarehouseDescription } from '../../src/execution/engine-context.ts'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { connect, identity, testClient, type Client } from '../support/open-engine.ts'

const worker = (name: string, group: string) =>
  ({ name, role: 'cn', host: '127.0.0.1', group, zone: 'z', version: '3.3.8' }) as const
const nodes = [worker('cn-a-0', 'a'), worker('cn-a-1', 'a'), worker('cn-b-0', 'b')]
const warehouses: readonly WarehouseDescription[] = [
  { name: 'default_warehouse', group: 'a', statements: 2 },
  { name: 'reports', group: 'b', statements: 1 },
  { name: 'empty', group: 'c', statements: 1 },
]
const divided: EngineIdentity = { ...identity, nodes, warehouses }

async function start(t: TestContext, clock = manualClock(Date.now())) {
  const { engine, client } = await testClient(t, { identity: divided, clock })
  await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  await client.run('INSERT INTO t VALUES (1), (2)')
  const inWarehouse = async (name: string) => {
    const other = await connect(engine, 'admin', 'd')
    await other.run(`SET WAREHOUSE ${name}`)
    return other
  }
  /** A statement whose rows nobody has read yet holds its place. */
  const hold = async ({ session }: Client) => {
    const results = session.execute('SELECT k FROM t')
    const { value: result } = await results[Symbol.asyncIterator]().next()
    assert.ok(result?.kind === 'rows')
    return async () => {
      for await (const _chunk of result.chunks);
    }
  }
  return { engine, client, clock, inWarehouse, hold }
}

const load = (client: Client) =>
  client.rows('SHOW WAREHOUSES').then((rows) => rows.map((row) => [row[1], row[3], row[7], row[8]]))

test('a warehouse that is full holds up its own statements and no others', async (t) => {
  const { client, clock, inWarehouse, hold } = await start(t)
  const [first, second, elsewhere] = [
    await inWarehouse('reports'),
    await inWarehouse('reports'),
    await inWarehouse('default_warehouse'),
  ]
  const release = await hold(first)
  let answered = false
  const waiting = second.rows('SELECT count(*) FROM t').then((rows) => {
    answered = true
    return rows
  })
  // The other warehouse answers meanwhile, and what needs none does everywhere.
  assert.deepEqual(await elsewhere.rows('SELECT sum(k) FROM t'), [[3]])
  await elsewhere.run('INSERT INTO t VALUES (3)')
  assert.deepEqual(await (await inWarehouse('reports')).rows('SELECT 1'), [[1]])
  assert.deepEqual(await load(client), [
    ['default_warehouse', 2, 0, 0],
    ['reports', 1, 1, 1],
    ['empty', 0, 0, 0],
  ])
  clock.advance(1_000)
  assert.equal(answered, false)
  const processes = await client.run('SHOW PROCESSLIST')
  const at = (name: string) => processes.columns.indexOf(name)
  assert.deepEqual(
    processes.rows
      .filter((row) => row[at('IsPending')] === 'true')
      .map((row) => row[at('Warehouse')]),
    ['reports'],
  )
  await release()
  assert.deepEqual(await waiting, [[3]])
  assert.deepEqual((await load(client))[1], ['reports', 1, 0, 0])
})

test('who waits too long, or stands behind too many, fails as in StarRocks', async (t) => {
  const { client, clock, inWarehouse, hold } = await start(t)
  await client.run('SET GLOBAL query_queue_pending_timeout_second = 5')
  await client.run('SET GLOBAL query_queue_max_queued_queries = 1')
  const release = await hold(await inWarehouse('reports'))
  const waiting = (await inWarehouse('reports')).refusal('SELECT k FROM t')
  const another = await inWarehouse('reports')
  const tooMany = await another.refusal('SELECT k FROM t')
  assert.match(
    tooMany.message,
    /^Resource is not enough and the number of pending queries exceeds capacity \[1\]/,
  )
  clock.advance(4_900)
  assert.deepEqual((await load(client))[1], ['reports', 1, 1, 1])
  clock.advance(200)
  const { message } = await waiting
  assert.equal(
    message,
    'Failed to allocate resource to query: pending timeout [5], you could modify the session variable [query_queue_pending_timeout_second] to pending more time',
  )
  await release()
  assert.deepEqual(await another.rows('SELECT count(*) FROM t'), [[2]])
})

test('one that waits can be killed, and its place goes to the next', async (t) => {
  const { engine, client, clock, inWarehouse, hold } = await start(t)
  const release = await hold(await inWarehouse('reports'))
  const victim = await inWarehouse('reports')
  const waiting = victim.refusal('SELECT k FROM t')
  const after = (await inWarehouse('reports')).rows('SELECT count(*) FROM t')
  await new Promise(setImmediate)
  const processes = await client.run('SHOW PROCESSLIST')
  const pending = processes.rows.filter((row) => row.includes('true'))
  assert.equal(pending.length, 2)
  assert.ok(engine.kill(Number(pending[0]?.[1]), 'query'))
  clock.advance(100)
  assert.equal((await waiting).errno, 1317)
  await release()
  assert.deepEqual(await after, [[2]])
})

test('a warehouse that is unknown, without nodes or gone refuses its statements', async (t) => {
  const { engine, client, inWarehouse } = await start(t)
  for (const sql of ['SET WAREHOUSE nowhere', "SET warehouse = 'nowhere'"]) {
    const { errno, message } = await client.refusal(sql)
    assert.deepEqual([errno, message], [5901, 'Warehouse name: nowhere not exist.'])
  }
  const empty = await inWarehouse('empty')
  const without = await empty.refusal('SELECT k FROM t')
  assert.deepEqual(
    [without.errno, without.message],
    [5905, 'No alive backend or compute node in warehouse empty.'],
  )
  assert.equal((await empty.refusal('INSERT INTO t VALUES (9)')).errno, 5905)
  await empty.run("PREPARE p FROM 'SELECT k FROM t'")
  assert.equal((await empty.refusal('EXECUTE p')).errno, 5905)
  assert.deepEqual(await empty.rows('SELECT 1'), [[1]])
  assert.ok((await empty.rows('SELECT * FROM information_schema.tables')).length > 0)
  const reports = await inWarehouse('reports')
  assert.deepEqual(await reports.rows('SELECT count(*) FROM t'), [[2]])
  engine.setNodes(nodes.slice(0, 2), warehouses.slice(0, 1))
  assert.equal((await reports.refusal('SELECT k FROM t')).errno, 5901)
  await reports.run('SET WAREHOUSE default_warehouse')
  assert.deepEqual(await reports.rows('SELECT count(*) FROM t'), [[2]])
})

test('a larger share lets those in who wait', async (t) => {
  const { engine, inWarehouse, hold } = await start(t)
  await hold(await inWarehouse('reports'))
  const waiting = (await inWarehouse('reports')).rows('SELECT count(*) FROM t')
  await new Promise(setImmediate)
  const larger = warehouses.map((each) => ({ ...each, statements: 2 }))
  engine.setNodes(nodes, larger)
  assert.deepEqual(await waiting, [[2]])
})

test('warehouses are listed with their nodes, and made by the control plane only', async (t) => {
  const { client } = await start(t)
  const listed = await client.rows('SHOW NODES FROM WAREHOUSES')
  assert.deepEqual(
    listed.map(([name]) => name),
    ['default_warehouse', 'default_warehouse', 'reports'],
  )
  assert.equal((await client.rows("SHOW WAREHOUSES LIKE 'rep%'")).length, 1)
  for (const sql of [
    'CREATE WAREHOUSE w',
    'DROP WAREHOUSE reports',
    'SUSPEND WAREHOUSE reports',
    'RESUME WAREHOUSE reports',
    "ALTER WAREHOUSE reports SET ('compute_replica' = '2')",
  ])
    assert.equal((await client.refusal(sql)).message, 'Multi-Warehouse is not implemented', sql)
})
