import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { Guard } from '../../src/execution/guard.ts'
import { pointReader } from '../../src/execution/point-reader.ts'
import type { PointReader } from '../../src/execution/point-reader.ts'
import { SqlError } from '../../src/session.ts'
import type { Link } from '../../src/storage/link.ts'
import { manualClock, systemClock } from '../../../../src/kernel/clock.ts'

const INT = { kind: 'int' } as const
const column = (name: string) => ({ name, type: INT, table: '', database: '' })
const sql = { head: 'HEAD ', compared: 'k', columns: [column('v'), column('')] }

/** A DuckDB that answers what it is given. */
function scriptedDuck(answer: (text: string) => Promise<readonly DuckDBDataChunk[]>) {
  const asked: string[] = []
  const seen = { links: 0, closed: 0, interrupts: 0, asked }
  const link = {
    whole(text: string) {
      seen.asked.push(text)
      return answer(text)
    },
    interrupt: () => void seen.interrupts++,
    close: () => Promise.resolve(void seen.closed++),
  } as Partial<Link> as Link
  const connect = () => Promise.resolve((seen.links++, link))
  return { duck: { connect }, seen }
}

function chunk(rows: readonly (readonly number[])[]): DuckDBDataChunk {
  return {
    rowCount: rows.length,
    getColumnVector: (index: number) => ({ getItem: (at: number) => rows[at]?.[index] ?? null }),
  } as Partial<DuckDBDataChunk> as DuckDBDataChunk
}

const keysIn = (text: string): readonly number[] =>
  (/IN \((.*?)\)/.exec(text)?.[1] ?? '').split(', ').map(Number)

function guard() {
  let listener = (_: SqlError) => {}
  const it = {
    onCancel: (next: typeof listener) => void (listener = next),
  } as Partial<Guard> as Guard
  return { it, cancel: (reason: SqlError) => listener(reason) }
}

test('Those that ask in one turn, or while others are read, are read together; a key once', async () => {
  let open = () => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  const { duck, seen } = scriptedDuck(async (text) => {
    await gate
    const keys = keysIn(text)
    return [chunk(keys.filter((key) => key < 90).map((key) => [key * 2, key]))]
  })
  const { read } = pointReader(duck, systemClock())
  const first = ['1', '2', '1', '95'].map((key) => read(sql, key, guard().it))
  while (seen.asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const later = Array.from({ length: 70 }, (_, key) => read(sql, String(key), guard().it))
  open()
  assert.deepEqual(await Promise.all(first), [[[2]], [[4]], [[2]], []])
  assert.deepEqual(
    await Promise.all(later),
    Array.from({ length: 70 }, (_, key) => [[key * 2]]),
  )
  assert.deepEqual(
    seen.asked.map((text) => keysIn(text).length),
    [3, 64, 6],
  )
  assert.equal(seen.asked[0], 'HEAD (k = 1 OR k = 2 OR k = 95) AND NOT (k NOT IN (1, 2, 95))')
  assert.equal(seen.links, 1)
})

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Asks for so many keys in one turn. */
async function askTogether(read: PointReader['read'], count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, key) => read(sql, String(key), guard().it)))
}

test('Sessions that were answered together are read together again, though they come one by one', async () => {
  const { duck, seen } = scriptedDuck(() => Promise.resolve([]))
  const { read } = pointReader(duck, manualClock())
  const session = async (key: number) => {
    for (let times = 0; times < 3; times++) {
      await read(sql, String(key), guard().it)
      for (let turns = 0; turns < key; turns++) await turn()
    }
  }
  await Promise.all([1, 2, 3, 4, 5, 6].map(session))
  assert.deepEqual(
    seen.asked.map((text) => keysIn(text).length),
    [6, 6, 6],
  )
})

test('Those that come back are read after a moment without the others, and are not waited for again soon', async () => {
  const { duck, seen } = scriptedDuck(() => Promise.resolve([]))
  const clock = manualClock()
  const { read } = pointReader(duck, clock)
  await askTogether(read, 8)
  const one = read(sql, '1', guard().it)
  for (let turns = 0; turns < 5; turns++) await turn()
  assert.equal(seen.asked.length, 1, 'it waits for the others')
  clock.advance(1)
  await one
  assert.equal(seen.asked.length, 2)
  for (let turns = 0; turns < 5; turns++) await turn()
  await askTogether(read, 8)
  await askTogether(read, 1)
  assert.equal(seen.asked.length, 4)
})

test('Other queries are read beside, on connections that are not kept all', async () => {
  const { duck, seen } = scriptedDuck(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return []
  })
  const { read } = pointReader(duck, systemClock())
  await Promise.all([1, 2, 3, 4].map(() => read({ ...sql }, '1', guard().it)))
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual([seen.links, seen.closed], [4, 2])
})

test('What cannot be read together is answered with nothing, to each', async () => {
  const { duck } = scriptedDuck(() => Promise.reject(new Error('out of memory')))
  const { read } = pointReader(duck, systemClock())
  const answers = ['1', '2'].map((key) => read(sql, key, guard().it))
  assert.deepEqual(await Promise.all(answers), [undefined, undefined])
})

test('A statement that is cancelled ends at once and alone; a query that nobody waits for is interrupted', async () => {
  let end = (_: readonly DuckDBDataChunk[]) => {}
  const { duck, seen } = scriptedDuck(() => new Promise((resolve) => (end = resolve)))
  const { read } = pointReader(duck, systemClock())
  const guards = [guard(), guard()]
  const [one, other] = guards.map(({ it }, key) => read(sql, String(key), it))
  await new Promise((resolve) => setTimeout(resolve, 20))
  const reason = new SqlError('Query timed out', 5024, 'HY000')
  guards[0]?.cancel(reason)
  await assert.rejects(one ?? Promise.resolve(), reason)
  await new Promise((resolve) => setTimeout(resolve, 120))
  assert.equal(seen.interrupts, 0)
  guards[1]?.cancel(reason)
  await assert.rejects(other ?? Promise.resolve(), reason)
  while (seen.interrupts < 2) await new Promise((resolve) => setTimeout(resolve, 10))
  end([])
  await new Promise((resolve) => setTimeout(resolve, 20))
  const { interrupts } = seen
  await new Promise((resolve) => setTimeout(resolve, 120))
  assert.equal(seen.interrupts, interrupts)
})
