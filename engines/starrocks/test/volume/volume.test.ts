import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { bucket, memoryStore, type MemoryStore } from '../support/memory-store.ts'
import {
  connect,
  testDirectory,
  testEngine,
  type Client,
  type OpenEngine,
} from '../support/open-engine.ts'

interface Opened {
  readonly engine: OpenEngine
  readonly client: Client
  readonly directory: string
}

async function open(t: TestContext, store: MemoryStore, directory?: string): Promise<Opened> {
  const at = directory ?? (await testDirectory(t))
  const volume = {
    endpoint: store.endpoint,
    region: 'r',
    bucket,
    prefix: 'i-1/',
    key: { keyId: 'id', secret: 'secret' },
    checkpointAt: { bytes: 100_000, records: 20 },
  }
  const engine = await testEngine(t, { directory: at, volume })
  const client = await connect(engine)
  return { engine, client, directory: at }
}

async function openWithTable(t: TestContext, store: MemoryStore): Promise<Opened> {
  const opened = await open(t, store)
  await opened.client.run(
    'CREATE DATABASE d; CREATE TABLE d.t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
  )
  return opened
}

const count = async (client: Client) => (await client.rows('SELECT count(*) FROM d.t'))[0]?.[0]
const records = (store: MemoryStore) =>
  store.requests.filter((each) => each.startsWith('PUT i-1/log/')).length

async function until(what: () => boolean): Promise<void> {
  for (let left = 500; !what(); left--) {
    assert.ok(left > 0, 'it did not come to pass')
    await pause(20)
  }
}

test('what was acknowledged is in the store, and an engine without a disk begins with it', async (t) => {
  const store = await memoryStore(t)
  const { client } = await openWithTable(t, store)
  await client.run('INSERT INTO d.t SELECT generate_series FROM TABLE(generate_series(1, 200000))')
  await client.run('INSERT INTO d.t VALUES (1)')
  const next = await open(t, store)
  assert.equal(await count(next.client), 200_001)
})

test('a process whose volume another one has taken over acknowledges nothing more, and says so', async (t) => {
  const store = await memoryStore(t)
  const first = await openWithTable(t, store)
  const second = await open(t, store)
  const refusal = await first.client.refusal('INSERT INTO d.t VALUES (1)')
  assert.match(refusal.message, /another process has taken over the data of this instance/)
  assert.equal(await count(first.client), 1, 'reading continues')
  const health = await first.engine.health()
  assert.equal(health.ok, false)
  assert.match(health.reason ?? '', /another process has taken over/)
  assert.match((await first.client.refusal('TRUNCATE TABLE d.t')).message, /taken over/)
  await second.client.run('INSERT INTO d.t VALUES (2)')
  assert.deepEqual(await second.client.rows('SELECT k FROM d.t'), [[2]])
})

test('a store that overwrites what is there keeps no data', async (t) => {
  const store = await memoryStore(t)
  store.conditional = false
  await assert.rejects(open(t, store), /the store overwrites objects in spite of If-None-Match/)
})

const faults = [503, 403, 507, 'silent'] as const
// A request that is never answered is given up after a quarter of a minute: the others are over by then.
test(
  'a failing store holds up who writes, within his own time, and nobody else',
  { concurrency: 2 },
  async (t) => {
    await Promise.all(
      faults
        .toReversed()
        .map((fault) => t.test(`that answers ${fault}`, (inner) => holdsUpWriter(inner, fault))),
    )
  },
)

async function holdsUpWriter(t: TestContext, fault: (typeof faults)[number]): Promise<void> {
  const store = await memoryStore(t)
  const { engine, client } = await openWithTable(t, store)
  const other = await connect(engine)
  store.fault = (method) => (method === 'PUT' ? fault : undefined)
  await client.run('SET query_timeout = 1')
  const waiting = client.refusal('INSERT INTO d.t VALUES (1)')
  await other.run('SET @x = 1')
  assert.equal(Number(await count(other)) <= 1, true)
  assert.match(
    (await waiting).message,
    /^The storage volume of the instance does not take what is written: /,
  )
  await other.run('SET query_timeout = 1')
  const later = await other.refusal('INSERT INTO d.t VALUES (2)')
  assert.match(later.message, /storage volume/)
  const held = connect(engine).then(async (third) => third.run('INSERT INTO d.t VALUES (3)'))
  store.fault = undefined
  await held
  const next = await open(t, store)
  const rows = (await next.client.rows('SELECT k FROM d.t')).map(([k]) => Number(k))
  assert.ok(rows.includes(3), rows.join(', '))
}

test('a statement that waits for the store can be killed', async (t) => {
  const store = await memoryStore(t)
  const { engine, client } = await openWithTable(t, store)
  const seen = { asked: 0 }
  store.fault = () => {
    seen.asked++
    return 503
  }
  const waiting = client.refusal('INSERT INTO d.t VALUES (1)')
  for (let look = 0; look < 3_000 && seen.asked === 0; look++) await pause(10)
  engine.kill(client.session.id, 'query')
  assert.equal((await waiting).errno, 1317)
  store.fault = undefined
})

test('an answer that is lost is no loss: what arrived is not written twice', async (t) => {
  const store = await memoryStore(t)
  const { client } = await openWithTable(t, store)
  let lost = 0
  store.fault = (method) => (method === 'PUT' && lost++ < 2 ? 'lost' : undefined)
  for (let row = 0; row < 5; row++) await client.run(`INSERT INTO d.t VALUES (${row})`)
  assert.equal(lost > 2, true)
  const next = await open(t, store)
  assert.equal(await count(next.client), 5)
})

