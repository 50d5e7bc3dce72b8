/** Storage volumes of clients: whose bytes are where, what a crash and a lost disk leave, and a store that is away. */
import assert from 'node:assert/strict'
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { skipWithout } from '../../../../test/support/engine/module.ts'
import { memoryStore, type MemoryStore } from '../support/memory-store.ts'
import {
  connect,
  identity,
  testDirectory,
  testEngine,
  type Client,
} from '../support/open-engine.ts'
import { createVolume, volumeOptions } from '../support/volume-engine.ts'

const skip = skipWithout('httpfs')

async function open(t: TestContext, store: MemoryStore, directory?: string) {
  const at = directory ?? (await testDirectory(t))
  const engine = await testEngine(t, { directory: at, ...volumeOptions(store) })
  const client = await connect(engine)
  return { engine, client, directory: at }
}

const TABLE = '(k INT, v VARCHAR(100)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)'

async function withTables(client: Client): Promise<void> {
  await client.run(createVolume('v'))
  await client.run(`CREATE DATABASE own; CREATE DATABASE other PROPERTIES ("storage_volume" = "v")`)
  await client.run(`CREATE TABLE own.a ${TABLE}; CREATE TABLE other.b ${TABLE}`)
  await client.run(`CREATE TABLE own.c ${TABLE} PROPERTIES ("storage_volume" = "v")`)
}

/** The folders whose objects hold these bytes. */
function placesOf(store: MemoryStore, text: string): string[] {
  const found = [...store.objects]
    .filter(([, content]) => content.includes(text))
    .map(([name]) => name.split('/').slice(0, 2).join('/'))
  return [...new Set(found)].sort()
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let left = 1500; !(await what()); left--) {
    assert.ok(left > 0, 'it did not come to pass')
    await pause(20)
  }
}

test(
  'rows lie in the volume of their table or its database, in no other one, and an engine without a disk finds them',
  { skip },
  async (t) => {
    const store = await memoryStore(t)
    const { client, engine } = await open(t, store)
    await withTables(client)
    await client.run(`INSERT INTO own.a VALUES (1, 'bytes-of-a')`)
    await client.run(`INSERT INTO other.b VALUES (1, 'bytes-of-b')`)
    await client.run(`INSERT INTO own.c SELECT k + 1, concat('bytes', '-of-c-', v) FROM other.b`)
    assert.deepEqual(placesOf(store, 'bytes-of-a'), ['i-1/log'])
    assert.deepEqual(placesOf(store, 'bytes-of-b'), ['lake/v'])
    assert.deepEqual(placesOf(store, 'bytes-of-c-bytes-of-b'), ['lake/v'])
    await engine.close()
    const next = await open(t, store)
    const all = 'SELECT * FROM own.a UNION ALL SELECT * FROM other.b UNION ALL SELECT * FROM own.c'
    assert.deepEqual(await next.client.rows(`${all} ORDER BY 2`), [
      [1, 'bytes-of-a'],
      [1, 'bytes-of-b'],
      [2, 'bytes-of-c-bytes-of-b'],
    ])
    await next.client.run(`INSERT INTO other.b VALUES (2, 'later')`)
    assert.deepEqual(placesOf(store, 'later'), ['lake/v'])
  },
)

test(
  'databases that are made with a default volume lie there, also after another one became the default',
  { skip },
  async (t) => {
    const store = await memoryStore(t)
    const { client } = await open(t, store)
    await client.run('CREATE DATABASE before')
    await client.run(`${createVolume('v')}; SET v AS DEFAULT STORAGE VOLUME`)
    await client.run('CREATE DATABASE after')
    await client.run('SET builtin_storage_volume AS DEFAULT STORAGE VOLUME')
    const written = (value: string) => `PROPERTIES ("storage_volume" = "${value}")`
    await client.run(`CREATE TABLE before.t ${TABLE}; CREATE TABLE after.t ${TABLE}`)
    await client.run(`CREATE TABLE after.u ${TABLE} ${written('default')}`)
    await client.run(`CREATE TABLE after.w LIKE after.t; CREATE TABLE before.w LIKE after.t`)
    await client.run('CREATE TABLE after.x AS SELECT * FROM after.t')
    await client.run('CREATE MATERIALIZED VIEW after.y REFRESH MANUAL AS SELECT k FROM before.t')
    const shown = async (name: string) => {
      const [[, text] = []] = await client.rows(`SHOW CREATE TABLE ${name}`)
      return /"storage_volume" = "(\w+)"/.exec(String(text))?.[1]
    }
    const own = 'builtin_storage_volume'
    const places = { 'before.t': own, 'after.t': 'v', 'after.u': own, 'after.w': 'v' }
    const more = { 'before.w': 'v', 'after.x': 'v', 'after.y': 'v' }
    for (const [name, volume] of Object.entries({ ...places, ...more }))
      assert.equal(await shown(name), volume, name)
    assert.deepEqual(await client.rows('SHOW CREATE DATABASE after'), [
      ['after', 'CREATE DATABASE `after` PROPERTIES ("storage_volume" = "v")'],
    ])
  },
)

