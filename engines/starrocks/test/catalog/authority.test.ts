import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connect, testClient, letsIn } from '../support/open-engine.ts'
import type { Client, OpenEngine } from '../support/open-engine.ts'

/** One action, the grant that allows it, and a statement that must not be enough. */
interface Case {
  readonly sql: string
  readonly grant: string
  readonly object: RegExp
}

const cases: readonly Case[] = [
  { sql: 'SELECT * FROM d.t', grant: 'SELECT ON TABLE d.t', object: /SELECT .*TABLE t/ },
  { sql: 'SELECT * FROM d.v', grant: 'SELECT ON VIEW d.v', object: /SELECT .*VIEW v/ },
  {
    sql: 'SELECT * FROM d.m',
    grant: 'SELECT ON MATERIALIZED VIEW d.m',
    object: /MATERIALIZED VIEW m/,
  },
  { sql: 'SELECT 1 FROM (SELECT k FROM d.t) x', grant: 'SELECT ON TABLE d.t', object: /TABLE t/ },
  {
    sql: 'INSERT INTO d.t VALUES (9, 9)',
    grant: 'INSERT ON TABLE d.t',
    object: /INSERT .*TABLE t/,
  },
  {
    sql: 'UPDATE d.t SET v = 1 WHERE k = 1',
    grant: 'UPDATE ON TABLE d.t',
    object: /UPDATE .*TABLE t/,
  },
  {
    sql: 'DELETE FROM d.t WHERE k = 100',
    grant: 'DELETE ON TABLE d.t',
    object: /DELETE .*TABLE t/,
  },
  { sql: 'TRUNCATE TABLE d.t', grant: 'DELETE ON TABLE d.t', object: /DELETE .*TABLE t/ },
  { sql: "ALTER TABLE d.t COMMENT = 'x'", grant: 'ALTER ON TABLE d.t', object: /ALTER .*TABLE t/ },
  { sql: 'CREATE INDEX i ON d.t (v)', grant: 'ALTER ON TABLE d.t', object: /ALTER .*TABLE t/ },
  { sql: 'DROP TABLE d.t', grant: 'DROP ON TABLE d.t', object: /DROP .*TABLE t/ },
  { sql: 'DROP VIEW d.v', grant: 'DROP ON VIEW d.v', object: /DROP .*VIEW v/ },
  { sql: 'DROP MATERIALIZED VIEW d.m', grant: 'DROP ON MATERIALIZED VIEW d.m', object: /DROP/ },
  {
    sql: 'REFRESH MATERIALIZED VIEW d.m WITH SYNC MODE',
    grant: 'REFRESH ON MATERIALIZED VIEW d.m',
    object: /REFRESH/,
  },
  {
    sql: 'CREATE TABLE d.x (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    grant: 'CREATE TABLE ON DATABASE d',
    object: /CREATE TABLE .*DATABASE d/,
  },
  {
    sql: 'CREATE VIEW d.x AS SELECT 1 AS a',
    grant: 'CREATE VIEW ON DATABASE d',
    object: /CREATE VIEW/,
  },
  {
    sql: 'CREATE MATERIALIZED VIEW d.x REFRESH MANUAL AS SELECT 1 AS a',
    grant: 'CREATE MATERIALIZED VIEW ON DATABASE d',
    object: /CREATE MATERIALIZED VIEW/,
  },
  {
    sql: 'CREATE DATABASE x',
    grant: 'CREATE DATABASE ON CATALOG default_catalog',
    object: /CREATE DATABASE .*CATALOG/,
  },
  { sql: 'DROP DATABASE d', grant: 'DROP ON DATABASE d', object: /DROP .*DATABASE d/ },
  { sql: 'ALTER DATABASE d RENAME x', grant: 'ALTER ON DATABASE d', object: /ALTER .*DATABASE d/ },
  { sql: 'USE d', grant: 'SELECT ON TABLE d.t', object: /DATABASE d/ },
  { sql: 'SHOW CREATE TABLE d.t', grant: 'INSERT ON TABLE d.t', object: /TABLE t/ },
  { sql: 'DESC d.t', grant: 'ALTER ON TABLE d.t', object: /TABLE t/ },
  { sql: "CREATE USER x IDENTIFIED BY 'y'", grant: 'GRANT ON SYSTEM', object: /GRANT .*SYSTEM/ },
  { sql: 'CREATE ROLE x', grant: 'GRANT ON SYSTEM', object: /GRANT .*SYSTEM/ },
  {
    sql: 'GRANT SELECT ON TABLE d.t TO USER other',
    grant: 'GRANT ON SYSTEM',
    object: /GRANT .*SYSTEM/,
  },
  { sql: 'DROP USER other', grant: 'GRANT ON SYSTEM', object: /GRANT .*SYSTEM/ },
  { sql: 'SHOW USERS', grant: 'GRANT ON SYSTEM', object: /GRANT .*SYSTEM/ },
  { sql: 'SHOW GRANTS FOR other', grant: 'GRANT ON SYSTEM', object: /GRANT .*SYSTEM/ },
  { sql: 'SET GLOBAL query_timeout = 10', grant: 'OPERATE ON SYSTEM', object: /OPERATE .*SYSTEM/ },
  { sql: 'SHOW FRONTENDS', grant: 'NODE ON SYSTEM', object: /NODE/ },
  { sql: 'SHOW BACKENDS', grant: 'OPERATE ON SYSTEM', object: /NODE/ },
  { sql: "SHOW PROC '/dbs'", grant: 'OPERATE ON SYSTEM', object: /OPERATE/ },
  {
    sql: 'ADMIN SET FRONTEND CONFIG ("enable_materialized_view" = "true")',
    grant: 'OPERATE ON SYSTEM',
    object: /OPERATE/,
  },
  {
    sql: "UPDATE information_schema.be_configs SET VALUE = '1' WHERE NAME = 'streaming_load_max_mb'",
    grant: 'OPERATE ON SYSTEM',
    object: /OPERATE/,
  },
  {
    sql: 'SELECT count(*) FROM information_schema.be_configs',
    grant: 'OPERATE ON SYSTEM',
    object: /OPERATE/,
  },
]

