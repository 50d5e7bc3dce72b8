import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock } from '../../../../../src/kernel/clock.ts'
import { oldestKept } from '../../../src/statement/ddl/recycle-bin.ts'
import {
  connect,
  limits,
  testClient,
  testDirectory,
  testEngine,
} from '../../support/open-engine.ts'
import type { Client } from '../../support/open-engine.ts'

const DAY_MS = 86_400_000

const tableSql = (name: string) =>
  `CREATE TABLE ${name} (k INT NOT NULL, v INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`

const ranged = `CREATE TABLE r (d DATE NOT NULL, v INT) DUPLICATE KEY(d) PARTITION BY RANGE(d) (
    PARTITION p1 VALUES LESS THAN ('2024-02-01'), PARTITION p2 VALUES LESS THAN ('2024-03-01'))
  DISTRIBUTED BY HASH(d);
  INSERT INTO r VALUES ('2024-01-05', 1), ('2024-01-06', 2), ('2024-02-05', 3)`

const refusalOf = async (client: Client, sql: string) => {
  const { errno, message } = await client.refusal(sql)
  return [errno, message]
}

// reference: StarRocks 3.3.7, CatalogRecycleBin, and its suite: test_drop_table, test_drop_partition.
describe('RECOVER TABLE', () => {
  test('brings back what was dropped without FORCE, with its rows, and what was granted on it', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(tableSql('a'))
    await client.run(
      'INSERT INTO a VALUES (1, 2); CREATE USER rose; GRANT SELECT ON TABLE d.a TO USER rose; DROP TABLE a',
    )
    assert.deepEqual(await client.rows('SHOW TABLES'), [])
    assert.equal((await client.refusal('SELECT * FROM a')).errno, 1146)
    await client.run('RECOVER TABLE d.a')
    await client.run('INSERT INTO a VALUES (3, 4)')
    assert.deepEqual(await client.rows('SELECT * FROM a ORDER BY k'), [
      [1, 2],
      [3, 4],
    ])
    const rose = await connect(engine, 'rose', 'd')
    assert.deepEqual(await rose.rows('SELECT count(*) FROM a'), [[2]])
    assert.deepEqual(await refusalOf(rose, 'RECOVER TABLE a').then(([code]) => code), 5203)
  })

  test('finds the last one of a name, and none that was dropped with FORCE', async (t) => {
    const { client } = await testClient(t)
    for (const value of [1, 2]) {
      await client.run(tableSql('a'))
      await client.run(`INSERT INTO a VALUES (1, ${value}); DROP TABLE a`)
    }
    await client.run(tableSql('a'))
    assert.deepEqual(await refusalOf(client, 'RECOVER TABLE a'), [1050, "Table 'a' already exists"])
    await client.run('DROP TABLE a FORCE; RECOVER TABLE a')
    assert.deepEqual(await client.rows('SELECT v FROM a'), [[2]])
    await client.run('DROP TABLE a FORCE')
    assert.deepEqual(await refusalOf(client, 'RECOVER TABLE a'), [5502, "Unknown table 'a'"])
    assert.deepEqual(await refusalOf(client, 'RECOVER TABLE x.a'), [5501, "Unknown database 'x'"])
  })

  test('brings back views, and leaves materialized views and temporary tables gone', async (t) => {
    const { client } = await testClient(t)
    await client.run(tableSql('a'))
    await client.run(
      'CREATE VIEW w AS SELECT k FROM a; DROP VIEW w; RECOVER TABLE w; SELECT * FROM w',
    )
    await client.run(
      'CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT k FROM a; DROP MATERIALIZED VIEW m',
    )
    assert.equal((await client.refusal('RECOVER TABLE m')).errno, 5502)
    await client.run('CREATE TEMPORARY TABLE p (k INT); DROP TEMPORARY TABLE p')
    assert.equal((await client.refusal('RECOVER TABLE p')).errno, 5502)
  })

  test('is possible after a restart, until a day is over', async (t) => {
    const directory = await testDirectory(t)
    const clock = manualClock(Date.UTC(2026, 0, 1))
    const open = async () => {
      const engine = await testEngine(t, { directory, clock })
      return { engine, client: await connect(engine, 'admin') }
    }
    let { engine, client } = await open()
    await client.run('CREATE DATABASE d; USE d')
    await client.run(tableSql('a'))
    await client.run('INSERT INTO a VALUES (1, 2); DROP TABLE a')
    await engine.close()
    ;({ engine, client } = await open())
    clock.advance(DAY_MS - 1)
    await client.run('USE d; RECOVER TABLE a')
    assert.deepEqual(await client.rows('SELECT * FROM a'), [[1, 2]])
    await client.run('DROP TABLE a')
    clock.advance(DAY_MS + 1)
    assert.equal((await client.refusal('RECOVER TABLE a')).errno, 5502)
  })
})

