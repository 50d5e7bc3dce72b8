import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knownDocuments } from '../../../src/store/sqlite/known-documents.ts'

const stored = (revision: number) => ({ document: { revision }, seq: 7, revision }) as never

test('what a batch wrote is known once it is committed', () => {
  const known = knownDocuments()
  known.begin()
  known.mark()
  known.wrote('cluster', 'c-1', stored(1))
  assert.equal(known.find('cluster', 'c-1'), 'unknown')
  assert.ok(known.isWritten('cluster', 'c-1'))
  known.committed()
  assert.ok(!known.isWritten('cluster', 'c-1'))
  assert.deepEqual(known.find('cluster', 'c-1'), stored(1))
  assert.equal(known.find('order', 'c-1'), 'unknown')
})

test('of a unit that was undone nobody knows what is there; a batch that was given up changes nothing', () => {
  const known = knownDocuments()
  known.begin()
  known.mark()
  known.wrote('cluster', 'c-1', stored(1))
  known.mark()
  known.wrote('cluster', 'c-1', stored(2))
  known.wrote('cluster', 'c-2', stored(1))
  known.undo()
  known.committed()
  assert.equal(known.find('cluster', 'c-1'), 'unknown')
  assert.equal(known.find('cluster', 'c-2'), 'unknown')
  known.keep('cluster', 'c-1', stored(1))
  known.begin()
  known.wrote('cluster', 'c-1', stored(2))
  known.begin()
  known.committed()
  assert.deepEqual(known.find('cluster', 'c-1'), stored(1))
})

test('that there is no document is known, until there is one', () => {
  const known = knownDocuments()
  known.keep('wallet', 'a', undefined)
  assert.equal(known.find('wallet', 'a'), undefined)
  known.begin()
  known.wrote('wallet', 'a', stored(1))
  known.committed()
  assert.deepEqual(known.find('wallet', 'a'), stored(1))
  known.begin()
  known.wrote('wallet', 'a', undefined)
  known.committed()
  assert.equal(known.find('wallet', 'a'), undefined)
  known.begin()
  known.cleared()
  known.committed()
  assert.equal(known.find('wallet', 'a'), 'unknown')
})

test('what is asked for stays, and no more than twice as many as are kept', () => {
  const known = knownDocuments({ most: 10 })
  known.keep('account', 'a', stored(1))
  const ids = Array.from({ length: 100 }, (_, n) => `c-${n}`)
  for (const id of ids) {
    known.keep('cluster', id, stored(1))
    known.find('account', 'a')
  }
  assert.deepEqual(known.find('account', 'a'), stored(1))
  const kept = ids.filter((id) => known.find('cluster', id) !== 'unknown')
  assert.ok(kept.length >= 9 && kept.length < 20, `${kept.length}`)
  assert.equal(known.find('cluster', 'c-0'), 'unknown')
})
