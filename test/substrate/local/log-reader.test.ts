import assert from 'node:assert/strict'
import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { logFile } from '../../../engines/starrocks/src/process/log-file.ts'
import { readLog } from '../../../src/substrate/local/log-reader.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

test('the last lines are read oldest first, over rotated parts too', (t) => {
  const path = join(temporaryDirectory(t), 'engine.log')
  const log = logFile({ path, maxBytes: 30, files: 5 })
  for (let line = 1; line <= 9; line++) log.write(`line number ${line}\n`)
  log.close()
  assert.equal(readLog(path, { lines: 3 }).text, 'line number 7\nline number 8\nline number 9\n')
  assert.equal(readLog(path, { lines: 1000 }).text.split('\n').length, 10)
})

test('parts that are named by their times are read over, and followed through the next one', (t) => {
  const path = join(temporaryDirectory(t), 'daemon.log')
  const begin = (time: string, text: string) => {
    writeFileSync(`${path}-${time}`, text)
    rmSync(path, { force: true })
    symlinkSync(`daemon.log-${time}`, path)
  }
  writeFileSync(`${path}-other`, 'no part\n')
  begin('20261127.155843', 'one\n')
  begin('20261127.155845', 'two\n')
  const { text, next } = readLog(path, { lines: 10 })
  assert.equal(text, 'one\ntwo\n')
  appendFileSync(path, 'three\n')
  begin('20261128.000000', 'four\n')
  const on = readLog(path, { after: next })
  assert.deepEqual([on.text, on.gap], ['three\nfour\n', false])
})

test('a log that is not there yet is empty, and is followed from its first line', (t) => {
  const path = join(temporaryDirectory(t), 'engine.log')
  const { text, next, gap } = readLog(path, { lines: 10 })
  assert.deepEqual([text, gap], ['', false])
  writeFileSync(path, 'first\n')
  const after = readLog(path, { after: next })
  assert.deepEqual([after.text, after.gap], ['first\n', false])
})

test('a line that is being written is read when it is whole', (t) => {
  const path = join(temporaryDirectory(t), 'engine.log')
  writeFileSync(path, 'whole\nha')
  const first = readLog(path, { lines: 10 })
  assert.equal(first.text, 'whole\n')
  appendFileSync(path, 'lf\n')
  assert.equal(readLog(path, { after: first.next }).text, 'half\n')
})

test('a reader whose part was deleted meanwhile learns of the gap and continues with what is left', (t) => {
  const path = join(temporaryDirectory(t), 'engine.log')
  const log = logFile({ path, maxBytes: 10, files: 1 })
  log.write('1 aaaaaa\n')
  const { next } = readLog(path, { lines: 1 })
  for (let line = 2; line <= 6; line++) log.write(`${line} aaaaaa\n`)
  log.close()
  const { text, gap } = readLog(path, { after: next })
  // The file system may give a deleted part's number to a new one; then the new one is read from where the old one ended.
  assert.ok(gap || text === '6 aaaaaa\n' || text === '', text)
  if (gap) assert.equal(text, '5 aaaaaa\n6 aaaaaa\n')
})

test('an answer is bounded, and what follows comes with the next one', (t) => {
  const path = join(temporaryDirectory(t), 'engine.log')
  const line = `${'x'.repeat(999)}\n`
  writeFileSync(path, line.repeat(2000))
  const last = readLog(path, { lines: 10_000 })
  assert.ok(last.text.length <= 524_288 && last.text.length > 500_000)
  assert.ok(last.text.split('\n').every((each) => each === '' || each.length === 999))
  let next = '0-0'
  let all = ''
  for (let answers = 0; answers < 10; answers++) {
    const part = readLog(path, { after: next })
    all += part.text
    next = part.next
  }
  assert.equal(all, line.repeat(2000))
})

test('a line longer than an answer does not stop a follower', (t) => {
  const path = join(temporaryDirectory(t), 'engine.log')
  const long = `${'y'.repeat(600_000)}\nend\n`
  writeFileSync(path, long)
  const first = readLog(path, { after: '0-0' })
  const second = readLog(path, { after: first.next })
  assert.equal(first.text + second.text, long)
})

test('a follower sees every line once and in order, however lines, rotations and looks fall', (t) => {
  const directory = temporaryDirectory(t)
  let run = 0
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant('look' as const), fc.nat(40)), { maxLength: 60 }),
      (acts) => {
        const path = join(directory, `log-${run++}`)
        const log = logFile({ path, maxBytes: 60, files: 99 })
        let { next, text: seen } = readLog(path, { lines: 1 })
        let written = ''
        for (const act of [...acts, 'look' as const]) {
          if (act === 'look') {
            const part = readLog(path, { after: next })
            seen += part.text
            next = part.next
            assert.equal(part.gap, false)
          } else {
            const line = `${'é'.repeat(act)}${written.length}\n`
            log.write(line)
            written += line
          }
        }
        log.close()
        assert.equal(seen, written)
      },
    ),
    { numRuns: 100 },
  )
})
