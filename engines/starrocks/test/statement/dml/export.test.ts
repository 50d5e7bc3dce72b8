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
      ['FINISHED', '100%', '{"db":"d","tbl":"t"}', 'oss://bucket-a/f/', '60', null],
    )
    const [part = ''] = names('f')
    assert.equal(part, `part_${String(row[1])}_0.csv`)
    assert.equal(text(`f/${part}`), 'b,11\n')
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
