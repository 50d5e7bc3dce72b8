import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { taskQueue } from '../../src/execution/task.ts'
import type { TaskQueue } from '../../src/execution/task.ts'
import { SqlError } from '../../src/session.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Work that ends when it is asked to, or cancelled. */
function submit(queue: TaskQueue, name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const facts = { name, queryId: name, user: 'u', userId: 1, database: 'd', definition: '' }
  const cancel = () => reject(new SqlError('cancelled', 1317))
  queue.submit(facts, { run: () => promise, cancel })
  promise.catch(() => undefined)
  return { end: () => resolve(), fail: reject }
}

const states = (queue: TaskQueue) => queue.list().map(({ name, state }) => `${name} ${state}`)

test('four tasks run at a time, and the others in turn', async () => {
  const queue = taskQueue(manualClock(0))
  const works = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => submit(queue, name))
  assert.deepEqual(states(queue).slice(3), ['d RUNNING', 'e PENDING', 'f PENDING'])
  works[1]?.end()
  works[2]?.fail(new Error('a defect'))
  await turn()
  assert.deepEqual(states(queue).slice(1), [
    'b SUCCESS',
    'c FAILED',
    'd RUNNING',
    'e RUNNING',
    'f RUNNING',
  ])
  assert.equal(queue.list()[2]?.error?.message, 'Internal error')
  await queue.stop()
  assert.deepEqual(states(queue).slice(4), ['e FAILED', 'f FAILED'])
})

test('a task that waits is dropped before it begins; a name is free again afterwards', async () => {
  const queue = taskQueue(manualClock(0))
  for (const name of ['a', 'b', 'c', 'd', 'e']) submit(queue, name)
  assert.throws(() => submit(queue, 'e'), /already exists/)
  assert.equal(queue.drop('e'), true)
  assert.equal(queue.drop('e'), false)
  submit(queue, 'e')
  assert.equal(states(queue).length, 5)
  await queue.stop()
})

test('a task that is cancelled stays in the list with its reason, unless it ended by itself', async () => {
  const queue = taskQueue(manualClock(0))
  const works = ['a', 'b', 'c', 'd', 'e'].map((name) => submit(queue, name))
  const why = new SqlError('interrupted')
  for (const name of ['e', 'd', 'a']) assert.equal(await queue.cancel(name, why), true, name)
  works[1]?.end()
  await turn()
  for (const name of ['a', 'b', 'none']) assert.equal(await queue.cancel(name, why), false, name)
  assert.deepEqual(states(queue), ['a FAILED', 'b SUCCESS', 'c RUNNING', 'd FAILED', 'e FAILED'])
  assert.deepEqual(
    queue.list().map(({ error }) => error?.message),
    ['interrupted', undefined, undefined, 'interrupted', 'interrupted'],
  )
  await queue.stop()
})

test('what has ended is forgotten after a day, and before that where others need its place', async () => {
  const clock = manualClock(0)
  const queue = taskQueue(clock)
  submit(queue, 'a').end()
  await turn()
  clock.advance(86_399_999)
  assert.deepEqual(states(queue), ['a SUCCESS'])
  clock.advance(1)
  assert.deepEqual(states(queue), [])
  for (let index = 0; index < 1000; index++) submit(queue, `t${index}`)
  assert.throws(() => submit(queue, 'more'), /More than 1000 tasks/)
  await queue.stop()
})
