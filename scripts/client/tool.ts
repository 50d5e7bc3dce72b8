/** What scenarios are, and the tools that they are prepared with; what is fetched is kept in .cache/, which git ignores. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'

export interface Scenario {
  readonly name: string
  /** Whether it is handed a running StarRocks instance (instance.ts) instead of the server's address. */
  readonly wantsInstance: boolean
  /** Whether that instance has object storage, of which it is handed the address and the key. */
  readonly wantsBucket: boolean
  /** Whether it starts servers by itself, by the command in EMRYS_COMMAND, and is handed none. */
  readonly startsServers?: boolean
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

export const ROOT = resolve(import.meta.dirname, '../..')
export const CACHE = join(ROOT, '.cache')

export function unmetPython(): string | undefined {
  return works('python3', ['-m', 'venv', '--help']) ? undefined : 'no python3 with venv'
}

/** The folder of its programs. Named by what is in it: changed requirements, or another content of the package of ours, make a new one. */
export function pythonEnvironment(requirements: string, ours?: string): string {
  const hash = createHash('sha256').update(readFileSync(requirements))
  const sources = ours === undefined ? [] : globSync('{pyproject.toml,src/**/*.py}', { cwd: ours })
  for (const source of sources.sort()) hash.update(readFileSync(join(ours ?? '', source)))
  const folder = join(CACHE, 'python', hash.digest('hex').slice(0, 12))
  const whole = join(folder, 'whole')
  if (!existsSync(whole)) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    must('python3', ['-m', 'venv', folder])
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input']
    const python = join(folder, 'bin', 'python')
    // The clouds' packages are a quarter of a gigabyte, of which little is imported: Python compiles that then.
    const late = ours === undefined ? ['--no-compile'] : []
    must(python, ['-m', 'pip', 'install', ...quiet, ...late, '-r', requirements])
    if (ours !== undefined) {
      // A copy: the build leaves files beside the sources.
      const copy = join(folder, 'source')
      cpSync(ours, copy, { recursive: true })
      must(python, ['-m', 'pip', 'install', ...quiet, copy])
    }
    writeFileSync(whole, '')
  }
  return join(folder, 'bin')
}

export function unmetMaven(): string | undefined {
  const lacks = ['java', 'mvn'].filter((tool) => !works(tool, ['-version']))
  return lacks.length === 0 ? undefined : lacks.map((tool) => `no ${tool}`).join(', ')
}

export function mavenOptions(pom: string, built: string): readonly string[] {
  const repository = join(CACHE, 'java', 'repository')
  return ['-B', '-q', '-f', pom, `-Dmaven.repo.local=${repository}`, `-Dbuilt=${built}`]
}

export function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

export function must(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): void {
  const { status, stdout, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}
