/** Idempotency tokens, judged in the transaction that creates: no look at earlier requests comes before it here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../src/domain/fault.ts'
import { booksWorld } from '../../support/fixture/books.ts'

test('concurrent creates with one token make one cluster, and all are answered alike', async (t) => {
  const world = await booksWorld(t)
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => world.buy({ price: 10, token: 'once' })),
  )
  assert.equal(new Set(answers.map(({ cluster, order }) => `${cluster} ${order}`)).size, 1)
  assert.deepEqual(
    (await world.clusters()).map(({ id }) => id),
    [answers[0]?.cluster],
  )
  assert.deepEqual(
    (await world.orders()).map(({ id }) => id),
    [answers[0]?.order],
  )
})

test('of concurrent creates with one token and different parameters one is made, the others refused', async (t) => {
  const world = await booksWorld(t)
  const answers = await Promise.allSettled(
    [10, 20, 30].map((price) => world.buy({ price, token: 'once' })),
  )
  const refused = answers.filter((each) => each.status === 'rejected')
  assert.equal(refused.length, 2)
  for (const { reason } of refused) {
    assert.ok(reason instanceof Fault && reason.code === 'IdempotencyConflict')
    assert.deepEqual(reason.facts, { token: 'once' })
  }
  assert.equal((await world.clusters()).length, 1)
  assert.equal((await world.orders()).length, 1)
})

test('creates without a token, or with different ones, are as many clusters', async (t) => {
  const world = await booksWorld(t)
  await Promise.all([
    world.buy({ price: 10 }),
    world.buy({ price: 10 }),
    world.buy({ price: 10, token: 'one' }),
    world.buy({ price: 10, token: 'other' }),
  ])
  assert.equal((await world.clusters()).length, 4)
})
