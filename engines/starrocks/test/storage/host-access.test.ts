import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDuck } from '../../src/storage/duck.ts'
import { escapes } from '../support/escape.ts'
import { limits, testClient, testDirectory } from '../support/open-engine.ts'

/** What would reach files, the environment, settings or DuckDB's own catalog if anything let it through. */
const attempts = (file: string): readonly string[] => [
  `SELECT * FROM read_csv('${file}')`,
  `SELECT * FROM read_csv_auto('${file}')`,
  `SELECT * FROM read_text('${file}')`,
  `SELECT * FROM read_blob('${file}')`,
  `SELECT * FROM read_json('${file}')`,
  `SELECT * FROM read_parquet('${file}')`,
  `SELECT * FROM parquet_scan('${file}')`,
  `SELECT * FROM TABLE(read_text('${file}'))`,
  `SELECT * FROM glob('/*')`,
  `SELECT * FROM sniff_csv('${file}')`,
  `SELECT * FROM '${file}'`,
  `SELECT * FROM "${file}"`,
  `SELECT * FROM \`${file}\``,
  `SELECT * FROM FILES('path' = '${file}', 'format' = 'csv')`,
  `INSERT INTO FILES('path' = '${file}.out', 'format' = 'csv') SELECT 1`,
  `SELECT 1 INTO OUTFILE '${file}.out'`,
  `COPY t TO '${file}.out'`,
  `COPY t FROM '${file}'`,
  `COPY (SELECT 1) TO '${file}.out'`,
  `EXPORT DATABASE '${file}.out'`,
  `EXPORT TABLE t TO '${file}.out'`,
  `IMPORT DATABASE '${file}'`,
  `LOAD DATA LOCAL INFILE '${file}' INTO TABLE t`,
  `ATTACH '${file}.db'`,
  `ATTACH ':memory:' AS m`,
  'DETACH instance',
  'INSTALL httpfs',
  'LOAD httpfs',
  'PRAGMA database_list',
  'PRAGMA enable_external_access',
  'CALL pragma_database_size()',
  'SET enable_external_access = true',
  'SET GLOBAL enable_external_access = true',
  "SET memory_limit = '100GB'",
  'SET threads = 64',
  "SET temp_directory = '/tmp'",
  'RESET memory_limit',
  'CHECKPOINT',
  'FORCE CHECKPOINT',
  'VACUUM',
  "SELECT getenv('HOME')",
  "SELECT current_setting('temp_directory')",
  'SELECT * FROM duckdb_tables()',
  'SELECT * FROM duckdb_settings()',
  'SELECT * FROM duckdb_secrets()',
  'SELECT * FROM duckdb_functions()',
  'SELECT * FROM duckdb_databases()',
  'SELECT * FROM duckdb_tables',
  'SELECT * FROM pragma_database_size()',
  'SELECT * FROM pg_catalog.pg_tables',
  'SELECT * FROM pg_tables',
  'SELECT * FROM sqlite_master',
  'SELECT * FROM emrys.object',
  'SELECT * FROM `emrys`.`object`',
  'SELECT * FROM "emrys"."object"',
  'SELECT * FROM instance.emrys.object',
  'SELECT * FROM default_catalog.emrys.object',
  'SELECT * FROM data.t10001',
  'SELECT * FROM main.t',
  'SELECT * FROM temp.main.t',
  'DELETE FROM emrys.object WHERE 1 = 1',
  'INSERT INTO emrys.object VALUES (1)',
  'DROP TABLE emrys.object',
  'TRUNCATE TABLE emrys.load',
  'CREATE TABLE emrys.x (a INT)',
  'CREATE TABLE information_schema.x (a INT)',
  'CREATE DATABASE information_schema',
  'DROP DATABASE information_schema',
  'CREATE SECRET s (TYPE s3)',
  "CREATE FUNCTION f(INT) RETURNS INT PROPERTIES ('symbol' = 'x', 'file' = 'http://localhost/x.jar')",
  'CREATE MACRO f(a) AS a',
  'CREATE SEQUENCE q',
  'CREATE TYPE x AS INT',
  "SELECT query_table('t')",
  "SELECT * FROM query('SELECT 42')",
  "SELECT * FROM query_table('emrys.object')",
  'SELECT * FROM range(10)',
  'SELECT * FROM repeat_row(1, num_rows = 3)',
  'SELECT * FROM test_all_types()',
  "SELECT add_parquet_key('a', 'b')",
  "SELECT nextval('data.s10001')",
  "SELECT error('x')",
  'SELECT * FROM t WHERE k = 1; PRAGMA version',
  "SELECT set_config('a', 'b')",
  'SELECT * FROM t AS OF 1',
  "SELECT write_log('x')",
  "SELECT * FROM summary('t')",
]

test('no statement reaches the host, DuckDB’s settings or its catalog', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'emrys-host-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'secret.csv')
  await writeFile(file, 'k,v\n1,treasure\n')
  const { client } = await testClient(t)
  await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  await client.run('INSERT INTO t VALUES (1)')
  const list = attempts(file)
  for (const sql of list) {
    const error = await client.refusal(sql)
    assert.doesNotMatch(error.message, /treasure/, sql)
  }
  assert.ok(list.length > 80)
  assert.equal(existsSync(`${file}.out`), false)
  assert.equal(existsSync(`${file}.db`), false)
  assert.deepEqual(await client.rows('SELECT k FROM t'), [[1]])
})

test('DuckDB itself refuses the host even to a statement that got through', async (t) => {
  const duck = await openDuck(await testDirectory(t), limits)
  const link = await duck.connect()
  for (const sql of [...escapes, 'LOAD httpfs']) await assert.rejects(link.run(sql), sql)
  await link.close()
  await duck.close()
})
