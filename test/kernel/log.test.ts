import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logger } from '../../src/kernel/log.ts'

test('lines are JSON with level and time, and members that hold secrets are cut', () => {
  const lines: string[] = []
  const log = logger('info', { write: (line) => void lines.push(line) })
  log.info({ id: 'c-1', password: 'hunter2', request: { token: 'hunter2' } }, 'made')
  log.debug({}, 'not at this level')
  assert.equal(lines.length, 1)
  const line = JSON.parse(lines[0]!) as Record<string, unknown>
  assert.deepEqual(
    [line['level'], line['msg'], line['id'], line['password']],
    ['info', 'made', 'c-1', '[cut]'],
  )
  assert.ok(!lines[0]!.includes('hunter2'))
})
