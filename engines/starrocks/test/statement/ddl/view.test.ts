import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock } from '../../../../../src/kernel/clock.ts'
import { connect, testClient } from '../../support/open-engine.ts'
import type { Client } from '../../support/open-engine.ts'

const TABLE =
  'CREATE TABLE t (k INT, v INT) PRIMARY KEY(k) DISTRIBUTED BY HASH(k); INSERT INTO t VALUES (1, 10), (2, 20)'

/** Refreshes run beside the session: asks until the answer is there. Each question is a query, so nothing spins. */
async function until(client: Client, sql: string, wanted: unknown): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (JSON.stringify(await client.rows(sql)) === JSON.stringify(wanted)) return
  }
  assert.deepEqual(await client.rows(sql), wanted)
}

describe('views', () => {
  test('a view shows its tables as they are now', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; CREATE VIEW w (a COMMENT "first", b) COMMENT "c" AS SELECT k, v * 2 FROM t WHERE k > 1; CREATE VIEW ww AS SELECT b FROM w`,
    )
    assert.deepEqual(await client.rows('SELECT * FROM ww'), [[40]])
    await client.run('INSERT INTO t VALUES (2, 21); ALTER TABLE t ADD COLUMN x INT')
    assert.deepEqual(await client.rows('SELECT a, b FROM w'), [[2, 42]])
    await client.run('ALTER VIEW w AS SELECT k AS a, 1 AS b FROM t')
    assert.deepEqual(await client.rows('SELECT sum(b) FROM ww'), [[2]])
    await client.run('DROP TABLE t')
    assert.equal((await client.refusal('SELECT * FROM ww')).errno, 1146)
    await client.run('DROP VIEW w; DROP VIEW IF EXISTS w')
    assert.equal((await client.refusal('DROP VIEW w')).errno, 1146)
  })

  // reference: StarRocks 3.3.7, AstToSQLBuilder
  test('its query is shown with all names in full', async (t) => {
    const { client } = await testClient(t)
    await client.run(`${TABLE}; CREATE DATABASE e; CREATE TABLE e.x (k INT)`)
    const cases: readonly (readonly [string, string])[] = [
      ['SELECT *, 1 FROM t', 'SELECT `d`.`t`.`k`, `d`.`t`.`v`, 1 AS `1`\nFROM `d`.`t`'],
      [
        'select a.k, x.k kk from t a join e.x on a.k = x.k where a.v + 1 > 2 and not x.k in (1, 2)',
        'SELECT `a`.`k`, `e`.`x`.`k` AS `kk`\nFROM `d`.`t` AS `a` INNER JOIN `e`.`x` ON `a`.`k` = `e`.`x`.`k`\nWHERE ((`a`.`v` + 1) > 2) AND (NOT (`e`.`x`.`k` IN (1, 2)))',
      ],
      [
        'select k, count(*) from t group by k having count(*) > 1 order by k desc limit 2, 3',
        'SELECT `d`.`t`.`k`, count(*) AS `count(*)`\nFROM `d`.`t`\nGROUP BY `d`.`t`.`k`\nHAVING (count(*)) > 1 ORDER BY `d`.`t`.`k` DESC  LIMIT 2, 3',
      ],
      [
        'with c as (select k from t) select k from c union all select q.v from (select v from t) q',
        'WITH `c` AS (SELECT `d`.`t`.`k`\nFROM `d`.`t`) SELECT `c`.`k`\nFROM `c` UNION ALL SELECT `q`.`v`\nFROM (SELECT `d`.`t`.`v`\nFROM `d`.`t`) `q`',
      ],
    ]
    for (const [query, shown] of cases) {
      await client.run(`CREATE OR REPLACE VIEW w AS ${query}`)
      const [[, text] = []] = await client.rows('SHOW CREATE VIEW w')
      assert.equal(String(text).replace(/^.*? AS (?=SELECT|WITH)/, ''), `${shown};`)
      await client.rows('SELECT * FROM w')
    }
  })

  test('columns that its tables get later are none of the view', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; CREATE VIEW w AS SELECT * FROM t; ALTER TABLE t ADD COLUMN x INT DEFAULT "7"`,
    )
    assert.deepEqual(await client.rows('SELECT * FROM w WHERE k = 1'), [[1, 10]])
  })

  test('a view keeps its database and cannot run in circles', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(`${TABLE}; CREATE VIEW a AS SELECT k FROM t; CREATE VIEW b AS SELECT k FROM a`)
    const elsewhere = await connect(engine)
    assert.deepEqual(await elsewhere.rows('SELECT count(*) FROM d.b'), [[2]])
    await client.run('ALTER VIEW a AS SELECT k FROM b')
    assert.match((await client.refusal('SELECT * FROM a')).message, /nests deeper/)
    assert.equal((await client.refusal('DROP TABLE a')).errno, 1347)
    assert.equal((await client.refusal('INSERT INTO a VALUES (1)')).errno, 1347)
  })
})

