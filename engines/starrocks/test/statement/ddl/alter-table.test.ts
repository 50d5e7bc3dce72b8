import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

describe('ALTER TABLE', () => {
  test('adds, drops, renames, widens and moves columns with the rows that are there', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, v INT, s VARCHAR(3)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    await client.run("INSERT INTO t VALUES (1, 2, 'abc')")
    await client.run(
      'ALTER TABLE t ADD COLUMN d INT NOT NULL DEFAULT "5" AFTER k, ADD COLUMN n STRING',
    )
    assert.deepEqual((await client.run('SELECT * FROM t')).columns, ['k', 'd', 'v', 's', 'n'])
    assert.deepEqual(await client.rows('SELECT * FROM t'), [[1, 5, 2, 'abc', null]])
    await client.run('ALTER TABLE t MODIFY COLUMN v BIGINT, MODIFY COLUMN s VARCHAR(10)')
    await client.run("INSERT INTO t (k, v, s) VALUES (2, 5000000000, 'abcdefghij')")
    await client.run('ALTER TABLE t RENAME COLUMN v TO amount')
    await client.run('ALTER TABLE t DROP COLUMN n')
    assert.deepEqual(await client.rows('SELECT k, d, amount, s FROM t ORDER BY k'), [
      [1, 5, 2, 'abc'],
      [2, 5, 5000000000, 'abcdefghij'],
    ])
  })

  test('refuses what could lose values or break the model, and then changes nothing', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, v BIGINT, s VARCHAR(9)) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)',
    )
    const before = await client.rows('SHOW CREATE TABLE t')
    const refused = [
      'ALTER TABLE t MODIFY COLUMN v INT',
      'ALTER TABLE t MODIFY COLUMN s VARCHAR(3)',
      'ALTER TABLE t MODIFY COLUMN v BIGINT NOT NULL',
      'ALTER TABLE t MODIFY COLUMN k BIGINT NOT NULL',
      'ALTER TABLE t DROP COLUMN k',
      'ALTER TABLE t DROP COLUMN nothing',
      'ALTER TABLE t ADD COLUMN v INT',
      'ALTER TABLE t ADD COLUMN x INT NOT NULL',
      'ALTER TABLE t ADD COLUMN ok INT, DROP COLUMN nothing',
      'ALTER TABLE t ADD COLUMN g INT AS ((SELECT 1))',
      'ALTER TABLE t RENAME COLUMN v TO s',
      'ALTER TABLE t RENAME t',
      'ALTER TABLE t ADD PARTITION p VALUES LESS THAN ("1")',
      'ALTER TABLE t SET ("no_such_property" = "1")',
      'ALTER TABLE t SET ("dynamic_partition.enable" = "true")',
      'ALTER TABLE t ADD ROLLUP r (k)',
    ]
    for (const sql of refused) await client.refusal(sql)
    const shorter = await client.refusal('ALTER TABLE t MODIFY COLUMN s VARCHAR(3)')
    assert.equal(shorter.message, 'Cannot shorten string length')
    assert.deepEqual(await client.rows('SHOW CREATE TABLE t'), before)
    await client.run("INSERT INTO t VALUES (1, 1, 'x')")
  })

  test('keeps the default of a column that is modified, or refuses', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (k INT, v INT DEFAULT "7", made DATETIME DEFAULT CURRENT_TIMESTAMP, n INT)
      DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`)
    for (const column of [
      'v BIGINT',
      'v INT DEFAULT "8"',
      'made DATETIME',
      'made DATETIME DEFAULT "2024-01-01 00:00:00"',
      'n INT DEFAULT "1"',
    ]) {
      const { message } = await client.refusal(`ALTER TABLE t MODIFY COLUMN ${column}`)
      assert.equal(message, 'Can not change default value', column)
    }
    await client.run('ALTER TABLE t MODIFY COLUMN v BIGINT DEFAULT "7" COMMENT "wider"')
    await client.run('ALTER TABLE t MODIFY COLUMN made DATETIME DEFAULT CURRENT_TIMESTAMP')
    await client.run('ALTER TABLE t MODIFY COLUMN n BIGINT DEFAULT NULL')
    await client.run('INSERT INTO t (k) VALUES (1)')
    assert.deepEqual(await client.rows('SELECT v, made IS NULL, n FROM t'), [[7, 0, null]])
  })

  test('renames columns that rows are spread and partitioned by', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (k INT, v INT, INDEX i (k) USING BITMAP) DUPLICATE KEY(k)
      PARTITION BY RANGE(k) (PARTITION p1 VALUES LESS THAN ("10")) DISTRIBUTED BY HASH(k)`)
    await client.run('INSERT INTO t VALUES (1, 2)')
    await client.run('ALTER TABLE t RENAME COLUMN k TO x')
    await client.run('INSERT INTO t VALUES (2, 3)')
    await client.refusal('INSERT INTO t VALUES (10, 3)')
    assert.deepEqual(await client.rows('SELECT x, v FROM t PARTITION (p1) ORDER BY x'), [
      [1, 2],
      [2, 3],
    ])
    const [created] = await client.rows('SHOW CREATE TABLE t')
    for (const part of ['RANGE(`x`)', 'HASH(`x`)', 'DUPLICATE KEY(`x`)', 'INDEX i (`x`)'])
      assert.ok(String(created?.[1]).includes(part), part)
  })

  // reference: StarRocks 3.3.7, test_ddl_alter_table
  test('adds a BITMAP or HLL that may not be NULL as an empty one', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE t (k INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run('INSERT INTO t VALUES (1)')
    await client.run('ALTER TABLE t ADD COLUMN (b BITMAP NOT NULL, h HLL NOT NULL, n BITMAP)')
    assert.deepEqual(
      await client.rows('SELECT bitmap_count(b), b IS NULL, hll_cardinality(h), h IS NULL FROM t'),
      [[0, 0, 0, 0]],
    )
  })

  // reference: StarRocks 3.3.7, test_column_rename_insert
  test('renames columns that partitions are computed of', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      "CREATE TABLE e (d DATE) DUPLICATE KEY(d) PARTITION BY date_trunc('day', d) DISTRIBUTED BY HASH(d)",
    )
    await client.run("INSERT INTO e VALUES ('2024-01-01')")
    await client.run('ALTER TABLE e RENAME COLUMN d TO x')
    await client.run("INSERT INTO e VALUES ('2024-01-01'), ('2024-01-02')")
    assert.deepEqual(await client.rows('SELECT count(x) FROM e PARTITION (p20240101)'), [[2]])
    assert.match(
      String((await client.rows('SHOW CREATE TABLE e'))[0]?.[1]),
      /PARTITION BY date_trunc\('day', `x`\)/,
    )
    await client.run(`CREATE TABLE c (k VARCHAR(20)) DUPLICATE KEY(k) PARTITION BY RANGE(cast(substr(k, 2) AS BIGINT))
      (PARTITION p1 VALUES LESS THAN ("10"), PARTITION p2 VALUES LESS THAN ("20"))`)
    await client.run("INSERT INTO c VALUES ('a1')")
    await client.run('ALTER TABLE c RENAME COLUMN k TO code')
    await client.run("INSERT INTO c VALUES ('a12')")
    await client.refusal("INSERT INTO c VALUES ('a20')")
    assert.deepEqual(await client.rows('SELECT code FROM c PARTITION (p2)'), [['a12']])
    assert.match(
      String((await client.rows('SHOW CREATE TABLE c'))[0]?.[1]),
      /RANGE\(CAST\(substr\(`code`, 2\) AS BIGINT\)\)/,
    )
  })

  test('renames no column whose partitions another time zone would compute otherwise', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (k BIGINT) DUPLICATE KEY(k) PARTITION BY RANGE(from_unixtime(k))
      (PARTITION p1 VALUES LESS THAN ("2024-01-01"))`)
    await client.run("SET time_zone = '-05:00'")
    assert.match(
      (await client.refusal('ALTER TABLE t RENAME COLUMN k TO x')).message,
      /Can not rename partition column 'k'/,
    )
    await client.run("SET time_zone = 'Asia/Shanghai'")
    await client.run('ALTER TABLE t RENAME COLUMN k TO x')
  })

  test('computes the new generated columns of the rows that are there', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k BIGINT, g BIGINT AS (k + 1)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    await client.run('INSERT INTO t VALUES (1), (9223372036854775807)')
    await client.run('ALTER TABLE t ADD COLUMN (a BIGINT AS k * 10, b BIGINT AS k * 100)')
    await client.run('INSERT INTO t VALUES (2)')
    assert.deepEqual(await client.rows('SELECT a, b FROM t WHERE k < 3 ORDER BY k'), [
      [10, 100],
      [20, 200],
    ])
  })

  test('renames and swaps tables', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE a (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
      CREATE TABLE b (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
      INSERT INTO a VALUES (1); INSERT INTO b VALUES (2); ALTER TABLE a SWAP WITH b`)
    assert.deepEqual(await client.rows('SELECT * FROM a'), [[2]])
    await client.run('ALTER TABLE a RENAME c')
    assert.deepEqual(await client.rows('SELECT * FROM c'), [[2]])
    assert.equal((await client.refusal('SELECT * FROM a')).errno, 1146)
  })

  test('names of tables differ by case, names of columns do not', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
      CREATE TABLE T (K INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k); INSERT INTO T VALUES (7)`)
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
    assert.deepEqual(await client.rows('SELECT k FROM T'), [[7]])
    assert.equal(
      (
        await client.refusal(
          'CREATE TABLE x (a INT, A INT) DUPLICATE KEY(a) DISTRIBUTED BY HASH(a)',
        )
      ).errno,
      1060,
    )
  })
})

// reference: StarRocks 3.3.7, test_sort_key_uni_tbl
test('what rows were said to be sorted by stays when columns move', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE t (k INT, l INT, v INT) UNIQUE KEY(k, l) DISTRIBUTED BY HASH(k); ALTER TABLE t ORDER BY (k, l); ALTER TABLE t ORDER BY (l, k, v)',
  )
  const [[, text] = []] = await client.rows('SHOW CREATE TABLE t')
  assert.match(String(text), /UNIQUE KEY\(`l`, `k`\)[^]*\nORDER BY\(`k`, `l`\)\n/)
})

test('ORDER BY of all columns moves them, and new columns stand before generated ones', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE t (k INT, v INT, g BIGINT AS v + 1) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k); INSERT INTO t VALUES (1, 2)',
  )
  await client.run(
    'ALTER TABLE t ADD COLUMN x INT DEFAULT "9"; ALTER TABLE t ADD COLUMN h BIGINT AS x + 1',
  )
  assert.deepEqual((await client.run('SELECT * FROM t')).columns, ['k', 'v', 'x', 'g', 'h'])
  assert.deepEqual(await client.rows('SELECT * FROM t'), [[1, 2, 9, 3, 10]])
  await client.run('ALTER TABLE t ORDER BY (k, x, v, h, g)')
  assert.deepEqual((await client.run('SELECT * FROM t')).columns, ['k', 'x', 'v', 'h', 'g'])
  await client.run('INSERT INTO t VALUES (2, 8, 1)')
  assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
    [1, 9, 2, 10, 3],
    [2, 8, 1, 9, 2],
  ])
  await client.refusal('ALTER TABLE t ORDER BY (v, k, x, h, g)')
  await client.run('CREATE TABLE p (k INT, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)')
  assert.match(
    (await client.refusal('ALTER TABLE p ORDER BY (k, v)')).message,
    /do not support reorder/,
  )
})

test('a column that a PRIMARY KEY table is sorted by is not dropped, nor the last key of a view', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE p (k BIGINT, v INT, w INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k) ORDER BY (v);
     CREATE TABLE q (k INT, s STRING, v INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
     CREATE MATERIALIZED VIEW m AS SELECT s, v FROM q`,
  )
  assert.equal(
    (await client.refusal('ALTER TABLE p DROP COLUMN v')).message,
    'Can not drop sort column in primary data model table',
  )
  await client.run('ALTER TABLE p DROP COLUMN w')
  assert.equal(
    (await client.refusal('ALTER TABLE q DROP COLUMN s')).message,
    'No key column left. index[m]',
  )
})

