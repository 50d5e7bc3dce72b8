import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lackOfBrokers, mostCopies, movesOf, type Leaving } from '../src/reassignment.ts'

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

test('what is on its way already is not begun again, and another way is put right', () => {
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

test('brokers that do not serve get nothing, and what has nowhere to go waits', () => {
  const it = { replicas: [[1, 9]], brokers: [1, 9], leaving: [9], staying: [1, 2] }
  assert.deepEqual(targets(it), [])
  assert.equal(lackOfBrokers(sketch(it)), undefined)
})

test('more copies than brokers that stay keep a broker from leaving, unless it has none of them', () => {
  const it = { replicas: [[1, 2, 9]], leaving: [9], staying: [1, 2] }
  assert.equal(lackOfBrokers(sketch(it)), '2 brokers cannot keep the 3 copies of the topic seen')
  assert.equal(lackOfBrokers(sketch({ ...it, replicas: [[1, 2], [9]] })), undefined)
  assert.equal(lackOfBrokers(sketch({ ...it, leaving: [8] })), undefined)
  assert.equal(mostCopies(sketch({ ...it, replicas: [[1], [1, 9, 2], [2, 1]] }).metadata), 3)
})
