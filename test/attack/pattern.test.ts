/** Patterns that a backtracking matcher never comes back from, in every statement and command of an engine that takes one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  engineDirectory,
  startEngine,
} from '../../engines/starrocks/test/support/engine-process.ts'

const PATTERN = `${'%_'.repeat(17)}%0`

test('row 3: a hostile LIKE pattern of SHOW is answered, and the engine continues', async (t) => {
  const engine = await startEngine(t, engineDirectory(t))
  await engine.query('CREATE DATABASE d')
  for (const what of ['VARIABLES', 'DATABASES', 'TABLES FROM d', 'TABLE STATUS FROM d', 'STATUS'])
    assert.ok(Array.isArray(await engine.query(`SHOW ${what} LIKE '${PATTERN}'`)), what)
  assert.equal((await engine.query("SHOW VARIABLES LIKE 'query!_timeout'")).length, 0)
  assert.equal((await engine.query(String.raw`SHOW VARIABLES LIKE 'query\_timeout'`)).length, 1)
  assert.deepEqual(await engine.query('SELECT 1'), [[1]])
})
