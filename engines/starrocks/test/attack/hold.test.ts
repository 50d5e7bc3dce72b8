/** No statement holds up the sessions beside it: how long the thread that all share works without turning to another one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busy, testClient } from '../support/open-engine.ts'
import type { Client } from '../support/open-engine.ts'

const list = (count: number, item: (index: number) => string, separator = ',') =>
  Array.from({ length: count }, (_, index) => item(index)).join(separator)

const WIDE = 2_000
const HELD_MS = 50
/** The compiler and the collector of garbage work on some runs and not on others. */
const TRIES = 4

/** Processor time of this thread, which a loaded machine does not lengthen, from one turn to the next. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let before = process.threadCpuUsage()
  const watch = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before)
    longest = Math.max(longest, (user + system) / 1000)
    before = process.threadCpuUsage()
  }, 1)
  await work()
  await new Promise((resolve) => setTimeout(resolve, 5))
  clearInterval(watch)
  return longest
}

async function heldBriefly(client: Client, sql: string): Promise<void> {
  const turns: number[] = []
  for (let run = 0; run < TRIES; run += 1) {
    turns.push(await longestTurn(() => client.run(sql)))
    if (Math.min(...turns) < HELD_MS) return
  }
  assert.fail(`others waited for ${turns.map(Math.round).join(', ')} ms`)
}

const statements: readonly (readonly [string, string])[] = [
  ['millions of escapes', `SELECT length('${'\\\\'.repeat(3_000_000)}')`],
  ['millions of doubled quotes', `SELECT length('${"''".repeat(1_000_000)}')`],
  ['a text of megabytes', `SELECT length('${'a'.repeat(4_000_000)}')`],
  ['thousands of select items', `SELECT ${list(5_000, (index) => `a + ${index}`)} FROM one`],
  [
    'thousands of expressions in IN',
    `SELECT count(*) FROM one WHERE a IN (${list(3_000, (index) => `a + ${index}`)})`,
  ],
  [
    'thirty thousand values',
    `SELECT count(*) FROM (VALUES ${list(1_000, (index) => `(${list(30, (at) => `'${index + at}'`)})`)}) t`,
  ],
  [
    'rows of VALUES',
    `INSERT INTO one VALUES ${list(10_000, (index) => `(${index}, 'text ${index}')`)}`,
  ],
  [
    'thousands of branches of CASE',
    `SELECT CASE ${list(3_000, (index) => `WHEN a = ${index} THEN 's${index}'`, ' ')} END FROM one`,
  ],
  [
    'lists in lists',
    `SELECT ${list(100, (at) => `array_length([${list(30, (index) => `a + ${index + at}`)}])`)} FROM one`,
  ],
  [
    'thousands of alternatives',
    `DELETE FROM one WHERE ${list(2_000, (index) => `a = ${-index - 2}`, ' OR ')}`,
  ],
  ['a row of thousands of columns', 'SELECT * FROM wide'],
  [
    'thousands of columns by their names',
    `SELECT ${list(WIDE, (index) => `c${index}`)} FROM wide ORDER BY ${list(WIDE, (index) => `c${index}`)}`,
  ],
  [
    'an INSERT that names thousands of columns',
    `INSERT INTO wide (${list(WIDE, (index) => `c${index}`)}) VALUES (${list(WIDE, String)})`,
  ],
  [
    'a million values of an answer',
    `SELECT ${list(300, (index) => `x + ${index}`)} FROM TABLE(generate_series(1, 3000)) t(x)`,
  ],
  [
    'arrays of an answer',
    'SELECT array_generate(1, 500) FROM TABLE(generate_series(1, 2048)) t(x)',
  ],
]

test('a statement at its bounds holds nobody up', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE one (a INT, s VARCHAR(100)) DUPLICATE KEY(a)')
  await client.run("INSERT INTO one VALUES (-1, 'x')")
  await client.run(`CREATE TABLE wide (${list(WIDE, (index) => `c${index} INT`)})`)
  await client.run(`INSERT INTO wide VALUES (${list(WIDE, String)})`)
  for (const [name, sql] of statements) await t.test(name, () => heldBriefly(client, sql))
})

test('a long statement that is cancelled while it is read ends, and the next one is answered', async (t) => {
  const { client } = await testClient(t)
  const refusal = client.refusal(`SELECT ${list(9_000, (at) => `${at} + 1`)}`)
  await new Promise((resolve) => setTimeout(resolve, 1))
  client.session.interrupt()
  assert.equal((await refusal).errno, 1317)
  assert.deepEqual(await client.rows(`SELECT 7 IN (${list(5_000, String)})`), [[1]])
})

test('a long statement that is cancelled while it is translated ends, and the next one is answered', async (t) => {
  const { engine, client } = await testClient(t)
  const long = `SELECT ${list(700, () => `concat(${list(30, (index) => `'${index}'`)})`)}`
  const refusal = client.refusal(long)
  await busy(engine, 1)
  client.session.interrupt()
  assert.equal((await refusal).errno, 1317)
  const short = list(5_000, (index) => `${index}`)
  assert.deepEqual(await client.rows(`SELECT 7 IN (${short})`), [[1]])
})
