/** The scenarios of test/client and what each needs: Python ones a virtual environment, Go ones their modules. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, delimiter, join, resolve } from 'node:path'

export interface Scenario {
  readonly name: string
  /** The tool that this machine lacks, if it lacks one. */
  lacks(): string | undefined
  /** Fetches what is not cached yet. Throws with what the fetching printed. */
  prepare(): Promise<Prepared>
}

/** The server's address is put behind `args`. */
export interface Prepared {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

const ROOT = resolve(import.meta.dirname, '../..')
const CLIENTS = join(ROOT, 'test', 'client')
const CACHE = join(ROOT, '.cache')

export function scenarios(): readonly Scenario[] {
  const python = globSync('python/*.{py,sh}', { cwd: CLIENTS }).map(pythonScenario)
  const go = globSync('go/*/go.mod', { cwd: CLIENTS }).map(goScenario)
  return [...python, ...go].sort((one, other) => one.name.localeCompare(other.name))
}

function pythonScenario(file: string): Scenario {
  const script = join(CLIENTS, file)
  return {
    name: file,
    lacks: () => (works('python3', ['-m', 'venv', '--help']) ? undefined : 'no python3 with venv'),
    async prepare() {
      const bin = environment()
      const command = script.endsWith('.py') ? join(bin, 'python') : 'bash'
      const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`
      // What a client would find of the user's own settings must not decide a test.
      return { command, args: [script], cwd: CLIENTS, env: { PATH, PYTHONNOUSERSITE: '1' } }
    },
  }
}

/** One environment for all Python scenarios, named by what is in it: changed requirements make a new one. */
function environment(): string {
  const requirements = join(CLIENTS, 'python', 'requirements.txt')
  const mark = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)
  const folder = join(CACHE, 'python', mark)
  const whole = join(folder, 'whole')
  if (!existsSync(whole)) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    must('python3', ['-m', 'venv', folder])
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input']
    must(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, '-r', requirements])
    writeFileSync(whole, '')
  }
  return join(folder, 'bin')
}

function goScenario(file: string): Scenario {
  const folder = join(CLIENTS, file, '..')
  const name = `go/${basename(folder)}`
  return {
    name,
    lacks: () => (works('go', ['version']) ? undefined : 'no go'),
    async prepare() {
      const env = {
        GOMODCACHE: join(CACHE, 'go', 'module'),
        GOCACHE: join(CACHE, 'go', 'build'),
        // Without it the cache cannot be removed as any other folder.
        GOFLAGS: '-modcacherw',
        GOTOOLCHAIN: 'local',
      }
      const program = join(CACHE, 'go', 'bin', basename(folder))
      must('go', ['build', '-o', program, '.'], { cwd: folder, env: { ...process.env, ...env } })
      return { command: program, args: [], cwd: folder, env: {} }
    },
  }
}

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

function must(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): void {
  const { status, stdout, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}
