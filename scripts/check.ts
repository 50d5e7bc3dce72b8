/**
 * `npm test`: format, lint, types, what is unused, then every test; a line for each and the totals at the end. Exit code 0
 * only when all of it passed. With files (`npm test -- test/kernel/clock.test.ts`) only those tests run; `--modules` runs those
 * that need modules of engines, `--engines` those that run whole services of EMR, each nothing else; `--long` gives the crash, fuzz
 * and property tests their long version (EMRYS_LONG=1); `--times` shows which files cost the most processor time.
 */
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { runTests } from './check/test-run.ts'
import { testSuites } from './check/test-suite.ts'

const ROOT = resolve(import.meta.dirname, '..')
const BIN = join(ROOT, 'node_modules', '.bin')

const CHECKS = [
  { name: 'format', program: 'oxfmt', args: ['--check', '.'], cure: 'npm run format' },
  { name: 'lint', program: 'oxlint', args: ['--type-aware', '--quiet'] },
  { name: 'types', program: 'tsc', args: ['-p', '.'] },
  { name: 'unused', program: 'knip', args: ['--no-progress'] },
] as const

const args = process.argv.slice(2)
const named = args.filter((each) => !each.startsWith('--'))
if (args.includes('--long')) process.env['EMRYS_LONG'] = '1'
// Each file is a process that reads the same modules: kept compiled, they take a third less processor time.
process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules', '.cache', 'compile')

const suites = testSuites(ROOT)
const suite = args.includes('--engines')
  ? 'engines'
  : args.includes('--modules')
    ? 'modules'
    : 'plain'
const isWhole = named.length === 0 && suite === 'plain'
const failed = isWhole ? CHECKS.filter((check) => !passes(check)) : []
const files = named.length > 0 ? named : suites[suite]
const totals = await runTests({
  files: files.map((file) => resolve(ROOT, file)),
  // Most tests wait for disks and servers; more than two at once only makes the timing ones slower.
  atOnce: suite === 'engines' ? 1 : Math.min(4, Math.max(2, availableParallelism())),
  root: ROOT,
  write: (text) => void process.stdout.write(text),
  times: args.includes('--times'),
})
for (const check of failed) process.stdout.write(`FAILED  ${check.name}\n`)
process.stdout.write(`${totals.text}\n`)
if (isWhole)
  process.stdout.write(
    `${suites.modules.length} more test files need modules of engines (npm run test:modules), ${suites.engines.length} whole services (npm run test:engines)\n`,
  )
process.exitCode = failed.length > 0 || !totals.passed ? 1 : 0

function passes(check: (typeof CHECKS)[number]): boolean {
  const startedMs = performance.now()
  const { status, stdout, stderr } = spawnSync(join(BIN, check.program), check.args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  })
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const passed = status === 0
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(8)} ${seconds} s\n`)
  if (!passed) process.stdout.write(`${stdout}${stderr}`)
  if (!passed && 'cure' in check) process.stdout.write(`(${check.cure} puts it right)\n`)
  return passed
}
