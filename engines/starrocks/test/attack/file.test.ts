/** Files that somebody made to do harm: each is refused with a sentence, or read within the bounds, and the engine continues. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { skipWithout } from '../../../../test/support/engine/module.ts'
import { avroFile, avroOf } from '../support/avro.ts'
import { objectClient, skipWithoutObjects as skip } from '../support/object-client.ts'

type Opened = Awaited<ReturnType<typeof objectClient>>

const files = (name: string, format: string, more = '') =>
  `FILES('path' = 'oss://bucket-a/${name}', 'format' = '${format}'${more})`

/** Every statement that reads it: none may end the engine, show where it is or what it runs. */
async function attempts({ client }: Opened, name: string, format: string) {
  const path = `oss://bucket-a/${name}`
  const label = `l${name.replaceAll(/\W/g, '')}`
  const outcomes: string[] = []
  for (const sql of [
    `DESC ${files(name, format)}`,
    `SELECT * FROM ${files(name, format)}`,
    `SELECT count(*) FROM ${files(name, format)}`,
    `INSERT INTO t SELECT * FROM ${files(name, format)}`,
    `LOAD LABEL ${label} (DATA INFILE ('${path}') INTO TABLE t FORMAT AS '${format}' (k)) WITH BROKER`,
  ]) {
    const outcome = await client.run(sql).then(
      () => 'answered',
      (error: Error) => error.message,
    )
    assert.doesNotMatch(outcome, /127\.0\.0\.1|s3:\/\/|read_|INSTALL|Unknown error|DuckDB:/, sql)
    outcomes.push(outcome)
  }
  assert.deepEqual(await client.rows('SELECT 1'), [[1]])
  return outcomes
}

test(
  'malformed files are refused by what is wrong with them',
  { skip: skip || skipWithout('avro') },
  async (t) => {
    const opened = await objectClient(t, ['httpfs', 'avro'])
    const { client, put, names, store } = opened
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run(
      "INSERT INTO FILES('path' = 'oss://bucket-a/p/', 'format' = 'parquet') SELECT g AS k, [g] AS l, concat('x', g % 7) AS v FROM TABLE(generate_series(1, 300)) s(g)",
    )
    const parquet = readFileSync(join(store.directory, 'bucket-a/p', names('p')[0] ?? ''))
    const ended = (length: number) =>
      Buffer.concat([
        Buffer.from('PAR1'),
        Buffer.from(new Uint32Array([length]).buffer),
        Buffer.from('PAR1'),
      ])
    const broken: Readonly<Record<string, readonly [string, Uint8Array]>> = {
      'empty.parquet': ['parquet', Buffer.alloc(0)],
      'text.parquet': ['parquet', Buffer.from('k\n1\n')],
      'short.parquet': ['parquet', parquet.subarray(0, 200)],
      'huge-footer.parquet': ['parquet', ended(0xffffffff)],
      'far-footer.parquet': ['parquet', ended(1000)],
      'zero-footer.parquet': ['parquet', ended(0)],
      'zeros.parquet': [
        'parquet',
        Buffer.concat([
          parquet.subarray(0, 4),
          Buffer.alloc(parquet.length - 12),
          parquet.subarray(-8),
        ]),
      ],
      'empty.avro': ['avro', Buffer.alloc(0)],
      'short.avro': ['avro', avroFile.subarray(0, 60)],
      'text.avro': ['avro', Buffer.from('Obj\u0001{')],
      'empty.csv': ['csv', Buffer.alloc(0)],
      'not.csv.gz': ['csv', Buffer.from('no gzip')],
    }
    for (const [name, [format, content]] of Object.entries(broken)) {
      await put(name, content)
      for (const outcome of (await attempts(opened, name, format)).slice(0, 4)) {
        assert.notEqual(outcome, 'answered', `${name}: ${outcome}`)
        if (format === 'avro') assert.match(outcome, /a file of Avro is malformed$/)
      }
    }
    // DuckDB takes the end of what is there for the end of the file.
    await put('short.csv.gz', gzipSync('1\n'.repeat(100_000)).subarray(0, 100))
    await attempts(opened, 'short.csv.gz', 'csv')
    await put('many.avro', avroOf(2_000_000_000))
    await attempts(opened, 'many.avro', 'avro')
  },
)

test('bytes of a file that are changed at random end no engine', { skip }, async (t) => {
  const opened = await objectClient(t)
  const { client, put, names, store } = opened
  await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  await client.run(
    "INSERT INTO FILES('path' = 'oss://bucket-a/p/', 'format' = 'parquet', 'compression' = 'zstd') SELECT g AS k, [g] AS l, map{'a': g} AS m, row(g, 'z') AS s FROM TABLE(generate_series(1, 300)) s(g)",
  )
  const parquet = readFileSync(join(store.directory, 'bucket-a/p', names('p')[0] ?? ''))
  let seed = 7
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return (seed >>> 8) % below
  }
  for (let round = 0; round < 25; round++) {
    const changed = Buffer.from(parquet)
    for (let each = 0; each < 3; each++) changed[changed.length - 9 - next(800)] = next(256)
    await put(`r${round}.parquet`, changed)
    const outcome = await client.run(`SELECT * FROM ${files(`r${round}.parquet`, 'parquet')}`).then(
      () => 'answered',
      (error: Error) => error.message,
    )
    assert.doesNotMatch(
      outcome,
      /127\.0\.0\.1|s3:\/\/|Unknown error|Storage error: the data/,
      String(round),
    )
  }
  assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
})

