/**
 * The scenarios of test/client, and the tests of what `clients/` holds for other languages' test suites, and what each needs: Python ones a virtual environment, Go ones their modules, Java ones a build
 * by Maven, the MariaDB command line itself. Those in `sql/` talk to a running instance, all others to the clouds' APIs; those in
 * The scenarios of test/client and what each needs: Python ones a virtual environment, Go ones their modules, Java ones a build
 * by Maven, the MariaDB command line itself, what the console writes both of the first. Those in `sql/` talk to a running instance, all others to the clouds' APIs; those in
 * `sql/lake/` talk to the bucket of that instance as well.
 */
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
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { loadConfig } from '../../src/config/config.ts'
import { objectStoreLock, starrocksLock } from '../../src/substrate/local/lock.ts'
import { cachedModules } from '../../src/substrate/local/module.ts'

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

const ROOT = resolve(import.meta.dirname, '../..')
const CLIENTS = join(ROOT, 'test', 'client')
const PLUGINS = join(ROOT, 'clients')
const CACHE = join(ROOT, '.cache')

export function scenarios(): readonly Scenario[] {
  const found = (pattern: string) => globSync(pattern, { cwd: CLIENTS })
  return [
    ...found('{python,sql/python,sql/tool,sql/lake}/*.{py,sh}').map(pythonScenario),
    ...found('{go/*,sql/go}/go.mod').map(goScenario),
    ...found('sql/*.sh').map(commandLineScenario),
    ...found('sql/*/{pom,*.pom}.xml').map(javaScenario),
    ...found('metadata/*.ts').map(databaseScenario),
    pytestScenario(),
    junitScenario(),
    alertScenario(),
    ...found('console/*.ts').map(textScenario),
  ].sort((one, other) => one.name.localeCompare(other.name))
}

const wants = (name: string): Pick<Scenario, 'wantsInstance' | 'wantsBucket'> => ({
  wantsInstance: name.startsWith('sql/'),
  wantsBucket: name.startsWith('sql/lake/'),
})

function pythonScenario(file: string): Scenario {
  const script = join(CLIENTS, file)
  return {
    name: file,
    ...wants(file),
    lacks: () => lackOfPython() ?? (wants(file).wantsBucket ? lackOfBucket() : undefined),
    async prepare() {
      const bin = pythonEnvironment(requirementsOf(script))
      const command = script.endsWith('.py') ? join(bin, 'python') : 'bash'
      const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`
      // What a client would find of the user's own settings must not decide a test.
      return { command, args: [script], cwd: CLIENTS, env: { PATH, PYTHONNOUSERSITE: '1' } }
    },
  }
}

function lackOfPython(): string | undefined {
  return works('python3', ['-m', 'venv', '--help']) ? undefined : 'no python3 with venv'
}

/** The plugin is installed as a user would install it, so that pytest finds it by its entry point. */
function pytestScenario(): Scenario {
  const folder = join(PLUGINS, 'pytest-emrys')
  return {
    name: 'clients/pytest-emrys',
    wantsInstance: false,
    wantsBucket: false,
    startsServers: true,
    lacks: lackOfPython,
    async prepare() {
      const bin = pythonEnvironment(join(folder, 'test', 'requirements.txt'), folder)
      // Neither a cache in the tree nor settings above it.
      const args = ['-m', 'pytest', '-p', 'no:cacheprovider', '--rootdir=test', 'test', '-v']
      const env = { PYTHONNOUSERSITE: '1', PYTHONDONTWRITEBYTECODE: '1' }
      return { command: join(bin, 'python'), args, cwd: folder, env }
    },
  }
}

/** What an instance needs to read and write objects, and the store that keeps them. */
function lackOfBucket(): string | undefined {
  const { cache } = loadConfig({}).config.engines
  const engine = cachedModules(cache, starrocksLock)
  const lacks = ['httpfs', 'avro', 'iceberg'].map((name) => engine.lack(name))
  if (!works('java', ['-version'])) lacks.push('no java')
  return [...lacks, cachedModules(cache, objectStoreLock).lack('s3proxy')].find(
    (lack) => lack !== undefined,
  )
}

/** Tools bring much along: what stands beside them is theirs, and everything else shares one environment. */
function requirementsOf(script: string): string {
  const own = join(dirname(script), 'requirements.txt')
  return existsSync(own) ? own : join(CLIENTS, 'python', 'requirements.txt')
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
    must(python, ['-m', 'pip', 'install', ...quiet, '-r', requirements])
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

const goEnvironment = {
  GOMODCACHE: join(CACHE, 'go', 'module'),
  GOCACHE: join(CACHE, 'go', 'build'),
  // Without it the cache cannot be removed as any other folder.
  GOFLAGS: '-modcacherw',
  GOTOOLCHAIN: 'local',
}

function goScenario(file: string): Scenario {
  const name = dirname(file)
  const folder = join(CLIENTS, name)
  return {
    name,
    ...wants(name),
    lacks: () => (works('go', ['version']) ? undefined : 'no go'),
    async prepare() {
      const program = join(CACHE, 'go', 'bin', name.replaceAll('/', '-'))
      must('go', ['build', '-o', program, '.'], {
        cwd: folder,
        env: { ...process.env, ...goEnvironment },
      })
      return { command: program, args: [], cwd: folder, env: {} }
    },
  }
}

/** A database server of its own, as Debian packs it, which Emrys is sent to. */
function databaseScenario(file: string): Scenario {
  return {
    name: file,
    ...wants(file),
    lacks: () =>
      ['mariadbd', 'mariadb-install-db']
        .filter((tool) => !works('sh', ['-c', `command -v ${tool}`]))
        .map((tool) => `no ${tool}`)
        .join(', ') || undefined,
    prepare: async () => ({
      command: process.execPath,
      args: [join(CLIENTS, file)],
      cwd: CLIENTS,
      env: {},
    }),
  }
}

/** What the console writes for other clients, run by those of Python, and of Go where it is there. */
function textScenario(file: string): Scenario {
  return {
    name: file,
    ...wants(file),
    lacks: () => (works('python3', ['-m', 'venv', '--help']) ? undefined : 'no python3 with venv'),
    async prepare() {
      const bin = pythonEnvironment(join(CLIENTS, 'python', 'requirements.txt'))
      const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`
      const env = { ...goEnvironment, PATH, PYTHONNOUSERSITE: '1' }
      return { command: process.execPath, args: [join(CLIENTS, file)], cwd: CLIENTS, env }
    },
  }
}

