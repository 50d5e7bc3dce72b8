import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../support/open-engine.ts'

const numbers = Array.from({ length: 300 }, (_, index) => index)

test('many rows answer as few do, whatever stands in them', async (t) => {
  const { client } = await testClient(t)
  for (const comment of ["it's \\\\ 'x'", 'a\u001fb', 'a\u001eb', '\u001d', ''])
    for (const count of [3, 300]) {
      const columns = numbers.slice(0, count).map((at) => `c${at} INT COMMENT "${comment} ${at}"`)
      await client.run(`CREATE TABLE t (${columns.join(', ')})`)
      const rows = await client.rows(
        "SELECT column_name, ordinal_position, column_default, column_comment FROM information_schema.columns WHERE table_name = 't' ORDER BY 2",
      )
      assert.deepEqual(
        rows,
        numbers
          .slice(0, count)
          .map((at) => [`c${at}`, at + 1, null, `${comment.replace('\\\\', '\\')} ${at}`]),
      )
      await client.run('DROP TABLE t')
    }
})
