import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unmetBrokers, mostCopies, movesOf, type Leaving } from '../src/reassignment.ts'

interface Sketch {
  readonly replicas: readonly (readonly number[])[]
  readonly brokers?: readonly number[]
  readonly leaving: readonly number[]
  readonly staying: readonly number[]
  readonly moving?: Leaving['reassignments']
}

function sketch({ replicas, brokers, leaving, staying, moving = [] }: Sketch): Leaving {
  const partitions = replicas.map((own, number) => ({ topic: 'seen', number, replicas: own }))
  return {
    metadata: { brokers: brokers ?? [...staying, ...leaving], partitions },
    reassignments: moving,
    leaving: new Set(leaving),
    staying: new Set(staying),
  }
}

const targets = (it: Sketch) =>
  movesOf(sketch(it)).map(({ number, replicas }) => [number, replicas])

test('what a leaving broker has goes to those that have least, in its place', () => {
  const replicas = [[1, 9], [9, 2], [1, 2], [1], [9]]
  assert.deepEqual(targets({ replicas, leaving: [9], staying: [1, 2, 3] }), [
    [0, [1, 3]],
    [1, [3, 2]],
    [4, [2]],
  ])
})

test('of several that leave, none gets what another one has', () => {
  const it = { replicas: [[8, 9], [9]], leaving: [8, 9], staying: [1, 2] }
  assert.deepEqual(targets(it), [
    [0, [1, 2]],
    [1, [1]],
  ])
})

test('what is on its way already is not begun again, and another way is corrected', () => {
  const seen = (to: number, number = 0) => ({
    topic: 'seen',
    number,
    replicas: [to, 1, 9],
    adding: [to],
    removing: [9],
  })
  const it = { replicas: [[2, 1, 9]], leaving: [9], staying: [1, 2], moving: [seen(2)] }
  assert.deepEqual(targets(it), [])
  const both = { ...it, replicas: [[8, 1, 9]], leaving: [8, 9], moving: [seen(8)] }
  assert.deepEqual(targets(both), [[0, [2, 1]]])
})

test('brokers that do not serve get nothing, and what has nowhere to go waits for them', () => {
  const it = { replicas: [[1, 9]], brokers: [1, 9], leaving: [9], staying: [1, 2] }
  assert.deepEqual(targets(it), [])
})

test('what has more copies than there are brokers is asked for with fewer, which says why when it is refused', () => {
  const it = sketch({ replicas: [[1, 2, 9], [9]], leaving: [9], staying: [1, 2] })
  const [large, other] = movesOf(it)
  assert.deepEqual([large?.replicas, large?.short, other?.short], [[1, 2], true, false])
  assert.equal(
    unmetBrokers(large ? [large] : [], it),
    '2 brokers cannot keep all copies of the topic seen',
  )
  // Old knowledge of a move that has ended.
  assert.equal(unmetBrokers(other ? [other] : [], it), undefined)
  assert.equal(unmetBrokers([], it), undefined)
  assert.deepEqual(targets({ replicas: [[9]], leaving: [9], staying: [] }), [])
  const seen = sketch({ replicas: [[1], [1, 9, 2], [2, 1]], leaving: [], staying: [1, 2, 9] })
  assert.equal(mostCopies(seen), 3)
  // While one is moved, it has a copy at both ends.
  const moving = { topic: 'seen', number: 1, replicas: [1, 9, 2], adding: [2], removing: [9] }
  assert.equal(mostCopies({ ...seen, reassignments: [moving] }), 2)
})
