import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

describe('CREATE TABLE', () => {
  test('SHOW CREATE TABLE prints a declaration that makes the same table', async (t) => {
    const { client } = await testClient(t)
    const declarations = [
      `CREATE TABLE x (k BIGINT NOT NULL COMMENT "the ""key""", a ARRAY<INT>, d DECIMAL(10,2) DEFAULT "1.50",
        at DATETIME DEFAULT CURRENT_TIMESTAMP, j JSON) ENGINE=OLAP PRIMARY KEY(k) COMMENT "it's" DISTRIBUTED BY HASH(k) BUCKETS 4
        ORDER BY(at) PROPERTIES ("replication_num" = "1", "compression" = "ZSTD")`,
      `CREATE TABLE x (day DATE, k INT, s BIGINT SUM, r STRING REPLACE_IF_NOT_NULL) AGGREGATE KEY(day, k)
        PARTITION BY RANGE(day) (PARTITION p1 VALUES LESS THAN ("2024-01-01"), PARTITION p2 VALUES [("2024-01-01"), ("2024-02-01")))
        DISTRIBUTED BY HASH(k) BUCKETS 1`,
      `CREATE TABLE x (city VARCHAR(10) NOT NULL, v INT, INDEX i (v) USING BITMAP COMMENT "c") DUPLICATE KEY(city)
        PARTITION BY LIST(city) (PARTITION p1 VALUES IN ("a", "b")) DISTRIBUTED BY RANDOM`,
      `CREATE TABLE x (at DATETIME, v INT) DUPLICATE KEY(at) PARTITION BY date_trunc('day', at) DISTRIBUTED BY HASH(v)`,
      `CREATE TABLE x (k INT, id BIGINT NOT NULL AUTO_INCREMENT, g BIGINT AS k + 1) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`,
    ]
    for (const declaration of declarations) {
      await client.run(declaration)
      const [first] = await client.rows('SHOW CREATE TABLE x')
      await client.run('DROP TABLE x')
      await client.run(String(first?.[1]))
      assert.deepEqual(await client.rows('SHOW CREATE TABLE x'), [first])
      await client.run('DROP TABLE x')
    }
  })

  test('SHOW CREATE TABLE shows ORDER BY where it was written, and constraints with full names', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE s (k INT NOT NULL, v INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k) PROPERTIES ("unique_constraints" = "k");
       CREATE TABLE x (k INT NOT NULL, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k) ORDER BY(k)
         PROPERTIES ("foreign_key_constraints" = "(k) REFERENCES s(k); (v) REFERENCES d.s(k);");
       CREATE TABLE same LIKE x; CREATE TABLE plain (k INT NOT NULL) PRIMARY KEY(k); CREATE TABLE other LIKE plain`,
    )
    const text = async (name: string) =>
      String((await client.rows(`SHOW CREATE TABLE ${name}`))[0]?.[1])
    for (const name of ['x', 'same']) {
      const shown = await text(name)
      assert.match(shown, /\nORDER BY\(`k`\)\n/)
      assert.ok(
        shown.includes(
          '"foreign_key_constraints" = "(k) REFERENCES default_catalog.d.s(k);(v) REFERENCES default_catalog.d.s(k)"',
        ),
      )
    }
    assert.ok((await text('s')).includes('"unique_constraints" = "default_catalog.d.s.k"'))
    for (const name of ['plain', 'other']) assert.doesNotMatch(await text(name), /ORDER BY/)
  })

  // reference: StarRocks 3.3.7, test_alter_swap_table
  test('what is unique is shown by the name that its table has now', async (t) => {
    const { client } = await testClient(t)
    const key = 'k INT NOT NULL) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k) PROPERTIES'
    await client.run(
      `CREATE TABLE a (${key} ("unique_constraints" = "a.k"); CREATE TABLE b (${key} ("unique_constraints" = "b.k");
       CREATE TABLE c (${key} ("foreign_key_constraints" = "c(k) REFERENCES a(k)");
       ALTER TABLE a SWAP WITH b; ALTER TABLE b RENAME d; ALTER TABLE c RENAME e`,
    )
    const cases: readonly (readonly [string, string])[] = [
      ['a', '"unique_constraints" = "default_catalog.d.a.k"'],
      ['d', '"unique_constraints" = "default_catalog.d.d.k"'],
      ['e', '"foreign_key_constraints" = "(k) REFERENCES default_catalog.d.a(k)"'],
    ]
    for (const [name, property] of cases) {
      const [[, text] = []] = await client.rows(`SHOW CREATE TABLE ${name}`)
      assert.ok(String(text).includes(property), String(text))
    }
  })

  test('SHOW CREATE TABLE has the layout of StarRocks, with the properties that every table has', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE x (k INT NOT NULL, v BIGINT, g LARGEINT AS k + abs(v)) PRIMARY KEY(k) DISTRIBUTED BY HASH(k) BUCKETS 3 PROPERTIES ("replication_num" = "2")',
    )
    const [shown] = await client.rows('SHOW CREATE TABLE x')
    assert.equal(
      shown?.[1],
      [
        'CREATE TABLE `x` (',
        '  `k` int(11) NOT NULL COMMENT "",',
        '  `v` bigint(20) NULL COMMENT "",',
        '  `g` largeint(40) NULL AS `k` + abs(`v`) COMMENT ""',
        ') ENGINE=OLAP ',
        'PRIMARY KEY(`k`)',
        'DISTRIBUTED BY HASH(`k`) BUCKETS 3 ',
        'PROPERTIES (',
        '"compression" = "LZ4",',
        '"enable_persistent_index" = "true",',
        '"fast_schema_evolution" = "true",',
        '"replicated_storage" = "true",',
        '"replication_num" = "2"',
        ');',
      ].join('\n'),
    )
  })

  test('a range from the beginning is written from the smallest value, and takes NULL', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE x (d DATE) DUPLICATE KEY(d) PARTITION BY RANGE(d) (PARTITION p VALUES LESS THAN ("2020-07-01")) DISTRIBUTED BY HASH(d)',
    )
    const [shown] = await client.rows('SHOW CREATE TABLE x')
    assert.match(
      String(shown?.[1]),
      /\(PARTITION p VALUES \[\("0000-01-01"\), \("2020-07-01"\)\)\)/,
    )
    await client.run('DROP TABLE x')
    await client.run(`${String(shown?.[1])}; INSERT INTO x VALUES (NULL), ("2020-01-01")`)
    assert.deepEqual(await client.rows('SELECT count(*) FROM x PARTITION (p)'), [[2]])
  })

  test('information_schema spells types and kinds as MySQL clients read them', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE x (b BOOLEAN, l LARGEINT) DUPLICATE KEY(b) DISTRIBUTED BY HASH(b); CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT b FROM x',
    )
    assert.deepEqual(
      await client.rows(
        "SELECT DATA_TYPE, COLUMN_TYPE FROM information_schema.columns WHERE TABLE_NAME = 'x' ORDER BY ORDINAL_POSITION",
      ),
      [
        ['tinyint', 'tinyint(1)'],
        ['bigint unsigned', 'bigint(20) unsigned'],
      ],
    )
    assert.deepEqual(
      await client.rows(
        "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.tables WHERE TABLE_SCHEMA = 'd' ORDER BY 1",
      ),
      [
        ['m', 'VIEW'],
        ['x', 'BASE TABLE'],
      ],
    )
  })

  test('refuses what StarRocks refuses, and what this engine cannot do, by name', async (t) => {
    const { client } = await testClient(t)
    const tail = 'DISTRIBUTED BY HASH(k)'
    const refused: readonly (readonly [string, RegExp])[] = [
      [
        `CREATE TABLE x (k INT, v DOUBLE) PRIMARY KEY(k) ${tail} ORDER BY(v)`,
        /Sort key column\[v\] type not supported: DOUBLE in PrimaryKey table/,
      ],
      [
        `CREATE TABLE x (k INT, v INT) DUPLICATE KEY(k) ${tail} ORDER BY(v, v)`,
        /Duplicated column/,
      ],
      [
        `CREATE TABLE x (k BIGINT NOT NULL AUTO_INCREMENT, v BIGINT NOT NULL AUTO_INCREMENT) DUPLICATE KEY(k) ${tail}`,
        /More than one AUTO_INCREMENT/,
      ],
      [
        `CREATE TABLE x (k INT) DUPLICATE KEY(k) ${tail} PROPERTIES ("bucket_size" = "-1")`,
        /Illegal bucket size: -1/,
      ],
      [`CREATE TABLE x (k INT, K INT) DUPLICATE KEY(k) ${tail}`, /Duplicate column/],
      [`CREATE TABLE x (v INT, k INT) PRIMARY KEY(k) ${tail}`, /first few columns/],
      [`CREATE TABLE x (k DOUBLE, v INT) DUPLICATE KEY(k) ${tail}`, /key column 'k'/],
      [`CREATE TABLE x (k INT, v INT) AGGREGATE KEY(k) ${tail}`, /aggregate type/],
      [`CREATE TABLE x (k INT, v INT SUM) PRIMARY KEY(k) ${tail}`, /aggregate type/],
      [`CREATE TABLE x (k INT NULL, v INT) PRIMARY KEY(k) ${tail}`, /nullable/],
      [`CREATE TABLE x (k INT, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(v)`, /not key column/],
      [`CREATE TABLE x (k INT, v STRING SUM) AGGREGATE KEY(k) ${tail}`, /SUM/],
      [`CREATE TABLE x (k INT, b HLL BITMAP_UNION) AGGREGATE KEY(k) ${tail}`, /BITMAP_UNION/],
      [`CREATE TABLE x (k INT, h HLL) AGGREGATE KEY(k) ${tail}`, /aggregate type/],
      [`CREATE TABLE x (b BITMAP, v INT) DUPLICATE KEY(b) DISTRIBUTED BY RANDOM`, /key column 'b'/],
      [`CREATE TABLE x (k INT) DUPLICATE KEY(k) ${tail} PROPERTIES ("nonsense" = "1")`, /nonsense/],
      [`CREATE TABLE x (k INT) ${tail} PROPERTIES ("compression" = "zstd(23)")`, /Invalid level/],
      [
        `CREATE TABLE x (k INT) ${tail} PROPERTIES ("compression" = "zstd(-1)")`,
        /unknown compression type: zstd/,
      ],
      [`CREATE TABLE x (k INT, INDEX i (k) USING NGRAMBF) ${tail}`, /ngram bloom filter column/],
      [
        `CREATE TABLE x (k INT) DUPLICATE KEY(k) ${tail} PROPERTIES ("dynamic_partition.enable" = "true")`,
        /dynamic_partition/,
      ],
      [`CREATE TABLE x (k INT) ENGINE=MYSQL DUPLICATE KEY(k) ${tail}`, /ENGINE/i],
      [`CREATE EXTERNAL TABLE x (k INT) ENGINE=HIVE`, /EXTERNAL|ENGINE/i],
      [`CREATE TABLE x (k INT, v INT AS ((SELECT 1))) DUPLICATE KEY(k) ${tail}`, /subquery/],
      [`CREATE TABLE nowhere.x (k INT) DUPLICATE KEY(k) ${tail}`, /Unknown database/],
      [`CREATE TABLE x (k INT) DUPLICATE KEY(k) PARTITION BY RANGE(z) () ${tail}`, /z/],
    ]
    for (const [sql, reason] of refused) {
      const error = await client.refusal(sql)
      assert.match(error.message, reason, sql)
    }
    assert.deepEqual(await client.rows('SHOW TABLES'), [])
  })

  test('shows the compression as StarRocks names it, and no blank behind the buckets of RANDOM', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE z (k INT) DISTRIBUTED BY RANDOM BUCKETS 3 PROPERTIES ("compression" = "zstd ( 5 )")',
    )
    const [created] = await client.rows('SHOW CREATE TABLE z')
    assert.match(String(created?.[1]), /RANDOM BUCKETS 3\nPROPERTIES/)
    assert.match(String(created?.[1]), /"compression" = "ZSTD\(5\)"/)
  })

  test('CTAS, LIKE and IF NOT EXISTS', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE a (k INT, s VARCHAR(3)) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run("INSERT INTO a VALUES (1, 'x'), (2, 'y')")
    const made = await client.run('CREATE TABLE b AS SELECT k + 1 AS n, s, 1.5 AS d FROM a')
    assert.equal(made.affected, 2)
    assert.deepEqual(await client.rows('SELECT * FROM b ORDER BY n'), [
      [2, 'x', '1.5'],
      [3, 'y', '1.5'],
    ])
    await client.run('CREATE TABLE c LIKE a')
    const [shown] = await client.rows('SHOW CREATE TABLE c')
    assert.match(String(shown?.[1]), /PRIMARY KEY\(`k`\)/)
    await client.run('CREATE TABLE IF NOT EXISTS a (z INT) DUPLICATE KEY(z) DISTRIBUTED BY HASH(z)')
    assert.equal(
      (await client.refusal('CREATE TABLE a (z INT) DUPLICATE KEY(z) DISTRIBUTED BY HASH(z)'))
        .errno,
      1050,
    )
    assert.equal((await client.refusal('DROP TABLE nothing')).errno, 1146)
    await client.run('DROP TABLE IF EXISTS nothing')
    await client.refusal('CREATE TABLE bad AS SELECT cast(s AS JSON) FROM a WHERE nonsense')
    assert.equal((await client.rows("SHOW TABLES LIKE 'bad'")).length, 0)
  })

  test('CTAS with a PRIMARY KEY: the key takes no NULL, whatever the query may answer', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE a PRIMARY KEY(ID) AS SELECT 1 AS id, "x" AS v')
    await client.run('INSERT INTO a VALUES (1, "y")')
    assert.deepEqual(await client.rows('SELECT * FROM a'), [[1, 'y']])
    assert.equal((await client.rows('DESC a'))[0]?.[2], 'NO')
    await client.refusal('CREATE TABLE b PRIMARY KEY(id) AS SELECT cast(NULL AS INT) AS id')
    assert.deepEqual(await client.rows('SHOW TABLES'), [['a']])
  })

  test('an index is of one column', async (t) => {
    const { client } = await testClient(t)
    const both = 'CREATE TABLE z (a INT, b INT, INDEX i (a, b)) DUPLICATE KEY(a)'
    assert.match((await client.refusal(both)).message, /i index can only apply to a single column/)
  })

  test('CTAS may name indexes alone, and a column may be called as they are', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE a (INDEX i (id) USING BITMAP) AS SELECT 1 AS id')
    assert.match(String((await client.rows('SHOW CREATE TABLE a'))[0]?.[1]), /INDEX i \(`id`\)/)
    await client.run(
      'CREATE TABLE b (`index` VARCHAR(9), v INT, INDEX i (v)) DUPLICATE KEY(`index`)',
    )
    assert.equal((await client.rows('DESC b')).length, 2)
  })

  test('databases are made, renamed, dropped with all they hold', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE DATABASE x; CREATE TABLE x.t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k); CREATE VIEW x.v AS SELECT * FROM x.t',
    )
    assert.equal((await client.refusal('CREATE DATABASE x')).errno, 1007)
    await client.run('CREATE DATABASE IF NOT EXISTS x; ALTER DATABASE x RENAME y')
    assert.deepEqual(await client.rows('SELECT count(*) FROM y.t'), [[0]])
    await client.run('DROP DATABASE y')
    assert.equal((await client.refusal('DROP DATABASE y')).errno, 1008)
    assert.equal((await client.refusal('USE y')).errno, 1049)
    assert.equal((await client.refusal('CREATE DATABASE `1x`')).errno, 1102)
    assert.equal((await client.refusal('CREATE DATABASE `x y`')).errno, 1102)
    // reference: StarRocks 3.3.7, test_name_check
    await client.run('CREATE DATABASE `a-~!@#$%^&<>=+b`; CREATE TABLE `a-~!@#$%^&<>=+b`.t (k INT)')
    await client.run('INSERT INTO `a-~!@#$%^&<>=+b`.t VALUES (1)')
    assert.deepEqual(await client.rows('SELECT k FROM `a-~!@#$%^&<>=+b`.t'), [[1]])
    await client.run('DROP DATABASE `a-~!@#$%^&<>=+b` FORCE')
  })
})

describe('CREATE TABLE AS', () => {
  test('a column keeps its length, other text is as long as text may be, and what is not exact becomes so', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE s (k INT, v VARCHAR(20), d DOUBLE)')
    await client.run(`INSERT INTO s VALUES (1, 'x', 1.25)`)
    await client.run(
      `CREATE TABLE c AS SELECT k, v, d, concat(v, 'a') AS w, [CAST(1.5 AS DOUBLE), d] AS a FROM s`,
    )
    const types = (await client.rows('DESC c')).map(([name, type]) => [name, type])
    assert.deepEqual(types, [
      ['k', 'int'],
      ['v', 'varchar(20)'],
      ['d', 'decimal(38,9)'],
      ['w', 'varchar(1048576)'],
      ['a', 'array<decimal128(38,9)>'],
    ])
    assert.deepEqual(await client.rows('SELECT * FROM c'), [
      [1, 'x', '1.250000000', 'xa', '[1.500000000,1.250000000]'],
    ])
    await client.run('CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT k, v, d FROM s')
    assert.deepEqual(
      (await client.rows('DESC m')).map(([, type]) => type),
      ['int', 'varchar(20)', 'double'],
    )
  })
})

test('a table that keeps whole rows beside its columns is not updated as a whole', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE w (k INT, a INT, b INT, c INT, d INT) PRIMARY KEY(k) PROPERTIES ("storage_type" = "column_with_row")',
  )
  assert.match((await client.refusal('UPDATE w SET a = 1')).message, /must specify where clause/)
})

