import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { widthOf } from '../../src/cli/connect/cell.ts'
import { table, type Column } from '../../src/cli/table.ts'

const plain = (text: string) => text
type Row = readonly string[]
const column = (at: number, title: string, more: Partial<Column<Row>> = {}): Column<Row> => ({
  title,
  text: (row) => row[at] ?? '',
  ...more,
})
const columns = [column(0, 'A'), column(1, 'LONGER')]

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

test('a terminal that does not know its width gets whole lines', () => {
  const lines = table([['id-1', 'x'.repeat(300)]], columns, { width: 0, title: plain })
  assert.equal(lines[1], `id-1  ${'x'.repeat(300)}`)
})

test('wide signs take two columns, also where they are cut', () => {
  const rows = [
    ['集群名称很长', 'x'],
    ['a', 'y'],
  ]
  assert.deepEqual(table(rows, columns, { width: undefined, title: plain }), [
    'A             LONGER',
    '集群名称很长  x',
    'a             y',
  ])
  const cut = table(rows, columns, { width: 17, title: plain })
  assert.deepEqual(cut, ['A          LONGER', '集群名称…  x', 'a          y'])
})

test('columns of little worth leave first, one by one, and what is copied stays whole', () => {
  const ranked = [
    column(0, 'ID', { whole: true }),
    column(1, 'NAME', { worth: 3 }),
    column(2, 'PLACE', { worth: 2, least: 0 }),
    column(3, 'AGE', { worth: 1, least: 0 }),
    column(4, 'CONNECT', { whole: true }),
  ]
  const rows = [['c-0123456789', 'a name of some length', 'somewhere', '3d 4h', '127.0.0.1:9030']]
  const at = (width: number) => table(rows, ranked, { width, title: plain })[1]
  assert.equal(at(80), 'c-0123456789  a name of some length  somewhere  3d 4h  127.0.0.1:9030')
  assert.equal(at(68), 'c-0123456789  a name of some length  somewhere  127.0.0.1:9030')
  assert.equal(at(60), 'c-0123456789  a name of some length  127.0.0.1:9030')
  assert.equal(at(40), 'c-0123456789  a name of…  127.0.0.1:9030')
  const narrow = table(rows, ranked, { width: 30, title: plain })
  assert.deepEqual(narrow, [
    'ID            NAME',
    '  CONNECT',
    'c-0123456789  a name of some …',
    '  127.0.0.1:9030',
  ])
})

test('whatever clients call their clusters, a table has one line a row, no controls, and fits when it can', () => {
  const cell = fc.string({ unit: 'binary', maxLength: 40 })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
      const lines = table(rows, columns, { width: 40, title: plain })
      assert.equal(lines.length, rows.length + 1)
      for (const line of lines) {
        assert.doesNotMatch(line, /\p{Cc}/u)
        assert.ok(widthOf(line) <= 40)
      }
    }),
  )
})