test(
  'what a table can do it does in another volume too, and after a restart without a disk',
  { skip },
  async (t) => {
    const store = await memoryStore(t)
    const { client, engine } = await open(t, store)
    await client.run(createVolume('v'))
    await client.run('CREATE DATABASE d PROPERTIES ("storage_volume" = "v"); CREATE DATABASE o')
    await client.session.use('d')
    await client.run(`CREATE TABLE p (k BIGINT NOT NULL AUTO_INCREMENT, n INT, v VARCHAR(100))
      PRIMARY KEY(k) DISTRIBUTED BY HASH(k)`)
    await client.run(`INSERT INTO p (n, v) VALUES (1, 'one'), (2, 'two'), (3, 'three')`)
    await client.run(`UPDATE p SET v = 'TWO' WHERE n = 2; DELETE FROM p WHERE n = 3`)
    await client.run(`CREATE TABLE e (day DATE, n INT) DUPLICATE KEY(day)
      PARTITION BY date_trunc('month', day) DISTRIBUTED BY HASH(day)`)
    await client.run(`INSERT INTO e VALUES ('2024-01-02', 1), ('2024-02-03', 2)`)
    await client.run(`ALTER TABLE e ADD COLUMN w INT DEFAULT '7'`)
    await client.run(`ALTER TABLE e DROP PARTITION p202401; ALTER TABLE p RENAME q`)
    await client.run('CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT sum(n) AS s FROM q')
    await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
    await client.run(`CREATE TABLE o.far AS SELECT * FROM q; ANALYZE TABLE e`)
    await client.run(`INSERT OVERWRITE o.far SELECT * FROM q WHERE n = 2`)
    await client.run(`BEGIN; INSERT INTO e VALUES ('2024-03-01', 3, 3); COMMIT`)
    await client.run(`INSERT INTO q WITH LABEL once (n, v) VALUES (9, 'nine')`)
    const look = async (of: Client) => ({
      q: await of.rows('SELECT n, v FROM d.q ORDER BY n'),
      e: await of.rows('SELECT * FROM d.e ORDER BY day'),
      m: await of.rows('SELECT s FROM d.m'),
      far: await of.rows('SELECT n, v FROM o.far'),
      partitions: (await of.rows('SHOW PARTITIONS FROM d.e')).map((row) => row[1]),
      keys: await of.rows('SELECT count(DISTINCT k) FROM d.q'),
    })
    const before = await look(client)
    assert.deepEqual(before, {
      q: [
        [1, 'one'],
        [2, 'TWO'],
        [9, 'nine'],
      ],
      e: [
        ['2024-02-03', 2, 7],
        ['2024-03-01', 3, 3],
      ],
      m: [[3]],
      far: [[2, 'TWO']],
      partitions: ['p202402', 'p202403'],
      keys: [[3]],
    })
    await engine.close()
    const next = await open(t, store)
    assert.deepEqual(await look(next.client), before)
    const again = await next.client.refusal(
      `INSERT INTO d.q WITH LABEL once (n, v) VALUES (9, 'nine')`,
    )
    assert.equal(again.message, 'Label [once] has already been used.')
    await next.client.run(`INSERT INTO d.q (n, v) VALUES (10, 'ten')`)
    assert.deepEqual(await next.client.rows('SELECT count(DISTINCT k) FROM d.q'), [[4]])
    await next.client.run('DROP DATABASE d FORCE')
    await next.client.run('CREATE TABLE o.after AS SELECT 1 AS one')
    assert.deepEqual(await next.client.rows('SELECT n FROM o.far'), [[2]])
  },
)

