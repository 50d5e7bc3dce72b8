import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { TestContext } from 'node:test'
import { skipWithout } from '../../../test/support/engine/module.ts'
import { skipWithoutObjectStore } from '../../../test/support/engine/object-store.ts'
import { functionNames } from '../src/sql/translate/call.ts'
import { avroFile } from './support/avro.ts'
import { objectClient } from './support/object-client.ts'
import { connect, testEngine } from './support/open-engine.ts'
import type { Client } from './support/open-engine.ts'
import { SqlError } from '../src/session.ts'
import { families } from './statement/families.ts'
import { fixture } from './statement/family.ts'

type Outcome = 'runs' | { readonly errno: number; readonly message: string }

describe('each statement of the table does what the table says', () => {
  for (const { title, rows, modules } of families) {
    const skip = modules !== undefined && (skipWithoutObjectStore() || lacking(modules))
    test(title, { skip }, async (t) => {
      const client = modules ? await withFiles(t, modules) : await connect(await testEngine(t))
      if (!modules) await client.run('CREATE DATABASE d')
      await client.session.use('d')
      for (const sql of fixture) await client.run(sql)
      for (const row of rows) {
        const sql = typeof row === 'string' ? row : row.sql
        const said: Outcome =
          typeof row === 'string' ? 'runs' : { errno: row.errno, message: row.message }
        assert.deepEqual(await outcomeOf(client, sql), said, sql)
      }
    })
  }
})

test('the table is whole: nothing stands in it twice, and no family is empty', () => {
  const all = families.flatMap(({ title, rows }) =>
    rows.map((row) => `${title}: ${typeof row === 'string' ? row : row.sql}`),
  )
  assert.ok(all.length > 350)
  const repeated = all.filter((row, index) => all.indexOf(row) < index)
  // Swapping two tables twice puts them back for the statements that follow.
  assert.deepEqual(repeated, ['Changing tables: ALTER TABLE t SWAP WITH s'])
  assert.ok(functionNames().length > 300)
})

function lacking(modules: readonly string[]): string | false {
  return modules.map(skipWithout).find((why) => why !== false) ?? false
}

async function withFiles(t: TestContext, modules: readonly string[]): Promise<Client> {
  const { client, put } = await objectClient(t, modules)
  await put('a.avro', avroFile)
  return client
}

async function outcomeOf(client: Client, sql: string): Promise<Outcome> {
  try {
    await client.run(sql)
    return 'runs'
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    return { errno: error.errno, message: error.message }
  }
}
