/** Queries for one key: read together with those of other sessions, each as if it had been read by itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { SqlError, WireValue } from '../../../src/session.ts'
import { connect, testClient } from '../../support/open-engine.ts'
import type { Client, OpenEngine } from '../../support/open-engine.ts'

const POINT = 'SELECT name, k, price FROM p WHERE k = '

async function withTable(t: TestContext) {
  const { engine, client } = await testClient(t)
  await client.run(`CREATE TABLE p (k BIGINT NOT NULL, name VARCHAR(20), price DECIMAL(10, 2)) PRIMARY KEY(k);
    INSERT INTO p SELECT g, concat('name ', g), g / 4 FROM TABLE(generate_series(0, 999)) x (g)`)
  return { engine, client }
}

async function clients(engine: OpenEngine, count: number, user = 'admin'): Promise<Client[]> {
  return Promise.all(Array.from({ length: count }, () => connect(engine, user, 'd')))
}

async function executed(client: Client, text: string, value: number | bigint) {
  const prepared = await client.session.prepare(text)
  const result = await prepared.execute([value])
  assert.ok(result.kind === 'rows')
  const rows: (readonly WireValue[])[] = []
  for await (const chunk of result.chunks) rows.push(...chunk)
  return { columns: result.columns, rows }
}

test('Sessions that ask at once get each their own row, none, or the same one', async (t) => {
  const { engine, client } = await withTable(t)
  const others = await clients(engine, 100)
  const keys = others.map((_, index) => ((index * 37) % 50) + (index % 10 === 0 ? 5000 : 0))
  const answers = await Promise.all(others.map((other, at) => other.rows(`${POINT}${keys[at]}`)))
  for (const [at, key] of keys.entries()) {
    const wanted = key < 1000 ? [[`name ${key}`, key, (key / 4).toFixed(2)]] : []
    assert.deepEqual(answers[at], wanted, String(key))
  }
  const { columns, rows } = await executed(client, `${POINT}?`, 7n)
  assert.deepEqual(rows, [['name 7', 7n, '1.75']])
  const plain = await client.session.prepare(`${POINT}7 LIMIT 1`)
  assert.deepEqual(columns, plain.columns)
  assert.deepEqual((await executed(client, `${POINT}?`, -7)).rows, [])
})

test('However many ask at once, each gets its row of a table of several row groups', async (t) => {
  const { engine, client } = await withTable(t)
  await client.run(`INSERT INTO p SELECT g, concat('name ', g), g / 4 FROM TABLE(generate_series(1000, 299999)) x (g);
    INSERT INTO p VALUES (-5, 'below', 0), (-2147483647, 'least', 0)`)
  const others = await clients(engine, 40)
  for (const count of [1, 2, 3, 24, 25, 40]) {
    const keys = [-5, -2_147_483_647, ...others.map((_, at) => (at * 123_457) % 310_000)].slice(
      0,
      count,
    )
    const answers = await Promise.all(
      keys.map(async (key, at) => (await executed(others[at] ?? client, `${POINT}?`, key)).rows),
    )
    for (const [at, key] of keys.entries()) {
      const alone = await client.run(`${POINT}${key} AND 1 = 1`)
      assert.deepEqual(answers[at], alone.rows, `${key} of ${count}`)
    }
  }
})

test('An answer is the same as that of the query that is read by itself', async (t) => {
  const { client } = await testClient(t)
  const types = ['INT', 'BIGINT', 'LARGEINT', 'SMALLINT', 'TINYINT', 'VARCHAR(10)', 'DATE']
  for (const type of types) {
    const first = type === 'DATE' ? `'1970-01-05'` : 5
    await client.run(`DROP TABLE IF EXISTS q;
      CREATE TABLE q (K ${type} NOT NULL, v JSON, a ARRAY<INT>) UNIQUE KEY(K) DISTRIBUTED BY HASH(K);
      INSERT INTO q VALUES (${first}, parse_json('{"b": 1}'), [1, 2]), (${type === 'DATE' ? `'1970-01-06'` : 6}, NULL, NULL)`)
    for (const key of [5, 6, 7, 300]) {
      for (const columns of ['*', 'k', 'a, v, k AS x, q.K', '`v`']) {
        const text = `SELECT ${columns} FROM q WHERE k = ${key}`
        const [point, alone] = [text, `${text} AND 1 = 1`].map((sql) =>
          client.run(sql).catch((error: SqlError) => ({ message: error.message })),
        )
        assert.deepEqual(await point, await alone, `${type}: ${text}`)
      }
    }
  }
})

test('What the catalog says now holds: columns, tables, views, databases', async (t) => {
  const { engine, client } = await withTable(t)
  const other = await connect(engine, 'admin', 'd')
  const all = 'SELECT * FROM p WHERE k = 5'
  assert.deepEqual(
    await client.rows(all),
    [['5', 'name 5', '1.25']].map(([k, ...rest]) => [Number(k), ...rest]),
  )
  await other.run('ALTER TABLE p ADD COLUMN extra INT DEFAULT "3"')
  assert.deepEqual(await client.rows(all), [[5, 'name 5', '1.25', 3]])
  await other.run('ALTER TABLE p RENAME p2')
  assert.match((await client.refusal(all)).message, /Unknown table/)
  await other.run('CREATE VIEW p AS SELECT k, name FROM p2')
  assert.deepEqual(await client.rows(all), [[5, 'name 5']])
  await other.run('ALTER VIEW p AS SELECT k + 1 AS k, name FROM p2')
  assert.deepEqual(await client.rows(all), [[5, 'name 4']])
  await other.run(
    'DROP VIEW p; CREATE TABLE p (k BIGINT NOT NULL, z INT) PRIMARY KEY(k); INSERT INTO p VALUES (5, 9)',
  )
  assert.deepEqual(await client.rows(all), [[5, 9]])
  await other.run(`CREATE DATABASE e; CREATE TABLE e.p (k INT NOT NULL) PRIMARY KEY(k);
    INSERT INTO e.p VALUES (5)`)
  await client.session.use('e')
  assert.deepEqual(await client.rows(all), [[5]])
  await client.run('USE d')
  assert.deepEqual(await client.rows(all), [[5, 9]])
  await other.run('DROP TABLE d.p')
  assert.equal((await client.refusal(all)).errno, 1146)
})

test('Rows that were committed before a statement are in its answer; those of temporary tables are the session’s own', async (t) => {
  const { engine, client } = await withTable(t)
  const other = await connect(engine, 'admin', 'd')
  for (let round = 0; round < 20; round++) {
    await other.run(`INSERT INTO p VALUES (5, 'round ${round}', 0)`)
    assert.deepEqual(await client.rows(`${POINT}5`), [[`round ${round}`, 5, '0.00']])
  }
  await other.run('DELETE FROM p WHERE k = 5')
  assert.deepEqual(await client.rows(`${POINT}5`), [])
  await client.run(
    'CREATE TEMPORARY TABLE p (k BIGINT NOT NULL, name INT, price INT) PRIMARY KEY(k); INSERT INTO p VALUES (6, 1, 2)',
  )
  assert.deepEqual(await client.rows(`${POINT}6`), [[1, 6, 2]])
  assert.deepEqual(await other.rows(`${POINT}6`), [['name 6', 6, '1.50']])
})

test('Privileges are asked each time', async (t) => {
  const { engine, client } = await withTable(t)
  await client.run('CREATE USER reader; GRANT SELECT ON TABLE d.p TO USER reader')
  const reader = await connect(engine, 'reader', 'd')
  const prepared = await reader.session.prepare(`${POINT}?`)
  assert.deepEqual(await reader.rows(`${POINT}5`), [['name 5', 5, '1.25']])
  await prepared.execute([5])
  await client.run('REVOKE SELECT ON TABLE d.p FROM USER reader')
  const refused = await reader.refusal(`${POINT}5`)
  assert.equal(refused.errno, (await reader.refusal(`${POINT}5 LIMIT 1`)).errno)
  assert.match(refused.message, /Access denied/)
  await assert.rejects(prepared.execute([5]), /Access denied/)
  assert.deepEqual(await client.rows(`${POINT}5`), [['name 5', 5, '1.25']])
  await client.run('DROP USER reader')
  assert.equal((await reader.refusal(`${POINT}5`)).errno, 1045)
})

test('Session variables have their effect, and a query leaves what it leaves', async (t) => {
  const { client } = await withTable(t)
  await client.run('SET sql_select_limit = 0')
  assert.deepEqual(await client.rows(`${POINT}5`), [])
  await client.run('SET sql_select_limit = DEFAULT; SET sql_mode = "ANSI_QUOTES"')
  assert.deepEqual(await client.rows(`${POINT}5`), [['name 5', 5, '1.25']])
  assert.deepEqual(await client.rows('SELECT "name" FROM p WHERE k = 5'), [['name 5']])
  await client.run('SET sql_mode = DEFAULT')
  assert.deepEqual(await client.rows('SELECT "name" FROM p WHERE k = 5'), [['name']])
  await client.run("SET warehouse = 'none'").catch(() => 0)
  await client.refusal('SELECT missing FROM p WHERE k = 5')
  assert.equal((await client.rows('SHOW WARNINGS')).length, 1)
  await client.rows(`${POINT}5`)
  assert.deepEqual(await client.rows('SHOW WARNINGS'), [])
  const [[last] = []] = await client.rows('SELECT last_query_id()')
  assert.match(String(last), /^[0-9a-f-]{36}$/)
})
