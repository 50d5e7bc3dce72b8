/** `npm test` itself: test files share processes, so one of them may neither hide nor cause another one's failure. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { batchesOf, LONG_FILES, longestFirst, type Batch } from '../../scripts/check/test-batch.ts'
import { runTests, type FileLimits } from '../../scripts/check/test-run.ts'
import { keepTimes, keptTimes } from '../../scripts/check/test-time.ts'
import { HAS_PROC, pidRecordOf } from '../../src/substrate/local/pid-file.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const LIMITS: FileLimits = { fileMs: 120_000, leftMs: 1_000 }
const CHECK = join(import.meta.dirname, '../../scripts/check.ts')
/** Of a program that runs until it is ended. */
const IDLE = 'setInterval(() => {}, 1000)'
const GOOD = `test('good', () => {})`

/** Of a process and those of its children that outlived it. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (problem) {
    assert.equal((problem as NodeJS.ErrnoException).code, 'ESRCH')
  }
}

/** A file whose test starts an engine, notes which, and never ends. */
const startingEngine = (note: string) => `import { spawn } from 'node:child_process'
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
test('starts an engine', () => {
  const directory = mkdtempSync(tmpdir() + '/engine-')
  const env = { ENGINE_DIRECTORY: directory }
  const engine = spawn(process.execPath, ['-e', ${JSON.stringify(IDLE)}], { detached: true, stdio: 'ignore', env })
  writeFileSync(${JSON.stringify(`${note}.part`)}, JSON.stringify({ directory, pid: engine.pid }))
  renameSync(${JSON.stringify(`${note}.part`)}, ${JSON.stringify(note)})
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})`

const engineNote = (note: string) =>
  JSON.parse(readFileSync(note, 'utf8')) as { readonly directory: string; readonly pid: number }

/** The files are named in the order of their making; `text` is what was written, then the totals without their seconds. `slow`: files that took long, on a busy machine any. */
async function runFiles(
  t: TestContext,
  bodies: readonly string[],
  { times, ...limits }: FileLimits & { readonly times?: boolean } = LIMITS,
): Promise<{ text: string; slow: string; totals: string; passed: boolean }> {
  const root = temporaryDirectory(t)
  const files = bodies.map((body, index) => {
    const file = join(root, `${index}.test.ts`)
    writeFileSync(file, `import { test, describe, after } from 'node:test'\n${body}\n`)
    return file
  })
  let text = ''
  const write = (more: string) => void (text += more)
  const run = await runTests({ files, atOnce: 1, root, write, limits, times: times ?? false })
  const [, slow = '', totals = ''] = /^((?:slow .*\n)*)(.*)$/s.exec(run.text) ?? []
  return { text, slow, totals: totals.replace(/ {2}in .*/, ''), passed: run.passed }
}

test('a failed test shows its name, its place and its cause, and suites do not count', async (t) => {
  const failing = `describe('a suite', () => {
  test('one that fails', () => { throw new Error('the cause') })
  test('one that waits', { skip: true }, () => {})
  test('one with a part', (t) => t.test('the part', () => {}))
})`
  const { text, totals, passed } = await runFiles(t, [GOOD, failing, GOOD])
  assert.match(text, /^\n✖ one that fails\n {2}1\.test\.ts:3\n {4}Error: the cause\n {8}at /)
  assert.equal(totals, 'tests 6  passed 4  failed 1  skipped 1  files 3')
  assert.equal(passed, false)
})

test('files are run one after the other, each with hooks of its own', async (t) => {
  const first = `after(() => { delete process.env.EMRYS_HOOK })
test('sets', () => { process.env.EMRYS_HOOK = '1' })`
  const second = `test('sees', () => { if (process.env.EMRYS_HOOK) throw new Error('seen') })`
  const { text, totals } = await runFiles(t, [first, second])
  assert.equal(text, '')
  assert.equal(totals, 'tests 2  passed 2  failed 0  skipped 0  files 2')
})

test('what a file changes for others fails it by name, and they do not see it', async (t) => {
  const leaking = `test('leaks', () => {
  process.env.EMRYS_LEAK = '1'
  globalThis.leak = 1
  Math.random = () => 0
})`
  const looking = `test('looks', () => {
  if (process.env.EMRYS_LEAK || globalThis.leak || Math.random() === 0) throw new Error('seen')
})`
  const { text, totals } = await runFiles(t, [leaking, looking])
  assert.match(text, /^\n✖ 0\.test\.ts\n {4}it left changed, .*: process\.env\.EMRYS_LEAK, /)
  assert.match(text, /globalThis\.leak, Math\.random\n$/)
  assert.equal(totals, 'tests 3  passed 2  failed 1  skipped 0  files 2')
})

