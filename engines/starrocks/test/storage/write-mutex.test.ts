import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeMutex } from '../../src/storage/write-mutex.ts'

test('writers go one at a time, in the order they came, whatever becomes of each', async () => {
  const { withLock } = writeMutex()
  const seen: string[] = []
  const write = (name: string, fails = false) =>
    withLock(async () => {
      seen.push(`${name} in`)
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(`${name} out`)
      if (fails) throw new Error(name)
      return name
    })
  const results = await Promise.allSettled([write('a'), write('b', true), write('c')])
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(seen, ['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
})

const turns = async (count = 5) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

test('who is cancelled while it waits ends before those that it waits for, and writes nothing', async () => {
  const { withLock } = writeMutex()
  const seen: string[] = []
  const first = Promise.withResolvers<void>()
  const cancelled = Promise.withResolvers<never>()
  let isCancelled = false
  const cancellation = {
    storageSeconds: 1,
    check() {
      if (isCancelled) throw new Error('cancelled')
    },
    abandonable: <T>(call: Promise<T>) => call,
    waitFor: <T>(others: Promise<T>) => Promise.race([others, cancelled.promise]),
  }
  const write = (name: string, work: () => Promise<void>) => async () => {
    seen.push(name)
    await work()
  }
  const a = withLock(write('a', () => first.promise))
  const b = withLock(
    write('b', () => Promise.resolve()),
    cancellation,
  )
  const c = withLock(write('c', () => Promise.resolve()))
  isCancelled = true
  cancelled.reject(new Error('cancelled'))
  await assert.rejects(b, /cancelled/)
  await turns()
  assert.deepEqual(seen, ['a'], 'the one behind it still waits')
  first.resolve()
  await Promise.all([a, c])
  assert.deepEqual(seen, ['a', 'c'])
})

test('who comes next waits for what a write has left to itself', async () => {
  const { withLock } = writeMutex()
  const left = Promise.withResolvers<void>()
  let hasBegun = false
  const cancellation = {
    storageSeconds: 1,
    check: () => {},
    abandonable: <T>(call: Promise<T>) => call,
    waitFor: <T>(others: Promise<T>) => others,
    abandoned: left.promise,
  }
  await assert.rejects(
    withLock(() => Promise.reject(new Error('given up')), cancellation),
    /given up/,
  )
  const next = withLock(() => Promise.resolve((hasBegun = true)))
  await turns()
  assert.equal(hasBegun, false)
  left.resolve()
  await next
  assert.equal(hasBegun, true)
})
