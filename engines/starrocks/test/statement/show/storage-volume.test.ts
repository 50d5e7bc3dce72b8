import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucket, memoryStore } from '../../support/memory-store.ts'
import { connect, identity, testClient, testEngine } from '../../support/open-engine.ts'

test('an instance of shared_data has one storage volume: where its data are kept, and its local disk where there is no store', async (t) => {
  const { client } = await testClient(t)
  assert.deepEqual(await client.rows('SHOW STORAGE VOLUMES'), [['builtin_storage_volume']])
  assert.deepEqual(await client.rows("SHOW STORAGE VOLUMES LIKE 'x%'"), [])
  const { columns, rows } = await client.run("DESC STORAGE VOLUME 'builtin_storage_volume'")
  assert.deepEqual(columns, [
    'Name',
    'Type',
    'IsDefault',
    'Location',
    'Params',
    'Enabled',
    'Comment',
  ])
  const local = 'the local disk: the instance has no object storage'
  assert.deepEqual(rows, [
    ['builtin_storage_volume', 'LOCAL', 'true', 'file:///', '{}', 'true', local],
  ])

  const store = await memoryStore(t)
  const { endpoint } = store
  const key = { keyId: 'id', secret: 'hidden' }
  const engine = await testEngine(t, {
    volume: { endpoint, region: 'r', bucket, prefix: 'i-1/', key },
  })
  const kept = await connect(engine)
  const params = `{"aws.s3.region":"r","aws.s3.endpoint":"${endpoint}"}`
  assert.deepEqual(await kept.rows('DESC STORAGE VOLUME builtin_storage_volume'), [
    ['builtin_storage_volume', 'S3', 'true', `oss://${bucket}/i-1`, params, 'true', ''],
  ])
  await kept.run(
    'CREATE DATABASE d; CREATE TABLE d.t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
  )
  const [[, text] = []] = await kept.rows('SHOW CREATE TABLE d.t')
  assert.match(String(text), /"storage_volume" = "builtin_storage_volume"/)
})

test('an instance of shared_nothing has no storage volume, and tables lie in no other one', async (t) => {
  const nodes = identity.nodes.filter(({ role }) => role !== 'cn')
  const nothing = await testClient(t, { identity: { ...identity, nodes } })
  assert.deepEqual(await nothing.client.rows('SHOW STORAGE VOLUMES'), [])
  const unknown = await nothing.client.refusal('DESC STORAGE VOLUME builtin_storage_volume')
  assert.match(unknown.message, /Unknown storage volume: builtin_storage_volume\.$/)

  const { client } = await testClient(t)
  const table = (name: string, volume: string) =>
    `CREATE TABLE ${name} (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k) PROPERTIES ("storage_volume" = "${volume}")`
  await client.run(table('a', 'default'))
  await client.run(table('b', 'builtin_storage_volume'))
  assert.equal((await client.refusal(table('c', 'x'))).message, 'Unknown storage volume "x"')
  const view = `CREATE MATERIALIZED VIEW v REFRESH MANUAL PROPERTIES ("storage_volume" = "x") AS SELECT k FROM a`
  assert.equal((await client.refusal(view)).message, 'Unknown storage volume "x"')
})

test('who may not, changes no storage volume; a key in such a statement is not listed', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run("CREATE USER rose IDENTIFIED BY '123456'")
  const rose = await connect(engine, 'rose')
  for (const statement of [
    'DROP STORAGE VOLUME builtin_storage_volume',
    'SET builtin_storage_volume AS DEFAULT STORAGE VOLUME',
    'ALTER STORAGE VOLUME builtin_storage_volume SET ("enabled" = "false")',
    `CREATE STORAGE VOLUME v TYPE = S3 LOCATIONS = ('s3://x')`,
  ])
    assert.match((await rose.refusal(statement)).message, /Access denied/)
  const text = `CREATE STORAGE VOLUME IF NOT EXISTS v type = s3 LOCATIONS = ('s3://x', 's3://y') COMMENT 'c' PROPERTIES ("aws.s3.secret_key" = "hidden")`
  assert.match((await client.refusal(text)).message, /^CREATE STORAGE VOLUME/)
  const exists = 'CREATE STORAGE VOLUME builtin_storage_volume TYPE = S3 LOCATIONS = ("s3://x")'
  assert.match(
    (await client.refusal(exists)).message,
    /^Storage volume 'builtin_storage_volume' already exists$/,
  )
})

test('an instance without compute nodes, or without a store, makes no storage volume', async (t) => {
  const text = `CREATE STORAGE VOLUME x TYPE = S3 LOCATIONS = ('s3://b/x')
    PROPERTIES ("aws.s3.use_instance_profile" = "true")`
  const nodes = identity.nodes.filter(({ role }) => role !== 'cn')
  for (const options of [{}, { identity: { ...identity, nodes } }]) {
    const { client } = await testClient(t, options)
    assert.match(
      (await client.refusal(text)).message,
      /^CREATE STORAGE VOLUME \(the instance has no object storage\) is not supported/,
    )
  }
})
