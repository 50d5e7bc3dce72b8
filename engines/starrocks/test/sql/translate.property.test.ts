import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { translateQuery } from '../../src/sql/translate.ts'
import { functionNames } from '../../src/sql/bind/call.ts'
import { simpleType, stringType } from '../../src/sql/type.ts'
import { column, openDuck, queryOf, scopeOf, table } from '../support/translated-duck.ts'
import type { Duck } from '../support/translated-duck.ts'

const int = simpleType('int')
const t = table('db', 't', [
  column('a', int),
  column('b', stringType),
  column('c', simpleType('double')),
  column('d', simpleType('date')),
  column('m', { kind: 'decimal', precision: 10, scale: 2 }),
  column('j', simpleType('json')),
  column('l', { kind: 'array', element: int }),
])
const scope = scopeOf([t])

let duck: Duck
before(async () => {
  duck = await openDuck()
  await duck.connection.run('CREATE SCHEMA db')
  await duck.connection.run(
    'CREATE TABLE db.t (a INTEGER, b VARCHAR, c DOUBLE, d DATE, m DECIMAL(10, 2), j JSON, l INTEGER[])',
  )
  await duck.connection.run(
    `INSERT INTO db.t VALUES (1, 'x', 1.5, '2024-01-31', 1.25, '{"a": 1}', [1, NULL]), (NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  )
})
after(() => duck.close())

const names = functionNames().map(({ name }) => name)

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const sub = tie('expression')
  const operators = fc.constantFrom(
    '+',
    '-',
    '*',
    '/',
    '%',
    'DIV',
    '=',
    '<',
    '<=>',
    '!=',
    'AND',
    'OR',
    '&',
    '<<',
  )
  const types = fc.constantFrom(
    'INT',
    'DOUBLE',
    'STRING',
    'DATE',
    'DATETIME',
    'DECIMAL(10, 3)',
    'BOOLEAN',
    'JSON',
    'LARGEINT',
    'ARRAY<STRING>',
  )
  return {
    expression: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom(
        'a',
        'b',
        'c',
        'd',
        'm',
        'j',
        'l',
        'NULL',
        '1',
        '-1',
        "'x'",
        '1.5',
        '1e3',
        "DATE '2024-01-01'",
        '[1, 2]',
        'TRUE',
        "'2024-01-01'",
        '@five',
      ),
      fc
        .tuple(sub, operators, sub)
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc.tuple(sub, types).map(([operand, type]) => `CAST(${operand} AS ${type})`),
      fc
        .tuple(sub, sub, sub)
        .map(([when, then, otherwise]) => `CASE WHEN ${when} THEN ${then} ELSE ${otherwise} END`),
      fc.tuple(sub, sub, sub).map(([operand, low, high]) => `(${operand} IN (${low}, ${high}))`),
      sub.map((operand) => `(${operand} + INTERVAL 1 MONTH)`),
      fc
        .tuple(fc.constantFrom(...names), fc.array(sub, { maxLength: 3 }))
        .map(([name, args]) => `${name}(${args.join(', ')})`),
    ),
  }
})

const query = fc.tuple(expression, expression, fc.nat(4)).map(([x, y, shape]) => {
  switch (shape) {
    case 0:
      return `SELECT ${x} AS v FROM t WHERE ${y} ORDER BY v`
    case 1:
      return `SELECT ${x}, COUNT(*), MAX(${y}) FROM t GROUP BY ${x}`
    case 2:
      return `SELECT DISTINCT ${x} AS v FROM t ORDER BY ${y}, v`
    case 3:
      return `SELECT ${x} UNION ALL SELECT ${y}`
    default:
      return `SELECT p.a FROM t p JOIN t q ON ${x.replaceAll(/\b([abcdmjl])\b/g, 'p.$1')} = q.a`
  }
})

test('whatever is not refused is SQL that DuckDB binds, and its own refusals are about values', async () => {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(query, async (text) => {
      let sql: string
      try {
        sql = translateQuery(queryOf(text), scope).sql
      } catch (error) {
        assert.ok(
          error instanceof Error && error.name === 'SqlError',
          `${text} threw ${String(error)}`,
        )
        return
      }
      accepted += 1
      // Overflow is an error by design; no other kind of error may come back.
      await duck.connection.run(sql).catch((error: unknown) => {
        assert.match(String(error), /Out of Range Error|Invalid Input Error/, `${text}\n${sql}`)
      })
    }),
    { numRuns: 2500 },
  )
  assert.ok(accepted > 40, `only ${accepted} were accepted`)
})