test('what a small file becomes stays within the memory of the instance', { skip }, async (t) => {
  const opened = await objectClient(t)
  const { client, put } = opened
  await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  const before = process.memoryUsage.rss()
  const rows = Buffer.from('1\n'.repeat(5_000_000))
  await put('rows.csv.gz', gzipSync(rows, { level: 1 }))
  await put('rows.csv.zst', zstdCompressSync(rows))
  await put('line.csv.gz', gzipSync(Buffer.alloc(100_000_000, 'x'), { level: 1 }))
  for (const name of ['rows.csv.gz', 'rows.csv.zst'])
    assert.deepEqual(await client.rows(`SELECT count(*), sum($1) FROM ${files(name, 'csv')}`), [
      [5_000_000, 5_000_000],
    ])
  for (const more of ['', ", 'csv.row_delimiter' = '|'", ", 'csv.enclose' = '\"'"])
    assert.match(
      (await client.refusal(`SELECT length($1) FROM ${files('line.csv.gz', 'csv', more)}`)).message,
      /./,
    )
  for (const name of ['bz2', 'lz4', 'deflate'])
    assert.ok(
      (await client.refusal(`SELECT * FROM ${files(`a.csv.${name}`, 'csv')}`)).message.startsWith(
        `A text file compressed with ${name} is not supported`,
      ),
    )
  await put('wide.csv', `${Array.from({ length: 20_000 }, (_, index) => index).join('\t')}\n`)
  assert.match(
    (await client.refusal(`SELECT * FROM ${files('wide.csv', 'csv')}`)).message,
    /more than 10000 columns/,
  )
  assert.ok(process.memoryUsage.rss() - before < 1_000_000_000)
  assert.deepEqual(await client.rows('SELECT 1'), [[1]])
})

/** As a literal of SQL holds them. */
const NAMES = [
  'oss://bucket-a/../bucket-c/x',
  'oss://bucket-a/%2e%2e/bucket-c/x',
  'oss://bucket-a/..%2fbucket-c/x',
  'oss://bucket-a//bucket-c/x',
  'oss://bucket-a/./x',
  String.raw`oss://bucket-a/\\..\\bucket-c\\x`,
  String.raw`oss://bucket-a/x\0`,
  String.raw`oss://bucket-a/x\ny`,
  'oss://bucket-a/x#y',
  'oss://bucket-a@bucket-c/x',
  'oss://bucket-a:80/x',
  'oss://bucket-a?x=1/x',
  'oss://bucket-a.bucket-c/x',
  'oss://bucket-c/x',
  'OSS://bucket-c/x',
  's3://bucket-c/x',
  's3a://bucket-a/x',
  'r2://bucket-a/x',
  'hf://datasets/x',
  'https://bucket-a/x',
  'file:///etc/hosts',
  '/etc/hosts',
  `oss://bucket-a/${'x'.repeat(2000)}`,
  `oss://bucket-a/${'{a,b}'.repeat(20)}`,
  `oss://bucket-a/${'{'.repeat(2000)}`,
  'oss://bucket-a/{x,../bucket-c/x}',
  'oss://bucket-a/x, oss://bucket-c/x',
  'oss://bucket-a/[x',
] as const

test('no name leads a statement elsewhere, whichever it is', { skip }, async (t) => {
  const { client, put, names } = await objectClient(t)
  await client.run('CREATE TABLE t (k STRING) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  await client.run("INSERT INTO t VALUES ('mine')")
  for (const place of ['x', 'bucket-c/x', 'bucket-b/out/x']) await put(place, 'treasure\n')
  const before = [...names('bucket-a/'), ...names('bucket-b/'), ...names('bucket-c/')]
  for (const [index, name] of NAMES.entries()) {
    for (const sql of [
      `SELECT * FROM FILES('path' = '${name}', 'format' = 'csv')`,
      `SELECT * FROM FILES('path' = '${name}', 'list_files_only' = 'true')`,
      `DESC FILES('path' = '${name}', 'format' = 'csv')`,
      `CREATE VIEW v AS SELECT * FROM FILES('path' = '${name}', 'format' = 'csv')`,
      `INSERT INTO t SELECT * FROM FILES('path' = '${name}', 'format' = 'csv')`,
      `LOAD LABEL l${index} (DATA INFILE ('${name}') INTO TABLE t) WITH BROKER`,
      `INSERT INTO FILES('path' = '${name}/', 'format' = 'csv') SELECT 1`,
      `EXPORT TABLE t TO '${name}/' WITH SYNC MODE`,
    ]) {
      if (/^(INSERT INTO FILES|EXPORT)/.test(sql) && name.includes(', ')) continue
      assert.doesNotMatch((await client.refusal(sql)).message, /treasure|127\.0\.0\.1/, sql)
    }
  }
  assert.deepEqual(await client.rows('SELECT k FROM t'), [['mine']])
  assert.deepEqual(await client.rows('SHOW LOAD WHERE LABEL LIKE "l%"'), [])
  assert.deepEqual([...names('bucket-a/'), ...names('bucket-b/'), ...names('bucket-c/')], before)
})
