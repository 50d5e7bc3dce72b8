/** Refreshes of materialized views are runs of tasks. Reference: StarRocks 3.3.7's test_task_run_status. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busy, connect, testClient } from '../../support/open-engine.ts'
import type { Client } from '../../support/open-engine.ts'

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

/** Runs until it is ended. */
const LONG = 'SELECT count(*) n FROM many x, many y, many z WHERE x.a + y.a + z.a = -1'

async function withLongView(client: Client): Promise<void> {
  await client.run('CREATE TABLE many (a BIGINT) DUPLICATE KEY(a)')
  await client.run('INSERT INTO many SELECT x FROM TABLE(generate_series(1, 20000)) t(x)')
  await client.run(`CREATE MATERIALIZED VIEW long REFRESH DEFERRED MANUAL AS ${LONG}`)
  await client.run(
    'CREATE MATERIALIZED VIEW short REFRESH DEFERRED MANUAL AS SELECT max(a) AS a FROM many',
  )
}

const RUNS = 'SELECT STATE, ERROR_MESSAGE FROM information_schema.task_runs ORDER BY CREATE_TIME'

/** Asked until it is the state of the latest refresh. */
async function latest(client: Client, state: string) {
  for (;;) {
    const run = (await client.rows(RUNS)).at(-1)
    if (run?.[0] === state) return run
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const ends: readonly (readonly [string, string])[] = [
  ['CANCEL REFRESH', 'CANCEL REFRESH MATERIALIZED VIEW d.long FORCE'],
  ['DROP', 'DROP MATERIALIZED VIEW long'],
]

for (const [way, sql] of ends)
  test(`${way} ends a refresh that nobody waits for, and the next one has its turn`, async (t) => {
    const { client } = await testClient(t)
    await withLongView(client)
    await client.run('REFRESH MATERIALIZED VIEW long')
    await latest(client, 'RUNNING')
    await client.run(sql)
    assert.deepEqual(await latest(client, 'FAILED'), ['FAILED', 'kill TaskRun'])
    await client.run('REFRESH MATERIALIZED VIEW short WITH SYNC MODE')
    assert.deepEqual(await client.rows('SELECT * FROM short'), [[20000]])
  })

test('CANCEL REFRESH ends refreshes that wait for their turn, for who may refresh', async (t) => {
  const { engine, client } = await testClient(t)
  await withLongView(client)
  await client.run('CANCEL REFRESH MATERIALIZED VIEW short')
  await client.run('REFRESH MATERIALIZED VIEW long')
  await latest(client, 'RUNNING')
  const asked = await connect(engine, 'admin', 'd')
  const refusal = asked.refusal('REFRESH MATERIALIZED VIEW short WITH SYNC MODE')
  await busy(engine, 1)
  await client.run('CREATE USER stranger')
  const stranger = await connect(engine, 'stranger')
  assert.match(
    (await stranger.refusal('CANCEL REFRESH MATERIALIZED VIEW d.short')).message,
    /Access denied/,
  )
  await client.run('CANCEL REFRESH MATERIALIZED VIEW short')
  assert.match((await refusal).message, /kill TaskRun/)
  assert.equal((await client.rows(RUNS)).at(-1)?.[0], 'RUNNING', 'the other one goes on')
  await client.run('CANCEL REFRESH MATERIALIZED VIEW long')
  await latest(client, 'FAILED')
})

test('a CREATE that is killed during the first refresh leaves no view', async (t) => {
  const { engine, client } = await testClient(t)
  await withLongView(client)
  const asked = await connect(engine, 'admin', 'd')
  const refusal = asked.refusal(`CREATE MATERIALIZED VIEW made REFRESH MANUAL AS ${LONG}`)
  await latest(client, 'RUNNING')
  await client.run(`KILL QUERY ${asked.session.id}`)
  assert.equal((await refusal).errno, 1317)
  assert.deepEqual(await asked.rows("SHOW TABLES LIKE 'made'"), [])
  await asked.run('CREATE MATERIALIZED VIEW made REFRESH MANUAL AS SELECT max(a) AS a FROM many')
  assert.deepEqual(await asked.rows('SELECT * FROM made'), [[20000]])
})
