/** Tables that others wrote, read through external catalogs: every type, partitions, renamed columns, deleted rows, snapshots. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lakeClient, skipWithoutLake } from '../support/lake-client.ts'
import { connect } from '../support/open-engine.ts'

const skip = skipWithoutLake

/** The rows of `all_types`, as the program that wrote them says. */
const typed = (i: number, b: number | null, l: string, s: string | null) => [
  b,
  i,
  l,
  1.5,
  2.25,
  '12345.67',
  '2024-02-29',
  '2024-02-29 12:34:56.789000',
  // Written as 12:34:56.789 UTC; the session is eight hours further.
  '2024-02-29 20:34:56.789000',
  s,
  '00FF',
  '[1,2,null]',
  '{"k":"v","n":7}',
  '{"q":1}',
]
const rows = [
  typed(0, 1, '4611686018427387904', 'grün'),
  typed(1, 0, '4611686018427387905', 'x'),
  typed(2, null, '4611686018427387906', null),
  typed(10, 1, '4611686018427387904', 'grün'),
  typed(11, 0, '4611686018427387905', 'x'),
]
const ALL = 'SELECT b, i, CAST(l AS STRING), f, d, m, t, ts, tz, s, hex(y), a, p, mp'

for (const catalog of ['ice', 'delta']) {
  test(
    `${catalog}: every type reads as it was written, and is described as StarRocks does`,
    { skip },
    async (t) => {
      const { client } = await lakeClient(t)
      const read = await client.run(`${ALL} FROM ${catalog}.sales.all_types ORDER BY i`)
      assert.deepEqual(
        read.rows.map((row) => row.map(cell)),
        rows,
      )
      const described = await client.rows(`DESC ${catalog}.sales.all_types`)
      assert.deepEqual(
        described.map(([name, type]) => `${String(name)} ${String(type)}`),
        [
          'b boolean',
          'i int',
          'l bigint',
          'f float',
          'd double',
          'm decimal(10,2)',
          't date',
          'ts datetime',
          'tz datetime',
          's varchar(1073741824)',
          'y varbinary',
          'a array<int>',
          'p struct<k varchar(1073741824), n bigint>',
          'mp map<varchar(1073741824),int>',
        ],
      )
      await client.run("SET time_zone = '-02:00'")
      assert.deepEqual(
        await client.rows(`SELECT hour(tz), hour(ts) FROM ${catalog}.sales.all_types LIMIT 1`),
        [[10, 12]],
      )
    },
  )
}

const cell = (value: unknown) =>
  typeof value === 'bigint'
    ? Number(value)
    : value instanceof Uint8Array
      ? Buffer.from(value).toString('hex')
      : value

test(
  'databases and tables are folders; names of three parts, SET CATALOG and USE find them',
  { skip },
  async (t) => {
    const { client } = await lakeClient(t)
    const databases = [['information_schema'], ['sales']]
    assert.deepEqual(await client.rows('SHOW DATABASES FROM ice'), databases)
    assert.deepEqual(await client.rows('SHOW TABLES FROM ice.sales'), [
      ['all_types'],
      ['ossparts'],
      ['parts'],
    ])
    assert.deepEqual(await client.rows('SHOW TABLES FROM delta.sales LIKE "c%"'), [['cp']])
    await client.run('SET CATALOG delta')
    assert.deepEqual(await client.rows('SHOW DATABASES'), databases)
    assert.deepEqual(await client.rows('SELECT count(*) FROM sales.parts'), [[2]])
    await client.run('USE ice.sales')
    assert.deepEqual(await client.rows('SELECT catalog(), database()'), [['ice', 'sales']])
    assert.deepEqual(await client.rows('SHOW FULL TABLES LIKE "p%"'), [['parts', 'BASE TABLE']])
    assert.deepEqual(
      await client.rows(
        'SELECT p.number, delta.sales.parts.id FROM parts p JOIN delta.sales.parts ON p.number = id ORDER BY 1',
      ),
      [
        [2, 2],
        [3, 3],
      ],
    )
    assert.deepEqual(await client.rows('WITH x AS (SELECT 1 AS a) SELECT * FROM x'), [[1]])
    assert.equal((await client.refusal('SELECT * FROM nothing')).errno, 1146)
    assert.equal((await client.refusal('SELECT * FROM none.nothing')).errno, 1049)
    assert.equal((await client.refusal('USE ice.none')).errno, 1049)
    await client.session.use('delta.sales')
    assert.deepEqual(await client.rows('SELECT database(), count(*) FROM cp'), [['sales', 5]])
    const prepared = await client.session.prepare('SELECT region FROM parts WHERE id = ?')
    assert.deepEqual(
      prepared.columns.map(({ name }) => name),
      ['region'],
    )
  },
)

