/** Rows that a statement had staged before it was ended take up neither memory nor disk while its session goes on. */
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { busy, connect, limits, testClient, testDirectory } from '../support/open-engine.ts'
import type { Client } from '../support/open-engine.ts'

/** Runs until it is ended. */
const LONG = 'SELECT count(*) n FROM few x, few y, few z WHERE x.a + y.a + z.a = -1'
const ROWS = 600_000
const MIB = 1024 ** 2
/** How much of them DuckDB moves out of memory varies. */
const LEAST_BYTES = 4 * MIB

async function prepared(client: Client): Promise<void> {
  await client.run('CREATE TABLE many (a BIGINT, v VARCHAR(100)) DUPLICATE KEY(a)')
  await client.run(
    `INSERT INTO many SELECT x, concat(md5(x), md5(x + 1)) FROM TABLE(generate_series(1, ${ROWS})) t(x)`,
  )
  await client.run('CREATE TABLE copied LIKE many; CREATE TABLE few LIKE many')
  await client.run('INSERT INTO few SELECT * FROM many LIMIT 20000')
  await client.run('CREATE TABLE keyed (a BIGINT, b BIGINT) PRIMARY KEY(a)')
  await client.run('INSERT INTO keyed VALUES (1, 10)')
}

function spilledBytes(directory: string): number {
  const folder = join(directory, 'spill')
  const sizes = readdirSync(folder).map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Resolves when much is spilled and, for a while, no more: the rows wait to be written. */
async function spilled(directory: string): Promise<number> {
  for (let same = 0, before = 0, looks = 0; same < 20; looks++) {
    await pause(20)
    const bytes = spilledBytes(directory)
    same = bytes === before && bytes >= LEAST_BYTES ? same + 1 : 0
    before = bytes
    assert.ok(looks < 3000, `${bytes} bytes are spilled`)
  }
  return spilledBytes(directory)
}

test('what an INSERT that was killed had staged is gone, though its session goes on', async (t) => {
  const directory = await testDirectory(t)
  const { engine, client } = await testClient(t, {
    directory,
    limits: { ...limits, memoryBytes: 40 * MIB },
  })
  await prepared(client)
  const writer = await connect(engine, 'admin', 'd')
  const written = writer.refusal(`UPDATE keyed SET b = n FROM (${LONG}) long WHERE keyed.a = 1`)
  await busy(engine, 1)
  const asked = await connect(engine, 'admin', 'd')
  const refusal = asked.refusal('INSERT OVERWRITE copied SELECT * FROM many')
  const staged = await spilled(directory)
  await client.run(`KILL QUERY ${asked.session.id}`)
  assert.equal((await refusal).errno, 1317)
  for (let looks = 0; spilledBytes(directory) > staged / 4 && looks < 500; looks++) await pause(20)
  const left = spilledBytes(directory)
  assert.ok(left <= staged / 4, `${left} of ${staged} bytes are left`)
  writer.session.interrupt()
  await written
  assert.deepEqual(await asked.rows('SELECT count(*) FROM copied'), [[0]])
})

test('a transaction keeps what it had staged when a later statement of it is killed', async (t) => {
  const { engine, client } = await testClient(t)
  await prepared(client)
  const asked = await connect(engine, 'admin', 'd')
  await asked.run("BEGIN; INSERT INTO copied VALUES (1, 'a')")
  const refusal = asked.refusal(`INSERT INTO keyed ${LONG.replace('count(*) n', '2, count(*)')}`)
  await busy(engine, 1)
  await client.run(`KILL QUERY ${asked.session.id}`)
  assert.equal((await refusal).errno, 1317)
  await asked.run('COMMIT')
  assert.deepEqual(await asked.rows('SELECT * FROM copied'), [[1, 'a']])
})
