import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

describe('INSERT OVERWRITE … PARTITION (column = value)', () => {
  test('replaces the rows of that partition, and makes it when it is not there', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      "CREATE TABLE v (d DATE NOT NULL, n INT) PARTITION BY date_trunc('month', d) DISTRIBUTED BY HASH(d)",
    )
    await client.run("INSERT INTO v VALUES ('2023-07-01', 1), ('2023-07-20', 2), ('2023-08-01', 3)")
    await client.run("INSERT OVERWRITE v PARTITION (d = '2023-07-05') SELECT '2023-07-09', 4")
    await client.run("INSERT OVERWRITE v PARTITION (D = '2023-09-05') VALUES ('2023-09-30', 5)")
    assert.deepEqual(await client.rows('SELECT n FROM v ORDER BY d'), [[4], [3], [5]])
    const names = new Set((await client.rows('SHOW PARTITIONS FROM v')).map((row) => row[1]))
    assert.deepEqual(names, new Set(['p202307', 'p202308', 'p202309']))
    const outside = await client.refusal(
      "INSERT OVERWRITE v PARTITION (d = '2023-07-05') SELECT '2023-08-09', 4",
    )
    assert.match(outside.message, /^Insert has filtered data in strict mode/)
    assert.deepEqual(await client.rows('SELECT count(*) FROM v'), [[3]])
  })

  test('takes one value for each column of the partitions', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE v (n INT, dt VARCHAR(20) NOT NULL, p VARCHAR(20) NOT NULL) PARTITION BY (dt, p)',
    )
    await client.run("INSERT INTO v VALUES (1, 'a', 'x'), (2, 'a', 'y')")
    await client.run("INSERT OVERWRITE v PARTITION (dt = 'a', p = 'x') VALUES (3, 'a', 'x')")
    assert.deepEqual(await client.rows('SELECT n FROM v ORDER BY n'), [[2], [3]])
    const cases: readonly (readonly [string, string])[] = [
      ["dt = 'a'", 'Must include all 2 partition columns in the partition clause.'],
      [
        "dt = 'a', p = 'x', n = 1",
        'Only 2 partition columns can be included in the partition clause.',
      ],
      ["dt = 'a', dt = 'x'", 'Found duplicate partition column name dt.'],
      ["dt = 'a', n = 1", "Can't find partition column n."],
      ["dt = 'a', p = concat('x')", 'partition value should be literal expression.'],
    ]
    for (const [keys, message] of cases) {
      const refusal = await client.refusal(
        `INSERT OVERWRITE v PARTITION (${keys}) VALUES (3, 'a', 'x')`,
      )
      assert.equal(refusal.message, `Getting analyzing error. Detail message: ${message}`)
    }
    const into = await client.refusal(
      "INSERT INTO v PARTITION (dt = 'a', p = 'x') VALUES (3, 'a', 'x')",
    )
    assert.match(into.message, /^INSERT INTO … PARTITION \(column = value\) is not supported/)
  })

  test('is refused where partitions are listed by name', async (t) => {
    const { client } = await testClient(t)
    await client.run(
      'CREATE TABLE v (d DATE) PARTITION BY RANGE(d) (PARTITION p VALUES LESS THAN ("2024-01-01"))',
    )
    const refusal = await client.refusal(
      "INSERT OVERWRITE v PARTITION (d = '2023-01-01') VALUES ('2023-01-01')",
    )
    assert.equal(
      refusal.message,
      'Getting analyzing error. Detail message: No partition specified in partition lists.',
    )
  })
})
