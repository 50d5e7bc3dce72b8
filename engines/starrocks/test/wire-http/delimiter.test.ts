import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDelimiter } from '../../src/wire-http/delimiter.ts'
import { SqlError } from '../../src/session.ts'

test('a delimiter is text, an escape or bytes by number', () => {
  const cases: readonly [string, string][] = [
    [',', ','],
    ['||', '||'],
    [' ', ' '],
    ['\\t', '\t'],
    ['\\r\\n', '\r\n'],
    ['\\x01', '\x01'],
    ['\\X01', '\x01'],
    ['0x01', '\x01'],
    ['\\x0d\\x0a', '\r\n'],
    ['\\x0d0a', '\r\n'],
    ['\\xff', '\xff'],
    ['\\\\', '\\'],
    ['\\q', '\\q'],
    ['，', Buffer.from('，').toString('latin1')],
  ]
  for (const [text, bytes] of cases) assert.equal(readDelimiter('column_separator', text), bytes)
})

test('a delimiter that is none is refused by its header’s name', () => {
  for (const text of ['\\x', '\\x1', '\\xzz', '0x', '\\x01,', 'a'.repeat(51), '']) {
    assert.throws(
      () => readDelimiter('row_delimiter', text),
      (error: unknown) => error instanceof SqlError && error.message.includes('row_delimiter'),
      text,
    )
  }
})
