import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { table } from '../../src/cli/table.ts'

const plain = (text: string) => text
const columns = [
  { title: 'A', text: (row: readonly string[]) => row[0] ?? '' },
  { title: 'LONGER', text: (row: readonly string[]) => row[1] ?? '' },
]

test('columns are as wide as their widest cell, and lines end without spaces', () => {
  const lines = table(
    [
      ['one', 'x'],
      ['three', ''],
    ],
    columns,
    { width: undefined, title: plain },
  )
  assert.deepEqual(lines, ['A      LONGER', 'one    x', 'three'])
})

test('on a terminal the widest column gives way, with an ellipsis', () => {
  const lines = table([['id-1', 'a reason that is long']], columns, { width: 18, title: plain })
  assert.deepEqual(lines, ['A     LONGER', 'id-1  a reason th…'])
})

test('whatever clients call their clusters, a table has one line a row, no controls, and fits when it can', () => {
  const cell = fc.string({ unit: 'binary', maxLength: 40 })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
      const lines = table(rows, columns, { width: 40, title: plain })
      assert.equal(lines.length, rows.length + 1)
      for (const line of lines) {
        assert.doesNotMatch(line, /\p{Cc}/u)
        assert.ok([...line].length <= 40)
      }
    }),
  )
})
