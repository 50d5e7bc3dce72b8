import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { pool } from '../../../src/substrate/local/pool.ts'

test('no more pieces of work than the bound continue at a time, and each gets its turn, failures or not', async () => {
  const bounded = pool(2)
  let busy = 0
  let most = 0
  const done: number[] = []
  const work = (number: number) =>
    bounded(async () => {
      most = Math.max(most, ++busy)
      await turn()
      busy--
      if (number === 1) throw new Error('failed')
      done.push(number)
    })
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map(work))
  assert.equal(most, 2)
  assert.deepEqual(done, [0, 2, 3, 4])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  )
})
