/** Who waits for others ends at once, and the time that those take is not held against the instance. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { busy, connect, testClient } from '../support/open-engine.ts'
import type { Client } from '../support/open-engine.ts'

/** Runs until it is ended. */
const LONG = 'SELECT count(*) n FROM many x, many y, many z WHERE x.a + y.a + z.a = -1'
/** After so long an instance that is stuck is opened again. */
const STUCK_MS = 120_000

async function prepared(client: Client): Promise<void> {
  await client.run('CREATE TABLE many (a BIGINT) DUPLICATE KEY(a)')
  await client.run('INSERT INTO many SELECT x FROM TABLE(generate_series(1, 20000)) t(x)')
  await client.run('CREATE TABLE keyed (a BIGINT, b BIGINT) PRIMARY KEY(a)')
  await client.run('INSERT INTO keyed VALUES (1, 10)')
  await client.run(`CREATE MATERIALIZED VIEW viewed REFRESH DEFERRED MANUAL AS ${LONG}`)
}

const REFRESH = 'REFRESH MATERIALIZED VIEW viewed WITH SYNC MODE'
const UPDATE = `UPDATE keyed SET b = n FROM (${LONG}) long WHERE a = 1`

const waits: readonly (readonly [string, string, string])[] = [
  ['a write behind another', UPDATE, 'DELETE FROM keyed WHERE a = 99'],
  ['an ALTER behind a write', UPDATE, 'ALTER TABLE keyed ADD COLUMN c INT'],
  ['CREATE TABLE AS behind a write', UPDATE, 'CREATE TABLE made AS SELECT 1 AS a'],
  ['a refresh that another session waits for too', REFRESH, REFRESH],
]

for (const [name, first, second] of waits)
  test(`${name} ends while it waits, and the instance is not stuck`, async (t) => {
    const clock = systemClock()
    const { engine, client } = await testClient(t, { clock })
    await prepared(client)
    const before = await connect(engine, 'admin', 'd')
    const going = before.refusal(first)
    await busy(engine, 1)
    const asked = await connect(engine, 'admin', 'd')
    const refusal = asked.refusal(second)
    await busy(engine, 2)
    await client.run(`KILL QUERY ${asked.session.id}`)
    assert.equal((await refusal).errno, 1317)
    assert.deepEqual(await asked.rows('SELECT * FROM keyed'), [[1, 10]])
    clock.advance(STUCK_MS)
    assert.equal((await engine.status()).failure, undefined)
    before.session.interrupt()
    assert.equal((await going).errno, 1317)
    await asked.run('DELETE FROM keyed WHERE a = 99')
    assert.deepEqual(await asked.rows('SHOW TABLES LIKE "made"'), [])
    assert.deepEqual(await asked.rows('SELECT * FROM keyed'), [[1, 10]])
  })
