/** Statements that write end soon while the database plans them, which hears nothing then; what they would have written is never there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../../src/kernel/clock.ts'
import type { MovableClock } from '../../../../src/kernel/clock.ts'
import { busy, connect, testClient } from '../support/open-engine.ts'
import type { Client } from '../support/open-engine.ts'

/** Of the process: a loaded machine does not lengthen it. */
const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

/** Its table is empty: all of its time is planning. */
const TABLES = 26
const LONG = `SELECT count(*) n FROM one t0 ${Array.from({ length: TABLES }, (_, at) => `JOIN one t${at + 1} ON t${at + 1}.a + 1 = t${at}.a + 1`).join(' ')}`

/** Answers how long the database plans the query. */
async function prepared(client: Client): Promise<number> {
  await client.run('CREATE TABLE one (a INT) DISTRIBUTED BY HASH(a)')
  await client.run('CREATE TABLE plain (a BIGINT, b BIGINT) DUPLICATE KEY(a)')
  await client.run('CREATE TABLE keyed (a BIGINT, b BIGINT) PRIMARY KEY(a)')
  await client.run('INSERT INTO plain VALUES (1, 10)')
  await client.run('INSERT INTO keyed VALUES (1, 10), (2, 20)')
  await client.run(
    `CREATE MATERIALIZED VIEW viewed REFRESH DEFERRED MANUAL AS SELECT a + n AS a FROM plain, (${LONG}) long`,
  )
  const before = process.cpuUsage()
  await client.run(LONG)
  return cpuMs(before)
}

const writes: readonly (readonly [string, string])[] = [
  ['INSERT into a table that appends', `INSERT INTO plain SELECT 3, n FROM (${LONG}) long`],
  ['INSERT into one with keys', `INSERT INTO keyed SELECT 3, n FROM (${LONG}) long`],
  ['INSERT OVERWRITE', `INSERT OVERWRITE plain SELECT 3, n FROM (${LONG}) long`],
  ['CREATE TABLE AS', `CREATE TABLE made AS ${LONG}`],
  ['UPDATE', `UPDATE keyed SET b = n FROM (${LONG}) long WHERE a = 1`],
  ['DELETE', `DELETE FROM keyed USING (${LONG}) long WHERE a > n`],
  ['REFRESH', 'REFRESH MATERIALIZED VIEW viewed WITH SYNC MODE'],
]

/** How each ends what another session asks, and with which number. */
const ways: readonly (readonly [string, number, (asked: Client, other: Client) => unknown])[] = [
  ['KILL QUERY', 1317, (asked, other) => other.run(`KILL QUERY ${asked.session.id}`)],
  ['KILL', 1317, (asked, other) => other.run(`KILL ${asked.session.id}`)],
  ['the end of its connection', 1317, (asked) => asked.session.interrupt()],
  ['its time limit', 5024, () => undefined],
]

/** Resolves when the database has planned for a while. */
async function planned(ms: number): Promise<void> {
  const begun = process.cpuUsage()
  for (let turn = 0; cpuMs(begun) < ms && turn < 500; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Resolves when nothing is planned any more that was left to itself. */
async function quiet(): Promise<void> {
  for (let begun = process.cpuUsage(); ; begun = process.cpuUsage()) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    if (cpuMs(begun) < 10) return
  }
}

/** Moves the clock on until the promise is settled, ten times as fast as time passes: the others' time limits are not reached. */
async function over(clock: MovableClock, ms: number, settled: Promise<unknown>): Promise<void> {
  const progress = { over: false }
  void settled.finally(() => (progress.over = true))
  for (clock.advance(ms); !progress.over; clock.advance(50))
    await new Promise((resolve) => setTimeout(resolve, 5))
}

/** What is in the tables, asked behind all writers. */
async function contents(client: Client) {
  await client.run('DELETE FROM keyed WHERE a = 99')
  return {
    plain: await client.rows('SELECT * FROM plain ORDER BY a'),
    keyed: await client.rows('SELECT * FROM keyed ORDER BY a'),
    viewed: await client.rows('SELECT * FROM viewed'),
    tables: await client.rows('SHOW TABLES'),
  }
}

for (const [way, errno, end] of ways)
  test(`a write that the database plans ends by ${way}, and nothing of it is left`, async (t) => {
    const clock = systemClock()
    const { engine, client: other } = await testClient(t, { clock })
    const whole = await prepared(other)
    assert.ok(whole > 100, `${whole} ms are not long`)
    const before = await contents(other)
    for (const [name, sql] of writes)
      await t.test(name, async () => {
        const asked = await connect(engine, 'admin', 'd')
        if (errno !== 1317) await asked.run('SET query_timeout = 7; SET insert_timeout = 7')
        const refusal = asked.refusal(sql)
        await busy(engine, 1)
        await planned(whole / 10)
        const ended = process.cpuUsage()
        await end(asked, other)
        await over(clock, errno === 1317 ? 1_000 : 8_000, refusal)
        assert.ok(cpuMs(ended) < whole / 2, `ended after ${cpuMs(ended)} of ${whole} ms`)
        assert.equal((await refusal).errno, errno)
        await quiet()
        assert.deepEqual(await contents(other), before)
        if (way !== 'KILL') assert.deepEqual(await asked.rows('SELECT 1'), [[1]])
      })
  })
