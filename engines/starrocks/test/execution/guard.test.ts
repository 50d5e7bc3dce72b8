import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { guardedLink, guardOf } from '../../src/execution/guard.ts'
import { runningGuards, stuckReason } from '../../src/execution/running-guards.ts'
import { inTransaction } from '../../src/storage/link.ts'
import type { Link } from '../../src/storage/link.ts'

/** A connection that hears no interrupt: each statement but BEGIN and ROLLBACK ends when it is let go. */
function deafLink() {
  const asked: string[] = []
  const held = new Map<string, () => void>()
  const run = async (sql: string) => {
    asked.push(sql)
    if (sql !== 'BEGIN TRANSACTION' && sql !== 'ROLLBACK')
      await new Promise<void>((resolve) => held.set(sql, resolve))
    return 0
  }
  const rows = async (sql: string) => {
    await run(sql)
    return []
  }
  /** It begins, and its first chunk never comes. */
  const stream = async () => ({
    [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }),
  })
  const link = { run, rows, stream, interrupt: () => {} } as Partial<Link> as Link
  return { link, asked, letGo: (sql: string) => held.get(sql)?.() }
}

const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function guarded() {
  const clock = manualClock()
  const deaf = deafLink()
  const guards = runningGuards()
  const guard = guardOf({ clock, guards }, deaf.link, 300)
  return { clock, guard, guards, ...deaf, link: guardedLink(deaf.link, guard) }
}

test('A write inside a transaction is left to itself when it is cancelled, and rolled back when it has ended', async () => {
  const { clock, guard, link, asked, letGo } = guarded()
  const written = inTransaction(link, () => link.run('INSERT'))
  await turns()
  guard.cancel('interrupt')
  clock.advance(1_000)
  await assert.rejects(written, { errno: 1317 })
  assert.deepEqual(asked, ['BEGIN TRANSACTION', 'INSERT'])
  letGo('INSERT')
  await guard.abandoned
  assert.deepEqual(asked, ['BEGIN TRANSACTION', 'INSERT', 'ROLLBACK'])
  await assert.rejects(link.run('COMMIT'), { errno: 1317 })
  assert.ok(!asked.includes('COMMIT'))
})

test('COMMIT is waited for, however late: no client hears of rows as lost that are kept', async () => {
  const { clock, guard, link, letGo } = guarded()
  const written = inTransaction(link, async () => {
    const done = link.run('INSERT')
    letGo('INSERT')
    return done
  })
  await turns()
  guard.cancel('timeout')
  clock.advance(5_000)
  await turns()
  assert.equal(guard.abandoned, undefined)
  letGo('COMMIT')
  assert.equal(await written, 0)
  assert.ok(guard.hasCommitted)
})

test('A statement that commits by itself is waited for; one into a temporary table is not', async () => {
  const { clock, guard, link, letGo } = guarded()
  const kept = link.run('CREATE TABLE x')
  const temporary = link.run('CREATE TEMP TABLE x')
  guard.cancel('interrupt')
  clock.advance(1_000)
  await assert.rejects(temporary, { errno: 1317 })
  letGo('CREATE TABLE x')
  assert.equal(await kept, 0)
})

test('What is left to itself for two minutes is stuck, until it ends', async () => {
  const { clock, guard, guards, link, letGo } = guarded()
  const asked = link.rows('SELECT')
  guard.cancel('interrupt')
  clock.advance(1_000)
  await assert.rejects(asked, { errno: 1317 })
  guard.end()
  clock.advance(119_999)
  assert.equal(stuckReason(guards, clock), undefined)
  clock.advance(1)
  assert.match(stuckReason(guards, clock) ?? '', /has not left it for 120 seconds/)
  letGo('SELECT')
  await turns()
  assert.equal(stuckReason(guards, clock), undefined)
})

test('A chunk of a result that is being read is not waited for once it is cancelled', async () => {
  const { clock, guard, link } = guarded()
  const asked = (async () => {
    for await (const { rowCount } of await link.stream('SELECT')) assert.fail(`${rowCount} rows`)
  })()
  await turns()
  guard.cancel('interrupt')
  clock.advance(1_000)
  await assert.rejects(asked, { errno: 1317 })
  assert.notEqual(guard.leftMs, undefined)
})

test('Who waits for others hears at once that it is cancelled, or so long after, and is not stuck by what they do', async () => {
  const { clock, guard, guards } = guarded()
  const others = new Promise<never>(() => undefined)
  const waited = assert.rejects(guard.waitFor(others), { errno: 1317 })
  const patient = guard.waitFor(others, 1_000)
  guard.cancel('interrupt')
  await waited
  clock.advance(999)
  assert.equal(await Promise.race([patient, turns()]), undefined)
  clock.advance(1)
  await assert.rejects(patient, { errno: 1317 })
  clock.advance(120_000)
  assert.equal(guard.abandoned, undefined)
  assert.equal(stuckReason(guards, clock), undefined)
})
