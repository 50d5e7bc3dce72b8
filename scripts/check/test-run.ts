/** Runs test files, says what failed as soon as it is known, and counts. Every test counts once; suites do not count. */
import { relative } from 'node:path'
import { run, type EventData } from 'node:test'
import { inspect } from 'node:util'

export interface Totals {
  readonly passed: boolean
  readonly text: string
}

export interface Run {
  readonly files: readonly string[]
  readonly atOnce: number
  readonly root: string
}

/** A test that hangs must not hang the whole: no file takes this long, the long versions included. */
const FILE_MS_MAX = 30 * 60_000
const SLOW_SHOWN = 5

export async function runTests({ files, atOnce, root }: Run): Promise<Totals> {
  const startedMs = performance.now()
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const spent = new Map<string, number>()
  const stream = run({ files: [...files], concurrency: atOnce, timeout: FILE_MS_MAX, cwd: root })
  stream.on('test:stderr', ({ message }) => void process.stderr.write(message))
  stream.on('test:pass', (test) => {
    if (test.details.type === 'suite') return
    if (test.skip === undefined && test.todo === undefined) counts.passed++
    else counts.skipped++
    note(spent, test, root)
  })
  stream.on('test:fail', (test) => {
    if (test.details.type === 'suite') return
    counts.failed++
    note(spent, test, root)
    const place = `${relative(root, test.file ?? '')}:${test.line ?? 0}`
    process.stdout.write(`\n✖ ${test.name}\n  ${place}\n${causeOf(test)}\n`)
  })
  stream.resume()
  await new Promise((resolve) => void stream.on('end', resolve))
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const { passed, failed, skipped } = counts
  const all = passed + failed + skipped
  const slow = slowest(spent)
  return {
    passed: failed === 0 && passed > 0,
    text: `${slow}tests ${all}  passed ${passed}  failed ${failed}  skipped ${skipped}  files ${files.length}  in ${seconds} s`,
  }
}

function note(
  spent: Map<string, number>,
  test: EventData.TestPass | EventData.TestFail,
  root: string,
): void {
  if (test.nesting > 0) return
  const file = relative(root, test.file ?? '')
  spent.set(file, (spent.get(file) ?? 0) + test.details.duration_ms)
}

function causeOf(test: EventData.TestFail): string {
  const { error } = test.details
  const cause = error.cause ?? error
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause)
  return text.replaceAll(/^/gm, '    ')
}

function slowest(spent: ReadonlyMap<string, number>): string {
  const slow = [...spent].sort(([, one], [, other]) => other - one).slice(0, SLOW_SHOWN)
  return slow
    .filter(([, ms]) => ms > 5_000)
    .map(([file, ms]) => `slow    ${file} ${(ms / 1000).toFixed(1)} s\n`)
    .join('')
}
