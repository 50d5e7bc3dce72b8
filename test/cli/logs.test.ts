import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readable } from '../../src/cli/logs.ts'

const plain = (_style: string, text: string) => text

test('on a terminal a line is time, level, sentence and facts, and steers nothing', () => {
  const line = JSON.stringify({
    level: 'warn',
    time: '2026-01-02T03:04:05.000Z',
    msg: 'slow \u001b[2J',
    ms: 7,
    who: 'a b',
  })
  assert.equal(readable(line, plain), '2026-01-02T03:04:05.000Z warn  slow \\x1b[2J ms=7 who="a b"')
})

test('a line that is no entry stays as it was written', () => {
  for (const line of ['plain words', '[1]', 'null', '{"half":'])
    assert.equal(readable(line, plain), line)
})
