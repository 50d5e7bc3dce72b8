import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock, systemClock } from '../../../../../src/kernel/clock.ts'
import { busy, connect, testClient } from '../../support/open-engine.ts'

test('a session property of a materialized view holds while it is refreshed', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE a (v VARCHAR(3)) DUPLICATE KEY(v) DISTRIBUTED BY HASH(v)')
  await client.run("INSERT INTO a VALUES ('x'), ('yy')")
  await client.run(
    `CREATE MATERIALIZED VIEW m REFRESH MANUAL PROPERTIES ("session.group_concat_max_len" = "4", "mv_rewrite_staleness_second" = "60")
     AS SELECT group_concat(v ORDER BY v SEPARATOR '....') AS g FROM a`,
  )
  await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
  assert.deepEqual(await client.rows('SELECT g FROM m'), [['x...']])
  await client.run('ALTER MATERIALIZED VIEW m SET ("session.group_concat_max_len" = "1024")')
  await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
  assert.deepEqual(await client.rows('SELECT g FROM m'), [['x....yy']])
})

test('a refresh ends after the time that its session properties say', async (t) => {
  const clock = systemClock()
  const { engine, client } = await testClient(t, { clock })
  await client.run('CREATE TABLE many (a BIGINT) DUPLICATE KEY(a)')
  await client.run('INSERT INTO many SELECT x FROM TABLE(generate_series(1, 20000)) t(x)')
  await client.run(
    `CREATE MATERIALIZED VIEW m REFRESH DEFERRED MANUAL PROPERTIES ("session.query_timeout" = "70")
     AS SELECT count(*) n FROM many x, many y, many z WHERE x.a + y.a + z.a = -1`,
  )
  const refusal = client.refusal('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
  await busy(engine, 1)
  const other = await connect(engine)
  while ((await other.rows(RUNS)).length === 0) await new Promise((next) => setImmediate(next))
  clock.advance(70_000)
  const { errno, message } = await refusal
  assert.deepEqual([errno, /timeout of 70 seconds/.test(message)], [5024, true])
})

const RUNS = 'SELECT STATE FROM information_schema.task_runs'

test('a property that there is not, or that cannot have the value, is refused', async (t) => {
  const { client } = await testClient(t)
  const create = (property: string) =>
    client.refusal(
      `CREATE MATERIALIZED VIEW m REFRESH MANUAL PROPERTIES (${property}) AS SELECT 1 AS one`,
    )
  assert.equal((await create('"session.nonsense" = "1"')).errno, 1193)
  assert.match((await create('"session.query_timeout" = "x"')).message, /not a number/)
  assert.match((await create('"transparent_mv_rewrite_mode" = "x"')).message, /Invalid transparent/)
  assert.match((await create('"partition_refresh_number" = "0"')).message, /Invalid partition_re/)
})

test('a view with DISTRIBUTED BY and without REFRESH is refreshed at once, then by hand', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE a (v INT) DUPLICATE KEY(v) DISTRIBUTED BY HASH(v)')
  await client.run('INSERT INTO a VALUES (1)')
  await client.run('CREATE MATERIALIZED VIEW m DISTRIBUTED BY HASH(v) AS SELECT v FROM a')
  await client.run('INSERT INTO a VALUES (2)')
  assert.deepEqual(await client.rows('SELECT v FROM m'), [[1]])
  await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
  assert.deepEqual(await client.rows('SELECT v FROM m ORDER BY v'), [[1], [2]])
})

test('a transparent view answers as its tables are now', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE a (v INT) DUPLICATE KEY(v) DISTRIBUTED BY HASH(v)')
  await client.run(
    'CREATE MATERIALIZED VIEW m REFRESH DEFERRED MANUAL PROPERTIES ("transparent_mv_rewrite_mode" = "true") AS SELECT sum(v) AS s FROM a',
  )
  await client.run('INSERT INTO a VALUES (1)')
  assert.deepEqual(await client.rows('SELECT s FROM m'), [[1]])
  await client.run('INSERT INTO a VALUES (2)')
  assert.deepEqual(await client.rows('SELECT s FROM m'), [[3]])
  await client.run('ALTER MATERIALIZED VIEW m SET ("transparent_mv_rewrite_mode" = "false")')
  assert.deepEqual(await client.rows('SELECT s FROM m'), [])
})

// reference: StarRocks 3.3.7, test_auto_refresh
test('an automatic refresh computes as many of the last partitions as auto_refresh_partitions_limit says', async (t) => {
  const clock = manualClock()
  const { client } = await testClient(t, { clock })
  await client.run(
    `CREATE TABLE a (d DATE, v INT) DUPLICATE KEY(d) PARTITION BY date_trunc("day", d) DISTRIBUTED BY HASH(d);
     INSERT INTO a VALUES ("2024-04-01", 1), ("2024-04-02", 1), ("2024-04-03", 1), ("2024-04-04", 1);
     CREATE MATERIALIZED VIEW m PARTITION BY d REFRESH ASYNC PROPERTIES ("auto_refresh_partitions_limit" = "3") AS SELECT * FROM a`,
  )
  const count = 'SELECT count(*) FROM m'
  assert.deepEqual(await client.rows(count), [[4]])
  const follow = async (change: string, wanted: number) => {
    await client.run(change)
    clock.advance(1000)
    for (let attempt = 0; attempt < 500; attempt++)
      if ((await client.rows(count))[0]?.[0] === wanted) return
    assert.deepEqual(await client.rows(count), [[wanted]])
  }
  await follow('INSERT INTO a SELECT * FROM a', 7)
  await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
  assert.deepEqual(await client.rows(count), [[8]])
  await follow('TRUNCATE TABLE a', 2)
})
