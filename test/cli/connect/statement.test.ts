import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cutStatements } from '../../../src/cli/connect/statement.ts'

const texts = (text: string) => cutStatements(text).statements.map((each) => each.text)

test('statements end at their semicolon, and what follows the last one waits', () => {
  const { statements, rest } = cutStatements('select 1; select 2 ;\nselect')
  assert.deepEqual(
    statements.map(({ text }) => text),
    ['select 1', 'select 2'],
  )
  assert.equal(rest.trim(), 'select')
})

test('quotes, backquotes and comments hide a semicolon', () => {
  const whole = [
    `select ';', ";", \`;\``,
    `select 'it''s; \\'so;'`,
    'select /* ; */ 1',
    'select 1 -- not here;\n + 1',
    'select 1 # nor here;\n + 1',
    'select 5--2',
  ]
  for (const text of whole) assert.deepEqual(texts(`${text};`), [text])
})

test('what an open quote or comment waits for is shown', () => {
  for (const open of ["'", '"', '`', '/*'] as const) {
    const cut = cutStatements(`select ${open} ;`)
    assert.deepEqual([cut.open, cut.statements], [open, []])
    assert.notEqual(cut.rest, '')
  }
})

test('blanks and comments alone are no statement', () => {
  const { statements, rest } = cutStatements(' ; -- nothing\n;/* nothing */; # nothing\n')
  assert.deepEqual([statements, rest], [[], ''])
})

test('\\G ends a statement that is shown upright, but not within a text', () => {
  assert.deepEqual(cutStatements("select '\\\\G'\\G").statements, [
    { text: "select '\\\\G'", vertical: true },
  ])
})

test('nothing of what was typed gets lost, wherever it is cut', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    "'",
    '"',
    '`',
    ';',
    '--',
    '\n',
    '/*',
    '*/',
    '#',
    '\\',
    'G',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('')
      const { statements, rest } = cutStatements(text)
      let from = 0
      for (const each of statements) {
        const at = text.indexOf(each.text, from)
        assert.ok(at >= from, `${JSON.stringify(each.text)} of ${JSON.stringify(text)}`)
        from = at + each.text.length
      }
      assert.ok(text.endsWith(rest))
    }),
  )
})
