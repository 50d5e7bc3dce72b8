/**
 * `npm test`: format, lint, types, what is unused, and beside them every test; a line for each and the totals at the end. Exit code 0
 * only when all of it passed. `--help` says what else there is. Ended by a signal, it ends all that it and the tests have started, and then by
 * that signal.
 */
import { execFile } from 'node:child_process'
import { availableParallelism, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { checkOptions, HELP } from './check/check-option.ts'
import { builtPrograms } from './check/test-program.ts'
import { runTests } from './check/test-run.ts'
import { testSuites } from './check/test-suite.ts'

const ROOT = resolve(import.meta.dirname, '..')
const BIN = join(ROOT, 'node_modules', '.bin')

/** A second check compiles only what has changed. */
const TYPES_INFO = 'node_modules/.cache/types.tsbuildinfo'

const CHECKS = [
  { name: 'format', program: 'oxfmt', args: ['--check', '.'], cure: 'npm run format' },
  { name: 'lint', program: 'oxlint', args: ['--type-aware', '--quiet'] },
  {
    name: 'types',
    program: 'tsc',
    args: ['-p', '.', '--singleThreaded', '--incremental', '--tsBuildInfoFile', TYPES_INFO],
  },
  { name: 'console', program: 'tsc', args: ['-p', 'console'] },
  { name: 'unused', program: 'knip', args: ['--no-progress'] },
] as const

/** Of memory, that a file with whole services may need: the daemons of two clusters of Hadoop. */
const HEAVY_BYTES = 4 * 1024 ** 3

const ended = new AbortController()
/** Node would end at once, and leave engines running that lead process groups of their own. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => ended.abort(signal))

const { ring, files: named, long: isLong, times, help } = chosenOptions()
if (help) {
  process.stdout.write(HELP)
  process.exit()
}
// Each file is a process that reads the same modules: kept compiled, they take a third less processor time.
process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules', '.cache', 'compile')

const suites = testSuites(ROOT)
if (isLong) process.env['EMRYS_LONG'] = '1'
const isWhole = named.length === 0 && ring === 'plain'
const failed: string[] = []
const chosen = isLong ? [...suites.plain, ...suites.crash, ...suites.postgres] : suites[ring]
const files = named.length > 0 ? named : chosen
// The console's tests start servers of the checkout, which build it.
if (ring !== 'console') process.env['EMRYS_TEST_PROGRAMS'] = await builtPrograms(ROOT)
// One after the other, in the place of one test process: some use a single processor.
const checked = isWhole ? runChecks() : undefined
const totals = await runTests({
  files: files.map((file) => resolve(ROOT, file)),
  atOnce: filesAtOnce(),
  ...(checked === undefined ? {} : { beside: checked }),
  root: ROOT,
  // What ends with the run is no failure of a test.
  write: (text) => void (ended.signal.aborted || process.stdout.write(text)),
  signal: ended.signal,
  times,
  timesFile: join(ROOT, 'node_modules', '.cache', 'test-times.json'),
})
if (ended.signal.aborted) process.kill(process.pid, ended.signal.reason as NodeJS.Signals)
for (const name of failed) process.stdout.write(`FAILED  ${name}\n`)
process.stdout.write(`${totals.text}\n`)
if (isWhole && !isLong)
  process.stdout.write(
    `${suites.crash.length} more test files kill what they test (npm run test:crash), ${suites.latency.length} measure what others wait for (test:latency), ${suites.modules.length} need modules of engines (test:modules), ${suites.postgres.length} a PostgreSQL (test:postgres), ${suites.kubernetes.length} a control plane of Kubernetes (test:kubernetes), ${suites.console.length} a browser (test:console), ${suites.package.length} build what is published (test:package), ${suites.engines.length} whole services (test:engines)\n`,
  )
process.exitCode = failed.length > 0 || !totals.passed ? 1 : 0

/**
 * A third of the tests' time they wait for disks and servers: one more at once than there are processors. Those that run whole services,
 * control planes and browsers compute more, and each of them needs memory for what it runs. What is measured has no other beside it.
 */
function filesAtOnce(): number {
  if (ring === 'latency') return 1
  const processors = availableParallelism()
  if (!['engines', 'kubernetes', 'console'].includes(ring)) return Math.min(4, processors + 1)
  return Math.max(1, Math.min(4, processors, Math.floor(totalmem() / HEAVY_BYTES)))
}

function chosenOptions() {
  try {
    return checkOptions(process.argv.slice(2))
  } catch (problem) {
    process.stderr.write(
      `${problem instanceof Error ? problem.message : String(problem)}\n\n${HELP}`,
    )
    process.exit(2)
  }
}

async function runChecks(): Promise<void> {
  for (const each of CHECKS)
    if (!ended.signal.aborted && !(await passes(each))) failed.push(each.name)
}

async function passes(check: (typeof CHECKS)[number]): Promise<boolean> {
  const startedMs = performance.now()
  const { passed, output } = await outputOf(join(BIN, check.program), check.args)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(8)} ${seconds} s\n`)
  if (!passed) process.stdout.write(output)
  if (!passed && 'cure' in check) process.stdout.write(`(${check.cure} corrects it)\n`)
  return passed
}

function outputOf(
  program: string,
  options: readonly string[],
): Promise<{ readonly passed: boolean; readonly output: string }> {
  const settings = {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
    signal: ended.signal,
  }
  return new Promise((settle) => {
    execFile(program, options, settings, (problem, stdout, stderr) =>
      settle({ passed: problem === null, output: `${stdout}${stderr}` }),
    )
  })
}
