import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../support/open-engine.ts'

// reference: StarRocks 3.3.7, test_shadow_partition, test_add_list_partition
test('a table that makes its own partitions has one that no row is in', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE l (k VARCHAR(9) NOT NULL) DUPLICATE KEY(k) PARTITION BY (k) DISTRIBUTED BY HASH(k); INSERT INTO l VALUES ("a");
     CREATE TABLE r (k DATE, v INT) DUPLICATE KEY(k) PARTITION BY date_trunc("month", k) DISTRIBUTED BY HASH(k); INSERT INTO r VALUES ("2024-02-03", 1);
     CREATE TABLE p (k VARCHAR(9) NOT NULL) DUPLICATE KEY(k) PARTITION BY LIST (k) (PARTITION p1 VALUES IN ("a")) DISTRIBUTED BY HASH(k);
     CREATE MATERIALIZED VIEW m PARTITION BY k REFRESH MANUAL AS SELECT k FROM r`,
  )
  const name = '$shadow_automatic_partition'
  const never = '[types: [DATE]; keys: [0000-00-00]; ..types: [DATE]; keys: [0000-00-00]; )'
  const month = '[types: [DATE]; keys: [2024-02-01]; ..types: [DATE]; keys: [2024-03-01]; )'
  assert.deepEqual(
    await client.rows(
      "SELECT table_name, partition_name, partition_value, row_count FROM information_schema.partitions_meta WHERE table_name <> 'm' ORDER BY table_name, partition_id",
    ),
    [
      ['l', name, '()', 0],
      ['l', 'pa', "(('a'))", 1],
      ['p', 'p1', "('a')", 0],
      ['r', name, never, 0],
      ['r', 'p202402', month, 1],
    ],
  )
  const shown = async (table: string) =>
    (await client.rows(`SHOW PARTITIONS FROM ${table}`)).map((row) => row[1])
  assert.deepEqual(await shown('r'), ['p202402'])
  const item = 'enable_display_shadow_partitions'
  await client.run(`ADMIN SET FRONTEND CONFIG ("${item}" = "true")`)
  assert.deepEqual(await shown('r'), [name, 'p202402'])
  assert.deepEqual(await shown('p'), ['p1'])
  assert.ok(!(await shown('m')).includes(name))
  await client.run(`ADMIN SET FRONTEND CONFIG ("${item}" = "false")`)
})
