import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../../../src/kernel/clock.ts'
import { testClient } from '../../support/open-engine.ts'

test('sleep waits before the first row, and hears its time limit', async (t) => {
  const clock = systemClock()
  const { client } = await testClient(t, { clock })
  const startMs = clock.now()
  assert.deepEqual(await client.rows('SELECT sleep(1)'), [[1]])
  assert.deepEqual(await client.rows('SELECT sleep(NULL)'), [[null]])
  assert.ok(clock.now() - startMs >= 1000)
  const refusal = await client.refusal('SELECT /*+ SET_VAR(query_timeout = 1) */ sleep(60)')
  assert.match(refusal.message, /timeout/i)
  assert.match((await client.refusal('SELECT sleep(k) FROM (SELECT 1 AS k) x')).message, /constant/)
  await client.run('CREATE TABLE a (v BOOLEAN) DUPLICATE KEY(v) DISTRIBUTED BY HASH(v)')
  const insertMs = clock.now()
  await client.run('INSERT INTO a SELECT sleep(1)')
  await client.run('CREATE TABLE b AS SELECT sleep(1) AS v FROM a')
  assert.ok(clock.now() - insertMs >= 2000)
  assert.deepEqual(await client.rows('SELECT a.v, b.v FROM a, b'), [[1, 1]])
  assert.match(
    (await client.refusal('CREATE VIEW w AS SELECT sleep(1) AS v')).message,
    /outside of SELECT/,
  )
})
