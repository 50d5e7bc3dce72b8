/** What a module of DuckDB opens, and what stays shut: the rest of `host-access.test.ts`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cachedModule, skipWithout } from '../../../../test/support/engine/module.ts'
import { openDuck } from '../../src/storage/duck.ts'
import { escapes } from '../support/escape.ts'
import { limits, testDirectory } from '../support/open-engine.ts'

test(
  'of object storage only the buckets of the configuration stay open, and nothing of the host',
  { skip: skipWithout('httpfs') },
  async (t) => {
    const secret = 'Needle-of-a-secret'
    const duck = await openDuck(await testDirectory(t), limits, {
      modules: [cachedModule('httpfs') ?? ''],
      objects: {
        endpoint: 'http://127.0.0.1:1',
        region: 'r',
        prefixes: [{ name: 'oss://bucket-a/x/', rights: ['read'] }],
      },
    })
    await duck.objects.setKey({ keyId: 'id', secret })
    const link = await duck.connect()
    const fenced = /not reachable from SQL/
    for (const sql of escapes.filter((each) => !each.includes('getenv')))
      await assert.rejects(link.run(sql), sql)
    for (const sql of [
      "FROM read_text('s3://bucket-b/x')",
      "FROM read_text('s3://bucket-ab/x')",
      "FROM read_text('s3://bucket-a')",
      "FROM read_text('http://127.0.0.1:1/bucket-a/x')",
      "FROM read_text('https://bucket-a/x')",
      "FROM read_text('/etc/hosts')",
      "FROM glob('s3://bucket-b/**')",
      "COPY (SELECT 1) TO 's3://bucket-b/x.csv'",
      "ATTACH 's3://bucket-b/x.db'",
    ])
      await assert.rejects(link.run(sql), fenced, sql)
    // Within the fence only the network is in the way.
    await assert.rejects(link.run("FROM read_text('s3://bucket-a/x')"), (error: unknown) => {
      assert.doesNotMatch(String(error), fenced)
      assert.doesNotMatch(String(error), /127\.0\.0\.1/)
      return true
    })
    for (const sql of ['FROM duckdb_secrets()', 'FROM duckdb_settings()', 'FROM duckdb_logs()']) {
      const shown = JSON.stringify(await link.rows(sql), (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      )
      assert.ok(!shown.includes(secret), sql)
    }
    await link.close()
    await duck.close()
    const without = { endpoint: 'http://127.0.0.1:1', region: 'r', prefixes: [] }
    await assert.rejects(
      openDuck(await testDirectory(t), limits, {
        modules: [],
        objects: { ...without, prefixes: [{ name: 'oss://bucket-a/', rights: ['read'] }] },
      }),
      /object storage needs the module httpfs/,
    )
  },
)

test(
  'the same with a module and a key, neither of which opens a way or shows',
  { skip: skipWithout('httpfs') },
  async (t) => {
    const dataKey = Buffer.alloc(32, 5)
    const modules = [cachedModule('httpfs') ?? '']
    const duck = await openDuck(await testDirectory(t), limits, { modules, dataKey })
    const link = await duck.connect()
    const further = [
      "SELECT * FROM read_text('http://127.0.0.1:1/x')",
      "SELECT * FROM read_text('s3://bucket/x')",
      "LOAD '/tmp/x.duckdb_extension'",
      'SET temp_file_encryption = false',
    ]
    for (const sql of [...escapes, ...further]) await assert.rejects(link.run(sql), sql)
    for (const sql of ['FROM duckdb_databases()', 'FROM duckdb_settings()', 'FROM duckdb_logs()']) {
      const shown = JSON.stringify(await link.rows(sql), (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      )
      assert.ok(!shown.includes(dataKey.toString('base64')), sql)
    }
    await link.close()
    await duck.close()
  },
)
