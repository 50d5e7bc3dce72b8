import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cell } from '../../../src/cli/connect/cell.ts'
import { resultWriter, type ResultOptions } from '../../../src/cli/connect/result.ts'

const FIELDS = [
  { name: 'id', numeric: true },
  { name: 'name', numeric: false },
]
const ROWS: readonly (readonly Cell[])[] = [
  ['1', 'tea'],
  ['20', null],
  ['3', '絹\t\u001b[2J'],
]

function drawn(options: Partial<ResultOptions>, rows = ROWS, fields = FIELDS): string[] {
  const lines: string[] = []
  const writer = resultWriter({
    form: 'table',
    width: undefined,
    vertical: false,
    dim: (text) => text,
    line: (text) => void lines.push(text),
    ...options,
  })
  writer.fields(fields)
  for (const row of rows) writer.row(row)
  writer.end()
  return lines
}

test('a table has numbers to the right, wide signs as wide as they are, and no control sign', () => {
  assert.deepEqual(drawn({}), [
    ' id │ name',
    '────┼─────────────',
    '  1 │ tea',
    ' 20 │ NULL',
    '  3 │ 絹\\t\\x1b[2J',
  ])
})

test('a table that is wider than the terminal is shown with one column a line, as on request', () => {
  const upright = drawn({ vertical: true }, ROWS.slice(0, 1))
  assert.deepEqual(drawn({ width: 8 }, ROWS.slice(0, 1)), upright)
  assert.deepEqual(upright.slice(1), ['  id  1', 'name  tea'])
})

test('a result of no rows shows nothing but what the summary says', () => {
  assert.deepEqual(drawn({}, []), [])
})

test('by tabs, NULL differs from its name, and no value breaks a line', () => {
  assert.deepEqual(
    drawn({ form: 'tabs' }, [
      ['1', 'a\tb\nc\\'],
      [null, 'NULL'],
    ]),
    ['id\tname', '1\ta\\tb\\nc\\\\', '\\N\tNULL'],
  )
})

test('as JSON, numbers keep every digit, and columns of one name are all there', () => {
  const big = '170141183460469231731687303715884105727'
  const fields = [...FIELDS, { name: 'id', numeric: true }, { name: 'x', numeric: true }]
  const [line = ''] = drawn({ form: 'json' }, [[big, '"', null, 'NaN']], fields)
  assert.equal(line, `{"id":${big},"name":"\\"","id_2":null,"x":"NaN"}`)
})

test('rows are shown as they come once the first ones have decided the widths', () => {
  const lines: string[] = []
  const writer = resultWriter({
    form: 'table',
    width: undefined,
    vertical: false,
    dim: (text) => text,
    line: (text) => void lines.push(text),
  })
  writer.fields(FIELDS)
  for (let row = 0; row < 499; row++) writer.row([String(row), 'x'])
  assert.equal(lines.length, 0)
  writer.row(['499', 'x'])
  assert.equal(lines.length, 502)
  writer.row(['500', 'a name that is longer than all before'])
  assert.equal(lines.at(-1), ' 500 │ a name that is longer than all before')
})
