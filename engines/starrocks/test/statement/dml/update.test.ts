import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('UPDATE numbers an AUTO_INCREMENT column again by DEFAULT', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE t (k INT, id BIGINT NOT NULL AUTO_INCREMENT, v INT DEFAULT "7") PRIMARY KEY(k) DISTRIBUTED BY HASH(k)',
  )
  await client.run('INSERT INTO t (k, id, v) VALUES (1, 100, 1), (2, 200, 2)')
  await client.run('UPDATE t SET id = DEFAULT, v = DEFAULT WHERE k = 2')
  const [[first, next] = []] = await client.rows('SELECT min(id), max(id) FROM t WHERE v = 7')
  assert.equal(first, next)
  assert.notEqual(next, 200)
  const { message } = await client.refusal('UPDATE t SET id = NULL WHERE k = 1')
  assert.equal(
    message,
    'Getting analyzing error. Detail message: AUTO_INCREMENT column: id must not be NULL.',
  )
})

test('a column of a PRIMARY KEY table is said to be replaced, and is modified as it is', async (t) => {
  const { client } = await testClient(t)
  await client.run(
    'CREATE TABLE t (k INT, a VARCHAR(9) REPLACE, b INT, s INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k) ORDER BY (s)',
  )
  await client.run('ALTER TABLE t MODIFY COLUMN a VARCHAR(20) MAX')
  const cases: Readonly<Record<string, string>> = {
    'ALTER TABLE t MODIFY COLUMN s BIGINT':
      'Can not modify sort column in primary data model table',
    'ALTER TABLE t MODIFY COLUMN k BIGINT NOT NULL':
      'Can not modify key column: k for primary key table',
    'CREATE TABLE x (k INT, v INT) UNIQUE KEY(k) DISTRIBUTED BY HASH(k) ORDER BY (v)':
      'Getting analyzing error. Detail message: The sort columns of UNIQUE KEY table must be same with key columns.',
    'CREATE TABLE x (k INT, l INT, v INT SUM) AGGREGATE KEY(k, l) DISTRIBUTED BY HASH(k) ORDER BY (l)':
      'Getting analyzing error. Detail message: The sort columns of AGGREGATE KEY table must be same with key columns.',
  }
  for (const [sql, message] of Object.entries(cases))
    assert.equal((await client.refusal(sql)).message, message, sql)
  await client.run(
    'CREATE TABLE x (k INT, l INT, v INT SUM) AGGREGATE KEY(k, l) DISTRIBUTED BY HASH(k) ORDER BY (l, k)',
  )
})
