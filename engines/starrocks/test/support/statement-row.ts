/** Runs rows of the table of statements, each of which has to end as the table says. */
import assert from 'node:assert/strict'
import { SqlError } from '../../src/session.ts'
import { fixture } from '../statement/family.ts'
import type { Family } from '../statement/family.ts'
import type { Client } from './open-engine.ts'

type Outcome = 'runs' | { readonly errno: number; readonly message: string }

export async function checkRows(client: Client, rows: Family['rows']): Promise<void> {
  await client.session.use('d')
  for (const sql of fixture) await client.run(sql)
  for (const row of rows) {
    const sql = typeof row === 'string' ? row : row.sql
    const said: Outcome =
      typeof row === 'string' ? 'runs' : { errno: row.errno, message: row.message }
    assert.deepEqual(await outcomeOf(client, sql), said, sql)
  }
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
