import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { objectClient, skipWithoutObjects as skip } from '../../support/object-client.ts'

const A = "FILES('path' = 'oss://bucket-a/a.csv', 'format' = 'csv')"
const B = "FILES('path' = 'oss://bucket-a/b.csv', 'format' = 'csv')"

test(
  'files stand wherever a table may: joins, subqueries, common tables, unions',
  { skip },
  async (t) => {
    const { client, put } = await objectClient(t)
    await put('a.csv', '1\tx\n2\ty\n')
    await put('b.csv', '2\n3\n')
    await client.run('CREATE TABLE t (k INT, v STRING) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run(`INSERT INTO t SELECT $1, $2 FROM ${A}`)
    for (const [sql, expected] of [
      [`SELECT a.$2, b.$1 FROM ${A} a JOIN ${B} b ON a.$1 = b.$1`, [['y', 2]]],
      [`SELECT t.v FROM t LEFT JOIN ${B} f ON t.k = f.$1 WHERE f.$1 IS NULL`, [['x']]],
      [`SELECT k FROM t WHERE k IN (SELECT $1 FROM ${B})`, [[2]]],
      [`SELECT (SELECT max($1) FROM ${B})`, [[3]]],
      [`WITH w AS (SELECT $1 AS n FROM ${B}) SELECT sum(w.n) FROM w, w AS z`, [[10]]],
      [`SELECT $1 FROM ${A} UNION ALL SELECT $1 FROM ${B} ORDER BY 1`, [[1], [2], [2], [3]]],
      [`SELECT count(*) FROM ${A} x, ${A} y`, [[4]]],
    ] as const)
      assert.deepEqual(await client.rows(sql), expected, sql)
    await client.run(`PREPARE p FROM 'SELECT $1 FROM ${B.replaceAll("'", "\\'")} WHERE $1 > ?'`)
    await client.run('SET @n = 2')
    assert.deepEqual(await client.rows('EXECUTE p USING @n'), [[3]])
    assert.match(
      (await client.refusal(`DELETE FROM t WHERE k IN (SELECT $1 FROM ${B})`)).message,
      /FILES\(\) in this statement is not supported/,
    )
  },
)

test(
  'a view of files reads them as they are at each use, with the rights of the instance then',
  { skip },
  async (t) => {
    const { client, put, engine } = await objectClient(t)
    await put('a.csv', '1\tx\n')
    await client.run(`CREATE VIEW v (k, name) AS SELECT * FROM ${A}`)
    await client.run('CREATE VIEW w AS SELECT k * 2 AS d FROM v')
    assert.deepEqual(await client.rows('SELECT * FROM w'), [[2]])
    await put('a.csv', '5\ty\n6\tz\n')
    assert.deepEqual(
      await client.rows('SELECT w.d, v.name FROM w JOIN v ON w.d = v.k * 2 ORDER BY 1'),
      [
        [10, 'y'],
        [12, 'z'],
      ],
    )
    assert.deepEqual(await client.rows('DESC v'), await client.rows('DESC d.v'))
    await client.run('CREATE TABLE t PROPERTIES("replication_num" = "1") AS SELECT * FROM v')
    await client.run('INSERT INTO t SELECT k, name FROM v')
    assert.deepEqual(await client.rows('SELECT sum(k) FROM t'), [[22]])
    await client.run(`ALTER VIEW v AS SELECT $1 AS k FROM ${A}`)
    assert.deepEqual(await client.rows('SELECT max(k) FROM v'), [[6]])
    assert.match(
      (
        await client.refusal(
          `CREATE VIEW s AS SELECT * FROM ${A.replace(')', ", 'aws.s3.secret_key' = 'Needle')")}`,
        )
      ).message,
      /A key in FILES\(\) of a view is not supported/,
    )
    assert.match(
      (
        await client.refusal(
          `CREATE MATERIALIZED VIEW m DISTRIBUTED BY HASH(k) REFRESH MANUAL AS SELECT $1 AS k FROM ${A}`,
        )
      ).message,
      /FILES\(\) in this statement is not supported/,
    )
    assert.match(
      (
        await client.refusal(
          "CREATE VIEW s AS SELECT * FROM FILES('path' = 'oss://bucket-c/a.csv', 'format' = 'csv')",
        )
      ).message,
      /Access denied/,
    )
    await put('a.csv', '1\t2\n')
    await client.run(`CREATE VIEW two AS SELECT * FROM ${A}`)
    await put('a.csv', '1\t2\t3\n')
    assert.deepEqual(await client.rows('SELECT * FROM two'), [[1, 2]])
    await put('a.csv', '1\n')
    assert.match((await client.refusal('SELECT * FROM two')).message, /\$2/)
    await engine.setObjectKey({ keyId: 'other', secret: 'other' })
    assert.match((await client.refusal('SELECT * FROM v')).message, /Status Code: 403/)
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[4]])
  },
)

test('a task reads files when it runs', { skip }, async (t) => {
  const { client, put } = await objectClient(t)
  await put('a.csv', '1\tx\n')
  await client.run('CREATE TABLE t (k INT, v STRING) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  await client.run(
    `SUBMIT TASK one AS INSERT INTO t SELECT * FROM ${A.replace(')', ", 'aws.s3.secret_key' = 'Needle')")}`,
  )
  await client.run(
    `SUBMIT TASK two AS CREATE TABLE c PROPERTIES("replication_num" = "1") AS SELECT $1 FROM ${A}`,
  )
  for (let look = 0; look < 200; look++) {
    const states = await client.rows(
      "SELECT STATE, ERROR_MESSAGE FROM information_schema.task_runs WHERE STATE IN ('PENDING', 'RUNNING')",
    )
    if (states.length === 0) break
    await pause(50)
  }
  assert.deepEqual(
    await client.rows(
      'SELECT TASK_NAME, STATE, ERROR_MESSAGE FROM information_schema.task_runs ORDER BY 1',
    ),
    [
      ['one', 'SUCCESS', null],
      ['two', 'SUCCESS', null],
    ],
  )
  assert.deepEqual(await client.rows('SELECT k, $1 FROM t, c'), [[1, 1]])
  const shown = await client.rows(
    'SELECT DEFINITION FROM information_schema.tasks ORDER BY TASK_NAME',
  )
  assert.match(String(shown[0]?.[0]), /the text is withheld/)
  assert.match(String(shown[1]?.[0]), /^CREATE TABLE c/)
})
