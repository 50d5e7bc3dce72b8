import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock } from '../../../../../src/kernel/clock.ts'
import { testClient } from '../../support/open-engine.ts'
import type { Client } from '../../support/open-engine.ts'

const DAY_MS = 86_400_000
/** Noon in Shanghai, where the engine of these tests is. */
const NOON = Date.parse('2024-05-15T04:00:00Z')

const names = async (client: Client, table = 't') =>
  (await client.rows(`SHOW PARTITIONS FROM ${table}`)).map((row) => row[1])

/** Changes run beside the session. */
async function until(client: Client, wanted: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (JSON.stringify(await names(client)) === JSON.stringify(wanted)) return
  }
  assert.deepEqual(await names(client), wanted)
}

const dynamic = (properties: string, columns = 'd DATE, v INT', partitions = '') =>
  `CREATE TABLE t (${columns}) DUPLICATE KEY(d) PARTITION BY RANGE(d) (${partitions}) DISTRIBUTED BY HASH(d) PROPERTIES (${properties})`

describe('dynamic partitions', () => {
  test('are made at once and roll with the clock; older ones go with their rows', async (t) => {
    const clock = manualClock(NOON)
    const { client } = await testClient(t, { clock })
    await client.run(
      dynamic(
        '"dynamic_partition.time_unit" = "DAY", "dynamic_partition.start" = "-1", "dynamic_partition.end" = "2", "dynamic_partition.history_partition_num" = "1", "dynamic_partition.buckets" = "4"',
      ),
    )
    assert.deepEqual(await names(client), ['p20240514', 'p20240515', 'p20240516', 'p20240517'])
    await client.run('INSERT INTO t VALUES ("2024-05-14", 1), ("2024-05-15", 2), ("2024-05-17", 3)')
    assert.equal((await client.refusal('INSERT INTO t VALUES ("2024-05-18", 4)')).errno, 1064)
    clock.advance(DAY_MS)
    await until(client, ['p20240515', 'p20240516', 'p20240517', 'p20240518'])
    assert.deepEqual(await client.rows('SELECT v FROM t ORDER BY v'), [[2], [3]])
    assert.deepEqual(
      (await client.rows('SHOW DYNAMIC PARTITION TABLES')).map((row) => row.slice(0, 7)),
      [['t', 'true', 'DAY', '-1', '2', 'p', '4']],
    )
    assert.match(
      (await client.refusal('ALTER TABLE t DROP PARTITION p20240515')).message,
      /Cannot add\/drop partition on a Dynamic Partition Table/,
    )
    await client.run('ALTER TABLE t SET ("dynamic_partition.enable" = "false")')
    clock.advance(DAY_MS)
    await client.run('ALTER TABLE t DROP PARTITION p20240515')
    assert.deepEqual(await names(client), ['p20240516', 'p20240517', 'p20240518'])
    await client.run('ALTER TABLE t SET ("dynamic_partition.enable" = "true")')
    assert.deepEqual(await names(client), ['p20240516', 'p20240517', 'p20240518', 'p20240519'])
  })

  for (const [unit, more, columns, first] of [
    ['WEEK', '"dynamic_partition.start_day_of_week" = "3"', 'd DATE', ['p2024_20', 'p2024_21']],
    ['MONTH', '"dynamic_partition.start_day_of_month" = "20"', 'd DATE', ['p202404', 'p202405']],
    ['YEAR', '"dynamic_partition.prefix" = "y"', 'd DATETIME', ['y2024', 'y2025']],
    ['HOUR', '"dynamic_partition.time_zone" = "UTC"', 'd DATETIME', ['p2024051504', 'p2024051505']],
    ['DAY', '"dynamic_partition.time_zone" = "UTC"', 'd INT', ['p20240515', 'p20240516']],
  ] as const) {
    test(`by ${unit} of ${columns}, with ${more}`, async (t) => {
      const { client } = await testClient(t, { clock: manualClock(NOON) })
      await client.run(
        dynamic(
          `"dynamic_partition.time_unit" = "${unit}", "dynamic_partition.end" = "1", ${more}`,
          columns,
        ),
      )
      assert.deepEqual(await names(client), first)
    })
  }

  test('what they cannot be is refused with StarRocks’ words', async (t) => {
    const { client } = await testClient(t)
    const cases: readonly (readonly [string, string, string, number])[] = [
      ['time_unit', 'DECADE', 'Unsupported time unit DECADE. Expect DAY/WEEK/MONTH/YEAR.', 5065],
      ['start', '1', 'Dynamic partition start must less than 0', 5066],
      ['start', 'x', 'Invalid dynamic partition start x', 5066],
      ['end', '0', 'Dynamic partition end must greater than 0', 5066],
      ['end', '', 'Dynamic partition end is empty', 5066],
      ['end', 'x', 'Invalid dynamic partition end x', 5066],
      ['buckets', '', 'Dynamic partition buckets is empty', 5066],
      ['buckets', 'x', 'Invalid dynamic partition buckets x', 5067],
      ['enable', 'x', 'Invalid dynamic partition enable: x. Expected true or false', 5068],
      ['prefix', '0', 'Invalid dynamic partition prefix: 0.', 5069],
      ['replication_num', '0', 'Dynamic partition replication num must greater than 0', 5071],
      ['replication_num', 'x', 'Invalid dynamic partition replication num: x.', 5072],
      ['history_partition_num', '-1', 'Dynamic history partition num must greater than 0', 5092],
      [
        'start_day_of_week',
        '8',
        'dynamic_partition.start_day_of_week should between 1 and 7',
        1064,
      ],
      ['colour', 'x', 'Unknown properties: {dynamic_partition.colour=x}', 1064],
      ['end', '501', 'Too many dynamic partitions: 501. Limit: 500', 1064],
    ]
    for (const [name, value, message, errno] of cases) {
      const given = { time_unit: 'DAY', end: '1', [name]: value }
      const properties = Object.entries(given).map(
        ([key, text]) => `"dynamic_partition.${key}" = "${text}"`,
      )
      const refusal = await client.refusal(dynamic(properties.join(', ')))
      assert.deepEqual([refusal.message, refusal.errno], [message, errno])
    }
    assert.match(
      (await client.refusal(dynamic('"dynamic_partition.end" = "1"'))).message,
      /time_unit properties$/,
    )
    assert.match(
      (await client.refusal(dynamic('"dynamic_partition.time_unit" = "DAY"'))).message,
      /end properties$/,
    )
  })
})

