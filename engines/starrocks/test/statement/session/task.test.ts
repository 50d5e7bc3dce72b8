import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connect, testClient } from '../../support/open-engine.ts'
import type { Client } from '../../support/open-engine.ts'

const ENDLESS = 'INSERT INTO t SELECT count(*) FROM big a, big b, big c WHERE a.k + b.k + c.k = 7'

async function stateOf(client: Client, name: string, wanted: string): Promise<unknown[]> {
  for (;;) {
    const [run] = await client.rows(
      `SELECT STATE, ERROR_CODE, ERROR_MESSAGE, FINISH_TIME IS NULL FROM information_schema.task_runs WHERE TASK_NAME = '${name}'`,
    )
    if (run?.[0] === wanted) return run
    assert.ok(run && ['PENDING', 'RUNNING'].includes(String(run[0])), `${name} is ${String(run)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('tasks', () => {
  test('run by themselves, with the database, the variables and the hints of who submitted them', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run('SET enable_insert_strict = false')
    const { columns, rows } = await client.run(
      'SUBMIT TASK one AS CREATE TABLE made AS SELECT 7 AS k',
    )
    assert.deepEqual([columns, rows], [['TaskName', 'Status'], [['one', 'SUBMITTED']]])
    assert.deepEqual(await stateOf(client, 'one', 'SUCCESS'), ['SUCCESS', 0, null, 0])
    assert.deepEqual(await client.rows('SELECT k FROM made'), [[7]])
    const other = await connect(engine)
    await other.run(
      'SUBMIT /*+SET_VAR(group_concat_max_len = 77)*/ TASK d.two AS INSERT INTO made SELECT @@group_concat_max_len',
    )
    await stateOf(client, 'two', 'SUCCESS')
    assert.deepEqual(await client.rows('SELECT max(k) FROM made'), [[77]])
    assert.deepEqual(
      await client.rows(
        'SELECT TASK_NAME, SCHEDULE, `DATABASE`, DEFINITION, CREATOR FROM information_schema.tasks ORDER BY 1',
      ),
      [
        ['one', 'MANUAL', 'd', 'CREATE TABLE made AS SELECT 7 AS k', "'admin'@'%'"],
        ['two', 'MANUAL', 'd', 'INSERT INTO made SELECT @@group_concat_max_len', "'admin'@'%'"],
      ],
    )
    assert.match(
      (await client.refusal('SUBMIT TASK one AS INSERT INTO made SELECT 1')).message,
      /already exists/,
    )
  })

  test('one that fails says why; one without a name gets one', async (t) => {
    const { client } = await testClient(t)
    const { rows } = await client.run('SUBMIT TASK AS CREATE TABLE x AS SELECT * FROM nowhere')
    const name = String(rows[0]?.[0])
    assert.match(name, /^ctas-/)
    const [, code, message] = await stateOf(client, name, 'FAILED')
    assert.equal(code, 1146)
    assert.match(String(message), /nowhere/)
  })

  test('a timeout ends one, and so does DROP TASK, and the engine', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k BIGINT) DUPLICATE KEY(k); CREATE TABLE big (k BIGINT) DUPLICATE KEY(k)',
    )
    await client.run(
      'INSERT INTO big SELECT generate_series FROM TABLE(generate_series(1, 100000))',
    )
    await client.run(`SUBMIT /*+SET_VAR(query_timeout = 1)*/ TASK short AS ${ENDLESS}`)
    assert.match(String((await stateOf(client, 'short', 'FAILED'))[2]), /timeout/i)
    await client.run(`SUBMIT TASK a AS ${ENDLESS}`)
    await stateOf(client, 'a', 'RUNNING')
    await client.run('DROP TASK a')
    const left = await client.rows('SELECT TASK_NAME FROM information_schema.tasks')
    assert.deepEqual(left, [['short']])
    await client.run(`SUBMIT TASK b AS ${ENDLESS}`)
    await stateOf(client, 'b', 'RUNNING')
    await engine.close()
  })

  test('a user sees and drops its own, and may not more than by itself', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT) DUPLICATE KEY(k); CREATE USER bob; SUBMIT TASK one AS INSERT INTO t SELECT 1',
    )
    const bob = await connect(engine, 'bob')
    assert.deepEqual(await bob.rows('SELECT * FROM information_schema.task_runs'), [])
    await bob.refusal('DROP TASK one')
    await bob.run('SUBMIT TASK two AS INSERT INTO d.t SELECT 1')
    await stateOf(bob, 'two', 'FAILED')
    await bob.run('DROP TASK two')
    await stateOf(client, 'one', 'SUCCESS')
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[1]])
  })
})
