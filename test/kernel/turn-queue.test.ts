import assert from 'node:assert/strict'
import { test } from 'node:test'
import { turnQueue } from '../../src/kernel/turn-queue.ts'

const work = (name: string, done: string[]) => async () => {
  await new Promise((resolve) => setImmediate(resolve))
  done.push(name)
  return name
}

test('users take turns, and each of them what he asked first', async () => {
  const queue = turnQueue()
  const done: string[] = []
  const asked = ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'].map((name) =>
    queue.run({ user: name.slice(0, 1) }, work(name, done)),
  )
  assert.deepEqual(await Promise.all(asked), ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'])
  assert.deepEqual(done, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2'])
})

test('what is cancelled before its turn does not begin, and what fails holds up nobody', async () => {
  const queue = turnQueue()
  const done: string[] = []
  const failed = queue.run({ user: 'a' }, () => Promise.reject(new Error('no')))
  let cancel: (reason: Error) => void = () => assert.fail('nobody listens')
  const cancelled = queue.run(
    { user: 'a', onCancel: (listener) => (cancel = listener) },
    work('cancelled', done),
  )
  const last = queue.run({ user: 'a' }, work('last', done))
  cancel(new Error('cancelled'))
  await assert.rejects(failed, /no/)
  await assert.rejects(cancelled, /cancelled/)
  await last
  assert.deepEqual(done, ['last'])
})
