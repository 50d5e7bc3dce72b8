import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../../../src/kernel/clock.ts'
import { statementThread } from '../../../src/sql/thread/statement-thread.ts'

test('many long statements of one user hold up one of another for no more than the one that is read', async (t) => {
  const thread = statementThread(systemClock())
  t.after(() => thread.stop())
  const done: string[] = []
  const text = `SELECT ${Array.from({ length: 9_000 }, (_, at) => `${at} + 1`).join(', ')}`
  const read = async (user: string) => {
    await thread.parse(text, {}, { user })
    done.push(user)
  }
  await Promise.all(['many', 'many', 'many', 'many', 'many', 'many', 'one'].map(read))
  assert.ok(done.indexOf('one') <= 2, done.join(' '))
})