describe('RECOVER DATABASE', () => {
  test('brings back all that was in it when it was dropped', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE DATABASE e; USE e')
    await client.run(tableSql('a'))
    await client.run(tableSql('gone'))
    await client.run(
      'INSERT INTO a VALUES (1, 2); DROP TABLE gone; CREATE VIEW w AS SELECT v FROM a',
    )
    await client.run(
      'CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT v FROM a; DROP DATABASE e; CREATE DATABASE f',
    )
    assert.deepEqual(await refusalOf(client, 'RECOVER DATABASE f'), [
      1064,
      'Database[f] already exist.',
    ])
    await client.run('RECOVER DATABASE e; USE e')
    assert.deepEqual(await client.rows('SHOW TABLES'), [['a'], ['m'], ['w']])
    assert.deepEqual(await client.rows('SELECT * FROM a, w, m'), [[1, 2, 2, 2]])
    await client.run('RECOVER TABLE gone; DROP DATABASE e FORCE')
    assert.deepEqual(await refusalOf(client, 'RECOVER DATABASE e'), [5501, "Unknown database 'e'"])
  })

  test('finds the last one of a name', async (t) => {
    const { client } = await testClient(t)
    for (const table of ['a', 'b']) {
      await client.run('CREATE DATABASE e; USE e')
      await client.run(tableSql(table))
      await client.run('DROP DATABASE e')
    }
    await client.run('RECOVER DATABASE e; USE e')
    assert.deepEqual(await client.rows('SHOW TABLES'), [['b']])
  })
})

describe('RECOVER PARTITION', () => {
  test('brings back a range with its rows', async (t) => {
    const { client } = await testClient(t)
    await client.run(ranged)
    await client.run('ALTER TABLE r DROP PARTITION p1')
    assert.deepEqual(await client.rows('SELECT v FROM r'), [[3]])
    await client.run("RECOVER PARTITION P1 FROM d.r; INSERT INTO r VALUES ('2024-01-07', 4)")
    assert.deepEqual(await client.rows('SELECT v FROM r PARTITION (p1) ORDER BY v'), [
      [1],
      [2],
      [4],
    ])
    assert.deepEqual(await refusalOf(client, 'RECOVER PARTITION p1 FROM r'), [
      1064,
      'partition[p1] already exist in table[r]',
    ])
    await client.run('ALTER TABLE r DROP PARTITION p1 FORCE')
    assert.deepEqual(await refusalOf(client, 'RECOVER PARTITION p1 FROM r'), [
      1064,
      "No partition named 'p1' in recycle bin that belongs to table 'r'",
    ])
  })

  test('needs its range, its columns and a table of ranges', async (t) => {
    const { client } = await testClient(t)
    await client.run(ranged)
    await client.run('ALTER TABLE r DROP PARTITION p1')
    await client.run("ALTER TABLE r ADD PARTITION q VALUES LESS THAN ('2024-01-02')")
    assert.deepEqual(await refusalOf(client, 'RECOVER PARTITION p1 FROM r'), [
      1064,
      "Cannot recover partition 'p1': Range conflict.",
    ])
    await client.run('ALTER TABLE r DROP PARTITION q FORCE; ALTER TABLE r ADD COLUMN w INT')
    assert.match((await client.refusal('RECOVER PARTITION p1 FROM r')).message, /columns/)
    await client.run(
      "CREATE TABLE l (s VARCHAR(9) NOT NULL) PARTITION BY LIST(s) (PARTITION p VALUES IN ('a'), PARTITION q VALUES IN ('b')); ALTER TABLE l DROP PARTITION p",
    )
    assert.deepEqual(await refusalOf(client, 'RECOVER PARTITION p FROM l'), [
      1064,
      'Does not support recover list partition',
    ])
    await client.run('CREATE VIEW w AS SELECT * FROM l')
    assert.deepEqual(await refusalOf(client, 'RECOVER PARTITION p FROM w'), [
      1064,
      'table[w] is not OLAP table or LAKE table',
    ])
    assert.deepEqual(await refusalOf(client, 'RECOVER PARTITION p FROM x'), [
      5502,
      "Unknown table 'x'",
    ])
  })

  test('comes after the recovery of its table', async (t) => {
    const { client } = await testClient(t)
    await client.run(ranged)
    await client.run('ALTER TABLE r DROP PARTITION p2; DROP TABLE r; RECOVER TABLE r')
    await client.run('RECOVER PARTITION p2 FROM r')
    assert.deepEqual(await client.rows('SELECT v FROM r ORDER BY v'), [[1], [2], [3]])
  })
})

test('of very many that were dropped the newest thousand are kept, and what was dropped with the oldest of them', () => {
  const dropped = (count: number, droppedMs: number) =>
    Array.from({ length: count }, () => ({ droppedMs }))
  assert.equal(oldestKept(dropped(999, 5)), -Infinity)
  assert.equal(oldestKept([...dropped(10, 1), ...dropped(600, 2), ...dropped(600, 3)]), 2)
  assert.equal(oldestKept([...dropped(600, 1), ...dropped(2_000, 2)]), 2)
})

test('what was dropped is purged when the disk is full', async (t) => {
  const small = { ...limits, storageBytes: 12 * 1024 * 1024 }
  const { client } = await testClient(t, { limits: small })
  const make = (name: string) =>
    client.run(`CREATE TABLE ${name} (k BIGINT, s STRING) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`)
  const fill = (name: string) =>
    client.run(
      `INSERT INTO ${name} SELECT generate_series, concat(md5(generate_series), md5(generate_series + 1)) FROM TABLE(generate_series(1, 100000))`,
    )
  await make('t')
  await fill('t')
  await client.run('DROP TABLE t')
  await make('u')
  const filled = async () => {
    for (let count = 0; count < 20; count++) await fill('u')
  }
  await assert.rejects(filled, /Disk usage exceeds limit/)
  // A purge begins when the statement has failed; whatever comes then waits for it to end.
  let code = 0
  for (let count = 0; code !== 5502 && count < 200; count++) {
    await new Promise((resolve) => setImmediate(resolve))
    code = await client.run('RECOVER TABLE t; DROP TABLE t').then(
      () => 0,
      (error) => error.errno,
    )
  }
  assert.equal(code, 5502)
})
