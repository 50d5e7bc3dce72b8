import { DuckDBInstance } from '@duckdb/node-api'
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  connect,
  letsIn,
  LOCAL,
  testClient,
  testDirectory,
  testEngine,
} from '../support/open-engine.ts'
import type { Client, OpenEngine } from '../support/open-engine.ts'

const hostOf = async (engine: OpenEngine, remoteHost: string): Promise<string | undefined> =>
  (await engine.findUser('rose', remoteHost))?.identity.host

const column = async (client: Client, sql: string, index = 0) =>
  (await client.rows(sql)).map((row) => row[index])

describe('users bound to hosts', () => {
  test('a client is let in as the user that its address fits, and as no other', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      `CREATE USER 'rose'@'10.%' IDENTIFIED BY 'ten'; CREATE USER 'rose'@'192.168.0.1' IDENTIFIED BY 'one';
       CREATE USER 'rose'@'192.168._.2' IDENTIFIED BY 'two'; CREATE USER 'rose'@'FE80::%' IDENTIFIED BY 'six'`,
    )
    for (const [address, host] of [
      ['10.1.2.3', '10.%'],
      ['110.1.2.3', undefined],
      ['192.168.0.1', '192.168.0.1'],
      ['192.168.0.10', undefined],
      ['192.168.7.2', '192.168._.2'],
      ['192.168.77.2', undefined],
      ['fe80::1', 'FE80::%'],
      ['127.0.0.1', undefined],
    ] as const)
      assert.equal(await hostOf(engine, address), host, address)
    assert.deepEqual(await engine.checkPassword('rose', '10.9.9.9', 'ten'), {
      user: 'rose',
      host: '10.%',
    })
    assert.equal(await engine.checkPassword('rose', '10.9.9.9', 'one'), undefined)
    assert.equal(await engine.checkPassword('rose', LOCAL, 'ten'), undefined)
  })

  test('of several that fit, the first by the text of its host is the one, and `%` the last', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run("CREATE USER rose; CREATE USER 'rose'@'10.0.0.1'")
    assert.equal(await hostOf(engine, '10.0.0.1'), '10.0.0.1')
    assert.equal(await hostOf(engine, '10.0.0.2'), '%')
    await client.run("CREATE USER 'rose'@'10.%' IDENTIFIED BY 'pattern'")
    assert.equal(await hostOf(engine, '10.0.0.1'), '10.%')
    // Nobody is tried after it: the user of all hosts has no password.
    assert.equal(await engine.checkPassword('rose', '10.0.0.2', ''), undefined)
    await client.run("DROP USER 'rose'@'10.%'")
    assert.equal(await hostOf(engine, '10.0.0.2'), '%')
  })

  test('users of one name have rights, roles and passwords of their own', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      `CREATE TABLE t (k INT) DISTRIBUTED BY HASH(k); CREATE TABLE s (k INT) DISTRIBUTED BY HASH(k); CREATE ROLE r;
       CREATE USER rose; CREATE USER 'rose'@'127.%' DEFAULT ROLE r;
       GRANT SELECT ON TABLE d.t TO USER 'rose'@'127.%'; GRANT SELECT ON TABLE d.s TO USER rose;
       GRANT user_admin TO USER rose; SET DEFAULT ROLE user_admin TO rose`,
    )
    const near = await connect(engine, 'rose', undefined, LOCAL)
    const far = await connect(engine, 'rose', undefined, '10.0.0.1')
    assert.deepEqual(await near.rows('SELECT user(), current_user(), current_role()'), [
      ["'rose'@'127.0.0.1'", "'rose'@'127.%'", 'r'],
    ])
    assert.deepEqual(await far.rows('SELECT user(), current_user(), current_role()'), [
      ["'rose'@'10.0.0.1'", "'rose'@'%'", 'user_admin'],
    ])
    assert.deepEqual(await near.rows('SELECT * FROM d.t'), [])
    assert.equal((await near.refusal('SELECT * FROM d.s')).errno, 5203)
    assert.equal((await far.refusal('SELECT * FROM d.t')).errno, 5203)
    assert.deepEqual(await column(near, 'SHOW GRANTS', 2), [
      "GRANT 'r' TO USER 'rose'@'127.%'",
      "GRANT SELECT ON TABLE d.t TO USER 'rose'@'127.%'",
    ])
    assert.deepEqual(await near.rows('SHOW AUTHENTICATION'), [
      ["'rose'@'127.%'", 'No', 'MYSQL_NATIVE_PASSWORD', null],
    ])
    // To one that may not grant, the user of another host is somebody else.
    for (const sql of [
      'SHOW GRANTS FOR rose',
      "SHOW GRANTS FOR 'rose'@'%'",
      'SHOW AUTHENTICATION FOR rose',
      "SET PASSWORD FOR rose = PASSWORD('mine')",
      "ALTER USER rose IDENTIFIED BY 'mine'",
      'SET DEFAULT ROLE NONE TO rose',
    ])
      assert.equal((await near.refusal(sql)).errno, 5203, sql)
    assert.deepEqual(await column(near, 'SELECT DISTINCT GRANTEE FROM sys.grants_to_users'), [
      "'rose'@'127.%'",
    ])
    assert.deepEqual(
      await column(near, 'SELECT TO_USER FROM sys.role_edges WHERE TO_USER IS NOT NULL'),
      ["'rose'@'127.%'"],
    )
    await near.run("SET PASSWORD = PASSWORD('near')")
    assert.deepEqual(
      [await letsIn(engine, 'rose', 'near'), await letsIn(engine, 'rose', '')],
      [true, false],
    )
    assert.ok(await engine.checkPassword('rose', '10.0.0.1', ''))
    await near.run("ALTER USER 'rose'@'127.%' IDENTIFIED BY 'nearer'")
    assert.equal(await letsIn(engine, 'rose', 'nearer'), true)
    await far.run("SET PASSWORD FOR 'rose'@'127.%' = PASSWORD('from afar')")
    assert.equal(await letsIn(engine, 'rose', 'from afar'), true)
  })

  test('REVOKE, SET DEFAULT ROLE, SHOW USERS and DROP mean the one that is named', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      `CREATE ROLE r; CREATE USER 'rose'@'127.%'; CREATE USER rose; CREATE USER 'rose'@'10.%';
       GRANT r TO USER rose, USER 'rose'@'127.%'; GRANT INSERT ON ALL TABLES IN ALL DATABASES TO USER 'rose'@'127.%'`,
    )
    assert.deepEqual(
      (await column(client, 'SHOW USERS')).filter((user) => String(user).includes('rose')),
      ["'rose'@'%'", "'rose'@'10.%'", "'rose'@'127.%'"],
    )
    await client.run(
      "SET DEFAULT ROLE r TO 'rose'@'127.%'; REVOKE r FROM USER rose; REVOKE INSERT ON ALL TABLES IN ALL DATABASES FROM USER 'rose'@'127.%'",
    )
    assert.deepEqual(await column(client, "SHOW GRANTS FOR 'rose'@'127.%'", 2), [
      "GRANT 'r' TO USER 'rose'@'127.%'",
    ])
    assert.deepEqual(await column(client, 'SHOW GRANTS FOR rose', 2), [])
    const near = await connect(engine, 'rose')
    const ended: number[] = []
    engine.onKilled((id) => ended.push(id))
    await client.run("DROP USER rose, 'rose'@'10.%'")
    assert.deepEqual(ended, [])
    assert.deepEqual(await near.rows('SELECT current_role()'), [['r']])
    assert.deepEqual(
      (await client.refusal("DROP USER 'rose'@'10.%'")).message,
      "Operation DROP USER failed for 'rose'@'10.%': user does not exist",
    )
    await client.run("DROP USER 'rose'@'127.%'")
    assert.deepEqual(ended, [near.session.id])
  })

  test('EXECUTE AS and IMPERSONATE mean the user of that host; user() stays who logged in', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      `CREATE USER jack; CREATE USER 'jack'@'10.%'; CREATE USER rose;
       GRANT IMPERSONATE ON USER 'jack'@'10.%' TO USER rose`,
    )
    const rose = await connect(engine, 'rose')
    assert.deepEqual(await column(rose, 'SHOW GRANTS', 2), [
      "GRANT IMPERSONATE ON USER 'jack'@'10.%' TO USER 'rose'@'%'",
    ])
    assert.equal((await rose.refusal('EXECUTE AS jack WITH NO REVERT')).errno, 5203)
    await rose.run("EXECUTE AS 'jack'@'10.%' WITH NO REVERT")
    assert.deepEqual(await rose.rows('SELECT user(), current_user()'), [
      ["'rose'@'127.0.0.1'", "'jack'@'10.%'"],
    ])
  })

  test('properties belong to the name, on all hosts', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      `CREATE USER rose PROPERTIES ("session.query_timeout" = "7"); CREATE USER 'rose'@'127.%';
       SET PROPERTY FOR rose "max_user_connections" = "2"`,
    )
    const near = await connect(engine, 'rose')
    assert.deepEqual(await near.rows('SELECT @@query_timeout'), [[7]])
    await connect(engine, 'rose', undefined, '10.0.0.1')
    await assert.rejects(connect(engine, 'rose'), /Reach user-level/)
    await client.run(`ALTER USER 'rose'@'127.%' PROPERTIES ("max_user_connections" = "3")`)
    assert.deepEqual(
      (await client.rows('SHOW PROPERTY FOR rose')).find(([key]) => key === 'max_user_connections'),
      ['max_user_connections', '3'],
    )
  })

  test('a task of a user of a host has that one’s rights', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      `CREATE TABLE t (k INT) DISTRIBUTED BY HASH(k); INSERT INTO t VALUES (1);
       CREATE TABLE copy (k INT) DISTRIBUTED BY HASH(k); CREATE USER rose; CREATE USER 'rose'@'127.%';
       GRANT INSERT ON TABLE d.copy TO USER rose; GRANT INSERT ON TABLE d.copy TO USER 'rose'@'127.%'; GRANT SELECT ON TABLE d.t TO USER rose`,
    )
    const near = await connect(engine, 'rose', 'd')
    const ended = async (name: string): Promise<unknown> => {
      for (;;) {
        const [state] = await column(
          near,
          `SELECT STATE FROM information_schema.task_runs WHERE TASK_NAME = '${name}'`,
        )
        if (state !== 'PENDING' && state !== 'RUNNING') return state
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    await near.run('SUBMIT TASK one AS INSERT INTO copy SELECT k FROM t')
    assert.equal(await ended('one'), 'FAILED')
    await client.run(
      "GRANT SELECT ON TABLE d.t TO USER 'rose'@'127.%'; REVOKE SELECT ON TABLE d.t FROM USER rose",
    )
    await near.run('SUBMIT TASK two AS INSERT INTO copy SELECT k FROM t')
    assert.equal(await ended('two'), 'SUCCESS')
  })

  test('what is no pattern of addresses is refused, and a domain by name', async (t) => {
    const { engine, client } = await testClient(t)
    for (const host of ['(a+)+', '', '1'.repeat(256), 'a b', "x''y", '10.[0-9]', '\\\\%'])
      assert.match(
        (await client.refusal(`CREATE USER 'rose'@'${host}'`)).message,
        /^Bad pattern in SQL: /,
        host,
      )
    for (const sql of [
      "CREATE USER 'rose'@['example.com']",
      "GRANT db_admin TO USER 'rose'@['example.com']",
    ])
      assert.match(
        (await client.refusal(sql)).message,
        /^A user bound to a domain \(\['example\.com'\]\) is not supported/,
      )
    for (const name of ['root', 'admin'])
      assert.match(
        (await client.refusal(`CREATE USER '${name}'@'127.%'`)).message,
        /it would stand before the one that belongs to the instance/,
      )
    await client.run("CREATE USER 'rose'@'%1%1%1%1%1%1%1%1%1%1%1%1%1%1%1%1%1%1%1%1%1%1%1%2'")
    assert.equal(await engine.findUser('rose', '1'.repeat(45)), undefined)
  })

  test('users of hosts are there again after a restart, and those of an earlier version as users of all hosts', async (t) => {
    const directory = await testDirectory(t)
    const first = await testEngine(t, { directory })
    await (
      await connect(first)
    ).run("CREATE USER 'rose'@'10.%' IDENTIFIED BY 'ten'; CREATE USER lily IDENTIFIED BY 'any'")
    await first.close()
    const duck = await DuckDBInstance.create(join(directory, 'instance.duckdb'))
    const raw = await duck.connect()
    const [id] = (
      await raw.runAndReadAll(`SELECT id FROM emrys.object WHERE document LIKE '%"lily"%'`)
    ).getRows()[0] as [bigint]
    const earlier = {
      kind: 'user',
      id: Number(id),
      name: 'lily',
      host: '%',
      verifier: '',
      roles: ['db_admin'],
      defaultRoles: ['db_admin'],
      grants: [],
      properties: { 'session.query_timeout': '7' },
    }
    await raw.run('UPDATE emrys.object SET document = $1 WHERE id = $2', [
      JSON.stringify(earlier),
      id,
    ])
    raw.closeSync()
    duck.closeSync()

    const second = await testEngine(t, { directory })
    assert.ok(await second.checkPassword('rose', '10.0.0.1', 'ten'))
    assert.equal(await second.checkPassword('rose', '11.0.0.1', 'ten'), undefined)
    const lily = await connect(second, 'lily', undefined, '10.0.0.1')
    assert.deepEqual(await lily.rows('SELECT current_user(), current_role(), @@query_timeout'), [
      ["'lily'@'%'", 'db_admin', 7],
    ])
  })
})
