/** What one statement may make the database plan: nothing stops it while it does, so that it is refused by an estimate, or planned soon. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { ordinaryMsSince } from '../../../../test/support/process/machine-speed.ts'
import { advanceUntil, busy, connect, testClient } from '../support/open-engine.ts'
import type { Client } from '../support/open-engine.ts'

const list = (count: number, item: (index: number) => string, separator = ',') =>
  Array.from({ length: count }, (_, index) => item(index)).join(separator)

const joins = (count: number, table: string) =>
  list(count, (index) => `JOIN ${table} t${index + 1} ON t${index + 1}.a = t${index}.a`, ' ')

/** Of processor time, which a loaded machine does not lengthen. */
const SOON_MS = 2_000

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

const nested = (depth: number, level: (below: string, at: number) => string, lowest: string) =>
  Array.from({ length: depth }).reduce<string>((below, _, at) => level(below, at), lowest)

/** Each says of the next of them that it is equal. */
const equalities = (count: number, tables: number) =>
  list(count, (at) => `t${at % tables}.a + ${at} = t${(at + 1) % tables}.a + ${at + 1}`, ' AND ')

const slow = /nests, joins or lists so much that it cannot be planned in seconds/

/** Each took the database from ten seconds to for ever to plan; what is half as deep is answered. */
const unplannable: readonly (readonly [string, (size: number) => string, number])[] = [
  [
    'scalar subqueries in each other',
    (size) =>
      `SELECT ${nested(size, (below) => `(SELECT max(a) FROM one WHERE a < ${below})`, '3')}`,
    12,
  ],
  [
    'correlated subqueries in each other',
    (size) =>
      `SELECT ${nested(size, (below, at) => `(SELECT max(t${size - at}.a) FROM one t${size - at} WHERE t${size - at}.a = t${size - at - 1}.a AND t${size - at}.a < ${below})`, '3')} FROM one t0`,
    12,
  ],
  [
    'groups of groups',
    (size) =>
      `SELECT * FROM ${nested(size, (below, at) => `(SELECT a, count(*) n FROM ${below} GROUP BY a) t${at}`, 'one')}`,
    24,
  ],
  [
    'windows over windows',
    (size) =>
      `SELECT * FROM ${nested(size, (below, at) => `(SELECT a FROM (SELECT a, row_number() OVER (PARTITION BY a ORDER BY a) r FROM ${below}) u${at} WHERE r < 3) t${at}`, 'one')}`,
    24,
  ],
  [
    'ten joins of fifty tables',
    (size) =>
      `SELECT 1 FROM ${list(size, (index) => `(SELECT t0.a FROM one t0 ${joins(49, 'one')}) v${index}`)}`,
    10,
  ],
  [
    'expressions of two tables, all equal',
    (size) => `SELECT 1 FROM one t0, one t1 WHERE ${equalities(size, 2)}`,
    120,
  ],
  [
    'expressions of ten tables, all equal',
    (size) => `SELECT 1 FROM ${list(10, (index) => `one t${index}`)} WHERE ${equalities(size, 10)}`,
    60,
  ],
  [
    'fifty tables joined by an expression',
    (size) => `SELECT count(*) FROM one t0 ${joins(size - 1, 'one').replaceAll('.a', '.a + 1')}`,
    50,
  ],
  [
    'fifty tables joined by several columns',
    (size) =>
      `SELECT count(*) FROM wide t0 ${list(size - 1, (index) => `JOIN wide t${index + 1} USING (c0, c1, c2, c3)`, ' ')}`,
    50,
  ],
  [
    'expressions of one table, all equal',
    (size) => `SELECT 1 FROM one t0 WHERE ${equalities(size, 1)}`,
    250,
  ],
  [
    'expressions that HAVING says to be equal',
    (size) => `SELECT t0.a FROM one t0, one t1 GROUP BY t0.a, t1.a HAVING ${equalities(size, 2)}`,
    120,
  ],
  [
    'expressions that QUALIFY says to be equal',
    (size) =>
      `SELECT rank() OVER (PARTITION BY t0.a, t1.a ORDER BY t0.a) r FROM one t0, one t1 QUALIFY r < 3 AND ${equalities(size, 2)}`,
    120,
  ],
  [
    'expressions of which none is unequal',
    (size) =>
      `SELECT 1 FROM one t0, one t1 WHERE ${list(size, (at) => `NOT (t${at % 2}.a + ${at} != t${(at + 1) % 2}.a + ${at + 1})`, ' AND ')}`,
    120,
  ],
  [
    'lists of nine thousand numbers',
    (size) =>
      `SELECT 1 FROM one WHERE ${list(size, (at) => `a NOT IN (${list(9_000, (index) => String(index * 7 + at))})`, ' AND ')}`,
    10,
  ],
  [
    'a hundred subqueries in one condition',
    (size) => `SELECT 1 FROM one WHERE ${list(size, () => 'a IN (SELECT a FROM one)', ' AND ')}`,
    100,
  ],
]

