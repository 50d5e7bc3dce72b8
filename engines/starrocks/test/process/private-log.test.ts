import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutData } from '../../src/process/private-log.ts'

const NEEDLE = 'Needle5f3a'

test('a log line of an encrypted instance keeps its own words and where an error came from, and no text of an error', () => {
  const error = new Error(`cannot cast\n    ${NEEDLE}`)
  const line = JSON.stringify({
    level: 'error',
    reason: `bad ${NEEDLE}`,
    err: { type: 'Error', message: error.message, stack: error.stack },
    ports: { query: 9030 },
    msg: 'a load failed',
  })
  const shown = withoutData(line)
  assert.doesNotMatch(shown, new RegExp(NEEDLE))
  assert.match(shown, /"msg":"a load failed"/)
  assert.match(shown, /"ports":\{"query":9030\}/)
  assert.match(shown, /private-log\.test\.ts:\d+/)
  assert.match(withoutData(NEEDLE), /not logged/)
})
