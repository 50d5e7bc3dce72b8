import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { storageKeys } from '../../../src/substrate/local/storage-key.ts'

function stage() {
  const clock = manualClock()
  const state = { secret: 'one', asked: 0, fails: false, taken: [] as string[] }
  const keys = storageKeys({
    clock,
    log: silentLogger(),
    objectStorageKey: async () => {
      state.asked++
      if (state.fails) throw new Error('nobody knows it')
      return { keyId: 'id', secret: state.secret }
    },
  })
  const give = (more: { readonly pid?: number; readonly hasKey?: boolean } = {}) =>
    keys.give({
      id: 'c-1',
      name: 'engine',
      pid: 1,
      hasKey: true,
      take: async ({ secret }) => void state.taken.push(secret),
      ...more,
    })
  return { clock, state, keys, give }
}

test('a key is given once to a process, again to the next one, and when it says that it has none', async () => {
  const { state, give } = stage()
  await give({ hasKey: false })
  await give()
  await give()
  assert.deepEqual(state.taken, ['one'])
  await give({ pid: 2 })
  await give({ pid: 2, hasKey: false })
  assert.deepEqual(state.taken, ['one', 'one', 'one'])
})

test('another key is given within seconds, and looks in between ask nobody', async () => {
  const { state, clock, give } = stage()
  await give({ hasKey: false })
  state.secret = 'two'
  for (let look = 0; look < 10; look++) await give()
  assert.equal(state.asked, 1)
  clock.advance(15_000)
  await give()
  clock.advance(15_000)
  await give()
  assert.deepEqual([state.asked, ...state.taken], [3, 'one', 'two'])
})

test('a key that cannot be had is asked for again, not with every look', async () => {
  const { state, clock, give, keys } = stage()
  state.fails = true
  await give({ hasKey: false })
  await give({ hasKey: false })
  assert.equal(state.asked, 1)
  state.fails = false
  clock.advance(15_000)
  await give({ hasKey: false })
  assert.deepEqual(state.taken, ['one'])
  keys.keepOnly(new Set())
  await give()
  assert.deepEqual(state.taken, ['one', 'one'])
})
