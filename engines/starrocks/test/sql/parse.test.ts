import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { maxDepth } from '../../src/sql/parse/cursor.ts'
import { parseExpressionText, parseStatements } from '../../src/sql/parse.ts'
import type { Expression } from '../../src/sql/ast.ts'
import { queries, ssbQueries, statements } from '../support/corpus.ts'
import { refusal } from '../support/translated-duck.ts'

const only = (text: string): ReturnType<typeof parseStatements>[number]['statement'] => {
  const [parsed, ...others] = parseStatements(text)
  assert.ok(parsed !== undefined && others.length === 0)
  return parsed.statement
}

test('statements of every family parse to their kind', () => {
  for (const [text, kind] of statements) {
    if (kind === 'error') assert.equal(refusal(text).errno, 1064, text)
    else assert.equal(only(text).kind, kind, text)
  }
})

test('queries parse as queries', () => {
  for (const text of [...queries, ...ssbQueries]) assert.equal(only(text).kind, 'select', text)
})

test('a text splits at semicolons, keeps each span and counts parameters per statement', () => {
  const text = "  SELECT ';', ?; ; INSERT INTO t VALUES (?, ?) ;\n-- done\n"
  const parsed = parseStatements(text)
  assert.deepEqual(
    parsed.map(({ text: own, start, end, parameters }) => [
      own,
      text.slice(start, end),
      parameters,
    ]),
    [
      ["SELECT ';', ?", "SELECT ';', ?", 1],
      ['INSERT INTO t VALUES (?, ?)', 'INSERT INTO t VALUES (?, ?)', 2],
    ],
  )
  assert.deepEqual(parseStatements(' ;; /* nothing */ '), [])
})

/** Fully parenthesised text of an expression, to show how operators bind. */
const shape = (expression: Expression): string => {
  if (expression.kind === 'column') return expression.path.join('.')
  if (expression.kind === 'integer') return expression.text
  if (expression.kind === 'binary')
    return `(${shape(expression.left)} ${expression.operator} ${shape(expression.right)})`
  if (expression.kind === 'unary') return `(${expression.operator} ${shape(expression.operand)})`
  if (expression.kind === 'is') return `(${shape(expression.operand)} is ${expression.what})`
  if (expression.kind === 'between') {
    return `(${shape(expression.operand)} between ${shape(expression.low)} ${shape(expression.high)})`
  }
  if (expression.kind === 'in')
    return `(${shape(expression.operand)} in ${expression.list.map(shape).join(' ')})`
  return expression.kind
}

test('operators bind as in StarRocks', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a or b and not c = d', '(a or (b and (not (c = d))))'],
    ['a xor b or c', '((a xor b) or c)'],
    ['a + b * c - d', '((a + (b * c)) - d)'],
    ['a << b + c', '(a << (b + c))'],
    ['a | b & c', '(a | (b & c))'],
    ['a << b | c', '(a << (b | c))'],
    ['a * b ^ c', '(a * (b ^ c))'],
    ['-a * b', '((- a) * b)'],
    ['!a = b', '((not a) = b)'],
    ['not a between 1 and 2 and b', '((not (a between 1 2)) and b)'],
    ['a = b is null', '((a = b) is null)'],
    ['a = b in (1, 2)', '(a = (b in 1 2))'],
    ['a || b && c', '(a or (b and c))'],
    ['a >> 1 > 2', '((a >> 1) > 2)'],
    ['a div b mod c', '((a div b) % c)'],
  ]
  for (const [text, expected] of cases)
    assert.equal(shape(parseExpressionText(text)), expected, text)
})

test('|| joins strings only under PIPES_AS_CONCAT', () => {
  assert.equal(shape(parseExpressionText('a || b = c')), '(a or (b = c))')
  assert.equal(shape(parseExpressionText('a || b = c', { pipesAsConcat: true })), '((a || b) = c)')
})

test('double quotes are strings, or names under ANSI_QUOTES', () => {
  assert.deepEqual(parseExpressionText('"x"'), { kind: 'string', value: 'x' })
  assert.deepEqual(parseExpressionText('"x"', { ansiQuotes: true }), {
    kind: 'column',
    path: ['x'],
    at: 0,
  })
})