/** Binding estimates; the database is not asked. */
const isAccepted = (client: Client, sql: string): Promise<boolean> =>
  client.session.prepare(sql).then(
    () => true,
    (error: Error) => {
      assert.match(error.message, slow)
      return false
    },
  )

/** The largest that is accepted. */
async function largest(client: Client, sqlOf: (size: number) => string, size: number) {
  let [least, most] = [1, size]
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2)
    if (await isAccepted(client, sqlOf(middle))) least = middle
    else most = middle
  }
  return least
}

test('what cannot be planned in seconds is refused, and what is answered is planned soon', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE one (a INT) DISTRIBUTED BY HASH(a)')
  await client.run('CREATE TABLE wide (c0 INT, c1 INT, c2 INT, c3 INT)')
  for (const [name, sqlOf, size] of unplannable)
    await t.test(name, async () => {
      assert.match((await client.refusal(sqlOf(size))).message, slow)
      const count = await largest(client, sqlOf, size)
      if (!name.startsWith('ten joins')) assert.ok(count >= Math.floor(size / 2), `${count}`)
      const before = process.cpuUsage()
      await client.run(sqlOf(count))
      const took = ordinaryMsSince(before)
      assert.ok(took < SOON_MS, `${count} of ${size} took ${took} ms`)
    })
})

test('views hide no depth', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE v0 (a INT) DISTRIBUTED BY HASH(a)')
  for (let level = 1; level <= 14; level += 1)
    await client.run(`CREATE VIEW v${level} AS SELECT a FROM v${level - 1} GROUP BY a`)
  assert.match((await client.refusal('SELECT a FROM v14 GROUP BY a')).message, slow)
})

const [, ofExpressions] =
  unplannable.find(([name]) => name === 'fifty tables joined by an expression') ?? []

/** Its tables are empty: all of its time is planning. */
async function plannedLong(client: Client): Promise<string> {
  await client.run('CREATE TABLE one (a INT) DISTRIBUTED BY HASH(a)')
  assert.ok(ofExpressions)
  return ofExpressions(await largest(client, ofExpressions, 50))
}

/** How each ends what another session asks. */
const ways: readonly (readonly [string, (asked: Client, other: Client) => Promise<unknown>])[] = [
  ['KILL QUERY', (asked, other) => other.run(`KILL QUERY ${asked.session.id}`)],
  ['KILL', (asked, other) => other.run(`KILL ${asked.session.id}`)],
  ['the end of its connection', (asked) => Promise.resolve(asked.session.interrupt())],
]

/** Resolves when the database has planned for a while. */
async function planned(ms: number): Promise<void> {
  const begun = process.cpuUsage()
  for (let turn = 0; cpuMs(begun) < ms && turn < 500; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 5))
}

test('a statement that the database plans for long ends within two seconds of', async (t) => {
  const { engine, client: other } = await testClient(t)
  const sql = await plannedLong(other)
  const before = process.cpuUsage()
  await other.run(sql)
  const whole = cpuMs(before)
  assert.ok(whole > 200, `${whole} ms are not long`)
  for (const [name, end] of ways)
    await t.test(name, async () => {
      const asked = await connect(engine, 'admin', 'd')
      const refusal = asked.refusal(sql)
      await busy(engine, 1)
      await planned(whole / 10)
      const ended = process.cpuUsage()
      const [{ errno }] = await Promise.all([refusal, end(asked, other)])
      const took = ordinaryMsSince(ended)
      assert.ok(took < SOON_MS, `ended after ${took} ms`)
      assert.equal(errno, 1317)
      if (name !== 'KILL') assert.deepEqual(await asked.rows('SELECT 1'), [[1]])
    })
})

test('a statement is out of time while the database plans it', async (t) => {
  const clock = systemClock()
  const { engine, client } = await testClient(t, { clock })
  const sql = await plannedLong(client)
  await client.run('SET query_timeout = 7')
  const refusal = client.refusal(sql)
  await busy(engine, 1)
  await planned(20)
  const ended = process.cpuUsage()
  await advanceUntil(clock, 7_000, refusal)
  assert.match((await refusal).message, /timeout/i)
  const took = ordinaryMsSince(ended)
  assert.ok(took < SOON_MS, `ended after ${took} ms`)
  assert.deepEqual(await client.rows('SELECT 1'), [[1]])
})
