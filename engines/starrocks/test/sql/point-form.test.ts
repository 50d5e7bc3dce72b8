import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseStatements } from '../../src/sql/parse.ts'
import { pointKey, pointStatement, preparedForm } from '../../src/sql/point-form.ts'

test('A query for one number is what the parser makes of it, with one form for all numbers', () => {
  for (const before of [
    'SELECT a, b FROM t WHERE k = ',
    ' \n select * from `d`.`t` x where x.k=',
    'SELECT t.* EXCEPT (b), k AS key FROM c.d.t WHERE t.k =\t',
  ]) {
    const text = `${before}42 ; `
    const found = pointStatement(text)
    assert.ok(found, text)
    assert.deepEqual([found.parsed], parseStatements(text))
    assert.equal(found.point.key, '42')
    assert.equal(pointStatement(`${before}7`)?.point.form, found.point.form)
  }
})

test('What is anything else is left to the parser', () => {
  for (const text of [
    'SELECT a FROM t WHERE k >= 5',
    'SELECT a FROM t WHERE k <=> 5',
    'SELECT a FROM t WHERE k != 5',
    'SELECT a FROM t WHERE NOT k = 5',
    'SELECT a FROM t WHERE k = 5 AND l = 5',
    'SELECT a FROM t WHERE k + 1 = 5',
    'SELECT a = 5',
    'SELECT a + 1 FROM t WHERE k = 5',
    'SELECT count(a) FROM t WHERE k = 5',
    'SELECT DISTINCT a FROM t WHERE k = 5',
    'SELECT a FROM t GROUP BY a HAVING a = 5',
    'SELECT a FROM t JOIN u ON t.k = 5',
    'SELECT a FROM t, u WHERE k = 5',
    'SELECT a FROM t PARTITION (p) WHERE k = 5',
    'SELECT a FROM t WHERE k = 1234567890',
    'SELECT a FROM t WHERE k = 5.0',
    'SELECT a FROM t WHERE k = -5',
    'SELECT a FROM t WHERE k = 5; SELECT 1 = 5',
    'SELECT a FROM t -- WHERE k = 5',
    'SELECT /*+ SET_VAR(query_timeout = 1) */ a FROM t WHERE k = 5',
    "SELECT a FROM t WHERE k = '5'",
    'SELECT "a" FROM t WHERE k = 5',
    'SELECT ? FROM t WHERE k = 5',
    'SELECT a FROM (SELECT 1 AS a) t WHERE a = 5',
    'WITH t AS (SELECT 1 AS k) SELECT k FROM t WHERE k = 5',
    'SELECT SELECT FROM WHERE k = 5',
    `SELECT ${'a, '.repeat(1000)}a FROM t WHERE k = 5`,
  ])
    assert.equal(pointStatement(text), undefined, text)
})

test('Prepared queries that are written the same have one form, that of the texts', () => {
  const form = (text: string) => {
    const [parsed] = parseStatements(text)
    assert.ok(parsed)
    return preparedForm(parsed)
  }
  const before = 'SELECT a FROM t WHERE k ='
  assert.ok(form(`${before}?`))
  assert.equal(form(` ${before}? ; `), form(`${before}?`))
  assert.equal(form(`${before}?`), pointStatement(`${before}5`)?.point.form)
  for (const text of [
    'SELECT a FROM t WHERE ? = k',
    'SELECT a FROM t WHERE k = ? AND l = ?',
    'SELECT ? FROM t WHERE k = ?',
    "SELECT 'a' FROM t WHERE k = ?",
    'SELECT a FROM t WHERE k >= ?',
    'SELECT a FROM t WHERE k = 5',
    'SELECT a FROM t LIMIT ?',
    'DELETE FROM t WHERE k = ?',
  ])
    assert.equal(form(text), undefined, text)
})

test('Whole numbers within INT are keys', () => {
  assert.deepEqual([5, -5n, 0, 2_147_483_647].map(pointKey), ['5', '-5', '0', '2147483647'])
  for (const value of [
    2 ** 31,
    -(2n ** 31n),
    1.5,
    NaN,
    Infinity,
    '5',
    null,
    true,
    new Uint8Array(1),
  ])
    assert.equal(pointKey(value), undefined, String(value))
})
