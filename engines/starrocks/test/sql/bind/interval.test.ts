import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect, testEngine } from '../../support/open-engine.ts'
import { column, queryOf, scopeOf, table } from '../../support/translated-duck.ts'
import { translateQuery } from '../../../src/sql/translate.ts'
import { simpleType } from '../../../src/sql/type.ts'

const DAYS = ['1000-01-01', '1999-12-31', '2000-02-29', '2024-01-31', '2024-03-30', '9999-12-31']
const COUNTS = [0, 1, -1, 3, 31, -400, 12_000, 999_999, 2_000_000]
const UNITS = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'HOUR', 'SECOND']

test('a literal date is moved as the same date of a table is', async (t) => {
  const client = await connect(await testEngine(t))
  await client.run(
    `CREATE DATABASE d; USE d; CREATE TABLE t (k DATE NOT NULL) DUPLICATE KEY (k);
     INSERT INTO t VALUES ${DAYS.map((day) => `('${day}')`).join(', ')}`,
  )
  for (const day of DAYS) {
    const moves = UNITS.flatMap((unit) =>
      COUNTS.flatMap((count) => ['+', '-'].map((sign) => `${sign} INTERVAL ${count} ${unit}`)),
    )
    const same = [`DATE '${day}'`, `'${day}'`].map(
      (date) => `SELECT ${moves.map((move) => `${date} ${move}`).join(', ')}`,
    )
    const [wanted] = await client.rows(
      `SELECT ${moves.map((move) => `k ${move}`).join(', ')} FROM t WHERE k = '${day}'`,
    )
    for (const sql of same) assert.deepEqual(await client.rows(sql), [wanted], day)
  }
})

const OPERATORS = ['=', '<=>', '!=', '<', '<=', '>', '>=']

test('a DATE beside such a moment is compared as beside the same one of a table', async (t) => {
  const client = await connect(await testEngine(t))
  await client.run(
    `CREATE DATABASE d; USE d; CREATE TABLE t (k INT, d DATE, m DATETIME) DUPLICATE KEY (k);
     INSERT INTO t VALUES (1, '1994-12-31', '1995-01-01'), (2, '1995-01-01', '1995-01-01'), (3, '1995-01-02', '1995-01-01'), (4, NULL, '1995-01-01')`,
  )
  const moment = "DATE '1994-01-01' + INTERVAL 1 YEAR"
  for (const operator of OPERATORS) {
    const [known, read, turned] = [
      `d ${operator} ${moment}`,
      `d ${operator} m`,
      `${moment} ${operator} d`,
    ]
    assert.deepEqual(
      await client.rows(`SELECT k, ${known} FROM t ORDER BY k`),
      await client.rows(`SELECT k, ${read} FROM t ORDER BY k`),
      operator,
    )
    assert.deepEqual(
      await client.rows(`SELECT k, ${turned} FROM t ORDER BY k`),
      await client.rows(`SELECT k, m ${operator} d FROM t ORDER BY k`),
      operator,
    )
  }
})

test('DuckDB gets a condition that it finds in its statistics', () => {
  const scope = scopeOf([table('db', 't', [column('d', simpleType('date'))])])
  const { sql } = translateQuery(
    queryOf("SELECT 1 FROM t WHERE d < DATE '1994-01-31' + INTERVAL 1 MONTH"),
    scope,
  )
  assert.match(sql, /r1\."d" < TRY_CAST\('1994-02-28' AS DATE\)/)
})
