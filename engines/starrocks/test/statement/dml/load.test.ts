import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { objectClient, skipWithoutObjects as skip } from '../../support/object-client.ts'
import { busy, connect } from '../../support/open-engine.ts'
import type { Client } from '../../support/open-engine.ts'

const TABLE =
  'CREATE TABLE t (k INT, v VARCHAR(10) DEFAULT "none", n BIGINT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)'

/** Its state, rows (scanned, filtered, unselected, sunk) and error when it has ended. */
async function ended(client: Client, label: string) {
  for (let look = 0; look < 600; look++) {
    const [row] = await client.rows(
      `SELECT STATE, SCAN_ROWS, FILTERED_ROWS, UNSELECTED_ROWS, SINK_ROWS, ERROR_MSG FROM information_schema.loads WHERE LABEL = '${label}' ORDER BY JOB_ID DESC LIMIT 1`,
    )
    if (row && row[0] !== 'LOADING') return row
    await pause(50)
  }
  throw new Error(`${label} does not end`)
}

test(
  'LOAD takes files into several tables at once, with fields, expressions and a filter',
  { skip },
  async (t) => {
    const { client, put } = await objectClient(t)
    await client.run(TABLE)
    await client.run(TABLE.replace('TABLE t', 'TABLE u'))
    await put('l/dt=7/a.csv', "h|h|h\n1|'a'|10\n2|'b'|20\n3|'c'|30\n")
    await client.run(
      "INSERT INTO FILES('path' = 'oss://bucket-a/q/', 'format' = 'parquet') SELECT 5 AS k, 'q' AS v, 50 AS other",
    )
    const [name] = await client.rows(
      "SELECT PATH FROM FILES('path' = 'oss://bucket-a/q/*', 'list_files_only' = 'true')",
    )
    await client.run(
      `LOAD LABEL d.l1 (
       DATA INFILE ('oss://bucket-a/l/*/a.csv') INTO TABLE t COLUMNS TERMINATED BY '|' ROWS TERMINATED BY '\\n' FORMAT AS 'CSV'
         (skip_header = 1 enclose = "'") (k, v, tmp) COLUMNS FROM PATH AS (dt) SET (n = tmp * 2 + dt) WHERE k > 1,
       DATA INFILE ('${String(name?.[0])}') INTO TABLE u
     ) WITH BROKER ('aws.s3.access_key' = 'x') PROPERTIES ('timeout' = '600', 'max_filter_ratio' = '0')`,
    )
    assert.match(
      String((await client.rows('SHOW WARNINGS'))[0]?.[2]),
      /aws\.s3\.access_key are not/,
    )
    assert.deepEqual(await ended(client, 'l1'), ['FINISHED', 4, 0, 1, 3, ''])
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [2, 'b', 47],
      [3, 'c', 67],
    ])
    assert.deepEqual(await client.rows('SELECT * FROM u'), [[5, 'q', null]])
    const [shown] = await client.rows("SHOW LOAD FROM d WHERE LABEL = 'l1'")
    assert.deepEqual(
      [shown?.[2], shown?.[3], shown?.[4], shown?.[11]],
      [
        'FINISHED',
        'ETL:100%; LOAD:100%',
        'BROKER',
        'resource:N/A; timeout(s):600; max_filter_ratio:0.0',
      ],
    )
    assert.match(String(shown?.[19]), /"FileNumber":2,/)
    assert.deepEqual(
      await client.rows(
        "SELECT PROPERTIES, RUNTIME_DETAILS LIKE '%\"file_num\": 2%' FROM information_schema.loads WHERE LABEL = 'l1'",
      ),
      [['{"max_filter_ratio": 0, "timeout": 600}', 1]],
    )
    assert.match(
      (
        await client.refusal(
          "LOAD LABEL d.l1 (DATA INFILE ('oss://bucket-a/x') INTO TABLE t) WITH BROKER",
        )
      ).message,
      /^Label \[l1\] has already been used, relate to txn \[\d+\]$/,
    )
  },
)

