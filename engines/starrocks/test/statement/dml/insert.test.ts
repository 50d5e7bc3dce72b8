/** The answers are those of StarRocks' own suite: test_insert_partial_update, test_auto_increment. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

describe('INSERT of some columns into a PRIMARY KEY table', () => {
  test('keeps the others, and fills new rows with defaults or empty values', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE t (k INT NOT NULL, v STRING NOT NULL, w INT NOT NULL DEFAULT '7', n INT, g BIGINT AS w + 1)
       PRIMARY KEY(k) DISTRIBUTED BY HASH(k);
       INSERT INTO t VALUES (1, 'a', 1, 1), (2, 'b', 2, 2)`,
    )
    const { affected } = await client.run('INSERT INTO t (k, w) VALUES (1, 11), (3, 3)')
    assert.equal(affected, 2)
    const changed = [
      [1, 'a', 11, 1, 12],
      [2, 'b', 2, 2, 3],
      [3, '', 3, null, 4],
    ]
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), changed)
    assert.equal((await client.refusal("INSERT INTO t (k, v) VALUES (1, 'x')")).errno, 6015)
    assert.equal((await client.refusal("INSERT INTO t (v, w) VALUES ('x', 1)")).errno, 6014)
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), changed)
  })

  for (const [form, write] of [
    ['from a query', 'INSERT INTO t (v, k) SELECT 20, k FROM t UNION ALL SELECT 30, 3'],
    ['by name', 'INSERT INTO t BY NAME SELECT v * 2 AS v, k FROM t UNION ALL SELECT 30, 3'],
    ['in a transaction', 'BEGIN; INSERT INTO t (k, v) VALUES (1, 20), (3, 30); COMMIT'],
    ['with a label', 'INSERT INTO t WITH LABEL l (k, v) VALUES (1, 20), (3, 30)'],
  ] as const) {
    test(`does so ${form}`, async (t) => {
      const { client } = await testClient(t)
      await client.run(
        `CREATE TABLE t (k INT, v INT, kept STRING DEFAULT 'd') PRIMARY KEY(k) DISTRIBUTED BY HASH(k);
         INSERT INTO t VALUES (1, 10, 'old'); ${write}`,
      )
      assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
        [1, 20, 'old'],
        [3, 30, 'd'],
      ])
    })
  }

  test('numbers new rows in their order', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE t (k INT, v INT, id BIGINT NOT NULL AUTO_INCREMENT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k);
       INSERT INTO t (k, v) VALUES (9, 1), (5, 2), (7, 3), (1, 4);
       INSERT INTO t (k, v) VALUES (100, 5), (5, 6), (50, 7), (1, 8), (20, 9)`,
    )
    assert.deepEqual(await client.rows('SELECT k, id FROM t ORDER BY v'), [
      [9, 1],
      [7, 3],
      [100, 5],
      [5, 2],
      [50, 6],
      [1, 4],
      [20, 7],
    ])
  })

  test('numbers new rows only, and evaluates a function that is DEFAULT for every row', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `CREATE TABLE t (k INT, v INT, id BIGINT NOT NULL AUTO_INCREMENT, at DATETIME DEFAULT CURRENT_TIMESTAMP)
       PRIMARY KEY(k) DISTRIBUTED BY HASH(k);
       INSERT INTO t VALUES (1, 1, DEFAULT, '2000-01-01 00:00:00');
       INSERT INTO t (k, v) VALUES (1, 2), (2, 2)`,
    )
    assert.deepEqual(
      await client.rows('SELECT k, v, id < 100000, year(at) > 2000 FROM t ORDER BY k'),
      [
        [1, 2, 1, 1],
        [2, 2, 1, 1],
      ],
    )
    const [first] = await client.rows('SELECT id FROM t WHERE k = 1')
    assert.match(
      (await client.refusal('INSERT INTO t (k, id) VALUES (1, NULL)')).message,
      /`NULL` value is not supported for an AUTO_INCREMENT column: id/,
    )
    await client.run('INSERT INTO t (k, v) VALUES (1, 3)')
    assert.deepEqual(await client.rows('SELECT id FROM t WHERE k = 1'), [first])
  })

  test('names all columns of the sort key, or writes nothing', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, v INT, w INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k) ORDER BY (v); INSERT INTO t VALUES (1, 1, 1)',
    )
    assert.match(
      (await client.refusal('INSERT INTO t (k, w) VALUES (1, 2)')).message,
      /partial update on table with sort key must provide all sort key columns/,
    )
    await client.run('INSERT INTO t (k, v) VALUES (1, 2)')
    assert.deepEqual(await client.rows('SELECT * FROM t'), [[1, 2, 1]])
  })
})

test('a number that does not fit becomes NULL, at whatever depth it stands; a text that is none refuses its row', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE t (k INT, n TINYINT, a ARRAY<DECIMAL(4, 3)>, m MAP<INT, TINYINT>, s STRUCT<x TINYINT, y ARRAY<TINYINT>>)
     DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`,
  )
  await client.run(
    `INSERT INTO t VALUES (1, 300, [1.5, 10000000.5], map{'': 300}, row(300, [1])), (2, -128.9, [], NULL, row(1, [1, 300]))`,
  )
  assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
    [1, null, '[1.500,null]', '{null:null}', '{"x":null,"y":[1]}'],
    [2, -128, '[]', null, '{"x":1,"y":[1,null]}'],
  ])
  const { message } = await client.refusal("INSERT INTO t (k, n) VALUES (3, 'x')")
  assert.match(message, /Value 'x' is out of range/)
})

// reference: StarRocks 3.3.7, test_automatic_partition/test_insert_overwrite
test('a text that is no BOOLEAN becomes NULL', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE t (k INT, b BOOLEAN) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  await client.run("INSERT INTO t VALUES (1, 'x'), (2, 'true'), (3, '0')")
  assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
    [1, null],
    [2, 1],
    [3, 0],
  ])
})

test('INSERT OVERWRITE with dynamic_overwrite replaces the partitions that its rows go to, and no others', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE t (d DATE NOT NULL, v INT) DUPLICATE KEY(d) PARTITION BY date_trunc("month", d)',
  )
  await client.run("INSERT INTO t VALUES ('2024-01-01', 1), ('2024-01-31', 2), ('2024-02-01', 3)")
  const hint = '/*+SET_VAR(dynamic_overwrite = TRUE)*/'
  await client.run(`INSERT ${hint} OVERWRITE t VALUES ('2024-01-15', 4), ('2024-03-01', 5)`)
  const left = 'SELECT v FROM t ORDER BY d'
  assert.deepEqual(await client.rows(left), [[4], [3], [5]])
  await client.run(`INSERT ${hint} OVERWRITE t SELECT * FROM t WHERE v > 99`)
  assert.deepEqual(await client.rows(left), [[4], [3], [5]])
  await client.run('CREATE TABLE plain (k INT); INSERT INTO plain VALUES (1)')
  await client.run(`INSERT ${hint} OVERWRITE plain VALUES (2)`)
  assert.deepEqual(await client.rows('SELECT k FROM plain'), [[2]])
  await client.run("INSERT OVERWRITE t VALUES ('2024-02-01', 6)")
  assert.deepEqual(await client.rows(left), [[6]])
})