test('a refusal says line, column and what was found', () => {
  assert.deepEqual(refusal('SELECT 1\n FROM WHERE'), {
    errno: 1064,
    message:
      "Getting syntax error at line 2, column 6. Detail message: Unexpected input 'WHERE', the most similar input is {a legal identifier}.",
  })
  assert.match(
    refusal('SELEC 1').message,
    /^Getting syntax error at line 1, column 0\. Detail message: Unexpected input 'SELEC'/,
  )
  assert.match(refusal("SELECT 'x").message, /The string is not closed/)
  assert.match(refusal('SELECT /* x').message, /The comment is not closed/)
})

test('what is read but not supported is refused by name', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['SET @x := 1', /':=' is not supported/],
    ['SELECT @x := 1', /':=' is not supported/],
    ['WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x', /WITH RECURSIVE is not supported/],
    ['SELECT * FROM t NATURAL JOIN u', /NATURAL JOIN is not supported/],
    ['SELECT a > ALL (SELECT 1)', /quantified comparison ALL/],
    ['SELECT 1 INTO OUTFILE "x"', /INTO OUTFILE is not supported/],
    ['SELECT a FROM t GROUP BY a WITH ROLLUP', /WITH ROLLUP is not supported/],
    [
      'INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1',
      /ON DUPLICATE KEY UPDATE is not supported/,
    ],
    ['SELECT * FROM t [_META_]', /table hint _META_ is not supported/],
    ['SELECT pg_catalog.version()', /function pg_catalog.version is not supported/],
    ['DELETE FROM t WHERE a = 1 LIMIT 1', /LIMIT in DELETE is not supported/],
  ]
  for (const [text, message] of cases) assert.match(refusal(text).message, message, text)
})

test('nesting is bounded and long flat chains are not nesting', () => {
  assert.equal(only(`SELECT ${'('.repeat(50)}1${')'.repeat(50)}`).kind, 'select')
  assert.match(refusal(`SELECT ${'('.repeat(maxDepth + 1)}1`).message, /nests deeper than/)
  assert.match(refusal(`SELECT ${'-'.repeat(0)}${'~'.repeat(5000)}1`).message, /nests deeper than/)
  assert.match(refusal(`SELECT ${'NOT '.repeat(5000)}1`).message, /nests deeper than/)
  assert.match(refusal(`SELECT CAST(1 AS ${'ARRAY<'.repeat(5000)}INT`).message, /nests deeper than/)
  assert.match(refusal(`SELECT 1 ${'+ 1 '.repeat(5000)}`).message, /more than \d+ terms/)
  assert.equal(only(`SELECT a = 1 ${'OR a = 1 '.repeat(9000)}`).kind, 'select')
})

const words =
  "SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT ( ) , . * + - / % = < > <=> != AND OR NOT IN IS NULL BETWEEN LIKE CASE WHEN THEN ELSE END CAST AS INT ARRAY MAP STRUCT [ ] { } : -> ->> @ @@ ? ; a b t 1 1.5 1e3 's' \"d\" `q` x'61' INTERVAL DAY CREATE TABLE VIEW MATERIALIZED INSERT INTO VALUES SET SHOW GRANT ON TO JOIN LEFT USING UNION ALL WITH OVER PARTITION ROWS DISTRIBUTED HASH PROPERTIES PRIMARY KEY DROP ALTER ADD COLUMN UPDATE DELETE USE DESC EXPLAIN KILL /* */ -- # \\ \n".split(
    ' ',
  )

const survives = (text: string): void => {
  try {
    parseStatements(text)
  } catch (error) {
    assert.ok(
      error instanceof Error && error.name === 'SqlError',
      `${JSON.stringify(text)} threw ${String(error)}`,
    )
  }
}

test('random token soups and texts are parsed or refused, never anything else', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (soup) =>
      survives(soup.join(' ')),
    ),
    { numRuns: 3000 },
  )
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), survives), { numRuns: 1000 })
})

test('real statements with a piece cut out, doubled or replaced are parsed or refused', () => {
  const texts = [...queries, ...ssbQueries, ...statements.map(([text]) => text)]
  const mutation = fc.tuple(
    fc.constantFrom(...texts),
    fc.nat(400),
    fc.nat(20),
    fc.constantFrom(...words, ''),
  )
  fc.assert(
    fc.property(mutation, ([text, at, length, word]) =>
      survives(text.slice(0, at) + word + text.slice(at + length)),
    ),
    { numRuns: 3000 },
  )
})