test('what a file leaves running fails it by name, and the next one runs', async (t) => {
  const leaving = `test('leaves', () => void setInterval(() => {}, 1000))`
  const { text, totals } = await runFiles(t, [leaving, GOOD])
  // Where errors are written to may be among it.
  assert.match(text, /^\n✖ 0\.test\.ts\n {4}its tests are over, but it left running: .*Timeout\n$/)
  assert.equal(totals, 'tests 3  passed 2  failed 1  skipped 0  files 2')
})

// Both wait for the end of a file's time.
describe('what does not end by itself', { concurrency: 2 }, () => {
  test('a test that never ends is named: one that waits for nothing, and one that holds its process', async (t) => {
    const waiting = `test('waits for nothing', () => new Promise(() => {}))`
    const unimported = `await new Promise(() => {})`
    const idle = await runFiles(t, [waiting, unimported, GOOD])
    assert.equal(
      idle.text,
      '\n✖ 0.test.ts\n    nothing is left that it could wait for\n    it was in: waits for nothing\n' +
        '\n✖ 1.test.ts\n    its import has not ended\n',
    )
    assert.equal(idle.totals, 'tests 3  passed 1  failed 2  skipped 0  files 3')

    const holding = `test('holds', () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))`
    const held = await runFiles(t, [holding, GOOD], { ...LIMITS, fileMs: 10_000 })
    assert.equal(held.text, '\n✖ 0.test.ts\n    it took more than 10 s\n    it was in: holds\n')
    assert.match(held.slow, /^slow +0\.test\.ts \d/)
    assert.equal(held.totals, 'tests 2  passed 1  failed 1  skipped 0  files 2')
  })

  test(
    'what a file has started ends with it when it is killed, and nothing else does',
    { skip: HAS_PROC ? false : 'there is no /proc to see processes in' },
    async (t) => {
      const notes = temporaryDirectory(t)
      const stranger = spawn(process.execPath, ['-e', IDLE], { stdio: 'ignore' })
      t.after(() => stranger.kill('SIGKILL'))
      const starting = startingEngine(join(notes, 'note'))
      const { text } = await runFiles(t, [starting, GOOD], { ...LIMITS, fileMs: 10_000 })
      assert.match(text, /it took more than 10 s\n {4}it was in: starts an engine\n$/)
      const { directory, pid } = engineNote(join(notes, 'note'))
      assert.equal(existsSync(directory), false)
      assert.deepEqual(
        [pid, stranger.pid!].map((each) => pidRecordOf(each)?.pid),
        [undefined, stranger.pid],
      )
    },
  )
})

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(
    `ended by ${signal}, a run ends what its files have started, and then by that signal`,
    { skip: HAS_PROC ? false : 'there is no /proc to see processes in' },
    async (t) => {
      const root = temporaryDirectory(t)
      const [file, note] = [join(root, 'engine.test.ts'), join(root, 'note')]
      writeFileSync(file, `import { test } from 'node:test'\n${startingEngine(note)}\n`)
      const stdio = ['ignore', 'pipe', 'ignore'] as const
      const run = spawn(process.execPath, [CHECK, file], { stdio: [...stdio], detached: true })
      t.after(() => endGroup(run.pid!))
      let text = ''
      run.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()))
      const closed = once(run, 'close')
      while (!existsSync(note) && run.exitCode === null) await pause(20)
      const { directory, pid } = engineNote(note)
      t.after(() => pidRecordOf(pid) && process.kill(pid, 'SIGKILL'))
      run.kill(signal)
      assert.deepEqual(await closed, [null, signal])
      assert.equal(text, '', 'nothing is counted as failed')
      assert.equal(pidRecordOf(pid)?.pid, undefined)
      assert.equal(existsSync(directory), false)
    },
  )

test('a process that ends under its tests fails the file, and an error after a test too', async (t) => {
  const ending = `test('ends', () => process.exit(3))`
  const late = `test('is late', () => void setTimeout(() => { throw new Error('late') }, 20))`
  const { text, totals } = await runFiles(t, [ending, late, GOOD])
  assert.match(text, /✖ 0\.test\.ts\n {4}its process ended with exit code 3\n {4}it was in: ends\n/)
  assert.match(text, /✖ 1\.test\.ts\n {4}Error: .*"Error: late"/)
  assert.match(totals, / {2}passed 2 /)
  assert.match(totals, / {2}files 3$/)
})

