/**
 * The scenarios of test/client and what each needs: Python ones a virtual environment, Go ones their modules, Java ones a build by Maven,
 * the MariaDB command line itself, what the console writes both of the first. Those in `sql/` talk to a running instance, all others to
 * the clouds' APIs; those in `sql/lake/` talk to the bucket of that instance as well. What starts servers by itself is in suite.ts.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { loadConfig } from '../../src/config/config.ts'
import { objectStoreLock, starrocksLock } from '../../src/substrate/local/lock.ts'
import { cachedModules } from '../../src/substrate/local/module.ts'
import { goBuild } from './go-build.ts'
import { suiteScenarios } from './suite.ts'
import {
  CACHE,
  unmetMaven,
  unmetPython,
  mavenOptions,
  must,
  pythonEnvironment,
  ROOT,
  works,
  type Scenario,
} from './tool.ts'

const CLIENTS = join(ROOT, 'test', 'client')

export function scenarios(): readonly Scenario[] {
  const found = (pattern: string) => globSync(pattern, { cwd: CLIENTS })
  return [
    ...found('{python,sql/python,sql/tool,sql/tpc-ds,sql/lake}/*.{py,sh}').map(pythonScenario),
    ...found('{go/*,sql/go}/go.mod').map(goScenario),
    ...found('sql/*.sh').map(commandLineScenario),
    ...found('sql/*/{pom,*.pom}.xml').map(javaScenario),
    ...found('metadata/*.ts').map(databaseScenario),
    ...found('console/*.ts').map(textScenario),
    ...suiteScenarios(),
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
    lacks: () => unmetPython() ?? (wants(file).wantsBucket ? unmetBucket() : undefined),
    async prepare() {
      const bin = pythonEnvironment(requirementsOf(script))
      const command = script.endsWith('.py') ? join(bin, 'python') : 'bash'
      const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`
      // What a client would find of the user's own settings must not decide a test.
      return { command, args: [script], cwd: CLIENTS, env: { PATH, PYTHONNOUSERSITE: '1' } }
    },
  }
}

/** What an instance needs to read and write objects, and the store that keeps them. */
function unmetBucket(): string | undefined {
  const { cache } = loadConfig({}).config.engines
  const engine = cachedModules(cache, starrocksLock)
  const lacks = ['httpfs', 'avro', 'iceberg'].map((name) => engine.unmet(name))
  if (!works('java', ['-version'])) lacks.push('no java')
  return [...lacks, cachedModules(cache, objectStoreLock).unmet('s3proxy')].find(
    (unmet) => unmet !== undefined,
  )
}

/** Tools bring much along: what stands beside them is theirs, and everything else shares one environment. */
function requirementsOf(script: string): string {
  const own = join(dirname(script), 'requirements.txt')
  return existsSync(own) ? own : join(CLIENTS, 'python', 'requirements.txt')
}

/** With the cache of the user and the flags of the tests on Kubernetes, Go compiles its own library once for both. */
const goEnvironment = {
  ...goBuild,
  GOMODCACHE: join(CACHE, 'go', 'module'),
  // Without it the modules cannot be removed as any other folder.
  GOFLAGS: `${goBuild.GOFLAGS} -modcacherw`,
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

/** What the console writes for other clients, run by those of Python, and of Go, Java and Terraform where they are there. */
function textScenario(file: string): Scenario {
  return {
    name: file,
    ...wants(file),
    lacks: unmetPython,
    async prepare() {
      const bin = pythonEnvironment(join(CLIENTS, 'python', 'requirements.txt'))
      const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`
      const library = unmetMaven() === undefined ? javaLibrary(join(CLIENTS, dirname(file))) : ''
      const java = { EMRYS_JAVA_LIBRARY: library }
      const env = { ...goEnvironment, ...java, PATH, PYTHONNOUSERSITE: '1' }
      return { command: process.execPath, args: [join(CLIENTS, file)], cwd: CLIENTS, env }
    },
  }
}

/** What a pom without sources names, fetched: the folder of the libraries. */
function javaLibrary(folder: string): string {
  const pom = join(folder, 'pom.xml')
  const name = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)
  const built = join(CACHE, 'java', name)
  const library = join(built, 'library')
  const whole = join(built, 'whole')
  if (!existsSync(whole)) {
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'
    must('mvn', [...mavenOptions(pom, built), goal, `-DoutputDirectory=${library}`])
    writeFileSync(whole, '')
  }
  return library
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
    lacks: unmetMaven,
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