/** MariaDB's own client, as Debian packs it; curl for loads beside it. */
function commandLineScenario(file: string): Scenario {
  return {
    name: file,
    ...wants(file),
    lacks: () =>
      ['mariadb', 'curl']
        .map((tool) => (works(tool, ['--version']) ? '' : `no ${tool}`))
        .join('') || undefined,
    async prepare() {
      // An empty home: no .my.cnf and no .curlrc of the user's.
      const home = join(CACHE, 'home')
      mkdirSync(home, { recursive: true })
      return {
        command: 'bash',
        args: [join(CLIENTS, file)],
        cwd: CLIENTS,
        env: { HOME: home, LC_ALL: 'C.UTF-8' },
      }
    },
  }
}

/**
 * Built outside the tree, and only when its sources have changed. One program may run with several versions: `8.pom.xml`.
 * What it asks of Java stands in `java.options`.
 */
function javaScenario(file: string): Scenario {
  const name = file.replace(/\/pom\.xml$|\.pom\.xml$/, '')
  const folder = join(CLIENTS, dirname(file))
  const pom = basename(file)
  return {
    name,
    ...wants(name),
    lacks: lackOfMaven,
    async prepare() {
      const sources = [pom, ...globSync('src/**/*.java', { cwd: folder }).sort()]
      const hash = createHash('sha256')
      for (const source of sources) hash.update(readFileSync(join(folder, source)))
      const built = join(CACHE, 'java', hash.digest('hex').slice(0, 12))
      const whole = join(built, 'whole')
      if (!existsSync(whole)) {
        must('mvn', [...mavenOptions(join(folder, pom), built), 'package'])
        writeFileSync(whole, '')
      }
      const path = [join(built, 'classes'), join(built, 'library', '*')].join(delimiter)
      const options = join(folder, 'java.options')
      const own = existsSync(options) ? [`@${options}`] : ['-Xmx512m']
      return { command: 'java', args: [...own, '-cp', path, 'Scenario'], cwd: folder, env: {} }
    },
  }
}

function lackOfMaven(): string | undefined {
  const lacks = ['java', 'mvn'].filter((tool) => !works(tool, ['-version']))
  return lacks.length === 0 ? undefined : lacks.map((tool) => `no ${tool}`).join(', ')
}

function mavenOptions(pom: string, built: string): readonly string[] {
  const repository = join(CACHE, 'java', 'repository')
  return ['-B', '-q', '-f', pom, `-Dmaven.repo.local=${repository}`, `-Dbuilt=${built}`]
}

/** Maven runs its tests, as it would in a project that has the extension. */
function junitScenario(): Scenario {
  const folder = join(PLUGINS, 'junit-emrys')
  const options = mavenOptions(join(folder, 'pom.xml'), join(CACHE, 'java', 'junit-emrys'))
  return {
    name: 'clients/junit-emrys',
    wantsInstance: false,
    wantsBucket: false,
    startsServers: true,
    lacks: lackOfMaven,
    async prepare() {
      // Everything is fetched here, so that the test's time is not the network's.
      must('mvn', [...options, '-DskipTests', 'package'])
      const args = [...options, '-DfailIfNoTests=true', 'package']
      return { command: 'mvn', args, cwd: folder, env: {} }
    },
  }
}

/** The alert rules beside the chart, by Prometheus' own program: each fires on what it is for, and not before. */
function alertScenario(): Scenario {
  const folder = join(ROOT, 'charts', 'emrys', 'monitoring')
  return {
    name: 'prometheus/alerts',
    wantsInstance: false,
    wantsBucket: false,
    startsServers: true,
    lacks: () => (works('promtool', ['--version']) ? undefined : 'no promtool'),
    prepare: async () => ({
      command: 'promtool',
      args: ['test', 'rules', 'alerts.test.yaml'],
      cwd: folder,
      env: {},
    }),
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
