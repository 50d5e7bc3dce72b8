import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busy, testClient } from '../../support/open-engine.ts'

test('SHOW DATA has StarRocks’ columns, and sizes that rows take', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE b (k INT, s VARCHAR(100)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  await client.run(
    `CREATE TABLE a (d DATE, v INT) DUPLICATE KEY(d) PARTITION BY RANGE(d)
      (PARTITION p1 VALUES LESS THAN ('2024-01-01'), PARTITION p2 VALUES LESS THAN ('2025-01-01'))
      DISTRIBUTED BY HASH(d) BUCKETS 3 PROPERTIES ('replication_num' = '1')`,
  )
  await client.run('CREATE VIEW v AS SELECT k FROM b')
  const all = await client.run('SHOW DATA')
  assert.deepEqual(all.columns, ['TableName', 'Size', 'ReplicaCount'])
  assert.deepEqual(
    all.rows.map(([name, , replicas]) => [name, replicas]),
    [
      ['a', '6'],
      ['b', '1'],
      ['Total', '7'],
      ['Quota', '1073741824'],
      ['Left', '1073741817'],
    ],
  )
  assert.equal(all.rows[1]?.[1], '0.000 B')
  await client.run(
    "INSERT INTO b SELECT x, repeat('x', 100) FROM TABLE(generate_series(1, 20000)) AS g(x)",
  )
  const one = await client.run('SHOW DATA FROM b')
  assert.deepEqual(one.columns, ['TableName', 'IndexName', 'Size', 'ReplicaCount', 'RowCount'])
  const [row = [], total = []] = one.rows
  assert.deepEqual([row[0], row[1], row[3], row[4]], ['b', 'b', '1', '20000'])
  assert.match(String(row[2]), /^\d+\.\d{3} [KM]B$/)
  assert.deepEqual(total, ['', 'Total', row[2], '1', ''])
})

test('SHOW RUNNING QUERIES has StarRocks’ columns', async (t) => {
  const { engine, client } = await testClient(t)
  const other = await engine.openSession({
    id: 77,
    identity: { user: 'root', host: '%' },
    remoteHost: '127.0.0.1',
    database: undefined,
  })
  const sleeping = (async () => {
    for await (const result of other.execute('SELECT sleep(20)')) void result
  })().catch(() => undefined)
  await busy(engine, 1)
  const { columns, rows } = await client.run('SHOW RUNNING QUERIES')
  assert.equal(
    columns.join(' '),
    'QueryId ResourceGroupId StartTime PendingTimeout QueryTimeout State Slots Fragments DOP Frontend FeStartTime',
  )
  const [, group, start, , end, state, slots, , , frontend] = rows[0] ?? []
  assert.deepEqual([group, state, slots, frontend], ['-', 'RUNNING', '1', 'fe-0'])
  assert.equal(Date.parse(`${String(end)}Z`) - Date.parse(`${String(start)}Z`), 300_000)
  assert.equal((await client.rows('SHOW RUNNING QUERIES LIMIT 1')).length, 1)
  other.interrupt()
  await sleeping
  await other.close()
})