test(
  'Iceberg: renamed and added columns, deleted rows, partitions; whatever scheme its metadata is written with',
  { skip },
  async (t) => {
    const { client } = await lakeClient(t)
    for (const table of ['parts', 'ossparts']) {
      assert.deepEqual(await client.rows(`SELECT * FROM ice.sales.${table} ORDER BY number`), [
        [2, '2024-01-02', 'ü', null],
        [3, null, null, null],
        [9, '2024-03-01', 'z', 'n'],
      ])
      assert.deepEqual(
        await client.rows(`SELECT number FROM ice.sales.${table} WHERE day >= '2024-02-01'`),
        [[9]],
      )
    }
    const [[, created]] = (await client.rows('SHOW CREATE TABLE ice.sales.parts')) as [
      [unknown, string],
    ]
    assert.equal(
      created,
      'CREATE TABLE `parts` (\n  `number` bigint DEFAULT NULL,\n  `day` date DEFAULT NULL,\n  `region` varchar(1073741824) DEFAULT NULL,\n  `note` varchar(1073741824) DEFAULT NULL\n)\nPARTITION BY (region, month(day))\nPROPERTIES ("location" = "s3://bucket-a/ice/sales/parts");',
    )
  },
)

test(
  'Delta: values of partitions come from the log, checkpoints are read, columns may be added',
  { skip },
  async (t) => {
    const { client } = await lakeClient(t)
    assert.deepEqual(await client.rows('SELECT * FROM delta.sales.parts ORDER BY id'), [
      [2, '2024-01-02', 'ü'],
      [3, null, null],
    ])
    assert.deepEqual(await client.rows('SELECT * FROM delta.sales.cp ORDER BY id'), [
      [1, null],
      [2, null],
      [3, null],
      [4, null],
      [9, 'e'],
    ])
    const [[, created]] = (await client.rows('SHOW CREATE TABLE delta.sales.parts')) as [
      [unknown, string],
    ]
    assert.match(
      created,
      /\nPARTITION BY \(day, region\)\nPROPERTIES \("location" = "oss:\/\/bucket-a\/delta\/sales\/parts"\);$/,
    )
  },
)

test(
  'rows from outside are inserted and joined; nothing outside is written',
  { skip },
  async (t) => {
    const { client } = await lakeClient(t)
    await client.run(
      'CREATE TABLE t (k BIGINT, r STRING) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k)',
    )
    await client.run('INSERT INTO t SELECT id, region FROM delta.sales.parts')
    await client.run('CREATE TABLE u AS SELECT number FROM ice.sales.parts')
    assert.deepEqual(
      await client.rows('SELECT k, r, number FROM t JOIN u ON k = number ORDER BY k'),
      [
        [2, 'ü', 2],
        [3, null, 3],
      ],
    )
    for (const sql of [
      'INSERT INTO ice.sales.parts VALUES (1)',
      'DELETE FROM delta.sales.parts WHERE id = 2',
      'TRUNCATE TABLE ice.sales.parts',
      'DROP TABLE ice.sales.parts',
      'ALTER TABLE ice.sales.parts ADD COLUMN x INT',
      'CREATE TABLE ice.sales.x (k INT)',
      'CREATE VIEW v AS SELECT * FROM ice.sales.parts',
      'CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT * FROM ice.sales.parts',
    ])
      assert.match((await client.refusal(sql)).message, /is not supported by this engine/, sql)
    for (const [sql, says] of [
      ['INSERT INTO delta.sales.parts VALUES (1)', /^Only support insert into olap\/mysql/],
      [
        'DELETE FROM ice.sales.parts WHERE number = 2',
        /Table of iceberg catalog doesn't support \[DELETE\]/,
      ],
      [
        'UPDATE ice.sales.parts SET number = 1 WHERE number = 2',
        /^table parts does not support up/,
      ],
      ['UPDATE delta.sales.parts SET id = 1 WHERE id = 2', /^table parts does not support update$/],
    ] as const)
      assert.match((await client.refusal(sql)).message, says)
  },
)

