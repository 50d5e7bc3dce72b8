/** DROP USER ends what the user has open; a later user of the same name is somebody else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busy, connect, testClient, letsIn } from '../support/open-engine.ts'
import { askTrusted, testPorts } from '../support/open-ports.ts'

const longSql =
  'SELECT /*+ SET_VAR(query_timeout = 20) */ count(*) FROM secret a, secret b, secret c WHERE a.a + b.a + c.a = -1'

test('a dropped user’s session ends, and never gets the rights of a later user of its name', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(
    "CREATE TABLE secret (a INT) DISTRIBUTED BY HASH(a); INSERT INTO secret VALUES (1); CREATE USER tmpu IDENTIFIED BY 'one'",
  )
  const old = await connect(engine, 'tmpu')
  const ended: number[] = []
  engine.onKilled((id) => ended.push(id))
  assert.equal((await old.refusal('SELECT * FROM d.secret')).errno, 5203)
  await client.run('DROP USER tmpu')
  assert.deepEqual(ended, [old.session.id])
  assert.equal((await old.refusal('SELECT 1')).errno, 1045)
  await client.run(
    "CREATE USER tmpu IDENTIFIED BY 'two'; GRANT SELECT ON TABLE d.secret TO USER tmpu; GRANT user_admin TO USER tmpu",
  )
  for (const sql of [
    'SELECT * FROM d.secret',
    'SET ROLE ALL',
    "SET PASSWORD = PASSWORD('mine')",
    "ALTER USER tmpu IDENTIFIED BY 'mine'",
    'SHOW GRANTS',
    'SHOW PROCESSLIST',
  ]) {
    assert.equal((await old.refusal(sql)).errno, 1045, sql)
  }
  await assert.rejects(old.session.prepare('SELECT * FROM d.secret'), { errno: 1045 })
  const fresh = await connect(engine, 'tmpu')
  assert.deepEqual(await fresh.rows('SELECT * FROM d.secret'), [[1]])
  assert.equal(await letsIn(engine, 'tmpu', 'two'), true)
})

test('what a dropped user runs is interrupted', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(
    `CREATE TABLE secret (a INT) DISTRIBUTED BY HASH(a);
     INSERT INTO secret SELECT generate_series FROM TABLE(generate_series(1, 20000));
     CREATE USER tmpu; GRANT SELECT ON TABLE d.secret TO USER tmpu`,
  )
  const old = await connect(engine, 'tmpu', 'd')
  const refused = old.refusal(longSql)
  await busy(engine, 1)
  await client.run('DROP USER tmpu')
  assert.equal((await refused).errno, 1317)
})

test('only sessions of the dropped user end', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run('CREATE USER a; CREATE USER b')
  const other = await connect(engine, 'b')
  const ended: number[] = []
  engine.onKilled((id) => ended.push(id))
  await client.run('DROP USER a')
  assert.deepEqual(ended, [])
  assert.deepEqual(await other.rows('SELECT 1'), [[1]])
})

test('a transaction of loads that a dropped user left open does not exist for a later user of its name', async (t) => {
  const { client, front } = await testPorts(t)
  await client.run(
    `CREATE TABLE secret (a INT) DISTRIBUTED BY HASH(a); CREATE USER tmpu IDENTIFIED BY 'one';
     GRANT INSERT ON TABLE d.secret TO USER tmpu`,
  )
  const step = (verb: string, password: string, body?: string) =>
    askTrusted(`${front}/api/transaction/${verb}`, {
      method: verb === 'load' ? 'PUT' : 'POST',
      auth: `tmpu:${password}`,
      headers: { db: 'd', table: 'secret', label: 'left' },
      ...(body !== undefined && { body }),
    })
  assert.equal((await step('begin', 'one')).json?.Status, 'OK')
  assert.equal((await step('load', 'one', '1\n')).json?.Status, 'OK')
  await client.run("DROP USER tmpu; CREATE USER tmpu IDENTIFIED BY 'two'")
  for (const verb of ['load', 'prepare', 'commit', 'rollback'])
    assert.notEqual((await step(verb, 'two', '2\n')).json?.Status, 'OK', verb)
  assert.deepEqual(await client.rows('SELECT * FROM secret'), [])
})

test('a materialized view is refreshed as the user that made it, not as a later one of its name', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(
    `CREATE TABLE b (a INT) DISTRIBUTED BY HASH(a); INSERT INTO b VALUES (1); CREATE USER tmpu;
     GRANT CREATE MATERIALIZED VIEW ON DATABASE d TO USER tmpu; GRANT SELECT ON TABLE d.b TO USER tmpu`,
  )
  const maker = await connect(engine, 'tmpu', 'd')
  await maker.run(
    'CREATE MATERIALIZED VIEW m REFRESH DEFERRED MANUAL AS SELECT a, current_user() AS u FROM b',
  )
  const refreshed = async () => {
    await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
    return client.rows('SELECT u FROM m')
  }
  assert.deepEqual(await refreshed(), [["'tmpu'@'%'"]])
  await client.run('DROP USER tmpu; CREATE USER tmpu')
  assert.deepEqual(await refreshed(), [["'tmpu'@'localhost'"]])
})
