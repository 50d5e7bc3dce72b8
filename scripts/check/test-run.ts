/** Runs test files, says what failed as soon as it is known, and counts. Every test counts once; suites do not count. */
import { existsSync, statfsSync } from 'node:fs'
import { relative } from 'node:path'
import { batchesOf, longestFirst, type Batch } from './test-batch.ts'
import { startTestProcess, type FileListener } from './test-process.ts'
import { keepTimes, keptTimes } from './test-time.ts'
import type { Result } from './test-worker.ts'

export interface Totals {
  readonly passed: boolean
  readonly text: string
}

export interface Run {
  readonly files: readonly string[]
  /** Processes; half of them begin with the files that are alone in theirs and mostly wait, half with those that share one and compute. */
  readonly atOnce: number
  /** Work in the place of one of them, which begins after it. The run does not end before. */
  readonly beside?: Promise<void>
  readonly root: string
  readonly write: (text: string) => void
  /** Ends what runs, with everything it has started, and begins nothing more. */
  readonly signal?: AbortSignal
  readonly limits?: FileLimits
  /** Whether the costliest files are shown. */
  readonly times?: boolean
  /** Where it is kept how long each file took, for the order of the next run. */
  readonly timesFile?: string
}

export interface FileLimits {
  /** A test that hangs must not hang the whole: a file that takes longer is ended. */
  readonly fileMs: number
  /** So is one that neither runs a test nor ends. */
  readonly leftMs: number
}

/** No file takes as long, the long versions included. */
const LIMITS: FileLimits = {
  fileMs: (process.env['EMRYS_LONG'] ? 60 : 15) * 60_000,
  leftMs: 60_000,
}
const SLOW_SHOWN = 5
const COSTLY_SHOWN = 40
/**
 * Directories in memory, where the system has them: hundreds of stores wait for the disk otherwise, though nobody cuts their power.
 * Those that test processes, and what is left when these are killed, are on the disk.
 */
const MEMORY = '/dev/shm'
const ROOM_BYTES = 4 * 1024 ** 3

interface Progress {
  readonly counts: Record<Result['outcome'], number>
  readonly processor: Map<string, number>
  readonly tookMs: Map<string, number>
}

export async function runTests(options: Run): Promise<Totals> {
  const { files, atOnce, timesFile } = options
  const startedMs = performance.now()
  const progress: Progress = {
    counts: { passed: 0, failed: 0, skipped: 0 },
    processor: new Map(),
    tookMs: new Map(),
  }
  const known = timesFile === undefined ? new Map<string, number>() : keptTimes(timesFile)
  const batches = longestFirst(batchesOf(files), known)
  const alone = batches.filter(({ shared }) => !shared)
  const sharing = batches.filter(({ shared }) => shared)
  await Promise.all(
    Array.from({ length: atOnce }, async (_, lane) => {
      if (lane === atOnce - 1) await options.beside
      for (;;) {
        const [first, second] = lane % 2 === 0 ? [alone, sharing] : [sharing, alone]
        const batch = first.shift() ?? second.shift()
        if (batch === undefined || options.signal?.aborted) return
        await runBatch(batch, progress, options)
      }
    }),
  )
  const tookMs = performance.now() - startedMs
  if (timesFile !== undefined) keepTimes(timesFile, progress.tookMs)
  const shown = new Map(
    [...progress.tookMs].map(([file, ms]) => [relative(options.root, file), ms]),
  )
  const { passed, failed, skipped } = progress.counts
  const slow = options.times ? costliest(progress.processor, shown) : slowest(shown)
  return {
    passed: failed === 0 && passed > 0,
    text: `${slow}tests ${passed + failed + skipped}  passed ${passed}  failed ${failed}  skipped ${skipped}  files ${files.length}  in ${(tookMs / 1000).toFixed(1)} s`,
  }
}

/** After a file that was at fault itself the next ones get another process: they must not fail, or pass, because of it. */
async function runBatch(
  { files, shared }: Batch,
  progress: Progress,
  { root, write, signal, limits = LIMITS }: Run,
): Promise<void> {
  const options = {
    root,
    fileMsMax: limits.fileMs,
    ...(shared && isRoomy(MEMORY) ? { directory: MEMORY } : {}),
  }
  let current = startTestProcess(options)
  const stop = () => current.kill()
  signal?.addEventListener('abort', stop)
  for (const file of files) {
    if (signal?.aborted) break
    const listener = fileListener(relative(root, file), progress, write)
    const beganMs = performance.now()
    await current.run({ file, shared, leftMsMax: limits.leftMs }, listener)
    progress.tookMs.set(file, performance.now() - beganMs)
    if (!current.hasEnded() && !listener.atFault()) continue
    await current.end()
    if (file !== files.at(-1) && !signal?.aborted) current = startTestProcess(options)
  }
  signal?.removeEventListener('abort', stop)
  await current.end()
}

function isRoomy(directory: string): boolean {
  if (!existsSync(directory)) return false
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize > ROOM_BYTES
}

function fileListener(
  file: string,
  { counts, processor }: Progress,
  write: (text: string) => void,
): FileListener & { atFault(): boolean } {
  let atFault = false
  return {
    atFault: () => atFault,
    onResult({ outcome, name, place, cause = '' }) {
      counts[outcome]++
      if (outcome === 'failed') write(`\n✖ ${name}\n  ${place}\n${indented(cause)}\n`)
    },
    onFault(cause, running) {
      atFault = true
      counts.failed++
      const tests = running.map((name) => `\n    it was in: ${name}`).join('')
      write(`\n✖ ${file}\n${indented(cause)}${tests}\n`)
    },
    onEnd: (processorMs) => void processor.set(file, processorMs),
  }
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}

function slowest(tookMs: ReadonlyMap<string, number>): string {
  const slow = [...tookMs].sort(([, one], [, other]) => other - one).slice(0, SLOW_SHOWN)
  return slow
    .filter(([, ms]) => ms > 5_000)
    .map(([file, ms]) => `slow    ${file} ${(ms / 1000).toFixed(1)} s\n`)
    .join('')
}

/** By processor time, which says more than a file's own time where several files share a machine. */
function costliest(
  processor: ReadonlyMap<string, number>,
  tookMs: ReadonlyMap<string, number>,
): string {
  const rows = [...processor].sort(([, one], [, other]) => other - one)
  const all = rows.reduce((sum, [, ms]) => sum + ms, 0)
  const lines = rows
    .slice(0, COSTLY_SHOWN)
    .map(([file, ms]) => `${seconds(ms)}${seconds(tookMs.get(file) ?? 0)}  ${file}\n`)
  return `processor  by clock\n${lines.join('')}${seconds(all)}           in all files\n`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(7)} s`
}
