import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DuckDBConnection } from '@duckdb/node-api'
import { testClient } from '../../support/open-engine.ts'

const GROUPS = 'SELECT k, count(*) FROM t GROUP BY k ORDER BY k'

test('A query that is sent again and answered few rows is read in one piece, as long as they are few', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k)')
  await client.run('INSERT INTO t SELECT g % 4096 FROM TABLE(generate_series(0, 8191)) x (g)')
  const run = t.mock.method(DuckDBConnection.prototype, 'run')
  const prepare = t.mock.method(DuckDBConnection.prototype, 'prepare')
  const asked = async (count: number, each: number) => {
    run.mock.resetCalls()
    prepare.mock.resetCalls()
    const rows = await client.rows(GROUPS)
    assert.deepEqual(
      rows,
      Array.from({ length: count }, (_, k) => [k, k < 4096 ? each : 1]),
    )
    const isSelect = ({ arguments: [sql] }: { arguments: unknown[] }) =>
      String(sql).includes('GROUP BY')
    return [prepare.mock.calls.filter(isSelect).length, run.mock.calls.filter(isSelect).length]
  }
  assert.deepEqual(await asked(4096, 2), [1, 0], 'a stream')
  assert.deepEqual(await asked(4096, 2), [0, 1], 'one piece')
  await client.run('INSERT INTO t SELECT g FROM TABLE(generate_series(0, 4999)) x (g)')
  assert.deepEqual(await asked(5000, 3), [1, 1], 'tried in one piece, and read as a stream')
  assert.deepEqual(await asked(5000, 3), [1, 0], 'a stream')
  await client.run('DELETE FROM t WHERE k >= 100')
  assert.deepEqual(await asked(100, 3), [1, 0], 'a stream that is small')
  assert.deepEqual(await asked(100, 3), [0, 1], 'one piece')
})

test('Rows that are not read to their end say nothing of the next time', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k)')
  await client.run('INSERT INTO t SELECT g FROM TABLE(generate_series(0, 9999)) x (g)')
  for await (const result of client.session.execute('SELECT k FROM t')) {
    assert.ok(result.kind === 'rows')
    for await (const chunk of result.chunks) {
      assert.ok(chunk.length > 0)
      break
    }
  }
  assert.equal((await client.rows('SELECT k FROM t')).length, 10_000)
})
