/** What an instance begins with: made once, kept over restarts, and left as its clients leave it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GivenObjects } from '../../src/engine/given-object.ts'
import { verifierOf } from '../../src/statement/account/user.ts'
import { connect, identity, testDirectory, testEngine, letsIn } from '../support/open-engine.ts'

const HADOOP = { type: 'iceberg', 'iceberg.catalog.type': 'hadoop' }
const given: GivenObjects = {
  catalogs: [
    { name: 'ice', properties: { ...HADOOP, 'iceberg.catalog.warehouse': 'oss://bucket-a/ice/' } },
    { name: 'pai', properties: { type: 'paimon' } },
  ],
  users: [{ name: 'analyst', catalogs: ['ice'] }],
}
const admin = { ...identity, adminVerifier: Buffer.from(verifierOf('Secret-1'), 'hex') }

test('catalogs and a user are there at the first start, with the rights to read, and stay over the next', async (t) => {
  const directory = await testDirectory(t)
  for (let start = 1; start <= 2; start++) {
    const engine = await testEngine(t, { directory, given, identity: admin })
    const client = await connect(engine)
    assert.deepEqual((await client.rows('SHOW CATALOGS')).slice(1), [
      ['ice', 'Iceberg', null],
      [
        'pai',
        'Paimon',
        "Nothing of it can be read here: no module reads catalogs of type 'paimon'",
      ],
    ])
    assert.match(
      (await client.refusal('SELECT * FROM pai.a.b')).message,
      /^Reading the catalog 'pai' \(no module reads catalogs of type 'paimon'\)/,
    )
    assert.ok((await client.rows('SHOW USERS')).some(([name]) => name === "'analyst'@'%'"))
    assert.deepEqual(
      (await client.rows('SHOW GRANTS FOR analyst')).map(([, , text]) => text),
      [
        "GRANT USAGE ON CATALOG ice TO USER 'analyst'@'%'",
        "GRANT SELECT ON ALL TABLES IN ALL DATABASES IN CATALOG ice TO USER 'analyst'@'%'",
      ],
    )
    assert.equal(await letsIn(engine, 'analyst', 'Secret-1'), true)
    assert.equal(await letsIn(engine, 'analyst', ''), false)
    const analyst = await connect(engine, 'analyst')
    await analyst.run('SET CATALOG ice')
    // Allowed: what is refused is that there is no object storage.
    assert.match((await analyst.refusal('SELECT * FROM a.b')).message, /no object storage/)
    assert.equal((await analyst.refusal('SELECT * FROM pai.a.b')).errno, 5203)
    assert.equal((await analyst.refusal('CREATE USER x')).errno, 5203)
    await engine.close()
  }
})

test('what a client changed or dropped stays so, and what a client made before is kept', async (t) => {
  const directory = await testDirectory(t)
  const before = await testEngine(t, { directory })
  await (await connect(before)).run("CREATE USER analyst IDENTIFIED BY 'own'")
  await before.close()
  const first = await testEngine(t, { directory, given, identity: admin })
  assert.equal(await letsIn(first, 'analyst', 'own'), true)
  await (await connect(first)).run('DROP CATALOG ice; DROP USER analyst')
  await first.close()
  const next = await testEngine(t, { directory, given, identity: admin })
  const client = await connect(next)
  assert.deepEqual(
    (await client.rows('SHOW CATALOGS')).map(([name]) => name),
    ['default_catalog', 'pai'],
  )
  assert.equal((await client.refusal('SHOW GRANTS FOR analyst')).errno, 1396)
})

test('root and admin are given to nobody', async (t) => {
  const users = [{ name: 'admin', catalogs: [] }]
  const engine = await testEngine(t, { given: { catalogs: [], users }, identity: admin })
  const client = await connect(engine)
  assert.deepEqual(await client.rows('SELECT current_role()'), [['root']])
})