test('an error that no test caught names the tests that it came under, and the next file runs', async (t) => {
  const lost = `test('waits', async () => {
  await new Promise((settle) => setTimeout(settle, 20))
  setTimeout(() => { throw new Error('lost') }, 20)
  await new Promise(() => setInterval(() => {}, 1000))
})`
  const rejected = lost.replace(`throw new Error('lost')`, `Promise.reject(new Error('lost'))`)
  for (const body of [lost, rejected]) {
    const { text, totals } = await runFiles(t, [body, GOOD])
    assert.match(text, /^\n✖ 0\.test\.ts\n {4}an error that no test caught: Error: lost\n {8}at .*/)
    assert.match(text, /\n {4}it was in: waits\n$/)
    assert.equal(totals, 'tests 2  passed 1  failed 1  skipped 0  files 2')
  }
})

test('tests run beside other work, which takes the place of one process, and the run ends with it', async (t) => {
  const root = temporaryDirectory(t)
  const file = join(root, 'fails.test.ts')
  writeFileSync(
    file,
    `import { test } from 'node:test'\ntest('fails', () => { throw new Error() })\n`,
  )
  const { promise, resolve } = Promise.withResolvers<void>()
  let isOver = false
  const write = () =>
    void setTimeout(() => {
      isOver = true
      resolve()
    }, 1_000)
  await runTests({ files: [file], atOnce: 2, beside: promise, root, write, limits: LIMITS })
  assert.ok(isOver)
})

test('the costliest files are shown by what they and their processes computed', async (t) => {
  const spin = `const since = process.cpuUsage()
while (process.cpuUsage(since).user < 500000) for (let n = 0; n < 1e6; n++) Math.sqrt(n)`
  const computing = `import { spawnSync } from 'node:child_process'
test('computes', () => { ${spin} })
test('lets compute', () => void spawnSync(process.execPath, ['-e', ${JSON.stringify(spin)}]))`
  const { totals } = await runFiles(t, [GOOD, computing, GOOD], { ...LIMITS, times: true })
  const [head, first, ...others] = totals.split('\n')
  assert.match(head!, /^processor +by clock$/)
  const [, processor, file] = /^ +([\d.]+) s +[\d.]+ s {2}(.*)$/.exec(first!)!
  assert.equal(file, '1.test.ts')
  assert.ok(Number(processor) >= (process.platform === 'linux' ? 1 : 0.5), first)
  assert.equal(others.filter((line) => line.endsWith('.test.ts')).length, 2)
})

test('what took longest begins first, and what was never run before it', () => {
  const batch = (...files: string[]): Batch => ({ files, shared: files.length > 1 })
  const [quick, slow, fresh] = [batch('quick'), batch('slow'), batch('new')]
  const both = batch('slow', 'quick', 'new')
  const spentMs = new Map([
    ['quick', 1],
    ['slow', 5],
  ])
  assert.deepEqual(longestFirst([quick, slow, both, fresh], spentMs), [fresh, both, slow, quick])
  assert.deepEqual(longestFirst([quick, fresh, slow], new Map()), [quick, fresh, slow])
})

test('how long each file took is kept beside that of others', async (t) => {
  const root = temporaryDirectory(t)
  const timesFile = join(root, 'times', 'test-times.json')
  assert.deepEqual([...keptTimes(timesFile)], [])
  keepTimes(timesFile, new Map([['other.test.ts', 7]]))
  const file = join(root, 'good.test.ts')
  writeFileSync(file, `import { test } from 'node:test'\n${GOOD}\n`)
  await runTests({ files: [file], atOnce: 1, root, write: () => {}, timesFile })
  const kept = keptTimes(timesFile)
  assert.deepEqual([...kept.keys()].sort(), [file, 'other.test.ts'].sort())
  assert.ok((kept.get(file) ?? 0) > 0)
  writeFileSync(timesFile, '{')
  assert.deepEqual([...keptTimes(timesFile)], [], 'what a run left half written is nothing')
})

test('a file shares its process unless its test code starts others', (t) => {
  const root = temporaryDirectory(t)
  const write = (name: string, text: string) => {
    writeFileSync(join(root, name), text)
    return join(root, name)
  }
  const plain = write('plain.test.ts', `import { readFileSync } from 'node:fs'`)
  const other = write('other.test.ts', '')
  const starting = write('starting.test.ts', `import { fork } from 'node:child_process'`)
  assert.deepEqual(batchesOf([plain, starting, other]), [
    { files: [starting], shared: false },
    { files: [plain, other], shared: true },
  ])
})

test('files that take long are there, have a process each, and come first where no times are known', () => {
  const root = join(import.meta.dirname, '../..')
  const long = LONG_FILES.map((each) => join(root, each))
  assert.deepEqual(
    long.filter((file) => !existsSync(file)),
    [],
  )
  const other = join(root, 'test/kernel/clock.test.ts')
  const batches = longestFirst(batchesOf([other, ...long]), new Map())
  assert.deepEqual(
    batches.map(({ files }) => files),
    [...long, other].map((file) => [file]),
  )
})
