import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { idAmong } from '../../src/cli/id.ts'

const known = (...ids: readonly string[]) => ids.map((id) => ({ id, label: `name of ${id}` }))

test('as much of an id as no other begins with is enough', () => {
  const ids = known('c-76a73de6', 'c-76b00000', 'emr-1')
  assert.equal(idAmong('c-76a', ids, 'clusters'), 'c-76a73de6')
  assert.equal(idAmong('e', ids, 'clusters'), 'emr-1')
  assert.equal(idAmong('c-9', ids, 'clusters'), undefined)
  assert.equal(idAmong('76a', ids, 'clusters'), undefined)
  assert.equal(idAmong('', ids, 'clusters'), undefined)
})

test('a whole id stands for itself, whatever else begins with it', () => {
  assert.equal(idAmong('key', known('key', 'key-2', 'key-3'), 'keys'), 'key')
})

test('several candidates are listed with their names, and their names steer no terminal', () => {
  const ids = [...known('c-1a', 'c-1b'), { id: 'c-1c', label: 'x\u001b[2J' }]
  assert.throws(() => idAmong('c-1', ids, 'clusters'), {
    message:
      '3 clusters begin with c-1; type more of one of them:\n  c-1a  name of c-1a\n  c-1b  name of c-1b\n  c-1c  x\\x1b[2J',
  })
  const many = known(...Array.from({ length: 12 }, (_, at) => `c-${at}`))
  assert.throws(() => idAmong('c-', many, 'clusters'), /c-9 .*\n {2}and 2 more$/)
})

test('what is returned is known and begins as typed, and no other one does unless it was typed whole', () => {
  const id = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 5 })
  fc.assert(
    fc.property(id, fc.uniqueArray(id, { maxLength: 6 }), (typed, ids) => {
      let found: string | undefined
      try {
        found = idAmong(typed, known(...ids), 'ids')
      } catch {
        const begin = ids.filter((each) => each.startsWith(typed))
        assert.ok(begin.length > 1 && !ids.includes(typed))
        return
      }
      if (found === undefined) return
      assert.ok(ids.includes(found) && found.startsWith(typed))
      assert.ok(found === typed || ids.filter((each) => each.startsWith(typed)).length === 1)
    }),
  )
})
