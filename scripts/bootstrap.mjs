/**
 * Runs one of our TypeScript programs from a checkout, on a machine that has npm and any Node >= 18 and nothing else:
 * `node scripts/bootstrap.mjs PROGRAM.ts [arguments]`. What package-lock.json names and node_modules lacks is installed first,
 * the pinned Node among it; the program then runs on that Node, in this process when it is the one already (npm puts it first
 * on the PATH of its scripts), so that signals and the terminal are the program's own.
 *
 * Plain JavaScript with nothing but Node's own modules, because it runs before there is anything else.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NODE_MIN = 18
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const PINNED = join(
  ROOT,
  'node_modules',
  '.bin',
  process.platform === 'win32' ? 'node.cmd' : 'node',
)

if (Number(process.versions.node.split('.')[0]) < NODE_MIN)
  fail(`this is Node ${process.versions.node}; any Node from ${NODE_MIN} on will do`)

const [program, ...rest] = process.argv.slice(2)
if (program === undefined) fail('name a program: node scripts/bootstrap.mjs PROGRAM.ts')
const wanted = read('package.json').devDependencies.node

if (!isInstalled()) install()
if (process.versions.node === wanted) {
  process.argv = [process.argv[0], resolve(ROOT, program), ...rest]
  await import(pathToFileURL(resolve(ROOT, program)).href)
} else {
  hand([join(ROOT, program), ...rest])
}

/** Whether every package of the lock file is there in its version; optional ones are for other machines. */
function isInstalled() {
  if (!existsSync(join(ROOT, 'node_modules', '.package-lock.json'))) return false
  const there = read('node_modules/.package-lock.json').packages
  const missing = Object.entries(read('package-lock.json').packages).some(
    ([path, { version, optional }]) =>
      path !== '' && there[path]?.version !== version && !(optional && !there[path]),
  )
  return !missing && pinnedRuns()
}

function install() {
  process.stderr.write('installing what package-lock.json names, once; it takes about a minute …\n')
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  // Not `npm ci`: it removes node_modules first, under programs that run from there, though one package is missing. The locked
  // versions and integrities hold all the same (test/architecture/installation.test.ts), and the lock file is not written.
  if (npm(['install', '--no-save', ...quiet]).status !== 0)
    fail('npm install failed; what it printed above says why. Is the npm registry reachable?')
  // Where scripts are switched off, the package `node` has not fetched its program yet.
  if (!pinnedRuns()) npm(['rebuild', 'node', '--ignore-scripts=false', ...quiet])
  if (!pinnedRuns())
    fail(
      `the pinned Node ${wanted} did not get installed; allow the install script of the package node`,
    )
}

function pinnedRuns() {
  if (!existsSync(PINNED)) return false
  const { stdout } = spawnSync(PINNED, ['--version'], { encoding: 'utf8', shell: onWindows() })
  return (stdout ?? '').trim() === `v${wanted}`
}

/** The npm that started us, where one did. Its output goes to standard error: standard output is the program's. */
function npm(args) {
  const cli = process.env.npm_execpath
  const stdio = ['ignore', 2, 2]
  if (cli && /npm-cli\.c?js$/.test(cli)) return run(process.execPath, [cli, ...args], stdio)
  return run('npm', args, stdio)
}

function run(command, args, stdio) {
  return spawnSync(command, args, { cwd: ROOT, stdio, shell: onWindows() })
}

/** Runs the program on the pinned Node and ends as it ends. */
function hand(args) {
  const child = spawn(PINNED, args, { stdio: 'inherit', shell: onWindows() })
  // Ctrl-C reaches the program by itself, as it shares our terminal; what is sent to us alone is passed on.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (problem) => fail(problem.message))
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? 128 + (constants.signals[signal] ?? 1)
  })
}

function onWindows() {
  return process.platform === 'win32'
}

function read(file) {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
}

function fail(message) {
  process.stderr.write(`emrys: ${message}\n`)
  process.exit(1)
}
