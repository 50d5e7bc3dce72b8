import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from '../../support/open-engine.ts'
import { objectClient, skipWithoutObjects as skip } from '../../support/object-client.ts'

test(
  'EXPORT writes a table, or columns and partitions of it, and is listed until the engine ends',
  { skip },
  async (t) => {
    const { client, names, text } = await objectClient(t)
    await client.run(
      `CREATE TABLE t (k INT, v VARCHAR(10), n INT) DUPLICATE KEY(k) PARTITION BY RANGE(k) (PARTITION p1 VALUES LESS THAN ("10"), PARTITION p2 VALUES LESS THAN ("20")) DISTRIBUTED BY HASH(k)`,
    )
    await client.run("INSERT INTO t VALUES (1, 'a', NULL), (11, 'b', 2)")
    await client.run(
      "EXPORT TABLE t TO 'oss://bucket-a/e/' WITH SYNC MODE WITH BROKER ('aws.s3.access_key' = 'x')",
    )
    const [whole = ''] = names('e')
    assert.match(whole, /^data_[-0-9a-f]+_0\.csv$/)
    assert.deepEqual(text(`e/${whole}`).split('\n').sort(), ['', '1\ta\t\\N', '11\tb\t2'])
    await client.run(
      "EXPORT TABLE d.t PARTITION (p2) (v, k) TO 'oss://bucket-a/f/part' PROPERTIES ('column_separator' = ',', 'timeout' = '60')",
    )
    let row: readonly unknown[] = []
    for (let look = 0; look < 200 && row[2] !== 'FINISHED'; look++) {
      await pause(50)
      row = (await client.rows('SHOW EXPORT FROM d'))[0] ?? []
    }
    assert.deepEqual(
      [row[2], row[3], row[4], row[5], row[9], row[10]],
      [
        'FINISHED',
        '100%',
        '{"db":"d","tbl":"t","partitions":["p2"],"columns":["v","k"],"broker":"","column separator":",","row delimiter":"\\n"}',
        'oss://bucket-a/f/',
        60,
        null,
      ],
    )
    const [part = ''] = names('f')
    assert.equal(part, `part_${String(row[1])}_0.csv`)
    assert.equal(text(`f/${part}`), 'b,11\n')
  },
)

