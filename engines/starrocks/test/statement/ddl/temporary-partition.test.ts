import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

const TABLE = `CREATE TABLE t (d DATE, v INT) DUPLICATE KEY(d) PARTITION BY RANGE(d) (
    PARTITION p1 VALUES LESS THAN ("2024-02-01"), PARTITION p2 VALUES LESS THAN ("2024-03-01")
  ) DISTRIBUTED BY HASH(d) BUCKETS 2; INSERT INTO t VALUES ("2024-01-05", 1), ("2024-02-05", 2)`
const FEBRUARY = 'VALUES [("2024-02-01"), ("2024-03-01"))'

describe('temporary partitions', () => {
  test('rows wait beside the table and take the place of a partition', async (t) => {
    const { client } = await testClient(t)
    await client.run(`${TABLE}; ALTER TABLE t ADD TEMPORARY PARTITION tp ${FEBRUARY}`)
    await client.run('INSERT INTO t TEMPORARY PARTITION (tp) VALUES ("2024-02-09", 9)')
    await client.run('INSERT INTO t TEMPORARY PARTITION (tp) SELECT "2024-02-10", 10')
    assert.deepEqual(await client.rows('SELECT v FROM t ORDER BY v'), [[1], [2]])
    const waiting = 'SELECT v FROM t TEMPORARY PARTITION (tp) ORDER BY v'
    assert.deepEqual(await client.rows(waiting), [[9], [10]])
    const listed = async (what: string) =>
      (await client.rows(`SHOW ${what} FROM t`)).map((row) => [row[1], row[10]])
    assert.deepEqual(await listed('PARTITIONS'), [
      ['p1', 1],
      ['p2', 1],
    ])
    assert.deepEqual(await listed('TEMPORARY PARTITIONS'), [['tp', 2]])
    assert.deepEqual(
      await client.rows(
        'SELECT PARTITION_NAME, IS_TEMP, ROW_COUNT FROM information_schema.partitions_meta ORDER BY PARTITION_ID',
      ),
      [
        ['p1', 0, 1],
        ['p2', 0, 1],
        ['tp', 1, 2],
      ],
    )
    await client.run('INSERT OVERWRITE t TEMPORARY PARTITION (tp) SELECT "2024-02-11", 11')
    assert.deepEqual(await client.rows(waiting), [[11]])
    await client.run('ALTER TABLE t REPLACE PARTITION (p2) WITH TEMPORARY PARTITION (tp)')
    assert.deepEqual(await client.rows('SELECT v FROM t PARTITION (p2)'), [[11]])
    assert.deepEqual(await client.rows('SELECT v FROM t ORDER BY v'), [[1], [11]])
    assert.equal((await client.refusal(waiting)).errno, 1735)
  })

  test('several replace one under their own names, or other ranges when they may', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; ALTER TABLE t ADD TEMPORARY PARTITION a VALUES [("2024-02-01"), ("2024-02-15")); ALTER TABLE t ADD TEMPORARY PARTITION b VALUES [("2024-02-15"), ("2024-03-01"))`,
    )
    assert.match(
      (await client.refusal('ALTER TABLE t REPLACE PARTITION (p2) WITH TEMPORARY PARTITION (a)'))
        .message,
      /^2 range lists are not strictly matched/,
    )
    assert.match(
      (
        await client.refusal(
          'ALTER TABLE t ADD TEMPORARY PARTITION c VALUES [("2024-02-10"), ("2024-02-12"))',
        )
      ).message,
      /is intersected with/,
    )
    await client.run(
      'INSERT INTO t TEMPORARY PARTITION (a, b) VALUES ("2024-02-01", 5), ("2024-02-20", 6)',
    )
    await client.run('ALTER TABLE t REPLACE PARTITION (p2) WITH TEMPORARY PARTITION (a, b)')
    assert.deepEqual(await client.rows('SELECT v FROM t PARTITION (b)'), [[6]])
    await client.run(
      'ALTER TABLE t ADD TEMPORARY PARTITION wide VALUES [("2024-02-15"), ("2024-06-01")); INSERT INTO t TEMPORARY PARTITION (wide) VALUES ("2024-05-05", 7)',
    )
    await client.run(
      'ALTER TABLE t REPLACE PARTITION (b) WITH TEMPORARY PARTITION (wide) PROPERTIES ("strict_range" = "false", "use_temp_partition_name" = "true")',
    )
    assert.deepEqual(await client.rows('SELECT v FROM t PARTITION (wide)'), [[7]])
    await client.run('INSERT INTO t VALUES ("2024-05-31", 8)')
  })

  test('one is dropped alone or with its table, and keeps columns from changing', async (t) => {
    const { client } = await testClient(t)
    await client.run(`${TABLE}; ALTER TABLE t ADD TEMPORARY PARTITION tp ${FEBRUARY}`)
    for (const clause of ['ADD COLUMN x INT', 'ADD ROLLUP r (d)', 'DISTRIBUTED BY HASH(d)']) {
      assert.equal(
        (await client.refusal(`ALTER TABLE t ${clause}`)).message,
        'Can not alter table when there are temp partitions in table',
      )
    }
    await client.run(
      'ALTER TABLE t DROP TEMPORARY PARTITION tp; ALTER TABLE t DROP TEMPORARY PARTITION IF EXISTS tp',
    )
    assert.equal((await client.refusal('ALTER TABLE t DROP TEMPORARY PARTITION tp')).errno, 1507)
    await client.run(
      `ALTER TABLE t ADD COLUMN x INT; ALTER TABLE t ADD TEMPORARY PARTITION tp ${FEBRUARY}`,
    )
    await client.run(`DROP TABLE t; ${TABLE}; ALTER TABLE t ADD TEMPORARY PARTITION tp ${FEBRUARY}`)
    assert.deepEqual(await client.rows('SELECT * FROM t TEMPORARY PARTITION (tp)'), [])
  })

  test('those by list replace those of the same values; automatic partitions take no notice', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE l (c VARCHAR(9) NOT NULL, v INT) DUPLICATE KEY(c) PARTITION BY (c) DISTRIBUTED BY HASH(c); ALTER TABLE l ADD TEMPORARY PARTITION ta VALUES IN ("a")',
    )
    await client.run(
      'INSERT INTO l VALUES ("a", 1), ("b", 2); INSERT INTO l TEMPORARY PARTITION (ta) VALUES ("a", 3)',
    )
    await client.run('ALTER TABLE l REPLACE PARTITION (pa) WITH TEMPORARY PARTITION (ta)')
    assert.deepEqual(await client.rows('SELECT * FROM l ORDER BY v'), [
      ['b', 2],
      ['a', 3],
    ])
    assert.match(
      (await client.refusal('INSERT INTO l TEMPORARY PARTITION (none) VALUES ("a", 1)')).message,
      /Unknown partition 'none'/,
    )
  })
})

test('ALTER TABLE … DISTRIBUTED BY is a job of its own, also for some partitions', async (t) => {
  const { client } = await testClient(t)
  await client.run(`${TABLE}; ALTER TABLE t PARTITIONS (p2) DISTRIBUTED BY HASH (d) BUCKETS 7`)
  assert.deepEqual(
    (await client.rows('SHOW PARTITIONS FROM t')).map((row) => row[8]),
    [2, 7],
  )
  assert.match(String((await client.rows('SHOW CREATE TABLE t'))[0]?.[1]), /BUCKETS 2/)
  await client.run('ALTER TABLE t DISTRIBUTED BY HASH (d) BUCKETS 3')
  const jobs = await client.rows('SHOW ALTER TABLE OPTIMIZE')
  assert.deepEqual(
    jobs.map((row) => [row[1], row[4], row[6]]),
    [
      ['t', 'PARTITIONS (p2) DISTRIBUTED BY HASH BUCKETS 7', 'FINISHED'],
      ['t', 'DISTRIBUTED BY HASH BUCKETS 3', 'FINISHED'],
    ],
  )
  assert.match(
    (await client.refusal('ALTER TABLE t PARTITIONS (p2) DISTRIBUTED BY HASH (v)')).message,
    /not support change distribution column when specify partitions\.$/,
  )
  assert.match(
    (await client.refusal('ALTER TABLE t PARTITIONS (p2) DISTRIBUTED BY RANDOM')).message,
    /not support change distribution type when specify partitions\.$/,
  )
  await client.run('CREATE TABLE r (k INT)')
  assert.equal((await client.refusal('ALTER TABLE r DISTRIBUTED BY RANDOM BUCKETS 9')).errno, 5064)
})
