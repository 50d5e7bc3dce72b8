/**
 * Which test files share a process. Starting one and compiling what it imports costs more than most files' tests, so all share
 * that start nothing themselves; the worker sees to it that they leave the process as they found it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'

export interface Batch {
  readonly files: readonly string[]
  readonly shared: boolean
}

/** A batch is a process: what its files leave in memory goes with it, and a file meets always the same ones before it. */
const FILES_MAX = 40

/**
 * What a file may not name that shares a process, nor the test code that it imports: other processes and threads, which it may
 * leave; signals; what is measured for the whole process; and timers that are not its own.
 */
const ALONE =
  /'playwright-core'|'node:(?:child_process|cluster|worker_threads|v8|inspector)'|process\.(?:memoryUsage|cpuUsage|threadCpuUsage|resourceUsage|chdir|exit|umask|kill|on|once)\b|timers\.enable|monitorEventLoopDelay/

/**
 * They take longest. Each has a process for itself, and in a checkout that has no times yet they are begun in this order, before others,
 * so that none of them is the last one alone.
 */
export const LONG_FILES: readonly string[] = [
  'test/kubernetes/conformance.test.ts',
  'test/kubernetes/product.test.ts',
  'test/kubernetes/scale.test.ts',
  'test/scenario/lake-local.test.ts',
  'engines/starrocks/test/file/store-failure.test.ts',
  'engines/starrocks/test/lake/lake.test.ts',
  'engines/starrocks/test/file/file-table.test.ts',
  'engines/starrocks/test/lake/hive-catalog.test.ts',
  'test/postgres/paused.test.ts',
  'test/postgres/kill.test.ts',
  'test/browser/console.test.ts',
  'test/crash/failing-change.test.ts',
  'test/crash/life.test.ts',
  'test/crash/failing-backup.test.ts',
  'test/attack/pause.test.ts',
  'test/substrate/local/conformance.test.ts',
  'engines/starrocks/test/attack/hold.test.ts',
  'test/reconcile/billing/billing.test.ts',
  'test/contract/authorisation.test.ts',
  'engines/starrocks/test/attack/planning-bound.test.ts',
  'test/attack/stopped-engine.test.ts',
]

export function batchesOf(files: readonly string[]): readonly Batch[] {
  const known = new Map<string, boolean>()
  const alone = files.filter((file) => !mayShare(file, known))
  const able = files.filter((file) => mayShare(file, known))
  const long = able.filter(isLong)
  const sharing = able.filter((file) => !isLong(file))
  const size = Math.ceil(sharing.length / Math.max(1, Math.ceil(sharing.length / FILES_MAX)))
  return [
    ...alone.map((file) => ({ files: [file], shared: false })),
    ...long.map((file) => ({ files: [file], shared: true })),
    ...Array.from({ length: Math.ceil(sharing.length / size) }, (_, index) => ({
      files: sharing.slice(index * size, (index + 1) * size),
      shared: true,
    })),
  ]
}

/** Those that took longest in an earlier run first; others before, the long ones among them first. */
export function longestFirst(
  batches: readonly Batch[],
  spentMs: ReadonlyMap<string, number>,
): readonly Batch[] {
  const timed = batches.map((batch) => {
    const known = batch.files.map((file) => spentMs.get(file))
    const ms = known.every((each) => each === undefined)
      ? Infinity
      : known.reduce<number>((sum, each) => sum + (each ?? 0), 0)
    return { batch, ms }
  })
  const place = (batch: Batch) => Math.min(...batch.files.map(placeOf))
  return timed
    .sort((one, other) =>
      other.ms === one.ms ? place(one.batch) - place(other.batch) : other.ms - one.ms,
    )
    .map(({ batch }) => batch)
}

/** Behind all of them, if it is none of them. */
function placeOf(file: string): number {
  const at = LONG_FILES.findIndex((each) => file.endsWith(`/${each}`))
  return at < 0 ? LONG_FILES.length : at
}

function isLong(file: string): boolean {
  return placeOf(file) < LONG_FILES.length
}

function mayShare(file: string, known: Map<string, boolean>): boolean {
  const found = known.get(file)
  if (found !== undefined) return found
  // Modules that import each other: this one's own answer counts.
  known.set(file, true)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const answer = !ALONE.test(text) && testImports(file, text).every((each) => mayShare(each, known))
  known.set(file, answer)
  return answer
}

/** The test code among what it imports: what the program itself starts is ended by the tests that let it. */
function testImports(file: string, text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
    .map(([, target = '']) => resolve(dirname(file), target))
    .filter((target) => target.includes(`${sep}test${sep}`))
}
