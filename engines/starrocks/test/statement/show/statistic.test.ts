import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connect, testClient } from '../../support/open-engine.ts'

describe('what ANALYZE did', () => {
  test('SHOW STATS META tells which columns were read, and how', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE t (k1 INT, k2 INT, k3 INT) DISTRIBUTED BY HASH(k1)')
    const meta = async () =>
      (await client.rows('SHOW STATS META')).map((row) => [...row.slice(0, 4), ...row.slice(5)])
    assert.deepEqual(await client.rows('ANALYZE TABLE t'), [])
    assert.deepEqual(await meta(), [])
    await client.run('INSERT INTO t VALUES (1, 1, 1), (2, 2, 2)')
    assert.deepEqual(await client.rows('ANALYZE SAMPLE TABLE t'), [
      ['d.t', 'sample', 'status', 'OK'],
    ])
    assert.deepEqual(await meta(), [['d', 't', 'ALL', 'SAMPLE', '{}', '100%', '']])
    assert.deepEqual(await client.rows('ANALYZE FULL TABLE t (K1, k2)'), [
      ['d.t', 'analyze', 'status', 'OK'],
    ])
    await client.run('ANALYZE SAMPLE TABLE t (k3)')
    assert.deepEqual(await meta(), [
      ['d', 't', 'ALL', 'SAMPLE', '{}', '100%', '(k1,FULL),(k2,FULL),(k3,SAMPLE)'],
    ])
    await client.run('ANALYZE TABLE t PROPERTIES ("statistic_sample_collect_rows" = "9")')
    await client.run('INSERT INTO t VALUES (3, 3, 3), (4, 4, 4)')
    const [changed] = await meta()
    assert.deepEqual(changed?.slice(3, 6), ['FULL', '{statistic_sample_collect_rows=9}', '50%'])
    const other = await client.rows("SHOW STATS META WHERE `Database` = 'x'")
    assert.deepEqual(other, [])
    await client.run('DROP STATS t')
    assert.deepEqual(await meta(), [])
    assert.deepEqual(await client.rows('SHOW ANALYZE STATUS'), [])
  })

  test('SHOW ANALYZE STATUS lists the last ones, of tables that are there and may be seen', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, v INT) DISTRIBUTED BY HASH(k); INSERT INTO t VALUES (1, 1); CREATE USER jack',
    )
    await client.run('ANALYZE TABLE t; ANALYZE SAMPLE TABLE t (v)')
    const status = (await client.rows('SHOW ANALYZE STATUS')).map((row) => row.slice(1, 7))
    assert.deepEqual(status, [
      ['default_catalog.d', 't', 'ALL', 'FULL', 'ONCE', 'SUCCESS'],
      ['default_catalog.d', 't', 'v', 'SAMPLE', 'ONCE', 'SUCCESS'],
    ])
    const jack = await connect(engine, 'jack')
    assert.deepEqual(await jack.rows('SHOW ANALYZE'), [])
    assert.deepEqual(await jack.rows('SHOW STATS META'), [])
    await client.run('DROP TABLE t')
    assert.deepEqual(await client.rows('SHOW ANALYZE STATUS'), [])
    assert.deepEqual(await client.rows('SHOW ANALYZE JOB'), [])
    assert.deepEqual(await client.rows('SHOW HISTOGRAM META'), [])
  })
})

test('SHOW DELETE lists what was deleted from tables without a primary key, with StarRocks’ words', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE r (d DATE, v INT) PARTITION BY RANGE (d) (PARTITION p1 VALUES LESS THAN ("2024-02-01"));
     CREATE TABLE p (k INT NOT NULL) PRIMARY KEY (k) DISTRIBUTED BY HASH (k)`,
  )
  await client.run(
    'DELETE FROM r PARTITION (p1) WHERE v >= 1 AND v IS NOT NULL AND d IN ("2024-01-01")',
  )
  await client.run('DELETE FROM r WHERE d = "2024-01-01"')
  await client.run('DELETE FROM p WHERE k = 1')
  const listed = (await client.rows('SHOW DELETE')).map((row) => [row[0], row[1], row[3], row[4]])
  assert.deepEqual(listed, [
    ['r', 'p1', 'v GE "1", v IS NOT NULL, d IN (\'2024-01-01\')', 'FINISHED'],
    ['r', '*', 'd EQ "2024-01-01"', 'FINISHED'],
  ])
  await client.run('CREATE DATABASE other')
  assert.deepEqual(await client.rows('SHOW DELETE FROM other'), [])
})

test('SHOW TABLETS lists a tablet for each partition, with its rows, and SHOW TABLET finds it', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(
    `CREATE TABLE r (d DATE) PARTITION BY RANGE (d) (PARTITION p1 VALUES LESS THAN ("2024-02-01"),
     PARTITION p2 VALUES LESS THAN ("2024-03-01")); INSERT INTO r VALUES ("2024-01-01"), ("2024-02-02"), ("2024-02-03")`,
  )
  const all = await client.run('SHOW TABLETS FROM r')
  assert.equal(all.columns.length, 22)
  assert.deepEqual(
    all.rows.map((row) => row[12]),
    ['1', '2'],
  )
  const [one] = await client.rows('SHOW TABLET FROM r PARTITION (p2)')
  assert.equal(one?.[12], '2')
  const [found] = await client.rows(`SHOW TABLET ${String(one?.[0])}`)
  assert.deepEqual(found?.slice(0, 4), ['d', 'r', 'p2', 'r'])
  assert.equal(found?.[8], 'true')
  await client.run('CREATE USER jack')
  const jack = await connect(engine, 'jack')
  const [hidden] = await jack.rows(`SHOW TABLET ${String(one?.[0])}`)
  assert.deepEqual(hidden?.slice(0, 4), [null, null, null, null])
  const limited = await client.rows('SHOW TABLETS FROM r ORDER BY RowCount DESC LIMIT 1')
  assert.equal(limited[0]?.[12], '2')
})
