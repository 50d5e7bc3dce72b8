/** Rows of each partition, of tables with many of them: what is read once says the same as each partition by itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../support/open-engine.ts'
import type { Client } from '../support/open-engine.ts'

const list = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(', ')

const MANY = 100
const tables: readonly (readonly [string, string, string])[] = [
  [
    'ranges of numbers with a gap, from the beginning to the end',
    `(a INT, b INT) PARTITION BY RANGE (a) (PARTITION p_first VALUES LESS THAN ("0"), ${list(MANY, (at) => `PARTITION p${at} VALUES [("${at * 10 + 5}"), ("${at * 10 + 10}"))`)}, PARTITION p_max VALUES LESS THAN MAXVALUE)`,
    '(NULL, 1), (-5, 1), (5, 1), (9, 1), (15, 1), (995, 1), (999, 2), (1000, 3), (5000, 4)',
  ],
  [
    'ranges of days',
    '(a DATE, b INT) PARTITION BY RANGE (a) (START ("2024-01-01") END ("2024-05-01") EVERY (INTERVAL 1 DAY))',
    "('2024-01-01', 1), ('2024-01-01', 2), ('2024-01-02', 3), ('2024-04-30', 4)",
  ],
  [
    'ranges of two columns',
    `(a INT, b INT) PARTITION BY RANGE (a, b) (${list(MANY, (at) => `PARTITION p${at} VALUES LESS THAN ("${at}", "5")`)})`,
    '(0, 4), (0, 5), (1, 0), (98, 7)',
  ],
  [
    'lists of texts',
    `(a VARCHAR(20), b INT) PARTITION BY LIST (a) (${list(MANY, (at) => `PARTITION p${at} VALUES IN ("x,${at}", "it's ${at}")`)}, PARTITION pn VALUES IN (NULL))`,
    `('x,3', 1), ('it''s 3', 1), ('x,3', 1), ('x,99', 1), (NULL, 1)`,
  ],
  [
    'lists of two columns',
    `(a VARCHAR(20), b INT) PARTITION BY LIST (a, b) (${list(MANY, (at) => `PARTITION p${at} VALUES IN (("a", "${at}"), ("b", "${at}"))`)})`,
    "('a', 1), ('b', 1), ('b', 2)",
  ],
]

async function ofEach(client: Client, names: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const name of names) {
    const [[count] = []] = await client.rows(`SELECT count(*) FROM t PARTITION (${name})`)
    counts.set(name, Number(count))
  }
  return counts
}

test('rows of each of many partitions', async (t) => {
  const { client } = await testClient(t)
  for (const [name, definition, rows] of tables)
    await t.test(name, async () => {
      await client.run('DROP TABLE IF EXISTS t')
      await client.run(`CREATE TABLE t ${definition}`)
      await client.run(`INSERT INTO t VALUES ${rows}`)
      const shown = await client.rows('SHOW PARTITIONS FROM t')
      const found = new Map(shown.map((row) => [String(row[1]), Number(row.at(-1))]))
      assert.ok(found.size >= MANY)
      assert.deepEqual(found, await ofEach(client, [...found.keys()]))
      const all = [...found.values()].reduce((sum, count) => sum + count, 0)
      assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[all]])
      const meta = await client.rows(
        "SELECT partition_name, row_count FROM information_schema.partitions_meta WHERE table_name = 't' AND partition_name NOT LIKE '$%'",
      )
      assert.deepEqual(new Map(meta.map(([of, count]) => [String(of), Number(count)])), found)
      const tablets = await client.rows('SHOW TABLET FROM t')
      const counted = tablets.reduce((sum, row) => sum + Number(row[12]), 0)
      assert.equal(counted, all)
    })
})