describe('materialized views', () => {
  test('a manual one changes when it is refreshed', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT sum(v) AS s FROM t`,
    )
    assert.deepEqual(await client.rows('SELECT * FROM m'), [[30]])
    await client.run('INSERT INTO t VALUES (3, 30)')
    assert.deepEqual(await client.rows('SELECT * FROM m'), [[30]])
    await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
    assert.deepEqual(await client.rows('SELECT * FROM m'), [[60]])
    await client.run('REFRESH MATERIALIZED VIEW m')
    assert.equal((await client.refusal('INSERT INTO m VALUES (1)')).errno, 1347)
    await client.run('ALTER MATERIALIZED VIEW m INACTIVE')
    assert.match((await client.refusal('REFRESH MATERIALIZED VIEW m')).message, /not active/)
  })

  test('an asynchronous one follows its tables, one with an interval the clock', async (t) => {
    const clock = manualClock()
    const { client } = await testClient(t, { clock })
    await client.run(`${TABLE}; CREATE MATERIALIZED VIEW follows REFRESH ASYNC AS SELECT count(*) AS c FROM t;
      CREATE MATERIALIZED VIEW hourly REFRESH DEFERRED ASYNC EVERY(INTERVAL 1 HOUR) AS SELECT count(*) AS c FROM t`)
    assert.deepEqual(await client.rows('SELECT c FROM hourly'), [])
    await client.run('INSERT INTO t VALUES (3, 30)')
    clock.advance(1000)
    await until(client, 'SELECT c FROM follows', [[3]])
    assert.deepEqual(await client.rows('SELECT c FROM hourly'), [])
    clock.advance(3_600_000)
    await until(client, 'SELECT c FROM hourly', [[3]])
  })

  test('a deferred one is empty at first and follows its tables from then on', async (t) => {
    const clock = manualClock()
    const { client } = await testClient(t, { clock })
    await client.run(
      `${TABLE}; CREATE VIEW w AS SELECT k FROM t; CREATE MATERIALIZED VIEW m REFRESH DEFERRED ASYNC AS SELECT count(*) AS c FROM w`,
    )
    assert.deepEqual(await client.rows('SELECT c FROM m'), [])
    await client.run('DELETE FROM t WHERE k = 1')
    clock.advance(1000)
    await until(client, 'SELECT c FROM m', [[1]])
  })

  const STATUS =
    'SELECT TABLE_NAME, IS_ACTIVE, INACTIVE_REASON FROM information_schema.materialized_views ORDER BY TABLE_NAME'
  for (const [change, reason] of [
    ['DROP TABLE t', 'base-table dropped: t'],
    ['ALTER TABLE t RENAME moved', 'base-table renamed: t'],
    ['CREATE TABLE o LIKE t; ALTER TABLE t SWAP WITH o', 'base-table swapped: t'],
    ['ALTER TABLE t DROP COLUMN v', 'base table schema changed for columns: v'],
    ['ALTER TABLE t RENAME COLUMN v TO x', 'base table schema changed for columns: v'],
    ['ALTER TABLE t MODIFY COLUMN v BIGINT', 'base table schema changed for columns: v'],
  ] as const) {
    test(`one becomes inactive, with those on it: ${change}`, async (t) => {
      const { client } = await testClient(t)
      await client.run(
        `${TABLE}; ALTER TABLE t ADD COLUMN free INT; CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT sum(v) AS s FROM t;
         CREATE MATERIALIZED VIEW on_m REFRESH MANUAL AS SELECT s FROM m; ALTER TABLE t DROP COLUMN free`,
      )
      const active = [
        ['m', 'true', ''],
        ['on_m', 'true', ''],
      ]
      assert.deepEqual(await client.rows(STATUS), active)
      await client.run(change)
      assert.deepEqual(await client.rows(STATUS), [
        ['m', 'false', reason],
        ['on_m', 'false', 'base-mv inactive: m'],
      ])
      assert.deepEqual(await client.rows('SELECT * FROM on_m'), [[30]])
      assert.match((await client.refusal('REFRESH MATERIALIZED VIEW m')).message, /not active/)
    })
  }

  test('one of a view that is changed or dropped becomes inactive, and active again when it can', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; CREATE VIEW w AS SELECT k, v FROM t; CREATE MATERIALIZED VIEW m REFRESH ASYNC AS SELECT sum(v) AS s FROM w`,
    )
    await client.run('ALTER VIEW w AS SELECT k, v + 1 AS v FROM t')
    assert.deepEqual(await client.rows(STATUS), [['m', 'false', 'base-view changed: w']])
    await client.run('ALTER MATERIALIZED VIEW m ACTIVE')
    assert.deepEqual(await client.rows(STATUS), [['m', 'true', '']])
    await until(client, 'SELECT s FROM m', [[32]])
    await client.run('DROP VIEW w')
    assert.deepEqual(await client.rows(STATUS), [['m', 'false', 'base-table dropped: w']])
    assert.match(
      (await client.refusal('ALTER MATERIALIZED VIEW m ACTIVE')).message,
      /Can not active materialized view \[m\]/,
    )
    assert.deepEqual(await client.rows(STATUS), [['m', 'false', 'base-table dropped: w']])
  })

  test('a refresh that fails keeps the rows and says why', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT char(v) AS s FROM t WHERE v > 15; INSERT INTO t VALUES (3, 200)`,
    )
    await client.refusal('REFRESH MATERIALIZED VIEW m WITH SYNC MODE')
    assert.deepEqual(await client.rows('SELECT * FROM m'), [['\x14']])
    const facts = await client.rows(
      'SELECT LAST_REFRESH_STATE, LAST_REFRESH_ERROR_MESSAGE FROM information_schema.materialized_views',
    )
    assert.equal(facts[0]?.[0], 'FAILED')
    assert.match(String(facts[0]?.[1]), /char\(\) is supported/)
  })

  // reference: StarRocks 3.3.7, test_create_materialized_view and AstToSQLBuilder.buildSimple
  test('columns are shown by their tables, if those are of one database', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; CREATE DATABASE e; CREATE TABLE e.x (k INT);
       CREATE MATERIALIZED VIEW m REFRESH MANUAL ORDER BY (v) AS SELECT k, v FROM t;
       CREATE MATERIALIZED VIEW n REFRESH MANUAL AS SELECT t.k, count(e.x.k) FROM t JOIN e.x ON t.k = e.x.k GROUP BY t.k`,
    )
    const shown = async (name: string) =>
      String((await client.rows(`SHOW CREATE MATERIALIZED VIEW ${name}`))[0]?.[1])
    assert.match(
      await shown('m'),
      /\nORDER BY \(v\)\n[^]*AS SELECT `t`.`k`, `t`.`v`\nFROM `d`.`t`;$/,
    )
    assert.match(
      await shown('n'),
      /AS SELECT `d`.`t`.`k`, count\(`e`.`x`.`k`\) AS `count\(e.x.k\)`\nFROM `d`.`t` INNER JOIN/,
    )
  })

  // reference: StarRocks 3.3.7, test_alter_mv, test_materialized_view_force_rewrite
  test('one has indexes and statistics as tables have, and no other clause of ALTER TABLE', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${TABLE}; CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT k, v FROM t; CREATE INDEX i ON m(v) USING BITMAP COMMENT 'c'`,
    )
    const shown = async () =>
      String((await client.rows('SHOW CREATE MATERIALIZED VIEW m'))[0]?.[1]).split('\n')
    assert.equal((await shown())[1], "  INDEX i (`v`) USING BITMAP COMMENT 'c')")
    await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE; DROP INDEX i ON m')
    assert.equal((await shown())[1], 'DISTRIBUTED BY RANDOM')
    assert.deepEqual(await client.rows('ANALYZE FULL TABLE m'), [
      ['d.m', 'analyze', 'status', 'OK'],
    ])
    assert.match(
      (await client.refusal('ALTER TABLE m RENAME n')).message,
      /because it is a materialized view,you can use 'ALTER MATERIALIZED VIEW'/,
    )
  })

  test('what it cannot be is refused', async (t) => {
    const { client } = await testClient(t)
    await client.run(TABLE)
    assert.match(
      (await client.refusal('CREATE MATERIALIZED VIEW m AS SELECT k, sum(v) FROM t GROUP BY k'))
        .message,
      /synchronous/,
    )
    assert.match(
      (await client.refusal('REFRESH MATERIALIZED VIEW t')).message,
      /not a materialized view/,
    )
    await client.run(
      "CREATE MATERIALIZED VIEW m COMMENT 'c' DISTRIBUTED BY HASH(k) REFRESH MANUAL PROPERTIES ('replication_num' = '1') AS SELECT k FROM t",
    )
    assert.match(
      (await client.refusal("REFRESH MATERIALIZED VIEW m PARTITION START ('1') END ('2')")).message,
      /single partition mv/,
    )
    const [shown] = await client.rows('SHOW CREATE MATERIALIZED VIEW m')
    assert.match(String(shown?.[1]), /REFRESH MANUAL[\s\S]*AS SELECT `t`.`k`\nFROM `d`.`t`;/)
  })
})

describe('a refresh of a part', () => {
  const BASE = `CREATE TABLE b (d DATE, v INT) DUPLICATE KEY(d) PARTITION BY RANGE(d) (
      PARTITION p1 VALUES LESS THAN ("2024-02-01"), PARTITION p2 VALUES LESS THAN ("2024-03-01"), PARTITION p3 VALUES LESS THAN ("2024-04-01")
    ) DISTRIBUTED BY HASH(d); INSERT INTO b VALUES ("2024-01-05", 1), ("2024-02-05", 1), ("2024-02-25", 1), ("2024-03-05", 1)`

  test('computes the partitions that meet the range, whole, and leaves the others', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${BASE}; CREATE MATERIALIZED VIEW m PARTITION BY d REFRESH DEFERRED MANUAL AS SELECT d, v FROM b`,
    )
    await client.run(
      "REFRESH MATERIALIZED VIEW m PARTITION START ('2024-02-10') END ('2024-02-12') WITH SYNC MODE",
    )
    assert.deepEqual(await client.rows('SELECT d FROM m ORDER BY d'), [
      ['2024-02-05'],
      ['2024-02-25'],
    ])
    await client.run('REFRESH MATERIALIZED VIEW m WITH SYNC MODE; INSERT INTO b SELECT d, 2 FROM b')
    await client.run(
      "REFRESH MATERIALIZED VIEW m PARTITION START ('2024-03-01') END ('2024-03-02') FORCE WITH SYNC MODE",
    )
    assert.deepEqual(await client.rows('SELECT d, count(*) FROM m GROUP BY d ORDER BY d'), [
      ['2024-01-05', 1],
      ['2024-02-05', 1],
      ['2024-02-25', 1],
      ['2024-03-05', 2],
    ])
  })

  test('names values of a view with partitions by list, and suits no other view', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      `${BASE}; CREATE TABLE l (c VARCHAR(9) NOT NULL, v INT) DUPLICATE KEY(c) PARTITION BY (c) DISTRIBUTED BY HASH(c); INSERT INTO l VALUES ("a", 1), ("b", 2);
       CREATE MATERIALIZED VIEW by_c PARTITION BY c REFRESH DEFERRED MANUAL AS SELECT c, v FROM l;
       CREATE MATERIALIZED VIEW by_d PARTITION BY d REFRESH DEFERRED MANUAL AS SELECT d, v FROM b;
       CREATE MATERIALIZED VIEW one REFRESH DEFERRED MANUAL AS SELECT c, v FROM l`,
    )
    await client.run('REFRESH MATERIALIZED VIEW by_c PARTITION ("b") WITH SYNC MODE')
    assert.deepEqual(await client.rows('SELECT * FROM by_c'), [['b', 2]])
    const cases: readonly (readonly [string, string])[] = [
      ['one PARTITION ("a")', 'for single partition mv.'],
      ['by_d PARTITION ("2024-01-01")', 'for non list partitioned mv.'],
      ['by_c PARTITION START ("a") END ("b")', 'for non range partitioned mv.'],
      ['by_d PARTITION START ("2024-02-01") END ("2024-01-01")', 'should less than end date.'],
    ]
    for (const [view, message] of cases)
      assert.ok(
        (await client.refusal(`REFRESH MATERIALIZED VIEW ${view}`)).message.endsWith(message),
        view,
      )
  })
})
