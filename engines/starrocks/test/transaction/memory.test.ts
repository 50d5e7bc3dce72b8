/** Rows that are written again as they are, again and again: the memory that they take is freed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits, testClient } from '../support/open-engine.ts'

const ROWS = 50_000
/** 80 MB of texts, with a limit of 64. */
const TIMES = 40

for (const model of ['PRIMARY', 'UNIQUE'])
  test(`${model} KEY: texts that do not change beside a number that does take no memory for good`, async (t) => {
    const { client } = await testClient(t, { limits: { ...limits, memoryBytes: 64 * 1024 * 1024 } })
    await client.run(
      `CREATE TABLE t (k INT, v VARCHAR(100), n INT) ${model} KEY(k) DISTRIBUTED BY HASH(k)`,
    )
    for (let round = 0; round < TIMES; round++)
      await client.run(
        `INSERT INTO t SELECT n, concat(md5(n), 'x'), ${round} FROM TABLE(generate_series(1, ${ROWS})) AS g(n)`,
      )
    assert.deepEqual(
      await client.rows('SELECT count(*), min(n), max(n), count(DISTINCT v) FROM t'),
      [[ROWS, TIMES - 1, TIMES - 1, ROWS]],
    )
  })
