/** RANGE of an expression: rows go where its value belongs. Cases after StarRocks' suite test_partition_by_expr. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

const outside = /The row is out of partition ranges/

test('seconds and milliseconds are placed by their time in the time zone of the table', async (t) => {
  const { client } = await testClient(t)
  for (const [name, expression, factor] of [
    ['s', 'from_unixtime(k)', 1],
    ['m', 'from_unixtime_ms(k)', 1000],
  ] as const) {
    await client.run(
      `CREATE TABLE ${name} (k BIGINT, v INT) DUPLICATE KEY(k) PARTITION BY RANGE(${expression})
       (START ("2021-01-01") END ("2021-01-03") EVERY (INTERVAL 1 DAY)) DISTRIBUTED BY HASH(k)`,
    )
    // Midnight in Shanghai, and the last second before it.
    const [at, before] = [1_609_430_400 * factor, 1_609_430_399 * factor]
    await client.run(`INSERT INTO ${name} VALUES (${at}, 1), (${at + 86_400 * factor}, 2)`)
    assert.match(
      (await client.refusal(`INSERT INTO ${name} VALUES (${before}, 3)`)).message,
      outside,
    )
    await client.run("SET time_zone = 'UTC'")
    assert.deepEqual(await client.rows(`SELECT v FROM ${name} PARTITION (p20210101)`), [[1]])
    await client.run("SET time_zone = 'Asia/Shanghai'")
    await client.run(`ALTER TABLE ${name} DROP PARTITION p20210101`)
    assert.deepEqual(await client.rows(`SELECT v FROM ${name}`), [[2]])
    const [created] = await client.rows(`SHOW CREATE TABLE ${name}`)
    assert.match(
      String(created?.[1]),
      new RegExp(`PARTITION BY RANGE\\(${expression.replaceAll(/[()]/g, '.')}\\)`),
    )
  }
})

test('texts are placed by the date or the number in them', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE b (c VARCHAR(20), v INT) DUPLICATE KEY(c) PARTITION BY RANGE(str2date(c, '%Y-%m-%d'))
     (PARTITION p1 VALUES [("2021-01-01"), ("2021-01-02")), PARTITION p2 VALUES LESS THAN ("2021-02-02")) DISTRIBUTED BY HASH(c)`,
  )
  await client.run("INSERT INTO b VALUES ('2021-01-01', 1), ('2021-01-05', 2)")
  assert.match((await client.refusal("INSERT INTO b VALUES ('2022-01-01', 3)")).message, outside)
  await client.run('ALTER TABLE b ADD PARTITION p3 VALUES [("2022-01-01"), ("2022-01-02"))')
  await client.run("INSERT INTO b VALUES ('2022-01-01', 3)")
  assert.deepEqual(await client.rows('SELECT v FROM b PARTITION (p2, p3) ORDER BY v'), [[2], [3]])

  await client.run(
    `CREATE TABLE c (c VARCHAR(20), v INT) PRIMARY KEY(c) PARTITION BY RANGE(CAST(substr(c, 3) AS BIGINT))
     (PARTITION p1 VALUES [('0'), ('50'))) DISTRIBUTED BY HASH(c)`,
  )
  await client.run("INSERT INTO c VALUES ('JT7', 1), ('JT49', 2)")
  await client.run("INSERT INTO c VALUES ('JT7', 3)")
  await client.run('CREATE TABLE e LIKE c')
  for (const table of ['c', 'e'])
    assert.match((await client.refusal(`INSERT INTO ${table} VALUES ('JT50', 1)`)).message, outside)
  assert.deepEqual(await client.rows('SELECT * FROM c PARTITION (p1) ORDER BY v'), [
    ['JT49', 2],
    ['JT7', 3],
  ])
})

test('other expressions are refused', async (t) => {
  const { client } = await testClient(t)
  const refusal = await client.refusal(
    'CREATE TABLE f (k INT) PARTITION BY RANGE(abs(k)) (PARTITION p1 VALUES LESS THAN ("3"))',
  )
  assert.match(refusal.message, /This partition expression is not supported/)
})

test('a table has so many automatic partitions at most, as its configuration says', async (t) => {
  const { client } = await testClient(t)
  await client.run("CREATE TABLE few (d DATE, v INT) PARTITION BY date_trunc('day', d)")
  await client.run('ADMIN SET FRONTEND CONFIG ("max_automatic_partition_number" = "2")')
  await client.run("INSERT INTO few VALUES ('2024-01-01', 1), ('2024-01-02', 1)")
  const refusal = await client.refusal(
    "INSERT INTO few VALUES ('2024-01-02', 2), ('2024-01-03', 2)",
  )
  assert.match(refusal.message, /Automatically created partitions exceeded the maximum limit: 2\. /)
  assert.deepEqual(await client.rows('SELECT count(*) FROM few'), [[2]])
  await client.run("INSERT INTO few VALUES ('2024-01-02', 2)")
  await client.run('ADMIN SET FRONTEND CONFIG ("max_automatic_partition_number" = "3")')
  await client.run("INSERT INTO few VALUES ('2024-01-03', 2)")
})

test('a function that does not take the column, or makes no day of every text, is refused', async (t) => {
  const { client } = await testClient(t)
  const create = (type: string, expression: string): string =>
    `CREATE TABLE t (k ${type}, v INT) DUPLICATE KEY(k) PARTITION BY RANGE(${expression})
     (START ("2021-01-01") END ("2021-01-03") EVERY (INTERVAL 1 DAY)) DISTRIBUTED BY HASH(k)`
  for (const [type, expression, message] of [
    ['DATE', 'from_unixtime(k)', 'from_unixtime for column k type DATE'],
    ['VARCHAR(100)', 'from_unixtime(k)', 'from_unixtime for column k type VARCHAR(100)'],
    ['INT', 'from_unixtime_ms(k)', 'from_unixtime_ms for column k type INT'],
  ] as const)
    assert.ok(
      (await client.refusal(create(type, expression))).message.includes(
        `Unsupported partition expression ${message}`,
      ),
      expression,
    )
  assert.match(
    (await client.refusal(create('VARCHAR(20)', "str2date(k, '%Y-%m')"))).message,
    /partition function check fail, only supports the result of the function str2date/,
  )
})

test('time_slice of hundreds of hours, with its unit as a text', async (t) => {
  const { client } = await testClient(t)
  for (const [name, step] of [
    ['texts', "720, 'hour', 'floor'"],
    ['words', 'INTERVAL 720 HOUR'],
  ] as const) {
    await client.run(
      `CREATE TABLE ${name} (k DATETIME, v INT) DUPLICATE KEY(k) PARTITION BY time_slice(k, ${step}) DISTRIBUTED BY HASH(k)`,
    )
    await client.run(
      `INSERT INTO ${name} VALUES ('2024-10-01 00:00:00', 1), ('2024-10-02 00:00:00', 2), ('2024-12-01 00:00:00', 3)`,
    )
    const starts = await client.rows(
      `SELECT DISTINCT time_slice(k, INTERVAL 720 HOUR) s FROM ${name} ORDER BY s`,
    )
    const partitions = await client.rows(`SHOW PARTITIONS FROM ${name}`)
    assert.equal(partitions.length, starts.length, name)
  }
})
