import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  addressText,
  blockText,
  contains,
  hostRange,
  overlaps,
  parseBlock,
} from '../../src/kernel/cidr.ts'

const blocks = fc
  .tuple(fc.nat(0xffff), fc.nat(0xffff), fc.integer({ min: 1, max: 32 }))
  .map(([high, low, bits]) => {
    const size = 2 ** (32 - bits)
    return { first: Math.floor((high * 65_536 + low) / size) * size, size }
  })

test('a block is read back from its own text', () => {
  fc.assert(fc.property(blocks, (block) => assert.deepEqual(parseBlock(blockText(block)), block)))
})

test('what is no block is not read as one', () => {
  for (const text of [
    '',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.1/24',
    '256.0.0.0/8',
    '10.0.0/8',
    '10.0.0.0/8 ',
    'a.b.c.d/8',
    '-1.0.0.0/8',
  ])
    assert.equal(parseBlock(text), undefined, text)
})

test('hosts have neither the first, the second nor the last address of a block', () => {
  const { first, last } = hostRange(parseBlock('10.1.2.0/24')!)
  assert.equal(addressText(first), '10.1.2.2')
  assert.equal(addressText(last), '10.1.2.254')
})

test('blocks overlap exactly when one contains the other', () => {
  fc.assert(
    fc.property(blocks, blocks, (one, other) => {
      assert.equal(overlaps(one, other), contains(one, other) || contains(other, one))
    }),
  )
  const outer = parseBlock('10.0.0.0/8')!
  assert.ok(contains(outer, parseBlock('10.255.0.0/16')!))
  assert.ok(!contains(outer, parseBlock('11.0.0.0/16')!))
  assert.ok(!overlaps(outer, parseBlock('11.0.0.0/16')!))
})
