/** Catalogs whose server demands a token: who gets the credential, how long a token is used, and that neither is shown or lies open. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { lakeClient, skipWithoutLake as skip } from '../support/lake-client.ts'
import { restCatalogServer } from '../support/rest-catalog.ts'

const PARTS = 's3://bucket-a/ice/sales/parts/metadata/v6.metadata.json'
const CREDENTIAL = 'client-1:Needle-Secret'

async function stage(t: TestContext, isEncrypted = true) {
  const server = await restCatalogServer(t, { 'sales.parts': PARTS })
  server.demanded = { credential: CREDENTIAL, seconds: 3600 }
  const opened = await lakeClient(t, { icebergRest: [server.uri], isEncrypted })
  const create = (name: string, more: string) =>
    `CREATE EXTERNAL CATALOG ${name} PROPERTIES ("type" = "iceberg", "iceberg.catalog.type" = "rest", "iceberg.catalog.uri" = "${server.uri}"${more})`
  const tokenRequests = () => server.asked.filter((line) => line.startsWith('POST ')).length
  return { ...opened, server, create, tokenRequests }
}

test('a credential gets a token, which is used until it ends', { skip }, async (t) => {
  const { client, server, create, tokenRequests } = await stage(t)
  await client.run(
    create(
      'r',
      `, "iceberg.catalog.security" = "oauth2", "iceberg.catalog.credential" = "${CREDENTIAL}"`,
    ),
  )
  assert.deepEqual(await client.rows('SHOW TABLES FROM r.sales'), [['parts']])
  assert.deepEqual(await client.rows('SELECT count(*) FROM r.sales.parts'), [[3]])
  assert.equal(tokenRequests(), 1)
  // Taken back by the server: another one is asked for once.
  server.tokens.delete('token-1')
  server.tokens.add('x')
  assert.deepEqual(await client.rows('SHOW TABLES FROM r.sales'), [['parts']])
  assert.equal(tokenRequests(), 2)
  const [[, shown]] = (await client.rows('SHOW CREATE CATALOG r')) as [[string, string]]
  assert.match(shown, /"iceberg.catalog.credential" {2}= {2}"cl\*{6}et"/)
  server.demanded = { credential: 'client-1:another', seconds: 3600 }
  server.tokens.clear()
  const { message } = await client.refusal('SHOW TABLES FROM r.sales')
  assert.match(message, /gives no token for the credential \(status 401\)/)
  assert.doesNotMatch(message, /Needle/)
})

test('a token is sent as it is, and refused when it opens nothing', { skip }, async (t) => {
  const { client, server, create, tokenRequests } = await stage(t)
  server.tokens.add('Needle-Token')
  await client.run(create('r', ', "iceberg.catalog.oauth2.token" = "Needle-Token"'))
  assert.deepEqual(await client.rows('SHOW TABLES FROM r.sales'), [['parts']])
  server.tokens.clear()
  const { message } = await client.refusal('SHOW TABLES FROM r.sales')
  assert.match(message, /answers with the status 401/)
  assert.equal(tokenRequests(), 0)
  server.demanded = undefined
  server.config = { defaults: { prefix: 'no/such' } }
  await client.run(create('p', ', "iceberg.catalog.prefix" = "ws/one"'))
  assert.deepEqual(await client.rows('SHOW TABLES FROM p.sales'), [['parts']])
})

test(
  'a secret goes to no other server, and is kept on encrypted instances only',
  { skip },
  async (t) => {
    const { client, server, create } = await stage(t)
    const given = `, "iceberg.catalog.credential" = "${CREDENTIAL}"`
    for (const [more, why] of [
      [
        `${given}, "iceberg.catalog.oauth2-server-uri" = "http://127.0.0.1:1/token"`,
        /may not connect/,
      ],
      [`${given}, "iceberg.catalog.oauth2-server-uri" = "${server.uri}/../x"`, /may not connect/],
      [`${given}, "iceberg.catalog.oauth2-server-uri" = "${server.uri}@x/y"`, /may not connect/],
      [`${given}, "iceberg.catalog.security" = "none"`, /contradicts/],
      [`${given}, "iceberg.catalog.security" = "sigv4"`, /is not supported/],
      [', "iceberg.catalog.security" = "oauth2"', /needs "iceberg.catalog.oauth2.token"/],
      [', "iceberg.catalog.token" = "a\r\nb"', /holds what no token may hold/],
    ] as const)
      assert.match((await client.refusal(create('x', more))).message, why, more)
    assert.deepEqual(server.asked, [])
    const open = await stage(t, false)
    const { message } = await open.client.refusal(open.create('x', given))
    assert.match(message, /"iceberg.catalog.credential" of an instance that is not encrypted/)
  },
)
