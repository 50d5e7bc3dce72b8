import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectClient, skipWithoutObjects as skip } from '../support/object-client.ts'

const TABLE = `CREATE TABLE a (k INT, b BOOLEAN, i1 TINYINT, i2 SMALLINT, i8 BIGINT, i16 LARGEINT, f FLOAT, d DOUBLE, n DECIMAL(10, 2), dt DATE, ts DATETIME,
  c CHAR(5), s STRING, bin VARBINARY, j JSON, l ARRAY<INT>, m MAP<VARCHAR(10), INT>, st STRUCT<x INT, y VARCHAR(10)>) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`
const ROWS = `INSERT INTO a VALUES (1, true, -1, 300, 4611686018427387904, 170141183460469231, 1.5, 2.25, 12345678.90, '2024-10-01', '2024-10-01 12:12:12.5', 'ab', "é'", x'00ff',
  parse_json('{"a": 1}'), [1, NULL], map{'p': 1}, row(1, 'z')), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`

test(
  'a table comes back as it was written to Parquet, for every type, with each compression',
  { skip },
  async (t) => {
    const { client, names } = await objectClient(t)
    await client.run(TABLE)
    await client.run(ROWS)
    const before = await client.rows('SELECT * FROM a ORDER BY k')
    for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4']) {
      const folder = `oss://bucket-a/${codec}/`
      const { affected } = await client.run(
        `INSERT INTO FILES('path' = '${folder}', 'format' = 'parquet', 'compression' = '${codec}') SELECT * FROM a`,
      )
      assert.equal(affected, 2)
      const files = `FILES('path' = '${folder}*', 'format' = 'parquet')`
      assert.deepEqual(
        await client.rows(`DESC ${files}`).then((rows) => rows.map(([, type]) => type)),
        [
          'int',
          'boolean',
          'tinyint',
          'smallint',
          'bigint',
          'decimal(38,0)',
          'float',
          'double',
          'decimal(10,2)',
          'date',
          'datetime',
          'varchar(1048576)',
          'varchar(1048576)',
          'varbinary',
          'varchar(1048576)',
          'array<int>',
          'map<varchar(1048576),int>',
          'struct<x int, y varchar(1048576)>',
        ],
      )
      await client.run('TRUNCATE TABLE a')
      await client.run(`INSERT INTO a SELECT * FROM ${files}`)
      assert.deepEqual(await client.rows('SELECT * FROM a ORDER BY k'), before, codec)
      assert.equal(names(codec).length, 1)
    }
  },
)

test('text files have one line a row, NULL as \\N, and take any separator', { skip }, async (t) => {
  const { client, names, text } = await objectClient(t)
  await client.run(TABLE)
  await client.run(ROWS)
  await client.run(
    `INSERT INTO FILES('path' = 's3://bucket-a/c', 'format' = 'csv', 'csv.column_separator' = '||', 'single' = 'true') SELECT k, b, n, ts, s, l, 'a"b,c' FROM a ORDER BY k`,
  )
  const [name = ''] = names('c')
  assert.match(name, /^data_[-0-9a-f]+_0\.csv$/)
  assert.equal(
    text(`c/${name}`),
    '1||true||12345678.90||2024-10-01 12:12:12.500000||é\'||[1,null]||a"b,c\n2||\\N||\\N||\\N||\\N||\\N||a"b,c\n',
  )
})

test('a table comes back as it was written to text, for every type', { skip }, async (t) => {
  const { client } = await objectClient(t)
  await client.run(TABLE)
  await client.run(ROWS)
  const plain = 'k, b, i1, i2, i8, i16, f, d, n, dt, ts, c, s, j'
  const before = await client.rows(`SELECT ${plain} FROM a ORDER BY k`)
  for (const [folder, options] of [
    ['plain', ''],
    ['gzip', "'compression' = 'gzip', "],
    ['zstd', "'compression' = 'zstd', "],
    ['cut', "'csv.column_separator' = '<é>', 'csv.row_delimiter' = '<row>', "],
  ] as const) {
    const properties = `'path' = 'oss://bucket-a/${folder}/', ${options}'format' = 'csv'`
    await client.run(`INSERT INTO FILES(${properties}) SELECT ${plain} FROM a`)
    const reading = properties.replace("/', ", "/*', ").replace(/'compression' = '[a-z]+', /, '')
    await client.run('TRUNCATE TABLE a')
    await client.run(`INSERT INTO a (${plain}) SELECT * FROM FILES(${reading})`)
    assert.deepEqual(await client.rows(`SELECT ${plain} FROM a ORDER BY k`), before, folder)
  }
})

test('rows go into folders by partition_by and into files by their size', { skip }, async (t) => {
  const { client, names } = await objectClient(t)
  const series = 'TABLE(generate_series(1, 100000)) g(k)'
  await client.run(
    `INSERT INTO FILES('path' = 'oss://bucket-a/p/', 'format' = 'parquet', 'partition_by' = 'r, z') SELECT k, k % 2 AS r, IF(k > 5, 'a/../b', NULL) AS z FROM ${series}`,
  )
  const folders = [...new Set(names('p').map((name) => name.split('/').slice(0, 2).join('/')))]
  assert.deepEqual(folders.length, 4)
  assert.ok(folders.some((folder) => folder.startsWith('r=1/z=__HIVE_DEFAULT_PARTITION__')))
  assert.deepEqual(
    await client.rows(
      "SELECT r, count(*) FROM FILES('path' = 'oss://bucket-a/p/r=1/*/*', 'format' = 'parquet', 'columns_from_path' = 'r') GROUP BY r",
    ),
    [['1', 50_000]],
  )
  await client.run(
    `INSERT INTO FILES('path' = 'oss://bucket-a/s/', 'format' = 'csv', 'target_max_file_size' = '100000') SELECT k, repeat('x', 20) FROM ${series}`,
  )
  assert.ok(names('s').length > 1)
  assert.deepEqual(
    await client.rows(
      "SELECT count(*), sum($1) FROM FILES('path' = 'oss://bucket-a/s/*', 'format' = 'csv')",
    ),
    [[100_000, 5_000_050_000]],
  )
})

