import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('what keeps one row for each key is distributed by a hash, which has to be said', async (t) => {
  const { client } = await testClient(t)
  for (const [definition, message] of [
    ['v INT) UNIQUE KEY(k)', 'Currently not support default distribution in UNIQUE_KEYS'],
    ['v INT SUM) AGGREGATE KEY(k)', 'Currently not support default distribution in AGG_KEYS'],
    ['v INT) UNIQUE KEY(k) DISTRIBUTED BY RANDOM', 'UNIQUE KEY must use hash distribution'],
    ['v INT) PRIMARY KEY(k) DISTRIBUTED BY RANDOM', 'PRIMARY KEY must use hash distribution'],
    [
      'v INT REPLACE) AGGREGATE KEY(k) DISTRIBUTED BY RANDOM',
      'AGGREGATE KEY with replace  must use hash distribution',
    ],
  ] as const) {
    const refused = await client.refusal(`CREATE TABLE t (k INT NOT NULL, ${definition}`)
    assert.ok(refused.message.includes(message), refused.message)
  }
  await client.run('CREATE TABLE t (k INT, v INT SUM) AGGREGATE KEY(k) DISTRIBUTED BY RANDOM')
})

test('a partition lies as its table does', async (t) => {
  const { client } = await testClient(t)
  const create = (name: string, by: string): Promise<unknown> =>
    client.run(
      `CREATE TABLE ${name} (k INT, v INT) DUPLICATE KEY(k) PARTITION BY RANGE(k) (PARTITION p1 VALUES LESS THAN ("10")) DISTRIBUTED BY ${by}`,
    )
  await create('r', 'RANDOM')
  await create('h', 'HASH(k)')
  const add = (name: string, by: string): string =>
    `ALTER TABLE ${name} ADD PARTITION p2 VALUES LESS THAN ("20") DISTRIBUTED BY ${by}`
  for (const [sql, message] of [
    [
      add('r', 'HASH(k) BUCKETS 10'),
      'Cannot assign different distribution type. default is: RANDOM',
    ],
    [add('h', 'RANDOM BUCKETS 10'), 'Cannot assign different distribution type. default is: HASH'],
    [
      add('h', 'HASH(v) BUCKETS 10'),
      'Cannot assign hash distribution with different distribution cols. default is: [k]',
    ],
  ] as const)
    assert.equal((await client.refusal(sql)).message, message)
  await client.run(add('h', 'HASH(k) BUCKETS 10'))
})
