/** Catalogs that a Hive metastore keeps: what is read through them. The real metastore is in test/engine/spark-bucket.test.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hiveClient, parquetOf, sparkParquet } from '../support/hive-client.ts'
import { LAZY, QUOTED, TEXT } from '../support/hive-metastore.ts'
import type { StandInTable } from '../support/hive-metastore.ts'
import { skipWithoutLake } from '../support/lake-client.ts'
import { connect } from '../support/open-engine.ts'

const skip = skipWithoutLake
const ROOT = 'bucket-a/hive'

const place = (name: string): string => `cosn://${ROOT}/${name}`

const partition = (table: string, day: string, region: string, more = {}) => {
  const folder = `day=${day}/region=${encodeURIComponent(region)}`
  const values = [day, region] as const
  return { values, location: place(`${table}/${folder}`), ...more }
}

const orders: StandInTable = {
  location: place('orders'),
  fields: { id: 'bigint', note: 'string', added: 'int' },
  partitionKeys: { day: 'date', region: 'string' },
  partitions: [
    partition('orders', '2024-01-01', 'cn'),
    partition('orders', '2024-01-02', 'a b:c'),
    partition('orders', '2024-01-03', '__HIVE_DEFAULT_PARTITION__'),
    // Hive's partitions may be anywhere, and some hold nothing.
    { values: ['2024-01-04', 'far'], location: 's3a://bucket-b/elsewhere/' },
    partition('orders', '2024-01-05', 'none'),
  ],
  parameters: { comment: 'what was bought' },
  kind: 'EXTERNAL_TABLE',
}

test('databases, tables and columns are what the metastore says', { skip }, async (t) => {
  const { client, engine, metastore } = await hiveClient(t, { 'sales.orders': orders })
  metastore.databases.add('empty')
  assert.deepEqual(await client.rows('SHOW DATABASES FROM h'), [
    ['default'],
    ['empty'],
    ['information_schema'],
    ['sales'],
  ])
  assert.deepEqual(await client.rows('SHOW TABLES FROM h.sales'), [['orders']])
  assert.deepEqual(await client.rows('SHOW TABLES FROM h.empty'), [])
  assert.equal((await client.refusal('SHOW TABLES FROM h.nothing')).errno, 1049)
  assert.equal((await client.refusal('SELECT * FROM h.sales.nothing')).errno, 1146)
  assert.equal((await client.refusal('SELECT * FROM h.nothing.nothing')).errno, 1049)
  await client.run('SET CATALOG h; USE empty; USE sales')
  assert.deepEqual(await client.rows('DESC orders'), [
    ['id', 'bigint', 'Yes', 'false', null, '', "id's"],
    ['note', 'varchar(1073741824)', 'Yes', 'false', null, '', "note's"],
    ['added', 'int', 'Yes', 'false', null, '', "added's"],
    ['day', 'date', 'Yes', 'false', null, 'partition key', "day's"],
    ['region', 'varchar(1073741824)', 'Yes', 'false', null, 'partition key', "region's"],
  ])
  const [[, created]] = (await client.rows('SHOW CREATE TABLE orders')) as [[unknown, string]]
  assert.match(created, /^CREATE EXTERNAL TABLE `orders` \(\n {2}`id` bigint DEFAULT NULL COMMENT/)
  assert.match(
    created,
    /\nPARTITION BY \(day, region\)\nCOMMENT \("what was bought"\)\nPROPERTIES \("location" = "cosn:\/\/bucket-a\/hive\/orders"\);$/,
  )
  assert.deepEqual(
    await client.rows(
      "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'sales' AND ordinal_position = 4",
    ),
    [['orders', 'day']],
  )
  await client.run('REFRESH EXTERNAL TABLE orders PARTITION ("day=2024-01-01/region=cn")')
  assert.match((await client.refusal('REFRESH EXTERNAL TABLE none')).message, /none/)
  await client.run('CREATE USER u')
  const u = await connect(engine, 'u')
  assert.equal((await u.refusal('SELECT * FROM h.sales.orders')).errno, 5203)
  await client.run('DROP CATALOG h')
  assert.equal((await client.refusal('SHOW DATABASES FROM h')).errno, 5078)
})

test(
  'values of partitions are the metastore’s, and a condition on them leaves the other files out',
  { skip },
  async (t) => {
    const { client, put } = await hiveClient(t, { 'sales.orders': orders })
    const rows = async (name: string, query: string) => put(name, await parquetOf(t, query))
    const folder = `${ROOT}/orders/day=`
    await rows(
      `${folder}2024-01-01/region=cn/part-0.parquet`,
      "SELECT 1::BIGINT AS Id, 'x' AS note",
    )
    await rows(
      `${folder}2024-01-01/region=cn/deeper/000000_0`,
      "SELECT 2::BIGINT AS id, 'y' AS note, 7 AS added",
    )
    await rows(`${folder}2024-01-02/region=a%20b%3Ac/p`, "SELECT 3::INTEGER AS id, 'z' AS note")
    await rows(
      `${folder}2024-01-03/region=__HIVE_DEFAULT_PARTITION__/p`,
      'SELECT 4::BIGINT AS id, 5 AS more',
    )
    await rows('bucket-b/elsewhere/p', 'SELECT 5::BIGINT AS id')
    // None of these is a row of the table.
    await put(`${ROOT}/orders/_SUCCESS`, '')
    await put(`${folder}2024-01-01/region=cn/_temporary/0/part-9`, 'x')
    await put(`${folder}2024-01-01/region=cn/.part-0.crc`, 'x')
    await put(`${folder}2024-01-09/region=unknown/p`, 'x')
    await put(`${ROOT}/orders/stray`, 'x')
    assert.deepEqual(
      await client.rows('SELECT id, note, added, day, region FROM h.sales.orders ORDER BY id'),
      [
        [1, 'x', null, '2024-01-01', 'cn'],
        [2, 'y', 7, '2024-01-01', 'cn'],
        [3, 'z', null, '2024-01-02', 'a b:c'],
        [4, null, null, '2024-01-03', null],
        [5, null, null, '2024-01-04', 'far'],
      ],
    )
    // Nobody can open that one.
    await put('bucket-b/elsewhere/p', 'no Parquet')
    const some = "SELECT id FROM h.sales.orders WHERE day < '2024-01-03' AND region <> 'cn'"
    assert.deepEqual(await client.rows(some), [[3]])
    const plan = (await client.rows(`EXPLAIN ${some}`)).flat().join('\n')
    assert.match(plan, /Scanning Files: 1\/5/)
    assert.deepEqual(
      await client.rows('SELECT count(*) FROM h.sales.orders WHERE region IS NULL'),
      [[1]],
    )
    assert.match(
      (await client.refusal('SELECT * FROM h.sales.orders')).message,
      /magic bytes|Parquet|parquet/,
    )
  },
)

test('every type of Parquet reads as Hive and Spark write it', { skip }, async (t) => {
  const fields = {
    b: 'boolean',
    t: 'tinyint',
    s: 'smallint',
    i: 'int',
    l: 'bigint',
    f: 'float',
    d: 'double',
    m: 'decimal(20,3)',
    day: 'date',
    local: 'timestamp',
    zoned: 'timestamp',
    c: 'char(3)',
    v: 'varchar(10)',
    y: 'binary',
    a: 'array<decimal(4,1)>',
    p: 'struct<k:string,n:map<string,int>>',
  }
  const moments = { id: 'int', ts: 'timestamp' }
  const { client, put } = await hiveClient(t, {
    'd.types': { location: place('types'), fields },
    'd.moments': { location: place('moments'), fields: moments },
    'd.mixed': { location: place('mixed'), fields: moments },
    'd.nothing': { location: place('nothing'), fields },
  })
  await put(
    `${ROOT}/types/p`,
    await parquetOf(
      t,
      `SELECT true AS b, (-128)::TINYINT AS t, (-32768)::SMALLINT AS s, 7 AS i, 4611686018427387904 AS l, 1.5::FLOAT AS f, 2.25::DOUBLE AS d, 12345678901234567.891::DECIMAL(20,3) AS m, DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 12:34:56.789' AS local, TIMESTAMPTZ '2024-02-29 12:34:56.789+00' AS zoned, 'abc' AS c, 'grün' AS v, '\\x00\\xFF'::BLOB AS y, [1.5, NULL]::DECIMAL(4,1)[] AS a, {'K': 'v', 'n': MAP {'q': 1}} AS p`,
    ),
  )
  await put(`${ROOT}/moments/p`, sparkParquet)
  assert.deepEqual(
    await client.rows(
      'SELECT b, t, s, i, CAST(l AS STRING), f, d, m, day, local, zoned, c, v, hex(y), a, p.k, p.n FROM h.d.types',
    ),
    [
      [
        1,
        -128,
        -32768,
        7,
        '4611686018427387904',
        1.5,
        2.25,
        '12345678901234567.891',
        '2024-02-29',
        '2024-02-29 12:34:56.789000',
        '2024-02-29 20:34:56.789000',
        'abc',
        'grün',
        '00FF',
        '[1.5,null]',
        'v',
        '{"q":1}',
      ],
    ],
  )
  assert.deepEqual(
    (await client.rows('DESC h.d.types')).map(([name, type]) => [name, type]),
    [
      ['b', 'boolean'],
      ['t', 'tinyint'],
      ['s', 'smallint'],
      ['i', 'int'],
      ['l', 'bigint'],
      ['f', 'float'],
      ['d', 'double'],
      ['m', 'decimal(20,3)'],
      ['day', 'date'],
      ['local', 'datetime'],
      ['zoned', 'datetime'],
      ['c', 'char(3)'],
      ['v', 'varchar(10)'],
      ['y', 'varbinary'],
      ['a', 'array<decimal32(4,1)>'],
      ['p', 'struct<k varchar(1073741824), n map<varchar(1073741824),int>>'],
    ],
  )
  // The session is eight hours further.
  const moment = 'SELECT id, ts FROM h.d.moments'
  assert.deepEqual(await client.rows(moment), [[1, '2024-02-29 20:34:56.789000']])
  await client.run("SET time_zone = '-02:00'")
  assert.deepEqual(await client.rows(moment), [[1, '2024-02-29 10:34:56.789000']])
  await put(`${ROOT}/mixed/p`, sparkParquet)
  await put(`${ROOT}/mixed/q`, await parquetOf(t, "SELECT 2 AS id, TIMESTAMP '2024-01-01' AS ts"))
  assert.match(
    (await client.refusal('SELECT * FROM h.d.mixed')).message,
    /hold the moments of 'ts' in several ways is not supported/,
  )
  assert.deepEqual(await client.rows('SELECT i, p, local FROM h.d.nothing'), [])
})

test('text is cut by the characters that the metastore names', { skip }, async (t) => {
  const fields = { id: 'int', note: 'string', at: 'timestamp', price: 'decimal(6,2)' }
  const lazy = { inputFormat: TEXT, serde: LAZY }
  const { client, put, metastore } = await hiveClient(t, {
    'd.plain': { location: place('plain'), fields, ...lazy },
    'd.commas': {
      location: place('commas'),
      fields,
      ...lazy,
      serdeParameters: { 'field.delim': ',', 'serialization.format': ',' },
      parameters: { 'skip.header.line.count': '1' },
      partitionKeys: { y: 'int' },
      partitions: [{ values: ['7'], location: place('commas/y=7'), inputFormat: TEXT }],
    },
    'd.quoted': {
      location: place('quoted'),
      fields: { a: 'string', b: 'string' },
      inputFormat: TEXT,
      serde: QUOTED,
    },
  })
  await put(
    `${ROOT}/plain/p`,
    '1\u0001a,b\u00012024-01-02 03:04:05\u000112.5\n2\u0001\\N\u0001\\N\n',
  )
  await put(`${ROOT}/commas/y=7/p.csv`, 'id,note,at,price\nx,n,2024-01-01,3\n')
  await put(`${ROOT}/quoted/p`, '"x, ""y","z"\n'.replace('""y', String.raw`\"y`))
  assert.deepEqual(await client.rows('SELECT * FROM h.d.plain ORDER BY id'), [
    [1, 'a,b', '2024-01-02 03:04:05', '12.50'],
    [2, null, null, null],
  ])
  assert.deepEqual(await client.rows('SELECT * FROM h.d.commas WHERE y = 7'), [
    [null, 'n', '2024-01-01 00:00:00', '3.00', 7],
  ])
  assert.deepEqual(await client.rows('SELECT * FROM h.d.commas WHERE y = 8'), [])
  assert.deepEqual(await client.rows('SELECT * FROM h.d.quoted'), [['x, "y', 'z']])
  const plain = metastore.tables.get('d.plain')
  assert.ok(plain)
  for (const [bent, says] of [
    [{ serdeParameters: { 'escape.delim': '\\' } }, /property "escape.delim"/],
    [{ serdeParameters: { 'serialization.null.format': 'null' } }, /"serialization.null.format"/],
    [{ parameters: { 'skip.footer.line.count': '1' } }, /"skip.footer.line.count"/],
    [{ fields: { a: 'array<int>' } }, /The column 'a' of a Hive table of text, of the type array/],
    [{ serde: 'org.apache.hive.hcatalog.data.JsonSerDe' }, /serde org.apache.hive.hcatalog/],
  ] as const) {
    metastore.tables.set('d.plain', { ...plain, ...bent })
    assert.match((await client.refusal('SELECT * FROM h.d.plain')).message, says)
  }
  await put(`${ROOT}/quoted/q.bz2`, 'x')
  assert.match(
    (await client.refusal('SELECT * FROM h.d.quoted')).message,
    /text file compressed with bz2/,
  )
})

test(
  'what no module reads is refused by name, and is listed and described',
  { skip },
  async (t) => {
    const fields = { id: 'int' }
    const at = { location: place('x'), fields }
    const orc = 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat'
    const { client } = await hiveClient(t, {
      'd.orc': { ...at, inputFormat: orc },
      'd.avro': {
        ...at,
        inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
      },
      'd.acid': { ...at, parameters: { transactional: 'true' }, inputFormat: orc },
      'd.inserts': {
        ...at,
        parameters: { transactional: 'TRUE', transactional_properties: 'insert_only' },
      },
      'd.view': { ...at, kind: 'VIRTUAL_VIEW' },
      'd.index': { ...at, kind: 'INDEX_TABLE' },
      'd.ice': { ...at, parameters: { table_type: 'ICEBERG' } },
      'd.delta': { ...at, parameters: { 'spark.sql.sources.provider': 'delta' } },
      'd.hdfs': { ...at, location: 'hdfs://node:8020/x' },
      'd.interval': { ...at, fields: { i: 'interval_day_time' } },
      'd.union': { ...at, fields: { i: 'uniontype<int,string>' } },
      'd.inside': { ...at, fields: { i: 'array<timestamp>' } },
    })
    for (const [table, says] of [
      ['orc', /^A Hive table of the file format ORC is not supported by this engine/],
      ['avro', /^A Hive table of the file format AVRO is not supported/],
      ['acid', /^d.acid is a hive transactional table\(full acid\), sr didn't support it yet$/],
      ['inserts', /^A transactional table of Hive is not supported/],
      ['view', /^A view of a Hive catalog is not supported/],
      ['index', /^unsupported hive table type \[INDEX_TABLE\]\.$/],
      ['ice', /^A table of iceberg in a Hive catalog is not supported/],
      ['delta', /^A table of delta in a Hive catalog is not supported/],
      ['hdfs', /the scheme hdfs is not of an object storage/],
      ['interval', /^The type interval_day_time of the column 'i'/],
      ['union', /^The type uniontype<int,string> of the column 'i'/],
      ['inside', /^The type array<timestamp> of the column 'i'/],
    ] as const)
      assert.match((await client.refusal(`SELECT * FROM h.d.${table}`)).message, says, table)
    assert.equal((await client.rows('SHOW TABLES FROM h.d')).length, 12)
    assert.equal((await client.rows('DESC h.d.orc')).length, 1)
    for (const sql of [
      'INSERT INTO h.d.orc VALUES (1)',
      'CREATE TABLE h.d.x (k INT)',
      'DROP TABLE h.d.orc',
      'SELECT * FROM h.d.orc FOR VERSION AS OF 1',
    ])
      assert.match((await client.refusal(sql)).message, /is not supported by this engine/, sql)
    assert.equal((await client.refusal('SELECT * FROM h.d.`orc$files`')).errno, 1146)
    assert.equal((await client.refusal('SHOW PARTITIONS FROM h.d.orc')).errno, 1064)
  },
)
