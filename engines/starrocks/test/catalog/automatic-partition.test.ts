import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../support/open-engine.ts'

const analyzing = (detail: string) => `Getting analyzing error. Detail message: ${detail}.`
const syntax = (detail: string) => `Getting syntax error. Detail message: ${detail}.`

test('a table that makes its partitions takes those that fit its unit', async (t) => {
  const { client } = await testClient(t)
  const create = (name: string, type: string, by: string, items = '') =>
    `CREATE TABLE ${name} (d ${type} NOT NULL, v INT) DUPLICATE KEY(d) PARTITION BY ${by} ${items} DISTRIBUTED BY HASH(d)`
  await client.run(
    create(
      'days',
      'DATETIME',
      "date_trunc('day', d)",
      "(START ('2024-01-01') END ('2024-01-04') EVERY (INTERVAL 1 DAY))",
    ),
  )
  await client.run("INSERT INTO days VALUES ('2024-01-02 03:04:05', 1), ('2024-02-02 03:04:05', 2)")
  await client.run(
    "ALTER TABLE days ADD PARTITIONS START ('2024-03-01') END ('2024-03-03') EVERY (INTERVAL 1 DAY)",
  )
  assert.deepEqual(
    (await client.rows('SHOW PARTITIONS FROM days')).map((row) => String(row[1])).toSorted(),
    ['p20240101', 'p20240102', 'p20240103', 'p20240202', 'p20240301', 'p20240302'],
  )
  await client.run(
    'CREATE TABLE pair (a VARCHAR(9) NOT NULL, b VARCHAR(9) NOT NULL) DUPLICATE KEY(a) PARTITION BY (a, b) DISTRIBUTED BY HASH(a)',
  )
  const cases: Readonly<Record<string, string>> = {
    [create('x', 'DATE', "date_trunc('week', d)")]: syntax(
      "Unsupported expr 'date_trunc('week', d)' in PARTITION BY clause",
    ),
    [create('x', 'DATETIME', "date_trunc('minute', d)")]: syntax(
      "Unsupported expr 'date_trunc('minute', d)' in PARTITION BY clause",
    ),
    [create('x', 'DATE', "date_trunc('hour', d)")]: syntax(
      "Unsupported expr 'date_trunc('hour', d)' in PARTITION BY clause. The hour/minute parameter only supports datetime type",
    ),
    [create('x', 'DATE', "date_trunc('day', d), v")]:
      "Getting syntax error at line 1, column 90. Detail message: Unexpected input ',', the most similar input is {<EOF>, ';'}.",
    [create(
      'x',
      'DATE',
      "date_trunc('day', d)",
      "(START ('2024-01-01') END ('2024-01-05') EVERY (INTERVAL 2 DAY))",
    )]: analyzing(
      'Automatically create partition tables and create partitions in advance only supports an interval of 1',
    ),
    [create(
      'x',
      'DATE',
      "date_trunc('day', d)",
      "(START ('2024-01-01') END ('2024-02-01') EVERY (INTERVAL 1 MONTH))",
    )]: syntax(
      'The partition granularity of automatic partition table batch creation in advance should be consistent',
    ),
    [create('x', 'DATE', "date_trunc('day', d)", "(PARTITION p1 VALUES LESS THAN ('2024-01-01'))")]:
      syntax('Automatic partition table creation only supports batch create partition syntax'),
    "ALTER TABLE days ADD PARTITIONS START ('2024-01-05') END ('2024-01-10') EVERY (INTERVAL 3 DAY)":
      analyzing('The step of the auto-partitioned table should be 1'),
    "ALTER TABLE days ADD PARTITIONS START ('2024-05-05') END ('2024-05-01') EVERY (INTERVAL 1 DAY)":
      analyzing('Batch build partition start date should less than end date.'),
    "ALTER TABLE days ADD PARTITIONS START ('2024-05-01') END ('2024-07-01') EVERY (INTERVAL 1 MONTH)":
      analyzing(
        'The granularity of the auto-partitioned table granularity(day) should be consistent with the increased partition granularity(month).',
      ),
    "ALTER TABLE days ADD PARTITIONS START ('2024-05-01 01:02:03') END ('2024-05-03') EVERY (INTERVAL 1 DAY)":
      analyzing(
        'Batch build partition range [2024-05-01 01:02:03,2024-05-03 00:00:00) should be a standard unit of time (DAY) . suggest range [2024-05-01 00:00:00,2024-05-03 00:00:00)If you want to create partial partitions in batch, you can turn off this check by setting the FE config enable_create_partial_partition_in_batch=true',
      ),
    "ALTER TABLE days ADD PARTITION p1 VALUES LESS THAN ('2024-05-01')": analyzing(
      'Currently, you cannot manually add a single range partition to a table that is automatically partition',
    ),
    "ALTER TABLE pair ADD PARTITION p1 VALUES IN (('1', '2'), ('3', '4'))": analyzing(
      'Automatically partitioned tables does not support multiple values in the same partition',
    ),
    'ALTER TABLE days RENAME PARTITION p20240101 x':
      'Table[days] is automatic partitioned. not support to rename partition name.',
  }
  for (const [sql, message] of Object.entries(cases))
    assert.equal((await client.refusal(sql)).message, message, sql)
  await client.run("ALTER TABLE pair ADD PARTITION p1 VALUES IN (('1', '2'))")
})
