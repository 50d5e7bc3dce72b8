import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('EXPLAIN, VERBOSE and COSTS print the plan with its tables, columns and estimated rows; ANALYZE with those that were', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE sold (k INT, price INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  await client.run('INSERT INTO sold VALUES (1, 2), (2, 3), (3, 4)')
  const plan = async (level: string): Promise<string> =>
    (await client.rows(`EXPLAIN ${level} SELECT sum(price) FROM sold`)).flat().join('\n')
  for (const level of ['', 'LOGICAL', 'VERBOSE', 'COSTS']) {
    const text = await plan(level)
    assert.match(text, /sold/, level)
    assert.match(text, /price/, level)
    assert.match(text, /~3 rows/, level)
  }
  assert.match(await plan('ANALYZE'), /[^~]3 rows/)
})
