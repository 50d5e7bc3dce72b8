/** What a statement over files asks of the object storage before it reads them, and that what it remembers of them is never an older one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storeProxy, type StoreProxy } from '../../../../test/support/engine/store-proxy.ts'
import { objectClient, skipWithoutObjects as skip } from '../support/object-client.ts'

const FILES = "FILES('path' = 'oss://bucket-a/in/*.csv', 'format' = 'csv')"

test('files that are as they were are listed only', { skip }, async (t) => {
  let proxy: StoreProxy | undefined
  const { client, put } = await objectClient(t, ['httpfs'], async (endpoint) => {
    proxy = await storeProxy(t, endpoint)
    return proxy.endpoint
  })
  await put('rows.csv', '1\ta\n2\tb\n')
  await client.run(
    "INSERT INTO FILES('path' = 'oss://bucket-a/in/', 'format' = 'parquet') SELECT * FROM FILES('path' = 'oss://bucket-a/rows.csv', 'format' = 'csv')",
  )
  const count = () =>
    client.rows(
      "SELECT count(*), sum($1) FROM FILES('path' = 'oss://bucket-a/in/*.parquet', 'format' = 'parquet')",
    )
  assert.deepEqual(await count(), [[2, 3]])
  assert.ok(proxy)
  proxy.asked = 0
  assert.deepEqual(await count(), [[2, 3]])
  // A list of the engine's, and one of DuckDB's; what they held DuckDB has kept.
  assert.equal(proxy.asked, 2)
})

test('a file of the same size that replaces one is looked into', { skip }, async (t) => {
  const { client, put } = await objectClient(t)
  const columns = async () =>
    (await client.rows(`DESC ${FILES}`)).map(([name, type]) => `${String(name)} ${String(type)}`)
  await put('in/a.csv', '1\t22\n')
  assert.deepEqual(await columns(), ['$1 bigint', '$2 bigint'])
  await put('in/a.csv', 'x\t22\n')
  assert.deepEqual(await columns(), ['$1 varchar(1048576)', '$2 bigint'])
  await put('in/a.csv', '1\t2\t3')
  assert.deepEqual(await client.rows(`SELECT * FROM ${FILES}`), [[1, 2, 3]])
  // Of the same content, and read in another way.
  assert.deepEqual(
    await client.rows(`SELECT * FROM ${FILES.replace(')', ", 'csv.column_separator' = '2')")}`),
    [[1, 3]],
  )
})
