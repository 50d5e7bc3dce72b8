import assert from 'node:assert/strict'
import { test } from 'node:test'
import { column, openDuck, refusal, scopeOf, table } from '../../support/translated-duck.ts'

const scope = scopeOf([
  table('db', 'a', [column('k', { kind: 'int' }), column('v', { kind: 'int' })]),
  table('db', 'b', [column('k', { kind: 'int' }), column('w', { kind: 'int' })]),
  table('db', 'c', [column('x', { kind: 'int' }), column('y', { kind: 'int' })]),
])

/** a: (0, 0) … (3, 1); b: (1, 0), (2, 1), (9, 1); c: (0, 1), (2, 2). */
const rows = `CREATE SCHEMA db;
  CREATE TABLE db.a AS SELECT CAST(range AS INT) AS k, CAST(range % 2 AS INT) AS v FROM range(4);
  CREATE TABLE db.b AS SELECT * FROM (VALUES (1, 0), (2, 1), (9, 1)) t (k, w);
  CREATE TABLE db.c AS SELECT * FROM (VALUES (0, 1), (2, 2)) t (x, y);`

const cases: Readonly<Record<string, readonly string[]>> = {
  'SELECT a.k, b.k FROM a LEFT JOIN b ON a.k = b.k AND b.w IN (SELECT x FROM c)': [
    '0,null',
    '1,1',
    '2,null',
    '3,null',
  ],
  'SELECT a.k, b.k FROM a LEFT JOIN b ON a.k = b.k AND EXISTS (SELECT 1 FROM c WHERE y = a.v + b.w)':
    ['0,null', '1,1', '2,2', '3,null'],
  'SELECT a.k, b.k FROM a LEFT JOIN b ON a.k IN (SELECT x FROM c) OR b.k = 9 AND a.k = 3': [
    '0,1',
    '0,2',
    '0,9',
    '1,null',
    '2,1',
    '2,2',
    '2,9',
    '3,9',
  ],
  'SELECT * FROM a RIGHT JOIN b ON a.k = b.k AND b.w IN (SELECT x FROM c)': [
    '1,1,1,0',
    'null,null,2,1',
    'null,null,9,1',
  ],
  'SELECT a.k, b.k, c.x FROM a LEFT JOIN (b JOIN c ON b.k = c.x) ON a.k = b.k AND a.v < (SELECT max(y) FROM c)':
    ['0,null,null', '1,null,null', '2,2,2', '3,null,null'],
  'SELECT k FROM a LEFT SEMI JOIN b ON a.k = b.k AND b.w IN (SELECT x FROM c)': ['1'],
  'SELECT k FROM a LEFT ANTI JOIN b ON a.k = b.k AND b.w IN (SELECT x FROM c)': ['0', '2', '3'],
  'SELECT w FROM a RIGHT SEMI JOIN b ON a.k = b.k AND a.v IN (SELECT x FROM c)': ['1'],
}

test('ON of a join may ask queries about either side or both', async () => {
  const duck = await openDuck()
  try {
    await duck.connection.run(rows)
    for (const [sql, expected] of Object.entries(cases)) {
      const found = (await duck.ask(sql, scope)).rows.map((row) => row.map(String).join(','))
      assert.deepEqual(found.sort(), expected, sql)
    }
  } finally {
    duck.close()
  }
})

test('ON of a full join asks none', () => {
  const sql = 'SELECT 1 FROM a FULL JOIN b ON a.k = b.k AND b.w IN (SELECT x FROM c)'
  assert.match(refusal(sql, scope).message, /A subquery in ON of a FULL JOIN is not supported/)
})