test('an index of n-grams reads back with its properties, those it has by default among them', async (t) => {
  const { client } = await testClient(t)
  const tail = 'DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)'
  await client.run(
    `CREATE TABLE x (k INT, v STRING, INDEX i (v) USING NGRAMBF ("gram_num" = "4") COMMENT 'c') ${tail}`,
  )
  const type = 'NGRAMBF("bloom_filter_fpp" = "0.05", "case_sensitive" = "true", "gram_num" = "4")'
  assert.deepEqual(await client.rows('SHOW INDEX FROM x'), [
    ['d.x', '', 'i', '', 'v', '', '', '', '', '', type, 'c'],
  ])
  const [shown] = await client.rows('SHOW CREATE TABLE x')
  assert.ok(
    String(shown?.[1]).includes(`INDEX i (\`v\`) USING ${type} COMMENT 'c'`),
    String(shown?.[1]),
  )
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['"gram_num" = "0"', /should be positive number/],
    ['"bloom_filter_fpp" = "x"', /fpp is not Double/],
    ['"bloom_filter_fpp" = "0.06"', /fpp should in \[1.0E-4, 0.05\]/],
    ['"case_sensitive" = "x"', /should be true or false/],
    ['"gram" = "1"', /property 'gram'/],
  ]
  for (const [property, message] of refusals) {
    const sql = `CREATE TABLE y (k INT, v STRING, INDEX i (v) USING NGRAMBF (${property})) ${tail}`
    assert.match((await client.refusal(sql)).message, message)
  }
})

