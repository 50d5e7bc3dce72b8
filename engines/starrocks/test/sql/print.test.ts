import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Expression, Query } from '../../src/sql/ast.ts'
import { parseExpressionText } from '../../src/sql/parse.ts'
import { printExpression, printQuery, printQuotedExpression } from '../../src/sql/print.ts'
import { definitionText } from '../../src/sql/print/definition.ts'
import { namesOf, translateQuery } from '../../src/sql/translate.ts'
import { simpleType } from '../../src/sql/type.ts'
import { queries, ssbQueries, ssbTables } from '../support/corpus.ts'
import { column, queryOf, scopeOf, table } from '../support/translated-duck.ts'

/** Positions say where a node stood, not what it means. */
const withoutPositions = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutPositions)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'at')
      .map(([key, inner]) => [key, withoutPositions(inner)]),
  )
}

test('a printed query parses to the same tree', () => {
  for (const text of [...queries, ...ssbQueries]) {
    const query: Query = queryOf(text)
    const printed = printQuery(query)
    assert.deepEqual(withoutPositions(queryOf(printed)), withoutPositions(query), printed)
  }
})

test('a query with all names in full means the same, and is written the same again', () => {
  const tables = Object.entries(ssbTables).map(([name, columns]) =>
    table(
      'db',
      name,
      Object.entries(columns).map(([each, type]) =>
        column(each, type === 'int' ? simpleType('int') : { kind: 'varchar', length: 30 }),
      ),
    ),
  )
  const scope = scopeOf(tables)
  for (const text of ssbQueries) {
    const query = queryOf(text)
    const full = definitionText(query, namesOf(query, scope), 'view')
    const again = queryOf(full)
    assert.equal(translateQuery(again, scope).sql, translateQuery(query, scope).sql, full)
    assert.equal(definitionText(again, namesOf(again, scope), 'view'), full)
  }
})

test('unaliased columns are titled with bare names', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['1+1', '1 + 1'],
    ['COUNT( * )', 'count(*)'],
    ['sum(t . a)', 'sum(t.a)'],
    ['(1+2)*3', '(1 + 2) * 3'],
    ["'it''s'", "'it\\'s'"],
    ['not a and b', 'NOT a AND b'],
  ]
  for (const [text, title] of cases) assert.equal(printExpression(parseExpressionText(text)), title)
})

test('|| is printed as concat, so that its meaning does not depend on the reader', () => {
  assert.equal(
    printExpression(parseExpressionText('a || b', { pipesAsConcat: true })),
    'concat(a, b)',
  )
})

const name = fc.constantFrom(
  'a',
  'b',
  'select',
  'we`ird',
  'Mixed',
  'interval',
  'date',
  'left',
  '1x',
)

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.constant<Expression>({ kind: 'null' }),
  fc.boolean().map((value): Expression => ({ kind: 'boolean', value })),
  fc.nat().map((value): Expression => ({ kind: 'integer', text: String(value) })),
  fc.constantFrom('1.5', '0.25').map((text): Expression => ({ kind: 'decimal', text })),
  fc
    .string({ unit: 'grapheme', maxLength: 6 })
    .map((value): Expression => ({ kind: 'string', value })),
  fc
    .array(name, { minLength: 1, maxLength: 3 })
    .map((path): Expression => ({ kind: 'column', path, at: 0 })),
  name.map((variable): Expression => ({ kind: 'userVariable', name: variable })),
)

const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const sub = tie('expression')
  const operators = fc.constantFrom(
    'or',
    'xor',
    'and',
    '=',
    '<=>',
    '!=',
    '<',
    '>=',
    '|',
    '&',
    '^',
    '<<',
    '>>',
    '+',
    '-',
    '*',
    '/',
    'div',
    '%',
  )
  return {
    expression: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.record({
        kind: fc.constant('binary' as const),
        operator: operators,
        left: sub,
        right: sub,
      }) as fc.Arbitrary<Expression>,
      fc.record({
        kind: fc.constant('unary' as const),
        operator: fc.constantFrom('not', '-', '+', '~'),
        operand: sub,
      }) as fc.Arbitrary<Expression>,
      fc.record({
        kind: fc.constant('is' as const),
        operand: sub,
        what: fc.constantFrom('null', 'true', 'false'),
        negated: fc.boolean(),
      }) as fc.Arbitrary<Expression>,
      fc.record({
        kind: fc.constant('between' as const),
        operand: sub,
        low: sub,
        high: sub,
        negated: fc.boolean(),
      }) as fc.Arbitrary<Expression>,
      fc.record({
        kind: fc.constant('in' as const),
        operand: sub,
        list: fc.array(sub, { minLength: 1, maxLength: 3 }),
        negated: fc.boolean(),
      }) as fc.Arbitrary<Expression>,
      fc.record({
        kind: fc.constant('like' as const),
        operator: fc.constantFrom('like', 'regexp'),
        operand: sub,
        pattern: sub,
        escape: fc.constant(undefined),
        negated: fc.boolean(),
      }) as fc.Arbitrary<Expression>,
      fc.record({
        kind: fc.constant('subscript' as const),
        operand: sub,
        index: sub,
      }) as fc.Arbitrary<Expression>,
      fc.record({
        kind: fc.constant('field' as const),
        operand: sub,
        name,
      }) as fc.Arbitrary<Expression>,
      fc.record({
        kind: fc.constant('cast' as const),
        operand: sub,
        type: fc.constant({ kind: 'int' as const }),
      }) as fc.Arbitrary<Expression>,
      fc.record({
        kind: fc.constant('array' as const),
        type: fc.constant(undefined),
        items: fc.array(sub, { maxLength: 3 }),
      }) as fc.Arbitrary<Expression>,
      fc
        .tuple(
          fc.constantFrom('abs', 'left', 'interval', 'extract', 'my fn', 'max'),
          fc.array(sub, { maxLength: 3 }),
          fc.boolean(),
        )
        .map(([called, args, distinct]): Expression => ({
          kind: 'call',
          name: called,
          args,
          distinct: distinct && args.length > 0 && called === 'max',
          star: false,
          orderBy: [],
          separator: undefined,
          ignoreNulls: false,
          over: undefined,
          at: 0,
        })),
      fc.record({
        kind: fc.constant('case' as const),
        operand: fc.option(sub, { nil: undefined }),
        whens: fc.array(fc.record({ when: sub, result: sub }), { minLength: 1, maxLength: 2 }),
        otherwise: fc.option(sub, { nil: undefined }),
      }) as fc.Arbitrary<Expression>,
    ),
  }
})

test('any expression survives printing and parsing', () => {
  fc.assert(
    fc.property(expression, (tree) => {
      const printed = printQuotedExpression(tree)
      assert.deepEqual(
        withoutPositions(parseExpressionText(printed)),
        withoutPositions(tree),
        printed,
      )
    }),
    { numRuns: 2000 },
  )
})
