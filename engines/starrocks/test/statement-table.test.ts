import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { functionNames } from '../src/sql/bind/call.ts'
import { connect, testEngine } from './support/open-engine.ts'
import { families } from './statement/families.ts'
import { checkRows } from './support/statement-row.ts'

describe('each statement of the table does what the table says', () => {
  for (const { title, rows, modules } of families) {
    if (modules) continue
    test(title, async (t) => {
      const client = await connect(await testEngine(t))
      await client.run('CREATE DATABASE d')
      await checkRows(client, rows)
    })
  }
})

test('the table is whole: nothing stands in it twice, and no family is empty', () => {
  const all = families.flatMap(({ title, rows }) =>
    rows.map((row) => `${title}: ${typeof row === 'string' ? row : row.sql}`),
  )
  assert.ok(all.length > 350)
  const repeated = all.filter((row, index) => all.indexOf(row) < index)
  // Swapping two tables twice puts them back for the statements that follow; the default volume is not dropped, and later is another.
  assert.deepEqual(repeated, [
    'Changing tables: ALTER TABLE t SWAP WITH s',
    'Storage volumes: DROP STORAGE VOLUME v',
  ])
  assert.ok(functionNames().length > 300)
})
