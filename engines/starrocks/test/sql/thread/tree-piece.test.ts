import assert from 'node:assert/strict'
import { test } from 'node:test'
import { piecesOf, treeBuilder } from '../../../src/sql/thread/tree-piece.ts'

/** As the other thread has it. */
function handedOver(tree: object) {
  const builder = treeBuilder()
  const pieces = [...piecesOf(tree)]
  for (const piece of pieces) builder.add(structuredClone(piece))
  return { tree: builder.root(), pieces }
}

const charactersOf = (piece: object): number => JSON.stringify(piece).length

test('a tree arrives as it was, members in their order', () => {
  const tree = {
    text: undefined,
    list: [1, null, 'a', [], { b: [true, { c: 'd' }] }],
    more: Array.from({ length: 9_000 }, (_, at) => ({ at, of: [at] })),
  }
  const { tree: arrived, pieces } = handedOver(tree)
  assert.deepEqual(arrived, tree)
  assert.deepEqual(Object.keys(arrived as object), ['text', 'list', 'more'])
  assert.ok(pieces.length > 3)
})

test('long texts and many texts go in pieces that none of them fills alone', () => {
  const tree = {
    text: 'ab'.repeat(1_500_001),
    list: ['x'.repeat(1_000_000), 'y'.repeat(1_000_001), { z: 'é'.repeat(2_000_000) }],
    many: Array.from({ length: 40 }, () => ({ text: 'm'.repeat(200_000) })),
  }
  const { tree: arrived, pieces } = handedOver(tree)
  assert.deepEqual(arrived, tree)
  for (const piece of pieces) assert.ok(charactersOf(piece) < 3_100_000, `${charactersOf(piece)}`)
  assert.ok(pieces.length > 14)
})