test(
  'delimiters are any, and a name without the query’s id is not taken twice',
  { skip },
  async (t) => {
    const { client, names, text } = await objectClient(t)
    await client.run('CREATE TABLE t (k INT, v STRING) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run(`INSERT INTO t VALUES (1, 'a"b'), (2, NULL)`)
    const sql = `EXPORT TABLE t TO 'oss://bucket-a/e/x' WITH SYNC MODE PROPERTIES ('column_separator' = '\\\\x01', 'line_delimiter' = '<row>', 'include_query_id' = 'false')`
    await client.run(sql)
    assert.deepEqual(names('e'), ['x_0.csv'])
    assert.deepEqual(text('e/x_0.csv').split('<row>').sort(), ['', '1\u0001a"b', '2\u0001\\N'])
    assert.equal((await client.refusal(sql)).message, 'oss://bucket-a/e/x_0.csv already exists')
    await client.run(
      "INSERT INTO FILES('path' = 'oss://bucket-a/r/', 'format' = 'csv', 'single' = 'true', 'csv.row_delimiter' = '|') SELECT k FROM t ORDER BY k",
    )
    assert.equal(text(`r/${String(names('r')[0])}`), '1|2|')
  },
)

test(
  'an export that runs or waits is cancelled by its query, and one that ended is not',
  { skip },
  async (t) => {
    const { client, engine, names } = await objectClient(t)
    await client.run('CREATE TABLE t (k INT, v STRING) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run('CREATE TABLE s (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run(
      "INSERT INTO t SELECT g, repeat('x', 1000) FROM TABLE(generate_series(1, 100000)) s(g)",
    )
    for (let count = 0; count < 5; count++)
      await client.run("EXPORT TABLE t TO 'oss://bucket-a/e/'")
    // Without asking DuckDB, whose threads are busy with exports.
    const all = await client.rows('SHOW EXPORT')
    assert.equal(all[4]?.[2], 'PENDING')
    // All at once: each waits until its export has ended.
    const others = await Promise.all(all.map(() => connect(engine, 'admin', 'd')))
    await Promise.all(
      others.map((other, index) =>
        other.run(`CANCEL EXPORT FROM d WHERE queryid = '${String(all[index]?.[1])}'`),
      ),
    )
    assert.deepEqual(
      (await client.rows("SHOW EXPORT FROM d WHERE STATE = 'cancelled'")).map((row) => [
        row[1],
        row[3],
        row[10],
      ]),
      all.map(([, id]) => [id, '0%', 'type:USER_CANCEL; msg:user cancel']),
    )
    assert.deepEqual(names(''), [])
    const [, id] = all[0] ?? []
    for (const [where, expected] of [
      [
        `queryid = '${String(id)}'`,
        /^Export job \[[-0-9a-f]{36}\] is already finished or cancelled$/,
      ],
      ["queryid = '00000000-0000-0000-0000-000000000000'", /^Export job \[0{8}-.*\] is not found$/],
      ["queryid = 'x'", /^Invalid UUID string as queryid: x$/],
      ["state = 'x'", /Where clause should look like: queryid =/],
    ] as const)
      assert.match((await client.refusal(`CANCEL EXPORT WHERE ${where}`)).message, expected)
    const job = all[1]?.[0]
    for (const where of [`id = ${String(job)}`, `queryid = '${String(all[1]?.[1])}'`])
      assert.deepEqual(
        (await client.rows(`SHOW EXPORT WHERE ${where}`)).map((row) => row[0]),
        [job],
      )
    assert.deepEqual(
      (await client.rows('SHOW EXPORT ORDER BY JobId DESC LIMIT 1')).map((row) => row[0]),
      [all[4]?.[0]],
    )
    for (const where of ["state = 'x'", "path = 'x'", "state != 'FINISHED'"])
      assert.match(
        (await client.refusal(`SHOW EXPORT WHERE ${where}`)).message,
        /Where clause should look like/,
      )
  },
)

test(
  'an export to where the instance may not write, or of what is not there, is refused',
  { skip },
  async (t) => {
    const { client, engine } = await objectClient(t)
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    for (const [sql, expected] of [
      ["EXPORT TABLE t TO 'oss://bucket-b/in/'", /no right to write.*403/],
      ["EXPORT TABLE t TO 'oss://bucket-a/../bucket-c/'", /Access storage error/],
      ["EXPORT TABLE t TO 'file:///tmp/x'", /Access storage error/],
      ["EXPORT TABLE t (z) TO 'oss://bucket-a/'", /'z'/],
      ["EXPORT TABLE none TO 'oss://bucket-a/'", /none/],
      ["EXPORT TABLE t TO 'oss://bucket-a/' PROPERTIES ('x' = '1')", /property "x" of EXPORT/],
      [
        "EXPORT TABLE t TO 'oss://bucket-a/' PROPERTIES ('timeout' = 'x')",
        /Invalid timeout value: x/,
      ],
      [
        "EXPORT TABLE t TO 'oss://bucket-a/' PROPERTIES ('include_query_id' = 'x')",
        /Invalid include query id value: x/,
      ],
      [
        "EXPORT TABLE t TO 'oss://bucket-a/' PROPERTIES ('line_delimiter' = '')",
        /valid bytes length for 'line_delimiter'/,
      ],
    ] as const)
      assert.match((await client.refusal(sql)).message, expected, sql)
    await client.run("CREATE USER reader; GRANT SELECT ON TABLE d.t TO USER 'reader'")
    const reader = await connect(engine, 'reader', 'd')
    assert.match(
      (await reader.refusal("EXPORT TABLE t TO 'oss://bucket-a/'")).message,
      /the EXPORT privilege/,
    )
  },
)
