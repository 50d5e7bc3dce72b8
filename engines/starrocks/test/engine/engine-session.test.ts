import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { defaultMysqlLimits } from '../../src/wire-mysql/mysql-limits.ts'
import { SqlError } from '../../src/session.ts'
import { advanceUntil, busy, connect, testClient } from '../support/open-engine.ts'

const ENDLESS = 'SELECT count(*) FROM big a, big b, big c WHERE a.n + b.n + c.n = 7'

async function withBigTable(t: Parameters<typeof testClient>[0], options = {}) {
  const { engine, client } = await testClient(t, options)
  await client.run('CREATE TABLE big (n BIGINT) DUPLICATE KEY(n) DISTRIBUTED BY HASH(n)')
  await client.run('INSERT INTO big SELECT generate_series FROM TABLE(generate_series(1, 100000))')
  return { engine, client }
}

describe('sessions', () => {
  test('values of every type have their text form', async (t) => {
    const { client } = await testClient(t)
    await client.run(`CREATE TABLE t (k INT, b BOOLEAN, f FLOAT, d DOUBLE, dec DECIMAL(38,10), dt DATETIME, day DATE,
      j JSON, a ARRAY<STRING>, m MAP<INT, DATE>, s STRUCT<x INT, y STRING>, bin VARBINARY) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`)
    await client.run(`INSERT INTO t VALUES (1, true, 1.5, 0.1, 1234567890123456789.0123456789, '2024-02-29 12:34:56.5', '0001-01-01',
      parse_json('{"a":[1,2],"b":"x:y"}'), ['a','b"c'], map{1:'2024-01-01'}, row(7, 'z'), x'00ff')`)
    const { rows } = await client.run('SELECT * FROM t')
    assert.deepEqual(
      rows[0]?.map((value) => (value instanceof Uint8Array ? [...value] : value)),
      [
        1,
        1,
        1.5,
        0.1,
        '1234567890123456789.0123456789',
        '2024-02-29 12:34:56.500000',
        '0001-01-01',
        '{"a": [1, 2], "b": "x:y"}',
        '["a","b\\"c"]',
        '{1:"2024-01-01"}',
        '{"x":7,"y":"z"}',
        [0, 255],
      ],
    )
  })

  test('a login and COM_INIT_DB may name the catalog before the database', async (t) => {
    const { engine, client } = await testClient(t)
    const other = await connect(engine, 'admin', 'default_catalog.d')
    assert.equal(other.session.database, 'd')
    await client.session.use('default_catalog.information_schema')
    assert.deepEqual(await client.rows('SELECT database()'), [['information_schema']])
    await assert.rejects(client.session.use('default_catalog.none'), { errno: 1049 })
    await assert.rejects(connect(engine, 'admin', 'hive.d'), { errno: 5078 })
  })

  test('version(), @@version and the handshake say one thing', async (t) => {
    const { engine, client } = await testClient(t)
    const said = [engine.serverVersion, engine.serverVersion]
    assert.deepEqual(await client.rows('SELECT version(), @@version'), [said])
  })

  test('one text may hold several statements and stops at the first error', async (t) => {
    const { client } = await testClient(t)
    const results: string[] = []
    await assert.rejects(async () => {
      for await (const result of client.session.execute(
        'SELECT 1; SELECT * FROM nowhere; SELECT 2',
      )) {
        results.push(result.kind)
        if (result.kind === 'rows')
          for await (const chunk of result.chunks) assert.equal(chunk.length, 1)
      }
    }, SqlError)
    assert.deepEqual(results, ['rows'])
  })

  test('a client that asked for single statements has a text of several refused before any ran', async (t) => {
    const { client } = await testClient(t)
    const both = 'CREATE DATABASE one; CREATE DATABASE two'
    const first = () =>
      client.session.execute(both, { single: true })[Symbol.asyncIterator]().next()
    await assert.rejects(first, { errno: 1064, sqlState: '42000' })
    assert.equal((await client.refusal('USE one')).errno, 1049)
    const only = client.session.execute('CREATE DATABASE one;;', { single: true })
    for await (const result of only) assert.equal(result.kind, 'done')
    await client.run('USE one')
  })

  test('a column says how many digits stand behind its point', async (t) => {
    const { client } = await testClient(t)
    const { columns } = await client.session.prepare(
      "SELECT CAST('2024-01-01 00:00:00.5' AS DATETIME), CAST(1 AS DECIMAL(9,2)), CAST(1 AS DOUBLE), CAST(1 AS FLOAT), 1, 'a'",
    )
    assert.deepEqual(
      columns.map((column) => column.decimals),
      [6, 2, 31, 31, 0, 0],
    )
  })

  test('the limits that clients ask for are those of the protocol', async (t) => {
    const { client } = await testClient(t)
    const { maxAllowedPacket, idleMs } = defaultMysqlLimits
    assert.deepEqual(await client.rows('SELECT @@max_allowed_packet, @@wait_timeout'), [
      [maxAllowedPacket, idleMs / 1000],
    ])
    assert.equal((await client.refusal('SET max_allowed_packet = 1048576')).errno, 1238)
    assert.equal((await client.refusal(`SET wait_timeout = ${idleMs / 1000 + 1}`)).errno, 1231)
    assert.equal(client.session.idleSeconds, idleMs / 1000)
    await client.run('SET wait_timeout = 60')
    assert.equal(client.session.idleSeconds, 60)
  })

  test('group_concat_max_len cuts what group_concat joins', async (t) => {
    const { client } = await testClient(t)
    const joined = () => client.rows("SELECT group_concat(x) FROM (SELECT 'abcdef' AS x) t")
    assert.deepEqual(await joined(), [['abcdef']])
    await client.run('SET group_concat_max_len = 5')
    assert.deepEqual(await joined(), [['abcde']])
    // Less than four bytes are four. reference: StarRocks 3.3.7, FunctionContext::set_group_concat_max_len.
    for (const length of [4, 1, -121]) {
      await client.run(`SET group_concat_max_len = ${length}`)
      assert.deepEqual(await joined(), [['abcd']])
    }
  })

  test('a result is streamed: rows come before the query is done', async (t) => {
    const { client } = await withBigTable(t)
    let chunks = 0
    for await (const result of client.session.execute('SELECT a.n FROM big a, big b')) {
      assert.equal(result.kind, 'rows')
      if (result.kind !== 'rows') continue
      for await (const chunk of result.chunks) {
        assert.ok(chunk.length > 0)
        if (++chunks === 3) break
      }
    }
    assert.equal(chunks, 3)
    assert.deepEqual(await client.rows('SELECT 1'), [[1]])
  })

  test('rows that were left unread do not block the next statement', async (t) => {
    const { client } = await withBigTable(t)
    const unread = client.session.execute('SELECT n FROM big')[Symbol.asyncIterator]()
    await unread.next()
    assert.deepEqual(await client.rows('SELECT count(*) FROM big'), [[100_000]])
  })

  test('interrupt ends what runs with error 1317, and the session continues', async (t) => {
    const { engine, client } = await withBigTable(t)
    const refused = client.refusal(ENDLESS)
    await busy(engine, 1)
    client.session.interrupt()
    const error = await refused
    assert.equal(error.errno, 1317)
    assert.deepEqual(await client.rows('SELECT 1'), [[1]])
    client.session.interrupt()
    assert.deepEqual(await client.rows('SELECT 2'), [[2]])
  })

  test('query_timeout ends a query with StarRocks’ error', async (t) => {
    const clock = manualClock()
    const { engine, client } = await withBigTable(t, { clock })
    await client.run('SET query_timeout = 5')
    const refused = client.refusal(ENDLESS)
    await busy(engine, 1)
    await advanceUntil(clock, 5000, refused)
    const error = await refused
    assert.equal(error.errno, 5024)
    assert.match(error.message, /timeout of 5 seconds/)
    const hinted = client.refusal(
      ENDLESS.replace('SELECT', 'SELECT /*+ SET_VAR(query_timeout = 1) */'),
    )
    await busy(engine, 1)
    await advanceUntil(clock, 1000, hinted)
    assert.match((await hinted).message, /timeout of 1 seconds/)
  })

  test('KILL ends another session of the same user, and nobody else’s', async (t) => {
    const { engine, client } = await withBigTable(t)
    const killed: number[] = []
    engine.onKilled((id) => killed.push(id))
    await client.run("CREATE USER bob IDENTIFIED BY 'secret'")
    const other = await connect(engine, 'admin', 'd')
    const bob = await connect(engine, 'bob')
    const refused = other.refusal(ENDLESS)
    await busy(engine, 1)
    await client.run(`KILL QUERY ${other.session.id}`)
    assert.equal((await refused).errno, 1317)
    assert.deepEqual(killed, [])
    await client.run(`KILL ${other.session.id}`)
    assert.deepEqual(killed, [other.session.id])
    assert.equal((await bob.refusal(`KILL ${client.session.id}`)).errno, 1095)
    assert.equal((await client.refusal('KILL 999999')).errno, 1094)
    assert.equal(engine.kill(999_999, 'query'), false)
  })

  test('variables: session, global, default, user, unknown', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run('SET query_timeout = 77, @x = 1 + 1, @y = concat("a", "b")')
    assert.deepEqual(
      await client.rows('SELECT @@query_timeout, @@global.query_timeout, @x, @y, @none'),
      [[77, 300, 2, 'ab', null]],
    )
    await client.run('SET GLOBAL query_timeout = 88')
    const fresh = await connect(engine)
    assert.deepEqual(await fresh.rows('SELECT @@query_timeout'), [[88]])
    await client.run('SET query_timeout = DEFAULT')
    assert.deepEqual(await client.rows('SELECT @@query_timeout'), [[88]])
    assert.equal((await client.refusal('SET no_such_thing = 1')).errno, 1193)
    assert.equal((await client.refusal('SET version_comment = "x"')).errno, 1238)
    assert.equal((await client.refusal('SET interactive_timeout = "abc"')).errno, 1232)
    assert.equal((await client.refusal('SET interactive_timeout = 0')).errno, 1231)
    assert.equal((await client.refusal("SET time_zone = 'Mars/Base'")).errno, 1298)
    await client.session.reset()
    assert.deepEqual(await client.rows('SELECT @x'), [[null]])
  })

  test('a tuning variable is taken with a warning', async (t) => {
    const { client } = await testClient(t)
    const { warnings } = await client.run('SET pipeline_dop = 4')
    assert.equal(warnings, 1)
    const [row] = await client.rows('SHOW WARNINGS')
    assert.match(String(row?.[2]), /pipeline_dop.*no effect/)
  })

  test('sql_select_limit bounds the rows of a query', async (t) => {
    const { client } = await withBigTable(t)
    await client.run('SET sql_select_limit = 3')
    assert.equal((await client.rows('SELECT n FROM big')).length, 3)
  })

  test('what clients ask on connecting is answered', async (t) => {
    const { client } = await testClient(t)
    const probes = [
      'SET NAMES utf8mb4',
      'SET character_set_results = NULL',
      'SELECT @@version_comment LIMIT 1',
      'SELECT @@max_allowed_packet, @@wait_timeout, @@sql_mode, @@tx_isolation, @@transaction_isolation',
      'SELECT @@session.auto_increment_increment AS a, @@character_set_client, @@lower_case_table_names, @@license',
      "SHOW VARIABLES LIKE 'sql_mode'",
      "SHOW VARIABLES WHERE Variable_name IN ('language', 'net_write_timeout', 'system_time_zone')",
      'SHOW COLLATION',
      "SHOW COLLATION LIKE 'utf8%'",
      'SHOW CHARACTER SET',
      'SHOW WARNINGS',
      'SHOW ENGINES',
      'SHOW PLUGINS',
      'SHOW STATUS',
      'SELECT DATABASE()',
      'SELECT VERSION(), CONNECTION_ID(), CURRENT_USER(), USER()',
      'SHOW DATABASES',
      'SHOW FULL TABLES',
      'SHOW TABLE STATUS',
      'SHOW TRIGGERS',
      'SHOW EVENTS',
      "SHOW PROCEDURE STATUS WHERE Db = 'd'",
      'SET autocommit = 0',
      'COMMIT',
      'ROLLBACK',
      'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
    ]
    for (const probe of probes)
      await client.run(probe).catch((error: unknown) => assert.fail(`${probe}: ${String(error)}`))
    const [row] = await client.rows('SELECT @@version_comment')
    assert.match(String(row?.[0]), /not StarRocks/)
  })

  test('a prepared statement takes parameters of every kind', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k BIGINT, s STRING, d DATE, f DOUBLE, b BOOLEAN) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)',
    )
    const insert = await client.session.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?)')
    assert.equal(insert.parameterCount, 5)
    assert.deepEqual(insert.columns, [])
    const done = await insert.execute([7n, "o'neil \\ ?", '2024-01-02', 1.5, true])
    assert.deepEqual(done.kind === 'done' && done.affectedRows, 1)
    await insert.execute([8, null, null, null, null])
    const select = await client.session.prepare('SELECT s, d, f, b FROM t WHERE k = ?')
    assert.deepEqual(
      select.columns.map((column) => column.name),
      ['s', 'd', 'f', 'b'],
    )
    const result = await select.execute([7])
    assert.equal(result.kind, 'rows')
    if (result.kind === 'rows') {
      const rows = []
      for await (const chunk of result.chunks) rows.push(...chunk)
      assert.deepEqual(rows, [["o'neil \\ ?", '2024-01-02', 1.5, 1]])
    }
    const limited = await client.session.prepare('SELECT k FROM t ORDER BY k LIMIT ?')
    assert.equal((await limited.execute([1])).kind, 'rows')
    const show = await client.session.prepare('SHOW TABLES')
    assert.deepEqual(
      show.columns.map((column) => column.name),
      ['Tables_in_d'],
    )
    await assert.rejects(select.execute([]), /0 given, 1 needed/)
    await assert.rejects(client.session.prepare('SELECT * FROM nowhere'), SqlError)
  })

  test('closing in the middle of a query ends it and leaves nothing running', async (t) => {
    const { engine, client } = await withBigTable(t)
    const other = await connect(engine, 'admin', 'd')
    const refused = other.refusal(ENDLESS)
    await busy(engine, 1)
    await other.session.close()
    assert.equal((await refused).errno, 1317)
    assert.equal((await other.refusal('SELECT 1')).errno, 1317)
    assert.deepEqual(await client.rows('SELECT 1'), [[1]])
    const last = client.refusal(ENDLESS)
    await busy(engine, 1)
    await engine.close()
    assert.equal((await last).errno, 1317)
  })

  test('sessions that write side by side lose nothing', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(`CREATE TABLE a (k INT, n BIGINT SUM) AGGREGATE KEY(k) DISTRIBUTED BY HASH(k);
      CREATE TABLE p (k INT, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)`)
    const writers = await Promise.all(
      Array.from({ length: 6 }, () => connect(engine, 'admin', 'd')),
    )
    await Promise.all(
      writers.map(async (writer, index) => {
        for (let at = 0; at < 10; at++) {
          await writer.run(`INSERT INTO a VALUES (${at % 3}, 1), (9, 1)`)
          await writer.run(`INSERT INTO p VALUES (${at}, ${index})`)
          await writer.rows('SELECT sum(n) FROM a')
        }
      }),
    )
    assert.deepEqual(await client.rows('SELECT k, n FROM a ORDER BY k'), [
      [0, 24],
      [1, 18],
      [2, 18],
      [9, 60],
    ])
    assert.deepEqual(await client.rows('SELECT count(*), count(DISTINCT k) FROM p'), [[10, 10]])
  })

  test('a long INSERT … SELECT lets others write, and fails when its table is changed below it', async (t) => {
    const { engine, client } = await withBigTable(t)
    await client.run('CREATE TABLE t (n BIGINT) DUPLICATE KEY(n) DISTRIBUTED BY HASH(n)')
    const slow = await connect(engine, 'admin', 'd')
    const endless = slow.refusal(`INSERT INTO t ${ENDLESS}`)
    await busy(engine, 1)
    await client.run('INSERT INTO t VALUES (1)')
    slow.session.interrupt()
    assert.equal((await endless).errno, 1317)
    const unhurried =
      'INSERT INTO t SELECT count(*) FROM big a, big b WHERE a.n * b.n = 7 AND b.n < 2000'
    const refused = slow.refusal(unhurried)
    await busy(engine, 1)
    await client.run("ALTER TABLE t COMMENT = 'changed'")
    assert.match((await refused).message, /was changed while the statement ran/)
    assert.deepEqual(await client.rows('SELECT n FROM t'), [[1]])
  })

  test('a transaction shows its INSERTs all at once, and ROLLBACK none', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run('CREATE TABLE a (k INT, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run('CREATE TABLE b (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    const other = await connect(engine, 'admin', 'd')
    await client.run('BEGIN')
    await client.run('INSERT INTO a VALUES (1, 1)')
    await client.run('INSERT INTO a VALUES (1, 2), (2, 2)')
    await client.run('INSERT INTO b VALUES (5)')
    assert.deepEqual(await other.rows('SELECT count(*) FROM a'), [[0]])
    assert.match((await client.refusal('DROP TABLE b')).message, /Explicit transaction/)
    await other.run('INSERT INTO b VALUES (6)')
    await client.run('COMMIT')
    assert.deepEqual(await other.rows('SELECT k, v FROM a ORDER BY k'), [
      [1, 2],
      [2, 2],
    ])
    assert.deepEqual(await other.rows('SELECT k FROM b ORDER BY k'), [[5], [6]])
    await client.run('BEGIN; INSERT INTO b VALUES (7); ROLLBACK')
    assert.deepEqual(await other.rows('SELECT count(*) FROM b'), [[2]])
  })

  test('a label is taken once', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await client.run('INSERT INTO t WITH LABEL once VALUES (1)')
    assert.match(
      (await client.refusal('INSERT INTO t WITH LABEL once VALUES (2)')).message,
      /already been used/,
    )
    assert.deepEqual(await client.rows('SELECT * FROM t'), [[1]])
    const loads = await client.rows('SELECT LABEL, STATE, SINK_ROWS FROM information_schema.loads')
    assert.deepEqual(loads, [['once', 'FINISHED', 1]])
  })
})
