/** What starts servers by itself, as users' test suites do: the plugins of `clients/`, and the npm package as it is published; beside them the alert rules. */
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
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

const PLUGINS = join(ROOT, 'clients')
/** They are handed neither a server nor an instance. */
const own = { wantsInstance: false, wantsBucket: false, startsServers: true } as const

export function suiteScenarios(): readonly Scenario[] {
  return [packageScenario(), pytestScenario(), junitScenario(), alertScenario()]
}

/** The package as `npm publish` would have it, unpacked where npm would unpack it, under the runners that users have. */
function packageScenario(): Scenario {
  const folder = join(ROOT, 'test', 'client', 'npm')
  return {
    name: 'npm/testing',
    ...own,
    lacks: () => (works('npm', ['--version']) ? undefined : 'no npm'),
    async prepare() {
      const app = join(CACHE, 'npm', 'testing')
      mkdirSync(app, { recursive: true })
      cpSync(folder, app, { recursive: true })
      const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
      must('npm', ['install', '--no-save', ...quiet], { cwd: app })
      must(process.execPath, [join(ROOT, 'scripts', 'build.ts')])
      const packed = join(app, 'packed')
      rmSync(packed, { recursive: true, force: true })
      mkdirSync(packed)
      must('npm', ['pack', '--ignore-scripts', '--pack-destination', packed], { cwd: ROOT })
      must('sh', ['-c', 'tar -xzf emrys-*.tgz'], { cwd: packed })
      const installed = join(app, 'node_modules', 'emrys')
      rmSync(installed, { recursive: true, force: true })
      cpSync(join(packed, 'package'), installed, { recursive: true })
      // Its dependencies are here already.
      const dependencies = join(installed, 'node_modules')
      if (!existsSync(dependencies)) symlinkSync(join(ROOT, 'node_modules'), dependencies)
      const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`
      return { command: process.execPath, args: ['run.js'], cwd: app, env: { PATH } }
    },
  }
}

/** The plugin is installed as a user would install it, so that pytest finds it by its entry point. */
function pytestScenario(): Scenario {
  const folder = join(PLUGINS, 'pytest-emrys')
  return {
    name: 'clients/pytest-emrys',
    ...own,
    lacks: unmetPython,
    async prepare() {
      const bin = pythonEnvironment(join(folder, 'test', 'requirements.txt'), folder)
      // Neither a cache in the tree nor settings above it.
      const args = ['-m', 'pytest', '-p', 'no:cacheprovider', '--rootdir=test', 'test', '-v']
      const env = { PYTHONNOUSERSITE: '1', PYTHONDONTWRITEBYTECODE: '1' }
      return { command: join(bin, 'python'), args, cwd: folder, env }
    },
  }
}

/** Maven runs its tests, as it would in a project that has the extension. */
function junitScenario(): Scenario {
  const folder = join(PLUGINS, 'junit-emrys')
  const options = mavenOptions(join(folder, 'pom.xml'), join(CACHE, 'java', 'junit-emrys'))
  return {
    name: 'clients/junit-emrys',
    ...own,
    lacks: unmetMaven,
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
    ...own,
    lacks: () => (works('promtool', ['--version']) ? undefined : 'no promtool'),
    prepare: async () => ({
      command: 'promtool',
      args: ['test', 'rules', 'alerts.test.yaml'],
      cwd: folder,
      env: {},
    }),
  }
}
