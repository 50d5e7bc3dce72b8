import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../support/open-engine.ts'

describe('partitions', () => {
  test('a row outside of every range is refused, NULL goes to the lowest', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (day DATE, v INT) DUPLICATE KEY(day)
      PARTITION BY RANGE(day) (PARTITION p1 VALUES LESS THAN ("2024-01-01"), PARTITION p2 VALUES LESS THAN ("2024-02-01"))
      DISTRIBUTED BY HASH(day)`)
    await client.run("INSERT INTO t VALUES ('2023-12-31', 1), ('2024-01-31', 2), (NULL, 3)")
    const error = await client.refusal("INSERT INTO t VALUES ('2024-02-01', 4)")
    assert.match(error.message, /out of partition ranges/)
    const rows = await client.rows('SHOW PARTITIONS FROM t')
    assert.deepEqual(
      rows.map((row) => [row[1], row.at(-1)]),
      [
        ['p1', 2],
        ['p2', 1],
      ],
    )
    await client.run("ALTER TABLE t ADD PARTITION p3 VALUES LESS THAN ('2024-03-01')")
    await client.run("INSERT INTO t VALUES ('2024-02-01', 4)")
    assert.deepEqual(await client.rows('SELECT v FROM t PARTITION (p3)'), [[4]])
    await client.run('ALTER TABLE t DROP PARTITION p1')
    assert.deepEqual(await client.rows('SELECT v FROM t ORDER BY v'), [[2], [4]])
    assert.match(
      (await client.refusal('SELECT * FROM t PARTITION (p9)')).message,
      /Unknown partition 'p9'/,
    )
  })

  test('multi column ranges compare column by column', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (a INT, b INT) DUPLICATE KEY(a, b)
      PARTITION BY RANGE(a, b) (PARTITION p1 VALUES LESS THAN ("10", "5"), PARTITION p2 VALUES LESS THAN ("20", MAXVALUE))
      DISTRIBUTED BY HASH(a)`)
    await client.run('INSERT INTO t VALUES (10, 4), (10, 5), (20, 99), (NULL, NULL), (9, 100)')
    assert.deepEqual(await client.rows('SELECT count(*) FROM t PARTITION (p1)'), [[3]])
    assert.deepEqual(await client.rows('SELECT count(*) FROM t PARTITION (p2)'), [[2]])
    assert.match((await client.refusal('INSERT INTO t VALUES (21, 0)')).message, /out of partition/)
  })

  test('a batch of ranges is laid out and overlaps are refused', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (day DATE, v INT) DUPLICATE KEY(day) PARTITION BY RANGE(day)
      (START ("2024-01-30") END ("2024-02-02") EVERY (INTERVAL 1 DAY)) DISTRIBUTED BY HASH(day)`)
    const rows = await client.rows('SHOW PARTITIONS FROM t')
    assert.deepEqual(
      rows.map((row) => row[1]),
      ['p20240130', 'p20240131', 'p20240201'],
    )
    const error = await client.refusal(
      `ALTER TABLE t ADD PARTITION x VALUES [("2024-02-01"), ("2024-02-05"))`,
    )
    assert.match(error.message, /intersected/)
  })

  test('a list partition takes its values only', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (city VARCHAR(20) NOT NULL, v INT) DUPLICATE KEY(city)
      PARTITION BY LIST(city) (PARTITION n VALUES IN ("a", "b"), PARTITION s VALUES IN ("c")) DISTRIBUTED BY HASH(v)`)
    await client.run("INSERT INTO t VALUES ('a', 1), ('c', 2)")
    assert.match(
      (await client.refusal("INSERT INTO t VALUES ('z', 3)")).message,
      /out of partition/,
    )
    await client.run('TRUNCATE TABLE t PARTITION (n)')
    assert.deepEqual(await client.rows('SELECT v FROM t'), [[2]])
  })

  test('expression partitions come into being with the rows', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (at DATETIME, v INT) DUPLICATE KEY(at)
      PARTITION BY date_trunc('month', at) DISTRIBUTED BY HASH(v)`)
    await client.run(
      "INSERT INTO t VALUES ('2024-01-15 10:00:00', 1), ('2024-01-31 23:59:59', 2), ('2024-03-01', 3)",
    )
    const rows = await client.rows('SHOW PARTITIONS FROM t')
    assert.deepEqual(
      rows.map((row) => [row[1], row.at(-1)]),
      [
        ['p202401', 2],
        ['p202403', 1],
      ],
    )
    await client.run("INSERT INTO t VALUES ('2024-01-01', 4)")
    assert.equal((await client.rows('SHOW PARTITIONS FROM t')).length, 2)
    await client.run(
      'CREATE TABLE c (city STRING NOT NULL, v INT) DUPLICATE KEY(city) PARTITION BY (city) DISTRIBUTED BY HASH(v)',
    )
    await client.run("INSERT INTO c VALUES ('paris', 1), ('rome', 2)")
    const cities = await client.rows('SHOW PARTITIONS FROM c')
    const names = new Set(cities.map((row) => row[1]))
    assert.deepEqual(names, new Set(['pparis', 'prome']))
  })

  test('INSERT OVERWRITE of a partition leaves the others alone', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (k INT, v INT) DUPLICATE KEY(k) PARTITION BY RANGE(k)
      (PARTITION a VALUES LESS THAN ("10"), PARTITION b VALUES LESS THAN ("20")) DISTRIBUTED BY HASH(k)`)
    await client.run('INSERT INTO t VALUES (1, 1), (11, 11)')
    await client.run('INSERT OVERWRITE t PARTITION (b) VALUES (12, 12)')
    assert.deepEqual(await client.rows('SELECT k FROM t ORDER BY k'), [[1], [12]])
    assert.match(
      (await client.refusal('INSERT INTO t PARTITION (b) VALUES (1, 1)')).message,
      /out of partition/,
    )
  })
})
