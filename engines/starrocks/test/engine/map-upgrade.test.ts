import { DuckDBInstance } from '@duckdb/node-api'
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect, testDirectory, testEngine } from '../support/open-engine.ts'

test('maps that an earlier version stored with plain keys are read as they were', async (t) => {
  const directory = await testDirectory(t)
  const first = await testEngine(t, { directory })
  const before = await connect(first)
  await before.run(`CREATE DATABASE d; USE d;
    CREATE TABLE m (k INT, a MAP<INT, STRING>, b ARRAY<MAP<STRING, INT>>, c STRUCT<x MAP<INT, MAP<INT, INT>>>)
    DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
    INSERT INTO m VALUES (1, map{1: 'x'}, [map{'y': 2}, NULL], row(map{3: map{4: 5}})), (2, NULL, NULL, NULL)`)
  const rows = await before.rows('SELECT * FROM m ORDER BY k')
  await first.close()

  const duck = await DuckDBInstance.create(join(directory, 'instance.duckdb'))
  const raw = await duck.connect()
  const [name] = (
    await raw.runAndReadAll(
      "SELECT 'data.' || table_name FROM duckdb_columns() WHERE column_name = 'c' AND schema_name = 'data'",
    )
  ).getRows()[0] as [string]
  await raw.run(`CREATE TABLE old AS SELECT k,
    map_from_entries(list_transform(map_entries(a), lambda e: struct_pack(k := e.key.k, v := e.value))) AS a,
    list_transform(b, lambda m: map_from_entries(list_transform(map_entries(m), lambda e: struct_pack(k := e.key.k, v := e.value)))) AS b,
    CASE WHEN c IS NOT NULL THEN struct_pack(x := map([3], [map([4], [5])])) END AS c FROM ${name}`)
  await raw.run(`DROP TABLE ${name}; CREATE TABLE ${name} AS SELECT * FROM old; DROP TABLE old`)
  raw.closeSync()
  duck.closeSync()

  for (let opening = 0; opening < 2; opening++) {
    const again = await testEngine(t, { directory })
    const client = await connect(again, 'admin', 'd')
    assert.deepEqual(await client.rows('SELECT * FROM m ORDER BY k'), rows)
    await client.run('INSERT INTO m VALUES (3, map{NULL: NULL}, NULL, NULL)')
    assert.deepEqual(await client.rows('SELECT DISTINCT a FROM m WHERE k = 3'), [['{null:null}']])
    await client.run('TRUNCATE TABLE m')
    await client.run(
      "INSERT INTO m VALUES (1, map{1: 'x'}, [map{'y': 2}, NULL], row(map{3: map{4: 5}})), (2, NULL, NULL, NULL)",
    )
    await again.close()
  }
})
