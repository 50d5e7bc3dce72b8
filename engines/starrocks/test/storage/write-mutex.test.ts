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
