import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { taskBook } from '../../src/execution/task.ts'
import type { TaskBook } from '../../src/execution/task.ts'
import { SqlError } from '../../src/session.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Work that ends when it is asked to, or cancelled. */
function submit(book: TaskBook, name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const facts = { name, queryId: name, user: 'u', userId: 1, database: 'd', definition: '' }
  const cancel = () => reject(new SqlError('cancelled', 1317))
  book.submit(facts, { run: () => promise, cancel })
  promise.catch(() => undefined)
  return { end: () => resolve(), fail: reject }
}

const states = (book: TaskBook) => book.list().map(({ name, state }) => `${name} ${state}`)

test('four tasks run at a time, and the others in turn', async () => {
  const book = taskBook(manualClock(0))
  const works = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => submit(book, name))
  assert.deepEqual(states(book).slice(3), ['d RUNNING', 'e PENDING', 'f PENDING'])
  works[1]?.end()
  works[2]?.fail(new Error('a defect'))
  await turn()
  assert.deepEqual(states(book).slice(1), [
    'b SUCCESS',
    'c FAILED',
    'd RUNNING',
    'e RUNNING',
    'f RUNNING',
  ])
  assert.equal(book.list()[2]?.error?.message, 'Internal error')
  await book.stop()
  assert.deepEqual(states(book).slice(4), ['e FAILED', 'f FAILED'])
})

test('a task that waits is dropped before it begins; a name is free again afterwards', async () => {
  const book = taskBook(manualClock(0))
  for (const name of ['a', 'b', 'c', 'd', 'e']) submit(book, name)
  assert.throws(() => submit(book, 'e'), /already exists/)
  assert.equal(book.drop('e'), true)
  assert.equal(book.drop('e'), false)
  submit(book, 'e')
  assert.equal(states(book).length, 5)
  await book.stop()
})

test('a task that is cancelled stays in the list with its reason, unless it ended by itself', async () => {
  const book = taskBook(manualClock(0))
  const works = ['a', 'b', 'c', 'd', 'e'].map((name) => submit(book, name))
  const why = new SqlError('interrupted')
  for (const name of ['e', 'd', 'a']) assert.equal(await book.cancel(name, why), true, name)
  works[1]?.end()
  await turn()
  for (const name of ['a', 'b', 'none']) assert.equal(await book.cancel(name, why), false, name)
  assert.deepEqual(states(book), ['a FAILED', 'b SUCCESS', 'c RUNNING', 'd FAILED', 'e FAILED'])
  assert.deepEqual(
    book.list().map(({ error }) => error?.message),
    ['interrupted', undefined, undefined, 'interrupted', 'interrupted'],
  )
  await book.stop()
})

test('what has ended is forgotten after a day, and before that where others need its place', async () => {
  const clock = manualClock(0)
  const book = taskBook(clock)
  submit(book, 'a').end()
  await turn()
  clock.advance(86_399_999)
  assert.deepEqual(states(book), ['a SUCCESS'])
  clock.advance(1)
  assert.deepEqual(states(book), [])
  for (let index = 0; index < 1000; index++) submit(book, `t${index}`)
  assert.throws(() => submit(book, 'more'), /More than 1000 tasks/)
  await book.stop()
})