test('SHOW CREATE TABLE of a PRIMARY KEY table shows no REPLACE', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE p (k BIGINT, v BIGINT REPLACE) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)',
  )
  const [[, text] = []] = (await client.run('SHOW CREATE TABLE p')).rows
  assert.match(String(text), /`v` bigint\(20\) NULL COMMENT/)
})

test('storage_cooldown_ttl goes with SSD and ranges, and is shown', async (t) => {
  const { client } = await testClient(t)
  const create = (properties: string, by = 'RANGE(k)', values = 'LESS THAN ("10")'): string =>
    `CREATE TABLE t (k INT NOT NULL, v INT) DUPLICATE KEY(k) PARTITION BY ${by} (PARTITION p1 VALUES ${values}) DISTRIBUTED BY HASH(k) PROPERTIES (${properties})`
  const alone = '"storage_cooldown_ttl" = "3 day"'
  for (const [properties, message] of [
    [alone, 'Invalid data property. storage medium property is not found'],
    [
      `${alone}, "storage_medium" = "HDD"`,
      'Can not assign cooldown ttl to table with HDD storage medium',
    ],
    [
      '"storage_cooldown_ttl" = "3 fortnights", "storage_medium" = "SSD"',
      'Cannot parse text to Duration',
    ],
    ['"storage_medium" = "tape"', 'Invalid storage medium: tape'],
  ] as const)
    assert.equal((await client.refusal(create(properties))).message, message)
  const ssd = '"storage_cooldown_ttl" = "1 year 6 months", "storage_medium" = "SSD"'
  await client.run(create(ssd))
  const [created] = await client.rows('SHOW CREATE TABLE t')
  assert.match(String(created?.[1]), /"storage_cooldown_ttl" = "1 year 6 months"/)
  await client.run(`ALTER TABLE t MODIFY PARTITION (*) SET (${ssd})`)
  await client.run(`ALTER TABLE t SET (${alone})`)
  await client.run('DROP TABLE t')
  await client.run(create(ssd, 'LIST(k)', 'IN ("1")'))
  assert.equal(
    (await client.refusal(`ALTER TABLE t MODIFY PARTITION (*) SET (${ssd})`)).message,
    'Only support range partition table to modify storage_cooldown_ttl',
  )
})