test(
  'a load of bad rows, or of what is not there, is cancelled with its reason, and its label is free',
  { skip },
  async (t) => {
    const { client, put } = await objectClient(t)
    await client.run(TABLE)
    await put('a.csv', '1\ta\t1\nx\tb\t2\n')
    const load = (label: string, more: string, path = 'oss://bucket-a/a.csv') =>
      client.run(
        `LOAD LABEL ${label} (DATA INFILE ('${path}') INTO TABLE t) WITH BROKER PROPERTIES ('strict_mode' = 'true'${more})`,
      )
    await load('one', '')
    const [state, , , , , why] = await ended(client, 'one')
    assert.equal(state, 'CANCELLED')
    assert.match(
      String(why),
      /^type:ETL_QUALITY_UNSATISFIED; msg:quality not good enough to cancel/,
    )
    await load('one', ", 'max_filter_ratio' = '0.5'")
    assert.deepEqual(await ended(client, 'one'), ['FINISHED', 2, 1, 0, 1, ''])
    assert.deepEqual(await client.rows('SELECT k FROM t'), [[1]])
    const tracked = await client.rows(
      "SELECT TRACKING_LOG FROM information_schema.load_tracking_logs WHERE LABEL = 'one'",
    )
    assert.match(String(tracked[0]?.[0]), /^Error: Value 'x' is out of range.*Row: \[.*NULL.*\]\n$/)
    await load('two', '', 'oss://bucket-a/none.csv')
    assert.match(
      String((await ended(client, 'two'))[5]),
      /^type:LOAD_RUN_FAIL; msg:Access storage error.*No files were found/,
    )
    await client.run(
      "INSERT INTO FILES('path' = 'oss://bucket-a/q/', 'format' = 'parquet') SELECT 1 AS k",
    )
    await client.run(
      "LOAD LABEL lacks (DATA INFILE ('oss://bucket-a/q/*') INTO TABLE t FORMAT AS 'parquet' (k, n)) WITH BROKER",
    )
    assert.match(
      String((await ended(client, 'lacks'))[5]),
      /^type:LOAD_RUN_FAIL; msg:Column: n is not found in file: oss:\/\/bucket-a\/q\/\*$/,
    )
    await put('z.csv', '0\n')
    await client.run('CREATE TABLE z (at DATETIME) DUPLICATE KEY(at) DISTRIBUTED BY HASH(at)')
    await client.run(
      "LOAD LABEL zone (DATA INFILE ('oss://bucket-a/z.csv') INTO TABLE z (s) SET (at = from_unixtime(s))) WITH BROKER PROPERTIES ('timezone' = '+02:00', 'log_rejected_record_num' = '0')",
    )
    assert.deepEqual((await ended(client, 'zone')).slice(0, 1), ['FINISHED'])
    assert.deepEqual(await client.rows('SELECT * FROM z'), [['1970-01-01 02:00:00']])
    await assert.rejects(
      load('three', ", 'log_rejected_record_num' = '1'"),
      /"log_rejected_record_num" of LOAD/,
    )
    await assert.rejects(load('three', ", 'timezone' = 'x'"), /time zone/i)
    await assert.rejects(load('three', '', 'oss://bucket-c/a.csv'), /no right to read.*403/)
    await assert.rejects(
      load('three', '', 'oss://bucket-a/../bucket-c/a.csv'),
      /Access storage error/,
    )
    await assert.rejects(load('three', ", 'x' = '1'"), /property "x" of LOAD/)
    await assert.rejects(
      load('three', ", 'max_filter_ratio' = '2'"),
      /max_filter_ratio must between/,
    )
    await assert.rejects(load('a b', ''), /syntax error/)
  },
)

test('a load that runs is cancelled by its label, and takes nothing in', { skip }, async (t) => {
  const { client, put } = await objectClient(t)
  await client.run(TABLE)
  await put('a.csv', '1\ta\t1\n'.repeat(200_000))
  await client.run(
    `LOAD LABEL slow (DATA INFILE ('oss://bucket-a/a.csv') INTO TABLE t (k, v, n) SET (n = n + length(repeat(v, 1000)))) WITH BROKER`,
  )
  await client.run("CANCEL LOAD FROM d WHERE LABEL = 'slow'")
  assert.deepEqual((await ended(client, 'slow')).slice(0, 1), ['CANCELLED'])
  await pause(200)
  assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
  assert.match(
    (await client.refusal("CANCEL LOAD WHERE LABEL = 'slow'")).message,
    /There is no uncompleted job which label is slow/,
  )
})

test(
  'CANCEL LOAD ends a load that waits for a writer, and does not wait for him',
  { skip },
  async (t) => {
    const { engine, client, put } = await objectClient(t)
    await client.run(TABLE)
    await client.run('CREATE TABLE keyed (a BIGINT, b BIGINT) PRIMARY KEY(a)')
    await client.run('CREATE TABLE many (a BIGINT) DUPLICATE KEY(a)')
    await client.run('INSERT INTO many SELECT x FROM TABLE(generate_series(1, 20000)) t(x)')
    await put('a.csv', '1\ta\t1\n'.repeat(200_000))
    await client.run(
      `LOAD LABEL slow (DATA INFILE ('oss://bucket-a/a.csv') INTO TABLE t (k, v, n) SET (n = n + length(repeat(v, 20000)))) WITH BROKER`,
    )
    const writer = await connect(engine, 'admin', 'd')
    const written = writer.refusal(
      'UPDATE keyed SET b = n FROM (SELECT count(*) n FROM many x, many y, many z WHERE x.a + y.a + z.a = -1) long WHERE keyed.a = 1',
    )
    await busy(engine, 1)
    const asked = await connect(engine, 'admin', 'd')
    const cancelling = asked.run("CANCEL LOAD WHERE LABEL = 'slow'")
    const [state, , , , , why] = await ended(client, 'slow')
    assert.deepEqual([state, why], ['CANCELLED', 'type:USER_CANCEL; msg:user cancel'])
    const again = client.run('CANCEL LOAD WHERE LABEL = "slow"')
    await assert.rejects(again, /There is no uncompleted job/)
    await cancelling
    assert.equal((await engine.status()).running, 1, 'the writer goes on')
    writer.session.interrupt()
    await written
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
  },
)
