/** DuckDB looks for an interrupt between vectors of 2 048 rows, and one of its functions may compute a single one for minutes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../../src/kernel/clock.ts'
import type { MovableClock } from '../../../../src/kernel/clock.ts'
import { busy, connect, testClient } from '../support/open-engine.ts'
import type { Client } from '../support/open-engine.ts'

/** RE2's automaton has no room for its states, as the text is of two letters in no order. */
const LONG = `s LIKE '%a${'_'.repeat(200)}b%c%d'`
const TEXT = `array_join(array_map(y -> if((x + y * y) * 7919 % 1000003 % 2 = 0, 'a', 'b'), array_generate(1, 5000)), '')`

const statements: readonly (readonly [string, string])[] = [
  ['a query', `SELECT count(*) FROM texts WHERE ${LONG}`],
  [
    'rows behind others that are there already',
    `SELECT x, lpad('', if(x > 100, 500, 1), 'x'), ${LONG} FROM texts`,
  ],
  ['INSERT', `INSERT INTO plain SELECT x, ${LONG} FROM texts`],
  ['CREATE TABLE AS', `CREATE TABLE made AS SELECT x, ${LONG} AS n FROM texts`],
  ['UPDATE', `UPDATE keyed SET b = (SELECT sum(${LONG}) FROM texts) WHERE a = 1`],
  ['REFRESH', 'REFRESH MATERIALIZED VIEW viewed WITH SYNC MODE'],
]

async function prepared(client: Client): Promise<void> {
  await client.run('CREATE TABLE plain (a BIGINT, b BIGINT) DUPLICATE KEY(a)')
  await client.run('CREATE TABLE keyed (a BIGINT, b BIGINT) PRIMARY KEY(a)')
  await client.run('INSERT INTO keyed VALUES (1, 10)')
  await client.run('CREATE TABLE texts (x BIGINT, s VARCHAR(65533))')
  await client.run(`INSERT INTO texts SELECT x, 'a' FROM TABLE(generate_series(101, 10340)) t(x)`)
  await client.run(`INSERT INTO texts SELECT x, ${TEXT} FROM TABLE(generate_series(1, 20)) t(x)`)
  await client.run(
    `CREATE MATERIALIZED VIEW viewed REFRESH DEFERRED MANUAL AS SELECT x, ${LONG} AS n FROM texts`,
  )
}

let whole: number | undefined

/** How long the database works on one. */
async function wholeMs(client: Client): Promise<number> {
  if (whole !== undefined) return whole
  const before = process.cpuUsage()
  await client.run(`SELECT count(*) FROM texts WHERE ${LONG}`)
  whole = cpuMs(before)
  assert.ok(whole > 300, `${whole} ms are not long`)
  return whole
}

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

/** Resolves when the process has worked for a while. */
async function worked(ms: number): Promise<void> {
  const begun = process.cpuUsage()
  while (cpuMs(begun) < ms) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Moves the clock on until the promise is settled. */
async function after(clock: MovableClock, ms: number, settled: Promise<unknown>): Promise<void> {
  const progress = { over: false }
  void settled.finally(() => (progress.over = true))
  for (clock.advance(ms); !progress.over; clock.advance(50))
    await new Promise((resolve) => setTimeout(resolve, 5))
}

// Each in an engine of its own, which waits for what was left to itself when it closes.
for (const [name, sql] of statements)
  test(`what computes long within one vector ends within two seconds of KILL QUERY: ${name}`, async (t) => {
    const clock = systemClock()
    const { engine, client: other } = await testClient(t, { clock })
    await prepared(other)
    const ms = await wholeMs(other)
    const asked = await connect(engine, 'admin', 'd')
    const refusal = asked.refusal(sql)
    await busy(engine, 1)
    await worked(ms / 8)
    const ended = process.cpuUsage()
    await other.run(`KILL QUERY ${asked.session.id}`)
    await after(clock, 1_000, refusal)
    assert.equal((await refusal).errno, 1317)
    const took = cpuMs(ended)
    assert.ok(took < ms / 2, `ended after ${took} of ${ms} ms`)
    assert.deepEqual(await asked.rows('SELECT count(*) FROM plain'), [[0]])
  })

test('an instance that a cancelled statement does not leave says that it has to be started again', async (t) => {
  const clock = systemClock()
  const { engine, client } = await testClient(t, { clock })
  await prepared(client)
  const ms = await wholeMs(client)
  const refusal = client.refusal(`SELECT count(*) FROM texts WHERE ${LONG}`)
  await busy(engine, 1)
  await worked(ms / 8)
  client.session.interrupt()
  await after(clock, 1_000, refusal)
  assert.equal((await refusal).errno, 1317)
  assert.equal((await engine.status()).failure, undefined)
  clock.advance(120_000)
  const { ok, reason = '' } = await engine.health()
  assert.equal(ok, false)
  assert.match(reason, /must be reopened: .*has not left it for 120 seconds/)
  while ((await engine.status()).failure !== undefined)
    await new Promise((resolve) => setTimeout(resolve, 20))
})