// reference: StarRocks 3.4, test_dynamic_overwrite_on_other_table
test('dynamic_overwrite changes nothing for a table whose partitions are not automatic', async (t) => {
  const { client } = await testClient(t)
  for (const partitions of [
    'RANGE(k) (PARTITION p1 VALUES LESS THAN ("1"), PARTITION p2 VALUES LESS THAN ("2"))',
    'LIST(k) (PARTITION p1 VALUES IN ("0"), PARTITION p2 VALUES IN ("1"))',
  ]) {
    await client.run(
      `DROP TABLE IF EXISTS t; CREATE TABLE t (k INT NOT NULL) PARTITION BY ${partitions}`,
    )
    await client.run('INSERT INTO t VALUES (0), (1)')
    await client.run('INSERT /*+SET_VAR(dynamic_overwrite = TRUE)*/ OVERWRITE t VALUES (1)')
    assert.deepEqual(await client.rows('SELECT k FROM t'), [[1]], partitions)
  }
})

// reference: StarRocks 3.3.7, test_blackhole_sink
test('BLACKHOLE computes every value of a query and keeps none', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE t (a INT, b ARRAY<INT>) DUPLICATE KEY (a)')
  await client.run('INSERT INTO t VALUES (1, [1]), (2, NULL)')
  await client.run('INSERT INTO BLACKHOLE() SELECT * FROM t')
  const failing =
    "INSERT INTO BLACKHOLE() SELECT /*+ SET_VAR(sql_mode = 'ALLOW_THROW_EXCEPTION') */ a, CAST(concat('x', a) AS INT) FROM t"
  assert.match((await client.refusal(failing)).message, /to INT failed/)
  assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[2]])
})