test('commits that wait for the store together go together', async (t) => {
  const store = await memoryStore(t)
  const { engine } = await openWithTable(t, store)
  const clients = await Promise.all(Array.from({ length: 20 }, () => connect(engine)))
  const before = records(store)
  store.slowMs = 200
  await Promise.all(clients.map((each, row) => each.run(`INSERT INTO d.t VALUES (${row})`)))
  store.slowMs = 0
  assert.ok(records(store) - before < 12, `${records(store) - before} records for 20 commits`)
})

test('the log is moved into the file in time, and what no record refers to is removed', async (t) => {
  const store = await memoryStore(t)
  const { client } = await openWithTable(t, store)
  for (let round = 0; round < 4; round++) {
    await client.run(
      'INSERT OVERWRITE d.t SELECT generate_series FROM TABLE(generate_series(1, 150000))',
    )
    for (let row = 0; row < 25; row++) await client.run(`INSERT INTO d.t VALUES (${row})`)
  }
  const names = () => [...store.objects.keys()].filter((name) => name.startsWith('i-1/log/')).sort()
  await until(() => names().length < 60 && !names().includes('i-1/log/0000000000000001'))
  const bytes = [...store.objects.values()].reduce((sum, { length }) => sum + length, 0)
  const total = store.requests.filter((each) => each.startsWith('PUT i-1/piece/')).length
  const kept = [...store.objects.keys()].filter((name) => name.startsWith('i-1/piece/')).length
  assert.ok(kept < total && bytes < 40_000_000, `${kept} of ${total} pieces, ${bytes} bytes`)
  const next = await open(t, store)
  assert.equal(await count(next.client), 150_025)
})

test('a restart with the disk that was there fetches no piece, and ships its own beginning only', async (t) => {
  const store = await memoryStore(t)
  const { engine, client, directory } = await openWithTable(t, store)
  await client.run('INSERT INTO d.t SELECT generate_series FROM TABLE(generate_series(1, 300000))')
  await until(() => store.objects.size > 3)
  await engine.close()
  const before = store.requests.length
  const again = await open(t, store, directory)
  assert.equal(await count(again.client), 300_000)
  const asked = store.requests.slice(before)
  assert.equal(asked.filter((each) => each.startsWith('GET i-1/piece/')).length, 0)
  assert.ok(asked.filter((each) => each.startsWith('PUT')).length <= 6, asked.join('\n'))
})

test('an engine that ran without the store meanwhile brings it what the disk has', async (t) => {
  const store = await memoryStore(t)
  const { engine, client, directory } = await openWithTable(t, store)
  await client.run('INSERT INTO d.t VALUES (1)')
  await engine.close()
  const alone = await testEngine(t, { directory })
  await (await connect(alone)).run('INSERT INTO d.t VALUES (2)')
  await alone.close()
  const again = await open(t, store, directory)
  assert.equal(await count(again.client), 2)
  await again.client.run('INSERT INTO d.t VALUES (3)')
  const elsewhere = await open(t, store)
  assert.equal(await count(elsewhere.client), 3)
})

test('a load that could not be brought to the store in time keeps its label: trying again loads nothing twice', async (t) => {
  const store = await memoryStore(t)
  const { engine } = await openWithTable(t, store)
  const request = {
    user: { user: 'admin', host: '%' },
    database: 'd',
    table: 't',
    label: 'once',
    columns: undefined,
    where: undefined,
    partitions: [],
    maxFilterRatio: 0,
    strict: true,
    partialUpdate: false,
    mergeCondition: undefined,
    timeZone: undefined,
    timeoutSeconds: 2,
  } as const
  const load = await engine.beginLoad(request)
  await load.write([load.encode(['1'])], 0)
  store.fault = () => 503
  await assert.rejects(load.commit(), /storage volume/)
  store.fault = undefined
  await assert.rejects(engine.beginLoad(request), /already been used/)
  await (await connect(engine)).run('INSERT INTO d.t VALUES (2)')
  const next = await open(t, store)
  assert.equal(await count(next.client), 2)
})

test('what is damaged or missing in the store is not taken for data', async (t) => {
  const store = await memoryStore(t)
  const { client, engine } = await openWithTable(t, store)
  await client.run('INSERT INTO d.t SELECT generate_series FROM TABLE(generate_series(1, 200000))')
  await engine.close()
  const [piece = ''] = [...store.objects.keys()].filter((name) => name.startsWith('i-1/piece/'))
  const whole = store.objects.get(piece) ?? Buffer.alloc(0)
  store.objects.set(piece, Buffer.alloc(whole.length, 1))
  await assert.rejects(open(t, store), /the piece [0-9a-f]{64} of the volume is damaged/)
  store.objects.delete(piece)
  await assert.rejects(open(t, store), /the piece [0-9a-f]{64} of the volume is missing/)
  store.objects.set(piece, whole)
  assert.equal(await count((await open(t, store)).client), 200_000)
})

test('no key stands in the files of the engine or of the store', async (t) => {
  const store = await memoryStore(t)
  const { directory, engine } = await openWithTable(t, store)
  await engine.close()
  const note = readFileSync(join(directory, 'volume.json'), 'utf8')
  assert.doesNotMatch(note, /secret/)
  for (const body of store.objects.values()) assert.ok(!body.includes('secret'))
  rmSync(directory, { recursive: true })
})
