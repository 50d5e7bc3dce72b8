import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identity, testClient } from '../support/open-engine.ts'

const [front] = identity.nodes
const backs = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    name: `be-${at}`,
    role: 'be' as const,
    host: `127.0.0.${at + 1}`,
    group: 'be',
    zone: 'zone-a',
    version: '3.3.8',
  }))

const TABLE = '(k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)'

// reference: StarRocks 3.3.7, test_default_enable_mv, test_bucket_size
for (const [count, copies] of [
  [3, '3'],
  [2, '2'],
] as const) {
  test(`a table says ${copies} copies where ${count} back ends keep them`, async (t) => {
    const nodes = front ? [front, ...backs(count)] : backs(count)
    const { client } = await testClient(t, { identity: { ...identity, nodes } })
    await client.run(
      `CREATE TABLE t ${TABLE}; CREATE TABLE one ${TABLE} PROPERTIES ("replication_num" = "1"); CREATE TABLE same LIKE one;
       CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT t.k FROM t JOIN one ON t.k = one.k;
       CREATE MATERIALIZED VIEW n REFRESH MANUAL AS SELECT k FROM one`,
    )
    const wanted = { t: copies, one: '1', same: '1', m: copies, n: '1' }
    for (const [name, shown] of Object.entries(wanted)) {
      const [[, text] = []] = await client.rows(`SHOW CREATE TABLE ${name}`)
      assert.equal(/"replication_num" = "(\d+)"/.exec(String(text))?.[1], shown, name)
    }
  })
}

test('whether copies are made of one is as the configuration says when a table is made', async (t) => {
  const { client } = await testClient(t)
  const item = 'enable_replicated_storage_as_default_engine'
  await client.run(
    `CREATE TABLE t ${TABLE}; ADMIN SET FRONTEND CONFIG ("${item}" = "false"); CREATE TABLE u ${TABLE};
     CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT k FROM u; ADMIN SET FRONTEND CONFIG ("${item}" = "true")`,
  )
  for (const [name, shown] of Object.entries({ t: 'true', u: 'false', m: 'false' })) {
    const [[, text] = []] = await client.rows(`SHOW CREATE TABLE ${name}`)
    assert.equal(/"replicated_storage" = "(\w+)"/.exec(String(text))?.[1], shown, name)
  }
})