test(
  'without their modules, what reads an Iceberg table is refused by name, and nothing else is',
  { skip },
  async (t) => {
    const { client } = await lakeClient(t, { modules: ['httpfs', 'avro'] })
    assert.match(
      (await client.refusal('SELECT * FROM ice.sales.parts')).message,
      /needs the module iceberg, which is not loaded; `emrys engines fetch iceberg` brings it/,
    )
    assert.equal((await client.rows('SHOW TABLES FROM ice.sales')).length, 3)
    assert.equal((await client.rows('DESC ice.sales.parts')).length, 4)
    assert.deepEqual(await client.rows('SELECT count(*) FROM delta.sales.cp'), [[5]])
  },
)

test(
  "REFRESH EXTERNAL TABLE reads a table's metadata, and refuses what is none",
  { skip },
  async (t) => {
    const { client } = await lakeClient(t)
    await client.run('REFRESH EXTERNAL TABLE delta.sales.cp PARTITION ("k=1")')
    await client.run('SET CATALOG ice')
    await client.run('REFRESH EXTERNAL TABLE sales.parts')
    assert.match((await client.refusal('REFRESH EXTERNAL TABLE sales.nothing')).message, /nothing/)
    assert.match(
      (await client.refusal('REFRESH EXTERNAL TABLE none.sales.parts')).message,
      /Unknown catalog 'none'/,
    )
  },
)

test(
  'information_schema of a catalog lists what is in it, as far as the session may see it',
  { skip },
  async (t) => {
    const { client, engine, put } = await lakeClient(t)
    // One that nobody can describe hides no other.
    await put('bucket-a/ice/sales/bad/metadata/v1.metadata.json', 'nothing')
    const read = (what: string) => client.rows(`SELECT ${what}`)
    assert.deepEqual(await read('* FROM ice.information_schema.schemata'), [
      ['ice', 'information_schema', 'utf8', 'utf8_general_ci', null],
      ['ice', 'sales', 'utf8', 'utf8_general_ci', null],
    ])
    const tables =
      'table_catalog, table_schema, table_name, table_type FROM ice.information_schema.tables'
    assert.deepEqual(await read(`${tables} WHERE table_name <> 'bad' ORDER BY table_name`), [
      ['ice', 'sales', 'all_types', 'BASE TABLE'],
      ['ice', 'sales', 'ossparts', 'BASE TABLE'],
      ['ice', 'sales', 'parts', 'BASE TABLE'],
    ])
    const columns = 'column_name, ordinal_position, data_type, is_nullable FROM columns'
    await client.run('USE ice.information_schema')
    assert.deepEqual(await read(`${columns} WHERE table_name = 'parts' ORDER BY 2`), [
      ['number', 1, 'bigint', 'YES'],
      ['day', 2, 'date', 'YES'],
      ['region', 3, 'varchar', 'YES'],
      ['note', 4, 'varchar', 'YES'],
    ])
    assert.deepEqual(await client.rows('SHOW TABLES'), [
      ['columns'],
      ['schemata'],
      ['tables'],
      ['views'],
    ])
    assert.deepEqual(await read('count(*) FROM views'), [[0]])
    assert.equal((await client.refusal('SELECT * FROM none')).errno, 1146)
    // The default catalog's own is another one.
    assert.deepEqual(
      await read(
        "count(*) FROM default_catalog.information_schema.tables WHERE table_schema = 'sales'",
      ),
      [[0]],
    )
    await client.run('CREATE USER u')
    const u = await connect(engine, 'u')
    const own = `SELECT ${tables}`
    assert.equal((await u.refusal(own)).errno, 5203)
    await client.run(
      'GRANT USAGE ON CATALOG ice TO USER u; GRANT SELECT ON TABLE ice.sales.parts TO USER u',
    )
    assert.deepEqual(await u.rows(own), [['ice', 'sales', 'parts', 'BASE TABLE']])
  },
)
