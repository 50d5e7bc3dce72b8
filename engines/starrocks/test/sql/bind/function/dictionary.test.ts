/** Expected values: StarRocks 3.3.7's test_dict_mapping_function. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { connect, testClient } from '../../../support/open-engine.ts'
import { request, writeRows } from '../../../load/request.ts'

async function withDictionary(t: TestContext) {
  const opened = await testClient(t)
  await opened.client.run(
    `CREATE TABLE dict (a INT, b STRING, n BIGINT NOT NULL AUTO_INCREMENT, c INT) PRIMARY KEY(a, b) DISTRIBUTED BY HASH(a);
     INSERT INTO dict VALUES (1, 'abc', DEFAULT, 10), (2, 'x', DEFAULT, NULL);
     CREATE TABLE t (k INT, s STRING) PRIMARY KEY(k) DISTRIBUTED BY HASH(k);
     INSERT INTO t VALUES (1, 'abc'), (2, 'x')`,
  )
  return opened
}

test('dict_mapping answers the number of a key, or another column', async (t) => {
  const { client } = await withDictionary(t)
  assert.deepEqual(
    await client.rows(
      `SELECT DICT_mapping("dict", k, s), dict_mapping("d.dict", k, s, 'C'), dict_mapping("dict", k, s, 'b', true) FROM t ORDER BY k`,
    ),
    [
      [1, 10, 'abc'],
      [2, null, 'x'],
    ],
  )
  assert.deepEqual(
    await client.rows(
      `SELECT dict_mapping("dict", k, s) n, count(*) FROM t WHERE dict_mapping("dict", k, s) != 0 GROUP BY n ORDER BY n`,
    ),
    [
      [1, 1],
      [2, 1],
    ],
  )
  assert.deepEqual(await client.rows(`SELECT dict_mapping("dict", 3, 'z', true)`), [[null]])
  for (const query of [`dict_mapping("dict", 3, 'z')`, `dict_mapping("dict", 3, 'z', false)`])
    assert.match(
      (await client.refusal(`SELECT ${query}`)).message,
      /query failed if record not exist in dict table/,
    )
  assert.match(
    (await client.refusal('SELECT dict_mapping("dict", 1, NULL, true)')).message,
    /invalid parameter : get NULL paramenter/,
  )
})

test('dict_mapping fills rows of INSERT, of loads and of generated columns', async (t) => {
  const { engine, client } = await withDictionary(t)
  await client.run(
    `ALTER TABLE t ADD COLUMN g BIGINT AS dict_mapping("dict", k, s);
     INSERT INTO dict VALUES (7, 'new', DEFAULT, 70); INSERT INTO t VALUES (7, 'new')`,
  )
  assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
    [1, 'abc', 1],
    [2, 'x', 2],
    [7, 'new', 3],
  ])
  assert.match((await client.refusal("INSERT INTO t VALUES (8, 'none')")).message, /not exist/)
  await client.run('CREATE TABLE f (a INT, n BIGINT)')
  await client.run(
    `INSERT INTO f VALUES (1, dict_mapping("dict", 1, 'abc')), (2, dict_mapping("dict", 7, 'new', 'c'))`,
  )
  const load = await engine.beginLoad(
    request({ table: 'f', columns: `a, s, n = dict_mapping('dict', a, s)` }),
  )
  await writeRows(load, [['2', 'x']], 3)
  await load.commit()
  assert.deepEqual(await client.rows('SELECT * FROM f ORDER BY a, n'), [
    [1, 1],
    [2, 2],
    [2, 70],
  ])
})

test('dict_mapping refuses other tables than dictionaries, and those that one may not read', async (t) => {
  const { engine, client } = await withDictionary(t)
  await client.run(
    `CREATE TABLE plain (a INT); CREATE VIEW v AS SELECT dict_mapping("dict", k, s) FROM t;
     CREATE TABLE bare (a INT, c INT) PRIMARY KEY(a) DISTRIBUTED BY HASH(a);
     CREATE USER reader; GRANT SELECT ON TABLE d.t TO USER reader; GRANT SELECT ON VIEW d.v TO USER reader;
     GRANT INSERT ON TABLE d.t TO USER reader`,
  )
  const refusal = async (query: string) => (await client.refusal(`SELECT ${query}`)).message
  assert.match(await refusal('dict_mapping("none", 1)'), /dict table none is not found/)
  assert.match(await refusal('dict_mapping("plain", 1)'), /should be primary key table/)
  assert.match(await refusal('dict_mapping("v", 1)'), /not OlapTable/)
  assert.match(await refusal('dict_mapping("dict", 1)'), /param size should be 3 - 5/)
  assert.match(await refusal('dict_mapping("bare", 1)'), /can't find auto increment column/)
  assert.match(await refusal('dict_mapping(s, 1) FROM t'), /should be string literal/)
  assert.match(await refusal(`dict_mapping("dict", 1, 'abc', 'z')`), /can't find value column z/)
  const reader = await connect(engine, 'reader', 'd')
  assert.match(
    (await reader.refusal('SELECT dict_mapping("dict", k, s) FROM t')).message,
    /Access denied.*SELECT.*dict/s,
  )
  assert.equal((await reader.rows('SELECT * FROM v')).length, 2)
  const load = engine.beginLoad(
    request({
      user: { user: 'reader', host: '%' },
      columns: `k, x, s = dict_mapping('dict', k, x)`,
    }),
  )
  await assert.rejects(load, /Access denied/)
})
