/** Storage volumes in a real server of the S3 protocol, whose buckets are folders: the bytes of each table are in its own volume's. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cachedModule } from '../../../../test/support/engine/module.ts'
import { objectStoreServer } from '../../../../test/support/engine/object-store.ts'
import { skipWithoutObjects } from '../support/object-client.ts'
import { connect, identity, testDirectory, testEngine } from '../support/open-engine.ts'

const RIGHTS = ['read', 'write', 'list'] as const

test(
  'rows of tables in several volumes are in the buckets of these, and come back onto an empty disk',
  { skip: skipWithoutObjects },
  async (t) => {
    const { endpoint, region, keyId, secret, directory } = await objectStoreServer(t, [
      'own',
      'bucket-a',
      'bucket-b',
    ])
    const options = {
      volume: { endpoint, region, bucket: 'own', prefix: 'i/', key: { keyId, secret } },
      protection: {
        modules: [cachedModule('httpfs') ?? ''],
        objects: {
          endpoint,
          region,
          prefixes: [
            { name: 'oss://bucket-a/', rights: RIGHTS },
            { name: 'oss://bucket-b/deep/er/', rights: RIGHTS },
          ],
        },
      },
    }
    const bucketsWith = (text: string) =>
      readdirSync(directory)
        .filter((bucket) =>
          readdirSync(join(directory, bucket), { recursive: true, encoding: 'utf8' })
            .map((name) => join(directory, bucket, name))
            .some((path) => statSync(path).isFile() && readFileSync(path).includes(text)),
        )
        .sort()
    const at = await testDirectory(t)
    const engine = await testEngine(t, { directory: at, ...options })
    const client = await connect(engine)
    for (const [name, location] of [
      ['a', 's3://bucket-a'],
      ['b', 's3://bucket-b/deep/er'],
    ])
      await client.run(`CREATE STORAGE VOLUME ${name} TYPE = S3 LOCATIONS = ("${location}")
        PROPERTIES ("aws.s3.use_instance_profile" = "true")`)
    await client.run('CREATE DATABASE d PROPERTIES ("storage_volume" = "a")')
    await client.run('CREATE TABLE d.ta AS SELECT "words-of-a" AS v')
    await client.run(`CREATE TABLE d.tb PROPERTIES ("storage_volume" = "b")
      AS SELECT generate_series AS k, md5(generate_series) AS v
      FROM TABLE(generate_series(1, 200000))`)
    await client.run(`INSERT INTO d.tb VALUES (0, 'words-of-b-')`)
    await client.run(`CREATE TABLE d.to PROPERTIES ("storage_volume" = "builtin_storage_volume")
      AS SELECT "words-of-own" AS v`)
    assert.deepEqual(bucketsWith('words-of-a'), ['bucket-a'])
    assert.deepEqual(bucketsWith('words-of-b-'), ['bucket-b'])
    assert.deepEqual(bucketsWith('words-of-own'), ['own'])
    const below = readdirSync(join(directory, 'bucket-b', 'deep', 'er'))
    assert.deepEqual(below, [identity.instance])
    // What the engine keeps of volumes on its own disk is reached by no statement.
    for (const path of [`${at}/volume/vol10005/vol10005.duckdb`, `file://${at}/volume/*`]) {
      const read = `SELECT * FROM FILES ("path" = "${path}", "format" = "csv")`
      assert.match((await client.refusal(read)).message, /invalid path|is not of an object storage/)
    }
    await engine.close()
    const next = await connect(await testEngine(t, options))
    assert.deepEqual(await next.rows('SELECT v FROM d.ta UNION ALL SELECT v FROM d.to'), [
      ['words-of-a'],
      ['words-of-own'],
    ])
    assert.deepEqual(await next.rows('SELECT count(*), count(DISTINCT v) FROM d.tb'), [
      [200_001, 200_001],
    ])
    await next.run('DROP DATABASE d FORCE; DROP STORAGE VOLUME a; DROP STORAGE VOLUME b')
    assert.deepEqual(bucketsWith('words-of-a'), [])
    assert.deepEqual(bucketsWith('words-of-b-'), [])
  },
)
