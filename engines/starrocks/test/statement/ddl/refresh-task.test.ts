/** Refreshes of materialized views are runs of tasks. Reference: StarRocks 3.3.7's test_task_run_status. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect, testClient } from '../../support/open-engine.ts'

test('each refresh of a materialized view is a run of its task', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(
    `CREATE TABLE ss (day DATE, pv BIGINT); INSERT INTO ss VALUES ('2020-01-14', 1);
     CREATE MATERIALIZED VIEW mv1 REFRESH DEFERRED MANUAL AS SELECT day, sum(pv) AS pv FROM ss GROUP BY day;
     REFRESH MATERIALIZED VIEW mv1 WITH SYNC MODE; REFRESH MATERIALIZED VIEW mv1 WITH SYNC MODE`,
  )
  const [[name, id] = []] = await client.rows(
    "SELECT TASK_NAME, TASK_ID FROM information_schema.materialized_views WHERE TABLE_NAME = 'mv1'",
  )
  assert.equal(name, `mv-${String(id)}`)
  const runs = `SELECT STATE, \`DATABASE\`, PROGRESS, DEFINITION LIKE 'insert overwrite \`mv1\` SELECT%', ERROR_MESSAGE
    FROM information_schema.task_runs WHERE TASK_NAME = '${name}' ORDER BY CREATE_TIME`
  const done = ['SUCCESS', 'd', '100%', 1, null]
  assert.deepEqual(await client.rows(runs), [done, done])
  await client.run('DROP TABLE ss')
  await client.refusal('REFRESH MATERIALIZED VIEW mv1 WITH SYNC MODE')
  await client.run('CREATE USER stranger')
  assert.deepEqual(await (await connect(engine, 'stranger')).rows(runs), [])
})

test('a refresh that fails says why', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    `CREATE TABLE p (d DATE, v INT); INSERT INTO p VALUES ('2024-01-01', 1), ('2025-01-01', 2);
     CREATE MATERIALIZED VIEW m REFRESH DEFERRED MANUAL AS SELECT v, assert_true(v < 2, 'too much') AS w FROM p`,
  )
  const { message } = await client.refusal('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
  assert.match(message, /too much/)
  const [run] = await client.rows(
    'SELECT STATE, ERROR_CODE, ERROR_MESSAGE FROM information_schema.task_runs',
  )
  assert.deepEqual(run?.slice(0, 2), ['FAILED', 1064])
  assert.match(String(run?.[2]), /too much/)
})