test('what needs rows of two volumes written at once is refused by name', { skip }, async (t) => {
  const store = await memoryStore(t)
  const { client } = await open(t, store)
  await withTables(client)
  await client.run(`BEGIN; INSERT INTO own.a VALUES (1, 'x')`)
  const both = await client.refusal(`INSERT INTO other.b VALUES (1, 'x')`)
  assert.match(both.message, /^A transaction with tables of several storage volumes is not/)
  await client.run('ROLLBACK')
  const swap = await client.refusal('ALTER TABLE own.a SWAP WITH c')
  assert.match(swap.message, /^SWAP of two storage volumes is not supported/)
  const moved = await client.refusal('ALTER TABLE own.a SET ("storage_volume" = "v")')
  assert.match(moved.message, /^ALTER TABLE of the property "storage_volume" is not supported/)
  const session = await client.refusal(
    `CREATE TEMPORARY TABLE own.s ${TABLE} PROPERTIES ("storage_volume" = "v")`,
  )
  assert.match(session.message, /^A temporary table in a storage volume other than the own one/)
  await client.run(`CREATE TEMPORARY TABLE other.s ${TABLE}; INSERT INTO other.s VALUES (1, 'x')`)
  assert.deepEqual(placesOf(store, 'lake-of-none'), [])
})

test(
  'a volume that is dropped leaves nothing in its store and on the disk, and one with tables is not dropped',
  { skip },
  async (t) => {
    const store = await memoryStore(t)
    const { client, directory } = await open(t, store)
    await withTables(client)
    const used = await client.refusal('DROP STORAGE VOLUME v')
    assert.match(
      used.message,
      /^Storage volume 'v' is referenced by dbs or tables, dbs: \[\d+\], tables: \[\d+, \d+\]$/,
    )
    await client.run('DROP DATABASE other FORCE; DROP TABLE own.c FORCE')
    assert.ok([...store.objects.keys()].some((name) => name.startsWith('lake/v/')))
    assert.equal(readdirSync(join(directory, 'volume')).length, 1)
    await client.run('DROP STORAGE VOLUME v')
    assert.deepEqual(await client.rows('SHOW STORAGE VOLUMES'), [['builtin_storage_volume']])
    assert.ok(![...store.objects.keys()].some((name) => name.startsWith('lake/v/')))
    assert.deepEqual(readdirSync(join(directory, 'volume')), [])
    await client.run(`${createVolume('v')}; CREATE DATABASE o PROPERTIES ("storage_volume" = "v")`)
    await client.run(`CREATE TABLE o.b ${TABLE}; INSERT INTO o.b VALUES (1, 'again')`)
    assert.deepEqual(placesOf(store, 'again'), ['lake/v'])
  },
)

test(
  'while the store of one volume refuses, its writers wait in their own time and all others write on',
  { skip },
  async (t) => {
    const store = await memoryStore(t)
    const { client, engine } = await open(t, store)
    await withTables(client)
    await client.run(`INSERT INTO other.b VALUES (1, 'kept')`)
    store.fault = (_, name) => (name.includes('lake/v') ? 503 : undefined)
    await client.run('SET query_timeout = 1')
    const lost = await client.refusal(`INSERT INTO other.b VALUES (2, 'unsure')`)
    assert.match(lost.message, /^The storage volume 'v' does not take what is written: /)
    const later = await client.refusal(`INSERT INTO other.b VALUES (3, 'refused')`)
    assert.match(later.message, /^The storage volume 'v' does not take what is written: /)
    const other = await connect(engine)
    await other.run(`INSERT INTO own.a VALUES (1, 'continues')`)
    await other.run(`CREATE TABLE own.more ${TABLE}`)
    assert.ok((await other.rows('SELECT v FROM other.b')).some(([v]) => v === 'kept'))
    const held = other.run(`INSERT INTO other.b VALUES (4, 'held')`)
    await pause(300)
    store.fault = undefined
    await held
    const next = await open(t, store)
    const rows = (await next.client.rows('SELECT k FROM other.b ORDER BY k')).map(([k]) => k)
    assert.deepEqual(
      rows.filter((k) => k !== 2),
      [1, 4],
    )
    assert.deepEqual(await next.client.rows('SELECT v FROM own.a'), [['continues']])
  },
)

