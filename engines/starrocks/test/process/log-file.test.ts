import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { logFile } from '../../src/process/log-file.ts'

function place(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'emrys-log-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'engine.log')
}

test('a log keeps its last lines in a bounded number of bounded files', (t) => {
  const path = place(t)
  const log = logFile({ path, maxBytes: 100, files: 2 })
  for (let line = 0; line < 100; line++) log.write(`${String(line).padStart(9, '0')}\n`)
  log.close()
  const files = [path, `${path}.1`, `${path}.2`]
  const kept = files.toReversed().map((file) => readFileSync(file, 'utf8'))
  for (const text of kept) assert.ok(text.length <= 100)
  const lines = kept.join('').trim().split('\n').map(Number)
  assert.deepEqual(
    lines,
    Array.from({ length: 30 }, (_, at) => 70 + at),
  )
  assert.ok(!existsSync(`${path}.3`))
  assert.equal(statSync(path).mode & 0o077, 0)
})

test('a log continues where the last process left it, and a line longer than a file is written whole', (t) => {
  const path = place(t)
  for (const line of ['one\n', 'two\n']) {
    const log = logFile({ path, maxBytes: 10, files: 1 })
    log.write(line)
    log.close()
  }
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n')
  const log = logFile({ path, maxBytes: 10, files: 1 })
  log.write(`${'x'.repeat(50)}\n`)
  log.close()
  assert.equal(readFileSync(path, 'utf8').length, 51)
  assert.equal(readFileSync(`${path}.1`, 'utf8'), 'one\ntwo\n')
})
