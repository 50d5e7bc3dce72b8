import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { addToHistory } from '../../src/journal/history.ts'
import { random } from '../../src/kernel/random.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const entry = {
  account: 'a',
  principal: 'root/a',
  action: 'Rename',
  requestId: 'r-1',
  region: 'r',
  subject: 'c-1',
  verb: 'rename',
} as const

test('what happens to a cluster stands in its history and in the audit trail, or in neither', async (t) => {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  const at = { nowMs: 5_000, random: random('s') }
  const first = await store.write((tx) => addToHistory(tx, entry, at))
  const second = await store.write((tx) =>
    addToHistory(tx, { ...entry, verb: 'delete', steps: ['stop', 'remove'] }, at),
  )
  const undone = store.write(async (tx) => {
    await addToHistory(tx, entry, at)
    throw new Error('undone')
  })
  await assert.rejects(undone, /undone/)
  const listing = { account: 'a', parent: 'c-1', order: 'oldest', limit: 9, offset: 0 } as const
  const { rows } = await store.read((tx) => tx.list('operation', listing))
  assert.deepEqual(
    rows.map(({ document }) => document),
    [first, second],
  )
  assert.deepEqual([first.status, first.verb, first.flow], ['completed', 'rename', 1])
  assert.deepEqual([second.status, second.steps.length, second.flow], ['running', 2, 2])
  const { verb: _, ...audited } = entry
  const audit = await store.read((tx) => tx.audit('a', 9))
  assert.deepEqual(
    audit.map((each) => ({ ...each })),
    [1, 2].map(() => ({ ...audited, atMs: 5_000 })),
  )
})