test('what a statement leaves out, the session says', { skip }, async (t) => {
  const { client, names } = await objectClient(t)
  const series = 'TABLE(generate_series(1, 50000)) g(k)'
  await client.run("SET connector_sink_compression_codec = 'gzip'")
  await client.run('SET connector_sink_target_max_file_size = 100000')
  await client.run(
    `INSERT INTO FILES('path' = 'oss://bucket-a/s/', 'format' = 'csv') SELECT k FROM ${series}`,
  )
  assert.ok(names('s').length > 0 && names('s').every((name) => name.endsWith('.csv.gz')))
  assert.deepEqual(
    await client.rows("SELECT sum($1) FROM FILES('path' = 'oss://bucket-a/s/*', 'format' = 'csv')"),
    [[1_250_025_000]],
  )
  await client.run("SET connector_sink_compression_codec = 'uncompressed'")
  await client.run(
    `INSERT INTO FILES('path' = 'oss://bucket-a/u/', 'format' = 'csv') SELECT k FROM ${series}`,
  )
  assert.ok(names('u').length > 1)
})

test('what cannot be written is refused and leaves nothing', { skip }, async (t) => {
  const { client, names } = await objectClient(t)
  await client.run(TABLE)
  const refusals: readonly (readonly [string, string, RegExp])[] = [
    [`'format' = 'csv'`, '1', /path is a mandatory property/],
    [`'path' = 'oss://bucket-a/x/'`, '1', /format is a mandatory property/],
    [`'path' = 'oss://bucket-a/x/', 'format' = 'xml'`, '1', /Unsupported format xml/],
    [`'path' = 'oss://bucket-a/x/', 'format' = 'orc'`, '1', /format orc is not supported/],
    [`'path' = 'oss://bucket-b/in/', 'format' = 'csv'`, '1', /no right to write.*403/],
    [`'path' = 'oss://bucket-c/', 'format' = 'csv'`, '1', /no right to write.*403/],
    [`'path' = 'oss://bucket-a/../bucket-c/', 'format' = 'csv'`, '1', /Access storage error/],
    [`'path' = 'oss://bucket-a/*/', 'format' = 'csv'`, '1', /Access storage error/],
    [`'path' = 'file:///tmp/x', 'format' = 'csv'`, '1', /Access storage error/],
    [`'path' = 'oss://bucket-a/x/', 'format' = 'csv'`, '1 AS a, 2 AS a', /duplicate\(s\): \[a\]/],
    [
      `'path' = 'oss://bucket-a/x/', 'format' = 'parquet', 'partition_by' = 'z'`,
      '1 AS a',
      /extra columns: \[z\]/,
    ],
    [
      `'path' = 'oss://bucket-a/x/', 'format' = 'parquet', 'partition_by' = 'a', 'single' = 'true'`,
      '1 AS a',
      /simultaneously/,
    ],
    [
      `'path' = 'oss://bucket-a/x/', 'format' = 'parquet', 'partition_by' = 'a'`,
      '1.5 AS a, 2 AS b',
      /does not support type of/,
    ],
    [
      `'path' = 'oss://bucket-a/x/', 'format' = 'parquet', 'compression' = 'rar'`,
      '1',
      /Unsupported compression codec rar/,
    ],
    [
      `'path' = 'oss://bucket-a/x/', 'format' = 'parquet', 'single' = 'yes'`,
      '1',
      /expect a boolean value/,
    ],
    [`'path' = 'oss://bucket-a/x/', 'format' = 'csv', 'y' = '1'`, '1', /property "y"/],
    [
      `'path' = 'oss://bucket-a/x/', 'format' = 'csv', 'single' = 'true', 'target_max_file_size' = '1'`,
      '1',
      /"target_max_file_size" with "single"/,
    ],
    [
      `'path' = 'oss://bucket-a/x/', 'format' = 'csv', 'target_max_file_size' = 'x'`,
      '1',
      /invalid target_max_file_size: x/,
    ],
    [
      `'path' = 'oss://bucket-a/x/', 'format' = 'csv', 'compression' = 'snappy'`,
      '1',
      /Compression of csv files with snappy is not supported/,
    ],
    [`'path' = 'oss://bucket-a/x/', 'format' = 'parquet'`, 'to_bitmap(1)', /Writing bitmap/],
  ]
  for (const [properties, items, expected] of refusals)
    assert.match(
      (await client.refusal(`INSERT INTO FILES(${properties}) SELECT ${items}`)).message,
      expected,
      properties,
    )
  for (const bucket of ['bucket-a', 'bucket-b', 'bucket-c'])
    assert.deepEqual(names(`${bucket}/`), [])
})
