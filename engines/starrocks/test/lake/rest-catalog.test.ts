/** Catalogs that a server of Iceberg's REST protocol keeps: what is read through them, and that they lead nowhere else. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { lakeClient, lakeObjects, skipWithoutLake } from '../support/lake-client.ts'
import { restCatalogServer } from '../support/rest-catalog.ts'

const skip = skipWithoutLake
const ICE = 'bucket-a/ice/sales'
const PARTS = `s3://${ICE}/parts/metadata/v6.metadata.json`

const create = (uri: string, more = '') =>
  `CREATE EXTERNAL CATALOG r PROPERTIES ("type" = "iceberg", "iceberg.catalog.type" = "rest", "iceberg.catalog.uri" = "${uri}"${more})`

async function stage(t: TestContext, tables: Readonly<Record<string, unknown>>) {
  const server = await restCatalogServer(t, tables)
  const opened = await lakeClient(t, { icebergRest: [server.uri] })
  await opened.client.run(create(`${server.uri}/`, ', "iceberg.catalog.warehouse" = "w&1"'))
  return { ...opened, server }
}

test(
  'a server says which tables there are and where their metadata are, page by page and below its prefix',
  { skip },
  async (t) => {
    const { client, put, server } = await stage(t, {
      'sales.parts': PARTS,
      'sales.oss parts': `oss://${ICE}/ossparts/metadata/00006-0f.metadata.json`,
      'more.types': `s3://${ICE}/all_types/metadata/v3.metadata.json`,
    })
    const metadata = lakeObjects.get('ice/sales/ossparts/metadata/v6.metadata.json') ?? ''
    await put(`${ICE}/ossparts/metadata/00006-0f.metadata.json`, metadata)
    assert.deepEqual(await client.rows('SHOW DATABASES FROM r'), [
      ['information_schema'],
      ['more'],
      ['sales'],
    ])
    assert.deepEqual(await client.rows('SHOW TABLES FROM r.sales'), [['parts'], ['oss parts']])
    const rows = [
      [2, '2024-01-02', 'ü', null],
      [3, null, null, null],
      [9, '2024-03-01', 'z', 'n'],
    ]
    assert.deepEqual(await client.rows('SELECT * FROM r.sales.parts ORDER BY number'), rows)
    assert.deepEqual(await client.rows('SELECT * FROM r.sales.`oss parts` ORDER BY number'), rows)
    assert.deepEqual(await client.rows('SELECT count(*) FROM r.more.types'), [[5]])
    assert.equal((await client.rows('DESC r.more.types')).length, 14)
    assert.equal((await client.refusal('SELECT * FROM r.sales.none')).errno, 1146)
    assert.equal((await client.refusal('SELECT * FROM r.none.none')).errno, 1049)
    assert.ok(server.asked.includes('GET /iceberg/v1/config?warehouse=w%261'))
    assert.ok(server.asked.every((line) => line.startsWith('GET /iceberg/v1/')))
  },
)

test('nobody is asked but the servers that the instance was given', { skip }, async (t) => {
  const { client, engine, objects, server } = await stage(t, { 'sales.parts': PARTS })
  const called: string[] = []
  const other = createServer((request, response) => {
    called.push(String(request.url))
    response.end('{}')
  })
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.after(() => other.close())
  const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  for (const uri of [
    address,
    `${server.uri}/more`,
    server.uri.replace('/iceberg', ''),
    server.uri.replace('http://', 'http://user@'),
    `${server.uri}@${address.slice(7)}`,
    `${server.uri}?x=`,
    'file:///etc/passwd',
    'http://169.254.169.254/',
    '',
  ]) {
    const sql = create(uri).replace('CATALOG r', 'CATALOG x')
    if (uri === '') await client.run(sql)
    else assert.match((await client.refusal(sql)).message, /may not connect to the Iceberg/, uri)
  }
  // A server that is trusted with names is not trusted with addresses.
  server.config = { defaults: { uri: address }, overrides: { uri: address, prefix: 'ws/one' } }
  assert.deepEqual(await client.rows('SHOW TABLES FROM r.sales'), [['parts']])
  server.instead = (_, response) => {
    response.writeHead(302, { location: `${address}/v1/config` }).end()
  }
  assert.match((await client.refusal('SHOW DATABASES FROM r')).message, /does not answer/)
  server.instead = undefined
  server.asked.length = 0
  for (const name of ['`..`.x', 'sales.`..`', '`.`.x', '`a\u001Fb`.x', 'sales.``'])
    await client.refusal(`SELECT * FROM r.${name}`)
  await client.refusal('SELECT * FROM r.sales.`../../../x`')
  await client.refusal('SELECT * FROM r.`sales/tables/parts`.x')
  assert.deepEqual(
    server.asked.filter((line) => !/config|namespaces(\/[\w.%]+\/tables(\/[\w.%]+)?)?$/.test(line)),
    [],
  )
  // Taken from the instance while it runs.
  await engine.setObjectStorage({ ...objects, icebergRest: [] })
  assert.match((await client.refusal('SELECT * FROM r.sales.parts')).message, /may not connect/)
  assert.deepEqual(called, [])
})

test(
  'whatever a server answers, nothing is read that is not a table’s own, and it ends',
  { skip },
  async (t) => {
    const { client, server } = await stage(t, { 'sales.parts': PARTS })
    for (const place of [
      'file:///etc/metadata/passwd.metadata.json',
      'http://127.0.0.1:1/a/metadata/v1.metadata.json',
      's3://bucket-c/t/metadata/v1.metadata.json',
      's3://bucket-a/x/../metadata/v1.metadata.json',
      `s3://${ICE}/parts/metadata/*.metadata.json`,
      `s3://${ICE}/parts/metadata/v6.gz.metadata.json`,
      `s3://${ICE}/parts/v6.metadata.json`,
      `s3://${ICE}/parts/metadata/v6.metadata.json'); SELECT 1; --`,
      '',
      7,
      null,
    ]) {
      server.tables.set('sales.parts', place)
      assert.match(
        (await client.refusal('SELECT * FROM r.sales.parts')).message,
        /Access storage error|Access denied|is not supported/,
        String(place),
      )
    }
    for (const prefix of ['..', 'a/../b', '/a', 'a//b', 'a?b', 'a#b', 5, 'x y']) {
      server.config = { overrides: { prefix } }
      assert.match(
        (await client.refusal('SHOW DATABASES FROM r')).message,
        /prefix that is no path/,
        String(prefix),
      )
    }
    server.config = { overrides: {} }
    for (const [status, text, says] of [
      [500, '{}', /answers with the status 500/],
      [401, '{"error":{"message":"Needle"}}', /answers with the status 401/],
      [200, 'nothing', /is no object of JSON/],
      [200, '7', /is no object of JSON/],
    ] as const) {
      server.instead = (_, response) => response.writeHead(status).end(text)
      const { message } = await client.refusal('SHOW DATABASES FROM r')
      assert.match(message, says)
      assert.doesNotMatch(message, /Needle/)
    }
    server.instead = ({ url }, response) => {
      const value = url?.includes('config') ? {} : { namespaces: [['a']], 'next-page-token': 'x' }
      response.end(JSON.stringify(value))
    }
    assert.match((await client.refusal('SHOW DATABASES FROM r')).message, /lists more than/)
    server.instead = ({ url }, response) => {
      const odd = [['ok'], 'x', [5], ['..'], ['a', 'b'], null, ['x'.repeat(2000)]]
      response.end(JSON.stringify(url?.includes('config') ? {} : { namespaces: odd }))
    }
    assert.deepEqual(await client.rows('SHOW DATABASES FROM r'), [['information_schema'], ['ok']])
    server.instead = (_, response) => {
      const piece = ' '.repeat(1024 * 1024)
      const more = (): void => {
        if (!response.destroyed) response.write(piece, () => setImmediate(more))
      }
      more()
    }
    assert.match((await client.refusal('SHOW DATABASES FROM r')).message, /is longer than/)
  },
)