describe('partitions that end', () => {
  const THREE =
    'PARTITION p1 VALUES LESS THAN ("2024-05-01"), PARTITION p2 VALUES LESS THAN ("2024-05-10"), PARTITION p3 VALUES LESS THAN ("2024-06-01"), PARTITION p4 VALUES LESS THAN ("2024-07-01")'

  test('after an age, or when more than a number of them are not of the future', async (t) => {
    const clock = manualClock(NOON)
    const { client } = await testClient(t, { clock })
    await client.run(dynamic('"partition_ttl" = "2 day"', 'd DATE, v INT', THREE))
    assert.deepEqual(await names(client), ['p3', 'p4'])
    clock.advance(30 * DAY_MS)
    await until(client, ['p4'])
    await client.run('DROP TABLE t')
    await client.run(
      dynamic('"partition_live_number" = "2"', 'd DATE', THREE.replaceAll('2024', '2023')),
    )
    assert.deepEqual(await names(client), ['p3', 'p4'])
    for (const [property, message] of [
      ['"partition_ttl" = "soon"', /illegal partition_ttl/],
      ['"partition_ttl_number" = "0"', /Illegal Partition TTL Number: 0/],
    ] as const)
      assert.match((await client.refusal(`ALTER TABLE t SET (${property})`)).message, message)
  })

  test('of a materialized view go when it is refreshed', async (t) => {
    const { client } = await testClient(t, { clock: manualClock(NOON) })
    await client.run(
      `CREATE TABLE b (d DATE, v INT) DUPLICATE KEY(d) PARTITION BY date_trunc('day', d) DISTRIBUTED BY HASH(d); INSERT INTO b VALUES ("2024-05-01", 1), ("2024-05-02", 2), ("2024-05-03", 3);
       CREATE MATERIALIZED VIEW m PARTITION BY date_trunc('day', d) REFRESH MANUAL PROPERTIES ("partition_ttl_number" = "2") AS SELECT d, v FROM b`,
    )
    assert.deepEqual(await client.rows('SELECT v FROM m ORDER BY v'), [[2], [3]])
    // test_mv_refresh_list_partitions_with_nullable
    await client.run(
      `CREATE TABLE l (p VARCHAR(9), v INT) DUPLICATE KEY(p) PARTITION BY (p) DISTRIBUTED BY RANDOM; INSERT INTO l VALUES ('b', 1), ('d', 2), (NULL, 3), ('c', 4), ('a', 5);
       CREATE MATERIALIZED VIEW n PARTITION BY p REFRESH DEFERRED MANUAL PROPERTIES ("partition_ttl_number" = "2") AS SELECT p, v FROM l;
       REFRESH MATERIALIZED VIEW n WITH SYNC MODE`,
    )
    assert.deepEqual(await client.rows('SELECT p FROM n ORDER BY p'), [['c'], ['d']])
  })
})
