/**
 * What the machine's `pip` is configured with: the index by the variable and the files that pip documents, in its order; and pip
 * itself, which has an index of its own where nobody set one.
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Origin, Pin } from './lock.ts'
import { ArtifactProblem } from './problem.ts'
import { findProgram, runProgram } from './program.ts'
import type { Found } from './source.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Empty where pip has no index but its own. */
export function pipIndex(env: Environment): string {
  const given = env['PIP_INDEX_URL'] ?? ''
  if (given !== '') return given
  let found = ''
  for (const file of pipFiles(env)) found = indexIn(file) ?? found
  return found
}

/** Those for all users, for this one, of the virtual environment, and the one that a variable names: the last that says it holds. */
function pipFiles(env: Environment): readonly string[] {
  const chosen = env['PIP_CONFIG_FILE']
  if (chosen === '/dev/null' || chosen === 'nul') return []
  const home = env['HOME'] ?? homedir()
  const venv = env['VIRTUAL_ENV']
  const name = process.platform === 'win32' ? 'pip.ini' : 'pip.conf'
  return [
    ...systemFiles(env, name),
    ...userFiles(env, home, name),
    ...(venv === undefined ? [] : [join(venv, name)]),
    ...(chosen === undefined ? [] : [chosen]),
  ]
}

function systemFiles(env: Environment, name: string): readonly string[] {
  if (process.platform === 'win32')
    return [join(env['PROGRAMDATA'] ?? 'C:\\ProgramData', 'pip', name)]
  if (process.platform === 'darwin') return ['/Library/Application Support/pip/pip.conf']
  const folders = (env['XDG_CONFIG_DIRS'] ?? '/etc/xdg').split(delimiter).filter(Boolean)
  return [...folders.map((folder) => join(folder, 'pip', name)), '/etc/pip.conf']
}

function userFiles(env: Environment, home: string, name: string): readonly string[] {
  if (process.platform === 'win32')
    return [
      join(home, 'pip', name),
      join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'pip', name),
    ]
  const library = join(home, 'Library', 'Application Support', 'pip')
  const folder =
    process.platform === 'darwin' && existsSync(library)
      ? library
      : join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'pip')
  return [join(home, '.pip', name), join(folder, name)]
}

/** What is set for `pip download` goes before what is set for all of pip's commands. */
function indexIn(file: string): string | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const found = new Map<string, string>()
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    const [, header] = /^\s*\[([^\]]+)\]/.exec(line) ?? []
    section = header?.trim() ?? section
    const [, value] = /^\s*index[-_]url\s*[=:]\s*(\S+)/.exec(line) ?? []
    if (value !== undefined) found.set(section, value)
  }
  return found.get('download') ?? found.get('global')
}

/** The first that is on the path. */
export function findPip(env: Environment): string | undefined {
  const ending = process.platform === 'win32' ? '.exe' : ''
  return findProgram(env, [`pip3${ending}`, `pip${ending}`])
}

const WHEEL = /^[A-Za-z0-9_.]+-[A-Za-z0-9_.+!]+-([a-z0-9_.]+)-([a-z0-9_.]+)-([a-z0-9_.]+)\.whl$/
const SOURCES = /\.tar\.gz$/

/** A file as pip's own client fetches it, in a folder of its own until it is released. */
export async function pipDownload(pip: string, { origin, sha256 }: PythonArtifact): Promise<Found> {
  const { project, version, file } = origin
  const chosen = choiceOf(origin)
  if (chosen === undefined)
    throw new ArtifactProblem(
      `${file} is no wheel and no tar.gz, and pip alone fetches no other file; set engines.python-index (EMRYS_ENGINES_PYTHON_INDEX) or PIP_INDEX_URL, or name a directory that has the file: --from DIR`,
    )
  const folder = await mkdtemp(join(tmpdir(), 'emrys-pip-'))
  const release = () => rm(folder, { recursive: true, force: true })
  // Pip looks into the sources of a project, which may be a program: into none but the pinned ones.
  const requirement = join(folder, 'requirement')
  const args = ['download', '--quiet', '--no-deps', '--require-hashes', '--dest', folder]
  try {
    await writeFile(requirement, `${project}==${version} --hash=sha256:${sha256}\n`)
    const all = [...args, ...chosen, '--requirement', requirement]
    await runProgram({ program: pip, args: all, shown: 'pip download' })
    const found = join(folder, file)
    if (!existsSync(found)) throw new ArtifactProblem(`pip brought another file than ${file}`)
    return { file: found, release }
  } catch (problem) {
    await release()
    throw problem
  }
}

export interface PythonArtifact extends Pick<Pin, 'sha256'> {
  readonly origin: Extract<Origin, { kind: 'python' }>
}

/** Which of the project's files is meant; undefined for one that pip does not fetch. */
function choiceOf({ project, file }: PythonArtifact['origin']): readonly string[] | undefined {
  if (SOURCES.test(file)) return [`--no-binary=${project}`]
  const [, python = '', abi = '', platforms = ''] = WHEEL.exec(file) ?? []
  if (platforms === '') return undefined
  return [
    '--only-binary=:all:',
    '--implementation',
    python.replace(/\d.*$/, ''),
    '--abi',
    abi,
    ...(platforms === 'any' ? [] : platforms.split('.').flatMap((each) => ['--platform', each])),
  ]
}
