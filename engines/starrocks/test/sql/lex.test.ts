import { test } from 'node:test'
import assert from 'node:assert/strict'
import { lex } from '../../src/sql/lex.ts'

const kinds = (text: string, ansiQuotes = false): readonly string[] =>
  lex(text, { ansiQuotes })
    .slice(0, -1)
    .map((token) => `${token.kind}:${token.text}`)

test('strings resolve their escapes and doubled quotes', () => {
  assert.deepEqual(kinds(String.raw`'a\'b\n\\' "it""s" 'x''y'`), [
    "string:a'b\n\\",
    'string:it"s',
    "string:x'y",
  ])
  assert.deepEqual(
    kinds(String.raw`'50\% \_ \q'`),
    [String.raw`string:50\% \_ q`],
    'LIKE keeps its escapes',
  )
  assert.deepEqual(kinds("N'text' x'6A' b'101'"), ['string:text', 'bytes:6a', 'bytes:05'])
})

test('numbers, names that begin with digits, and dots', () => {
  assert.deepEqual(kinds('1 1.5 .5 1. 1e3 1E-3 2.5e+1'), [
    'integer:1',
    'decimal:1.5',
    'decimal:.5',
    'decimal:1.',
    'double:1e3',
    'double:1E-3',
    'double:2.5e+1',
  ])
  assert.deepEqual(kinds('t.1a 1a 1e t.2'), [
    'word:t',
    'symbol:.',
    'word:1a',
    'word:1a',
    'word:1e',
    'word:t',
    'symbol:.',
    'word:2',
  ])
})

test('comments vanish, a hint stays only after SELECT', () => {
  assert.deepEqual(kinds('a -- x\n b # y\n c /* z */ d /*!40101 e */'), [
    'word:a',
    'word:b',
    'word:c',
    'word:d',
  ])
  assert.deepEqual(kinds('SELECT /*+ SET_VAR(a = 1) */ b /*+ c */'), [
    'word:SELECT',
    'hint: SET_VAR(a = 1) ',
    'word:b',
  ])
})

test('backticks quote names, double quotes do under ANSI_QUOTES', () => {
  assert.deepEqual(kinds('`a``b` "c"', true), ['quoted:a`b', 'quoted:c'])
  assert.equal(lex('`select`')[0]?.keyword, '', 'a quoted name is no keyword')
})

test('symbols are the longest that fit, but > stays alone for types', () => {
  assert.deepEqual(
    kinds('a<=>b->>c->d>>e&&f@@g').filter((kind) => kind.startsWith('symbol')),
    ['symbol:<=>', 'symbol:->>', 'symbol:->', 'symbol:>', 'symbol:>', 'symbol:&&', 'symbol:@@'],
  )
})

test('what is not closed or means nothing is refused', () => {
  for (const text of ["'a", '"a', '`a', '/* a', '``', "x'6'", "b'2'", '1.5abc', '\u0001']) {
    assert.throws(() => lex(text), { name: 'SqlError', errno: 1064 }, text)
  }
})
