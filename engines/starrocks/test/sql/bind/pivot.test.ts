import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseStatements } from '../../../src/sql/parse.ts'
import { testClient } from '../../support/open-engine.ts'

describe('PIVOT', () => {
  test('groups by the columns that it does not name, and makes one for each value and function', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      "CREATE TABLE person (id INT, name STRING, age INT, class INT, address STRING); INSERT INTO person VALUES (100, 'John', 30, 1, 'S 1'), (200, 'Mary', NULL, 1, 'S 2'), (300, 'Mike', 80, 3, 'S 3'), (300, 'Mike', 20, 3, 'S 3')",
    )
    const one = await client.run(
      "SELECT * FROM person PIVOT (sum(age) AS sum FOR name IN ('John' AS john, 'Mike')) ORDER BY id",
    )
    assert.deepEqual(one.columns, ['id', 'class', 'address', 'john', "'Mike'"])
    assert.deepEqual(
      one.rows.map((row) =>
        row.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
      ),
      [
        [100, 1, 'S 1', 30, null],
        [200, 1, 'S 2', null, null],
        [300, 3, 'S 3', null, 100],
      ],
    )
    const two = await client.run(
      "SELECT * FROM person PIVOT (sum(age) AS s, count(*) FOR (name, class) IN (('John', 1) AS john, ('Mike', 3))) ORDER BY id",
    )
    assert.deepEqual(two.columns.slice(2), [
      'john_s',
      'john_count(*)',
      "{'Mike',3}_s",
      "{'Mike',3}_count(*)",
    ])
    assert.deepEqual(
      await client.rows(
        'SELECT * FROM (SELECT class, age FROM person) p PIVOT (max(age) FOR class IN (1, 3, 4))',
      ),
      [[30, 80, null]],
    )
    assert.deepEqual(
      await client
        .rows(
          "SELECT john FROM person a JOIN person b ON a.id = b.id PIVOT (count(a.age) FOR name IN ('John' AS john)) LIMIT 1",
        )
        .catch((error: unknown) => (error as { errno: number }).errno),
      1052,
    )
    assert.equal(
      (await client.refusal("SELECT * FROM person PIVOT (sum(age) FOR none IN ('x'))")).errno,
      1054,
    )
  })

  test('is bounded by what it makes, and printed as it was written', () => {
    const list = (count: number, item: string) =>
      Array.from({ length: count }, () => item).join(', ')
    assert.throws(
      () =>
        parseStatements(
          `SELECT * FROM t PIVOT (${list(200, 'sum(a)')} FOR b IN (${list(200, '1')}))`,
        ),
      /Expression child number 40000 exceeded the maximum 10000/,
    )
    assert.throws(
      () => parseStatements('SELECT * FROM t PIVOT (a FOR b IN (1))'),
      /aggregate functions/,
    )
    assert.throws(() => parseStatements('SELECT * FROM t PIVOT (sum(a) FOR b IN (c))'), /literals/)
  })
})