async function world(
  t: Parameters<typeof testClient>[0],
): Promise<{ engine: OpenEngine; admin: Client }> {
  const { engine, client } = await testClient(t)
  await client.run(`CREATE TABLE t (k INT, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k); INSERT INTO t VALUES (1, 1);
    CREATE TABLE secret (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
    CREATE VIEW v AS SELECT k FROM t; CREATE MATERIALIZED VIEW m REFRESH DEFERRED MANUAL AS SELECT k FROM t;
    CREATE USER bob IDENTIFIED BY 'pw'; CREATE USER other; CREATE ROLE r`)
  return { engine, admin: client }
}

describe('privileges', () => {
  for (const { sql, grant, object } of cases) {
    test(`${sql.slice(0, 60)} needs ${grant}`, async (t) => {
      const { engine, admin } = await world(t)
      const bob = await connect(engine, 'bob')
      const error = await bob.refusal(sql)
      assert.equal(error.errno, 5203, error.message)
      assert.match(error.message, /^Access denied; you need \(at least one of\) the /)
      assert.match(error.message, object)
      await admin.run(`GRANT ${grant} TO USER bob`)
      await bob.run(sql)
    })
  }

  test('a view is read with its own right, unless it says SECURITY INVOKER', async (t) => {
    const { engine, admin } = await world(t)
    await admin.run(
      'CREATE VIEW d.i SECURITY INVOKER AS SELECT k FROM d.t; GRANT SELECT ON ALL VIEWS IN DATABASE d TO USER bob',
    )
    const bob = await connect(engine, 'bob')
    assert.deepEqual(await bob.rows('SELECT * FROM d.v'), [[1]])
    assert.match((await bob.refusal('SELECT * FROM d.i')).message, /SELECT .*TABLE t/)
  })

  test('writing a query’s rows needs the right to read them', async (t) => {
    const { engine, admin } = await world(t)
    await admin.run(
      'GRANT INSERT, UPDATE, DELETE ON TABLE d.t TO USER bob; GRANT CREATE VIEW, CREATE TABLE, CREATE MATERIALIZED VIEW ON DATABASE d TO USER bob',
    )
    const bob = await connect(engine, 'bob')
    const readers = [
      'INSERT INTO d.t SELECT k, k FROM d.secret',
      'UPDATE d.t SET v = s.k FROM d.secret s WHERE t.k = s.k',
      'DELETE FROM d.t WHERE k IN (SELECT k FROM d.secret)',
      'DELETE FROM d.t USING d.secret s WHERE t.k = s.k',
      'CREATE VIEW d.peek AS SELECT * FROM d.secret',
      'CREATE TABLE d.peek AS SELECT * FROM d.secret',
      'CREATE MATERIALIZED VIEW d.peek REFRESH MANUAL AS SELECT * FROM d.secret',
      'EXPLAIN SELECT * FROM d.secret',
      'SET @a = (SELECT max(k) FROM d.secret)',
      'SELECT (SELECT max(k) FROM d.secret)',
      'WITH s AS (SELECT * FROM d.secret) SELECT * FROM s',
    ]
    for (const sql of readers) {
      const error = await bob.refusal(sql)
      assert.equal(error.errno, 5203, `${sql}: ${error.message}`)
    }
  })

  test('what may not be seen is not listed', async (t) => {
    const { engine, admin } = await world(t)
    const bob = await connect(engine, 'bob')
    assert.deepEqual(await bob.rows('SHOW DATABASES'), [
      ['_statistics_'],
      ['information_schema'],
      ['sys'],
    ])
    assert.deepEqual(await bob.rows('SELECT TABLE_NAME FROM information_schema.tables'), [])
    await admin.run('GRANT SELECT ON TABLE d.t TO USER bob')
    assert.deepEqual(await bob.rows('SHOW TABLES FROM d'), [['t']])
    assert.deepEqual(await bob.rows('SELECT TABLE_NAME FROM information_schema.tables'), [['t']])
    assert.deepEqual(
      await bob.rows("SELECT COLUMN_NAME FROM information_schema.columns WHERE TABLE_SCHEMA = 'd'"),
      [['k'], ['v']],
    )
    assert.deepEqual(await bob.rows('SELECT * FROM information_schema.views'), [])
    assert.equal((await bob.refusal('SELECT * FROM d.secret')).errno, 5203)
  })

  test('roles work when active, nested, and stop when revoked or dropped', async (t) => {
    const { engine, admin } = await world(t)
    await admin.run(
      'GRANT SELECT ON ALL TABLES IN DATABASE d TO ROLE r; CREATE ROLE up; GRANT r TO ROLE up; GRANT up TO USER bob',
    )
    const bob = await connect(engine, 'bob')
    const refused = await bob.refusal('SELECT * FROM d.t')
    assert.match(refused.message, /Inactivated role\(s\): \[up\]/)
    await bob.run('SET ROLE up')
    assert.deepEqual(await bob.rows('SELECT k FROM d.t'), [[1]])
    await bob.run('SET ROLE NONE')
    assert.equal((await bob.refusal('SELECT * FROM d.t')).errno, 5203)
    await bob.run('SET ROLE ALL')
    await admin.run('REVOKE r FROM ROLE up')
    assert.equal((await bob.refusal('SELECT * FROM d.t')).errno, 5203)
    await admin.run('GRANT r TO USER bob; SET DEFAULT ROLE r TO bob')
    const again = await connect(engine, 'bob')
    assert.deepEqual(await again.rows('SELECT k FROM d.t'), [[1]])
    await admin.run('DROP ROLE r')
    assert.equal((await again.refusal('SELECT * FROM d.t')).errno, 5203)
    assert.match((await bob.refusal('SET ROLE root')).message, /not granted/)
  })

  test('nobody grants what they may not, and user_admin does not become root', async (t) => {
    const { engine, admin } = await world(t)
    await admin.run(
      'GRANT SELECT ON TABLE d.t TO USER bob WITH GRANT OPTION; CREATE USER helper; GRANT user_admin TO USER helper; SET DEFAULT ROLE user_admin TO helper',
    )
    const bob = await connect(engine, 'bob')
    await bob.run('GRANT SELECT ON TABLE d.t TO USER other')
    assert.equal((await bob.refusal('GRANT INSERT ON TABLE d.t TO USER other')).errno, 5203)
    assert.equal((await bob.refusal('GRANT SELECT ON TABLE d.secret TO USER other')).errno, 5203)
    const helper = await connect(engine, 'helper')
    assert.equal((await helper.refusal('GRANT root TO USER helper')).errno, 5203)
    assert.equal((await helper.refusal("ALTER USER admin IDENTIFIED BY 'x'")).errno, 1227)
    assert.equal((await helper.refusal("SET PASSWORD FOR root = PASSWORD('x')")).errno, 1227)
    assert.match((await admin.refusal('DROP USER root')).message, /belongs to the instance/)
    assert.match((await admin.refusal('DROP ROLE db_admin')).message, /not mutable/)
    assert.match(
      (await admin.refusal('GRANT SELECT ON TABLE d.t TO ROLE public')).message,
      /not mutable/,
    )
    assert.match(
      (await admin.refusal('GRANT NODE ON TABLE d.t TO USER bob')).message,
      /Cannot grant or revoke NODE/,
    )
  })

  test('a grant follows the table, not its name', async (t) => {
    const { engine, admin } = await world(t)
    await admin.run('GRANT SELECT ON TABLE d.t TO USER bob; ALTER TABLE d.t RENAME t2')
    const bob = await connect(engine, 'bob')
    assert.deepEqual(await bob.rows('SELECT k FROM d.t2'), [[1]])
    await admin.run('CREATE TABLE d.t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    assert.equal((await bob.refusal('SELECT * FROM d.t')).errno, 5203)
    await admin.run('DROP TABLE d.t2')
    assert.deepEqual(await admin.rows('SHOW GRANTS FOR bob'), [])
  })

  test('SHOW GRANTS prints what would grant it again', async (t) => {
    const { admin } = await world(t)
    const grants = [
      "GRANT 'r' TO USER 'bob'@'%'",
      "GRANT GRANT ON SYSTEM TO USER 'bob'@'%'",
      "GRANT CREATE TABLE ON DATABASE d TO USER 'bob'@'%'",
      "GRANT INSERT, SELECT ON TABLE d.t TO USER 'bob'@'%' WITH GRANT OPTION",
      "GRANT SELECT ON ALL TABLES IN DATABASE d TO USER 'bob'@'%'",
      "GRANT SELECT ON ALL VIEWS IN ALL DATABASES TO USER 'bob'@'%'",
    ]
    for (const grant of grants) await admin.run(grant)
    const shown = await admin.rows('SHOW GRANTS FOR bob')
    assert.deepEqual(
      shown.map((row) => row[2]),
      grants,
    )
    for (const grant of grants.slice(1))
      await admin.run(
        grant
          .replace('GRANT', 'REVOKE')
          .replace(' TO USER', ' FROM USER')
          .replace(' WITH GRANT OPTION', ''),
      )
    assert.equal((await admin.rows('SHOW GRANTS FOR bob')).length, 1)
  })

  test('passwords are in no answer and no error', async (t) => {
    const { engine, admin } = await world(t)
    const secret = 'Tr0ub4dor-and-3'
    await admin.run(
      `CREATE USER carol IDENTIFIED BY '${secret}'; ALTER USER carol IDENTIFIED BY '${secret}'; SET PASSWORD FOR carol = PASSWORD('${secret}')`,
    )
    assert.equal(await letsIn(engine, 'carol', secret), true)
    const shows = [
      'SHOW ALL AUTHENTICATION',
      'SHOW USERS',
      'SHOW GRANTS FOR carol',
      'SHOW FULL PROCESSLIST',
      'SHOW VARIABLES',
      'SELECT * FROM sys.grants_to_users',
      'SHOW WARNINGS',
    ]
    const verifier = Buffer.from(
      (await engine.findUser('carol', '127.0.0.1'))?.verifier ?? [],
    ).toString('hex')
    for (const sql of shows) {
      const text = JSON.stringify(await admin.rows(sql))
      assert.doesNotMatch(text, new RegExp(secret), sql)
      assert.doesNotMatch(text, new RegExp(verifier, 'i'), sql)
    }
    const errors = [
      `CREATE USER carol IDENTIFIED BY '${secret}'`,
      `CREATE USER dave IDENTIFIED WITH nonsense BY '${secret}'`,
      `ALTER USER nobody IDENTIFIED BY '${secret}'`,
      `ALTER USER carol IDENTIFIED '${secret}'`,
      `CREATE USER dave IDENTIFIED BY "${secret}" '${secret}'`,
      `SET PASSWORD '${secret}'`,
      `SET PASSWORD FOR nobody = '${secret}'`,
    ]
    for (const sql of errors) {
      const error = await admin.refusal(sql)
      assert.doesNotMatch(error.message, new RegExp(secret), sql)
    }
  })
})