// reference: StarRocks 3.3.7, test_ngram_bloom_filter_error
test('an index of n-grams does not stand beside a bloom filter of the same column', async (t) => {
  const { client } = await testClient(t)
  const filtered = 'DUPLICATE KEY(k) PROPERTIES ("bloom_filter_columns" = "k, V")'
  const index = 'INDEX i (v) USING NGRAMBF ("gram_num" = "4")'
  await client.run(`CREATE TABLE x (k INT, v STRING) ${filtered}`)
  for (const sql of [
    `CREATE TABLE y (k INT, v STRING, ${index}) ${filtered}`,
    `ALTER TABLE x ADD ${index}`,
  ])
    assert.equal(
      (await client.refusal(sql)).message,
      'column v should only have one bloom filter index or ngram bloom filter index',
    )
})

// reference: StarRocks 3.3.7, test_mutable_bucket, test_partition_ttl
test('the expression that makes partitions is shown with backticks where it is written so', async (t) => {
  const { client } = await testClient(t)
  for (const [name, column] of [
    ['a', 'd'],
    ['b', '`d`'],
  ] as const) {
    await client.run(
      `CREATE TABLE ${name} (d DATE) DUPLICATE KEY(d) PARTITION BY DATE_TRUNC('DAY', ${column})`,
    )
    const [shown] = await client.rows(`SHOW CREATE TABLE ${name}`)
    assert.ok(String(shown?.[1]).includes(`PARTITION BY date_trunc('DAY', ${column})`), name)
  }
})

// reference: StarRocks 3.3.7, test_mutable_bucket
test('mutable_bucket_num is kept and shown', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE m (k INT) PROPERTIES ("mutable_bucket_num" = "2")')
  await client.run('ALTER TABLE m SET ("mutable_bucket_num" = "3")')
  const [shown] = await client.rows('SHOW CREATE TABLE m')
  assert.match(String(shown?.[1]), /"mutable_bucket_num" = "3"/)
  assert.match(
    (await client.refusal('ALTER TABLE m SET ("mutable_bucket_num" = "-1")')).message,
    /Illegal mutable bucket num: -1/,
  )
})

test('SHOW CREATE TABLE leaves out what StarRocks takes and does not show', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE u (k INT, v INT REPLACE) UNIQUE KEY(k) DISTRIBUTED BY HASH(k) PROPERTIES ("storage_format" = "DEFAULT", "in_memory" = "false", "enable_persistent_index" = "false")',
  )
  const [shown] = await client.rows('SHOW CREATE TABLE u')
  assert.doesNotMatch(String(shown?.[1]), /storage_format|in_memory|persistent_index|REPLACE/)
})
