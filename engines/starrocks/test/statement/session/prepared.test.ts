import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

describe('PREPARE as a statement', () => {
  test('what was prepared runs with the values of user variables, as often as wanted', async (t) => {
    const { client } = await testClient(t)
    await client.run('CREATE TABLE t (k INT, v STRING) DUPLICATE KEY(k)')
    await client.run("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')")
    await client.run("PREPARE one FROM 'SELECT v FROM t WHERE k >= ? ORDER BY k LIMIT ?'")
    await client.run('PREPARE two FROM SELECT ?, ?, @none; SET @k = 2, @n = 1, @`odd name` = "x"')
    assert.deepEqual(await client.rows('EXECUTE ONE USING @k, @n'), [['b']])
    await client.run('SET @n = 9')
    assert.deepEqual(await client.rows('EXECUTE one USING @k, @n'), [['b'], ['c']])
    assert.deepEqual(await client.rows('EXECUTE two USING @`odd name`, @missing'), [
      ['x', null, null],
    ])
  })

  test('names are looked up when it is prepared and again when it runs', async (t) => {
    const { client } = await testClient(t)
    assert.equal((await client.refusal('PREPARE p FROM SELECT * FROM nowhere')).errno, 1146)
    await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k); PREPARE p FROM SELECT * FROM t')
    await client.run('DROP TABLE t')
    assert.equal((await client.refusal('EXECUTE p')).errno, 1146)
  })

  test('a hint of the prepared statement holds for its run, and no other session knows it', async (t) => {
    const { client } = await testClient(t)
    await client.run('PREPARE p FROM SELECT /*+SET_VAR(query_timeout = 77)*/ @@query_timeout')
    assert.deepEqual(await client.rows('EXECUTE p'), [[77]])
    await client.session.reset()
    assert.match((await client.refusal('EXECUTE p')).message, /not exist/)
  })

  test('one statement is prepared, not a text of several', async (t) => {
    const { client } = await testClient(t)
    await client.refusal("PREPARE p FROM 'SELECT 1; SELECT 2'")
    await client.refusal("PREPARE p FROM ''")
    await client.refusal('SELECT ?')
  })
})
