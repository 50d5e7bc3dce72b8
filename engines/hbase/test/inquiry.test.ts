import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { cleanUp } from '../../../test/support/process/clean-up.ts'
import { tableLoads } from '../src/inquiry.ts'

const SERVER = 'Hadoop:service=HBase,name=RegionServer'

/** Where a region server says this of its tables, by the names in its beans. */
async function serverOf(t: TestContext, tables: Readonly<Record<string, number>>) {
  const attributes = Object.entries(tables).flatMap(([name, figure]) =>
    ['regionCount', 'memStoreSize', 'storeFileSize', 'storeFileCount'].map((each, at) => [
      `Namespace_${name}_metric_${each}`,
      figure * 10 ** at,
    ]),
  )
  const requests = Object.entries(tables).map(([name, figure]) => ({
    name: `${SERVER},sub=TableRequests_Namespace_${name}`,
    TableReadQueryPerSecond_1min_rate: figure / 10,
    TableWriteQueryPerSecond_1min_rate: figure / 100,
  }))
  const server = createServer((request, answer) => {
    const query = new URL(request.url ?? '', 'http://a').searchParams.get('qry')
    const beans =
      query === `${SERVER},sub=Tables`
        ? [{ name: query, numTables: 2, ...Object.fromEntries(attributes) }]
        : requests
    answer.end(JSON.stringify({ beans }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(t, () => void server.close())
  const { port } = server.address() as AddressInfo
  return { host: '127.0.0.1', rpc: port + 1, http: port }
}

test('a table has what all of its servers have, or what one has', async (t) => {
  const one = await serverOf(t, { default_table_my_table: 1, hbase_table_meta: 3 })
  const other = await serverOf(t, { default_table_my_table: 2 })
  const found = await tableLoads([one, other])
  assert.deepEqual(
    found.map(({ namespace, name }) => `${namespace} ${name}`),
    ['default my_table', 'hbase meta'],
  )
  const { readsPerSecond, ...rest } = found[0]!
  assert.ok(Math.abs(readsPerSecond - 0.3) < 1e-9)
  assert.deepEqual(rest, {
    namespace: 'default',
    name: 'my_table',
    writesPerSecond: 0.03,
    memoryBytes: 30,
    fileBytes: 300,
    files: 3_000,
  })
  const [alone, ...none] = await tableLoads([one, other], `${other.host}:${other.rpc}`)
  assert.deepEqual([alone?.memoryBytes, none], [20, []])
  assert.deepEqual(await tableLoads([one, other], '127.0.0.9:1'), [])
})

test('a server that is away is left out, unless all are', async (t) => {
  const one = await serverOf(t, { hbase_table_meta: 3 })
  const away = { host: '127.0.0.1', rpc: 1, http: 1 }
  assert.equal((await tableLoads([away, one])).length, 1)
  await assert.rejects(tableLoads([away]), /ECONNREFUSED/)
})
