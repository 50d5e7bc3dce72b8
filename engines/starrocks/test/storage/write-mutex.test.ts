import assert from 'node:assert/strict'
import { test } from 'node:test'
import { turn } from '../../src/storage/write-mutex.ts'

test('writers go one at a time, in the order they asked, whatever becomes of each', async () => {
  const { take } = turn()
  const seen: string[] = []
  const write = (name: string, fails = false) =>
    take(async () => {
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
