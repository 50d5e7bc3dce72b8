import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect, testClient } from '../../support/open-engine.ts'

test('EXECUTE AS makes the session another user’s, with its rights and nothing of the first', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(
    `CREATE TABLE t (k INT) DISTRIBUTED BY HASH(k); INSERT INTO t VALUES (1); CREATE TABLE secret (k INT);
     CREATE ROLE reader; GRANT SELECT ON TABLE d.t TO ROLE reader; CREATE USER jack DEFAULT ROLE reader;
     SET PROPERTY FOR jack "session.query_timeout" = "7"; CREATE USER rose; GRANT IMPERSONATE ON USER jack TO rose;
     GRANT SELECT ON TABLE d.secret TO rose`,
  )
  const rose = await connect(engine, 'rose', 'd')
  assert.equal((await rose.refusal('EXECUTE AS admin WITH NO REVERT')).errno, 5203)
  assert.equal((await rose.refusal('EXECUTE AS nobody WITH NO REVERT')).errno, 5203)
  await rose.run('EXECUTE AS jack WITH NO REVERT')
  assert.deepEqual(await rose.rows('SELECT k, current_user(), @@query_timeout FROM d.t'), [
    [1, "'jack'@'%'", 7],
  ])
  assert.equal((await rose.refusal('SELECT * FROM d.secret')).errno, 5203)
  assert.equal((await rose.refusal('EXECUTE AS rose WITH NO REVERT')).errno, 5203)
  const listed = (await client.rows('SHOW PROCESSLIST')).map((row) => row[2])
  assert.ok(listed.includes('jack') && !listed.includes('rose'))
  await client.run('DROP USER jack')
  assert.equal((await rose.refusal('SELECT 1')).errno, 1045)
})

test('is_role_in_session() tells of active roles and those that they inherit', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(
    'CREATE ROLE r1, r2, other; GRANT r2 TO ROLE r1; CREATE USER jack; GRANT r1 TO USER jack',
  )
  const jack = await connect(engine, 'jack')
  const sql =
    "SELECT is_role_in_session('r1'), is_role_in_session('r2'), is_role_in_session('other'), is_role_in_session('none')"
  assert.deepEqual(await jack.rows(sql), [[0, 0, 0, 0]])
  await jack.run('SET ROLE ALL')
  assert.deepEqual(await jack.rows(sql), [[1, 1, 0, 0]])
  assert.match(
    (await jack.refusal('SELECT is_role_in_session(concat("r", 1))')).message,
    /only supports constant parameters/,
  )
})

test('session_id() is the same for a session, and another for each', async (t) => {
  const { engine, client } = await testClient(t)
  const other = await connect(engine, 'admin')
  const idOf = async (session: typeof client) => (await session.rows('SELECT session_id()'))[0]?.[0]
  const [one, again, two] = [await idOf(client), await idOf(client), await idOf(other)]
  assert.match(String(one), /^[0-9a-f-]{36}$/)
  assert.equal(one, again)
  assert.notEqual(one, two)
})