test(
  'a volume whose store is away at the start is refused by name, all else works, and it comes back by itself',
  { skip },
  async (t) => {
    const store = await memoryStore(t)
    const first = await open(t, store)
    await withTables(first.client)
    await first.client.run(`INSERT INTO other.b VALUES (1, 'there')`)
    await first.client.run(`INSERT INTO other.b WITH LABEL once VALUES (2, 'once')`)
    await first.engine.close()
    store.fault = (_, name) => (name.includes('lake/v') ? 503 : undefined)
    const { client } = await open(t, store)
    const absent = /^The storage volume 'v' cannot be used now: .* answers 503/
    assert.match((await client.refusal('SELECT * FROM other.b')).message, absent)
    assert.match((await client.refusal(`INSERT INTO other.b VALUES (1, 'x')`)).message, absent)
    assert.match((await client.refusal(`CREATE TABLE other.n ${TABLE}`)).message, absent)
    assert.match((await client.refusal('DROP DATABASE other FORCE')).message, absent)
    await client.run(`INSERT INTO own.a VALUES (1, 'continues')`)
    await client.run('USE other; SHOW DATA; SELECT * FROM information_schema.partitions_meta')
    await client.run('SELECT * FROM information_schema.tables; USE own')
    store.fault = undefined
    await until(async () =>
      client
        .rows('SELECT k FROM other.b')
        .then(() => true)
        .catch(() => false),
    )
    assert.deepEqual(await client.rows('SELECT k FROM other.b ORDER BY k'), [[1], [2]])
    const again = await client.refusal(`INSERT INTO other.b WITH LABEL once VALUES (2, 'once')`)
    assert.equal(again.message, 'Label [once] has already been used.')
    await client.run(`INSERT INTO other.b VALUES (3, 'again')`)
    assert.deepEqual(placesOf(store, 'again'), ['lake/v'])
  },
)

test(
  'a role that loses its right to the place of a volume writes there no more, and reads on what the engine has',
  { skip },
  async (t) => {
    const store = await memoryStore(t)
    const { client, engine } = await open(t, store)
    await withTables(client)
    const { objects } = volumeOptions(store).protection
    assert.ok(objects)
    await engine.setObjectStorage({ ...objects, prefixes: [] })
    await client.run('SET query_timeout = 1')
    const refused = await client.refusal(`INSERT INTO other.b VALUES (1, 'x')`)
    assert.match(refused.message, /^The storage volume 'v' does not take .*has no right to list/)
    assert.equal(placesOf(store, 'x-of-nobody').length, 0)
    await client.run(`INSERT INTO own.a VALUES (1, 'continues')`)
    await engine.setObjectStorage(objects)
    await client.run(`SET query_timeout = 60; INSERT INTO other.b VALUES (2, 'back')`)
    assert.deepEqual(placesOf(store, 'back'), ['lake/v'])
  },
)

test('a volume whose store was emptied is not taken for an empty one', { skip }, async (t) => {
  const store = await memoryStore(t)
  const first = await open(t, store)
  await withTables(first.client)
  await first.engine.close()
  for (const name of store.objects.keys()) if (name.startsWith('lake/')) store.objects.delete(name)
  const { client } = await open(t, store)
  const { message } = await client.refusal('SELECT * FROM other.b')
  assert.match(message, /nothing of it is in its store any more$/)
})

test(
  'a snapshot has the rows of all volumes, and another instance that begins with it ships them to its own folder',
  { skip },
  async (t) => {
    const store = await memoryStore(t)
    const { client, engine, directory } = await open(t, store)
    await withTables(client)
    await client.run(
      `INSERT INTO own.a VALUES (1, 'mine'); INSERT INTO other.b VALUES (2, 'yours')`,
    )
    engine.snapshots.begin('s')
    await until(async () => engine.snapshots.state('s').phase !== 'taking')
    assert.deepEqual(engine.snapshots.state('s'), { phase: 'taken' })
    await client.run('TRUNCATE TABLE other.b')
    const fresh = await testDirectory(t)
    const names = readdirSync(join(directory, 'snapshot', 's')).filter((name) =>
      name.endsWith('.duckdb'),
    )
    assert.equal(names.length, 2)
    for (const name of names) cpSync(join(directory, 'snapshot', 's', name), join(fresh, name))
    const options = volumeOptions(store, 'i-2/')
    const engine2 = await testEngine(t, {
      directory: fresh,
      ...options,
      identity: { ...identity, instance: 'c-other' },
    })
    const second = await connect(engine2)
    assert.deepEqual(await second.rows('SELECT v FROM own.a UNION ALL SELECT v FROM other.b'), [
      ['mine'],
      ['yours'],
    ])
    await second.run(`INSERT INTO other.b VALUES (3, 'of the second')`)
    assert.deepEqual(await client.rows('SELECT v FROM other.b'), [])
    await client.run(`INSERT INTO other.b VALUES (3, 'of the first')`)
    assert.ok(!existsSync(join(fresh, names[1] ?? '')))
  },
)
