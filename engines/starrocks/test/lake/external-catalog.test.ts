/** External catalogs as objects of the engine: what they are called, who may see them, and that they are kept. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect, testClient, testDirectory, testEngine } from '../support/open-engine.ts'

const HADOOP = `"type" = "iceberg", "iceberg.catalog.type" = "hadoop", "iceberg.catalog.warehouse" = "oss://bucket-a/ice"`

test('a catalog is created, listed, shown and dropped with StarRocks’ texts', async (t) => {
  const { client } = await testClient(t)
  await client.run(`CREATE EXTERNAL CATALOG ice COMMENT "of \\"others\\"" PROPERTIES (${HADOOP})`)
  assert.deepEqual(await client.rows('SHOW CATALOGS'), [
    [
      'default_catalog',
      'Internal',
      "An internal catalog contains this cluster's self-managed tables.",
    ],
    ['ice', 'Iceberg', 'of "others"'],
  ])
  assert.deepEqual(await client.rows('SHOW CREATE CATALOG ice'), [
    [
      'ice',
      'CREATE EXTERNAL CATALOG `ice`\ncomment "of \\"others\\""\nPROPERTIES ("type"  =  "iceberg",\n"iceberg.catalog.type"  =  "hadoop",\n"iceberg.catalog.warehouse"  =  "oss://bucket-a/ice"\n)',
    ],
  ])
  assert.deepEqual(await client.rows('SHOW CREATE CATALOG default_catalog'), [])
  const again = await client.refusal(`CREATE EXTERNAL CATALOG ice PROPERTIES (${HADOOP})`)
  assert.deepEqual([again.errno, again.message], [5700, "Catalog 'ice' already exists"])
  await client.run(`CREATE EXTERNAL CATALOG IF NOT EXISTS ice PROPERTIES (${HADOOP})`)
  await client.run('DROP CATALOG ice')
  await client.run('DROP CATALOG IF EXISTS ice')
  const gone = await client.refusal('DROP CATALOG ice')
  assert.deepEqual([gone.errno, gone.message], [5078, "Unknown catalog 'ice'"])
  assert.equal((await client.refusal('SELECT * FROM ice.a.b')).errno, 5078)
  assert.equal((await client.refusal('SHOW CREATE CATALOG ice')).errno, 5078)
})

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['`1x`', HADOOP, /^Incorrect catalog name '1x'$/],
  ['default_catalog', HADOOP, /can't be the same as internal catalog name 'default_catalog'/],
  ['c', '"x" = "y"', /'type' can not be null or empty/],
  ['c', '"type" = "oracle"', /\[type : oracle\] is not supported/],
  ['c', '"type" = "iceberg"', /You must specify the 'iceberg.catalog.type' property/],
  ['c', `${HADOOP}, "aws.s3.access_key" = "x"`, /^The property "aws.s3.access_key" of a catalog/],
  ['c', `${HADOOP}, "enable_iceberg_metadata_cache" = "true"`, /^The property "enable_iceberg/],
]

test('what makes no catalog is refused by name', async (t) => {
  const { client } = await testClient(t)
  for (const [name, properties, message] of wrong)
    assert.match(
      (await client.refusal(`CREATE EXTERNAL CATALOG ${name} PROPERTIES (${properties})`)).message,
      message,
    )
  assert.match(
    (await client.refusal('DROP CATALOG default_catalog')).message,
    /Can't drop the default internal catalog/,
  )
})

test('a catalog that no module reads says so, keeps no secret, and refuses queries by name', async (t) => {
  const directory = await testDirectory(t)
  const { client } = await testClient(t, { directory })
  const created = await client.run(
    'CREATE EXTERNAL CATALOG j PROPERTIES ("type" = "jdbc", "user" = "u", "password" = "Needle-1", "aws.s3.secret_key" = "Needle-2", "jdbc_uri" = "jdbc:mysql://h")',
  )
  assert.equal(created.warnings, 1)
  const [[, , warning]] = (await client.rows('SHOW WARNINGS')) as [[unknown, unknown, string]]
  assert.match(warning, /no module reads catalogs of type 'jdbc'/)
  const [[, text]] = (await client.rows('SHOW CREATE CATALOG j')) as [[unknown, string]]
  assert.match(text, /"aws.s3.secret_key" {2}= {2}"Ne\*{6}-2"/)
  assert.doesNotMatch(text, /password|eedle/)
  assert.match(
    (await client.refusal('SELECT * FROM j.a.b')).message,
    /^Reading the catalog 'j' \(no module/,
  )
  assert.match((await client.refusal('SHOW DATABASES FROM j')).message, /^Reading the catalog 'j'/)
  for (const name of readdirSync(directory).filter((each) => each.startsWith('instance')))
    assert.equal(readFileSync(join(directory, name)).includes('Needle'), false, name)
  for (const type of ['hudi', 'paimon', 'es', 'odps', 'kudu', 'unified'])
    await client.run(`CREATE EXTERNAL CATALOG c_${type} PROPERTIES ("type" = "${type}")`)
  for (const kind of ['rest', 'glue', 'hive'])
    await client.run(
      `CREATE EXTERNAL CATALOG i_${kind} PROPERTIES ("type" = "iceberg", "iceberg.catalog.type" = "${kind}")`,
    )
  assert.match(
    (await client.refusal('SELECT * FROM i_glue.a.b')).message,
    /no module reads "iceberg.catalog.type" = "glue"/,
  )
  assert.match(
    (await client.refusal('SELECT * FROM i_rest.a.b')).message,
    /it needs "iceberg.catalog.uri" = /,
  )
})

test('ALTER CATALOG changes nothing that would have no effect', async (t) => {
  const { client } = await testClient(t)
  await client.run(`CREATE EXTERNAL CATALOG ice PROPERTIES (${HADOOP})`)
  const refusal = async (name: string) =>
    (await client.refusal(`ALTER CATALOG ice SET ("${name}" = "x")`)).message
  assert.match(await refusal('comment'), /Not support alter catalog property comment/)
  assert.match(await refusal('ranger.plugin.hive.service.name'), /is not supported by this engine/)
  assert.equal((await client.refusal('ALTER CATALOG x SET ("a" = "b")')).errno, 5078)
})

test('the session’s catalog is where names are looked for, and is left again', async (t) => {
  const { client } = await testClient(t)
  await client.run(`CREATE EXTERNAL CATALOG ice PROPERTIES (${HADOOP})`)
  await client.run('SET CATALOG ice')
  assert.deepEqual(await client.rows('SELECT catalog(), database()'), [['ice', '']])
  assert.equal((await client.refusal('SELECT * FROM t')).errno, 1046)
  for (const sql of [
    'CREATE DATABASE x',
    'CREATE TABLE a.t (k INT)',
    'DROP TABLE a.t',
    'INSERT INTO a.t VALUES (1)',
    'SHOW TABLE STATUS FROM a',
  ])
    assert.match(
      (await client.refusal(sql)).message,
      /in an external catalog is not supported/,
      sql,
    )
  assert.deepEqual(await client.rows('SELECT 1'), [[1]])
  await client.run(
    'CREATE TABLE default_catalog.d.t (k INT) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k)',
  )
  assert.deepEqual(await client.rows('SELECT count(*) FROM default_catalog.d.t'), [[0]])
  await client.run('USE default_catalog.d')
  assert.deepEqual(await client.rows('SELECT catalog(), default_catalog.d.t.k FROM t'), [])
  await client.run("USE 'catalog ice'")
  await client.run('DROP CATALOG ice')
  assert.equal((await client.refusal('SHOW TABLES FROM a')).errno, 5078)
  await client.run('SET CATALOG default_catalog')
})

test('partitions are shown of the engine’s own tables only, as StarRocks does', async (t) => {
  const { client } = await testClient(t)
  await client.run(`CREATE EXTERNAL CATALOG ice PROPERTIES (${HADOOP})`)
  const none = await client.refusal('SHOW PARTITIONS FROM ice.sales.orders')
  assert.deepEqual([none.errno, none.message], [1049, "Unknown database 'sales'"])
  await client.run('SET CATALOG ice')
  assert.match(
    (await client.refusal('SHOW TEMPORARY PARTITIONS FROM d.orders')).message,
    /Table\[orders\] does not exists or is not OLAP table/,
  )
})

test('each privilege is demanded, and grants outside are none inside', async (t) => {
  const { client, engine } = await testClient(t)
  await client.run(`CREATE USER u; CREATE EXTERNAL CATALOG ice PROPERTIES (${HADOOP})`)
  const u = await connect(engine, 'u')
  const denied = async (sql: string, label: RegExp) => {
    const { errno, message } = await u.refusal(sql)
    assert.equal(errno, 5203, sql)
    assert.match(message, label, sql)
  }
  await denied(
    `CREATE EXTERNAL CATALOG x PROPERTIES (${HADOOP})`,
    /CREATE EXTERNAL CATALOG privilege\(s\) on SYSTEM/,
  )
  await denied('DROP CATALOG ice', /DROP privilege\(s\) on CATALOG ice/)
  await denied('ALTER CATALOG ice SET ("a" = "b")', /ALTER privilege\(s\) on CATALOG ice/)
  await denied('SET CATALOG ice', /ANY privilege\(s\) on CATALOG ice/)
  await denied('SHOW CREATE CATALOG ice', /ANY/)
  await denied('SELECT * FROM ice.a.b', /SELECT privilege\(s\) on TABLE b/)
  assert.equal((await u.rows('SHOW CATALOGS')).length, 1)
  await client.run('GRANT SELECT ON ALL TABLES IN ALL DATABASES TO USER u')
  await denied('SELECT * FROM ice.a.b', /SELECT/)
  await client.run('GRANT USAGE ON CATALOG default_catalog TO USER u')
  await denied('SET CATALOG ice', /ANY/)
  await client.run('GRANT USAGE ON CATALOG ice TO USER u; GRANT SELECT ON TABLE ice.a.b TO USER u')
  await u.run('SET CATALOG ice')
  // Allowed: what is refused now is that there is no object storage.
  assert.match((await u.refusal('SELECT * FROM ice.a.b')).message, /no object storage/)
  await denied('SELECT * FROM ice.a.c', /SELECT/)
  assert.deepEqual(
    (await client.rows('SHOW GRANTS FOR u')).map(([, , text]) => text),
    [
      "GRANT SELECT ON ALL TABLES IN ALL DATABASES TO USER 'u'@'%'",
      "GRANT USAGE ON CATALOG default_catalog TO USER 'u'@'%'",
      "GRANT USAGE ON CATALOG ice TO USER 'u'@'%'",
      "GRANT SELECT ON TABLE ice.a.b TO USER 'u'@'%'",
    ],
  )
  await client.run(
    'REVOKE SELECT ON TABLE ice.a.b FROM USER u; GRANT DROP ON CATALOG ice TO USER u',
  )
  await denied('SELECT * FROM ice.a.b', /SELECT/)
  await client.run('SET CATALOG ice; GRANT SELECT ON ALL TABLES IN DATABASE a TO USER u')
  assert.match((await u.refusal('SELECT * FROM ice.a.c')).message, /no object storage/)
  await u.run('DROP CATALOG ice')
})

test('catalogs outlive the engine', async (t) => {
  const directory = await testDirectory(t)
  const { client, engine } = await testClient(t, { directory })
  await client.run(`CREATE EXTERNAL CATALOG ice PROPERTIES (${HADOOP})`)
  await engine.close()
  const again = await connect(await testEngine(t, { directory }))
  assert.equal((await again.rows('SHOW CATALOGS')).length, 2)
})
