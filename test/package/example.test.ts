/**
 * The examples are run, as far as this machine has what they need: the job's steps with the command of this checkout, and the services of
 * the compose file without their containers. Terraform's texts, dbt's project and Airflow's DAG are run by `npm run test:clients`.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { parse } from 'yaml'
import { HOME } from '../../scripts/image/base.ts'
import { IMAGE_ENVIRONMENT } from '../../scripts/image/image.ts'
import { loadConfig } from '../../src/config/config.ts'
import { settings } from '../../src/config/setting.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const ROOT = join(import.meta.dirname, '../..')
const EXAMPLES = join(ROOT, 'examples')
const yaml = (file: string) => parse(readFileSync(join(EXAMPLES, file), 'utf8')) as unknown
type Environment = Readonly<Record<string, string | number>>

/** A folder with the suite, and programs of ours before those of the machine: this checkout's command, and an npm that installs nothing. */
function workplace(t: TestContext) {
  const folder = temporaryDirectory(t)
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const program = (name: string, line: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  program('emrys', `exec '${process.execPath}' '${join(ROOT, 'src/cli/main.ts')}' "$@"`)
  program(
    'npm',
    `if [ "$1" = install ]; then echo "$@" >>'${folder}/installed'; else exec '${process.execPath}' --test; fi`,
  )
  const suite = join(folder, 'suite')
  cpSync(join(EXAMPLES, 'suite'), suite, { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(suite, 'node_modules'))
  const path = [bin, dirname(process.execPath), process.env['PATH']].join(delimiter)
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(EMRYS_|NODE_TEST|TENCENTCLOUD_)/.test(name),
  )
  const run = async (command: readonly string[], env: Environment, cwd = suite) => {
    const [file = '', ...args] = command
    const own = Object.entries(env).map(([name, value]) => [name, String(value)])
    const child = spawn(file, args, {
      cwd,
      env: { ...Object.fromEntries(clean), PATH: path, ...Object.fromEntries(own) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    cleanUp(t, () => void child.kill('SIGKILL'))
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    const [code] = (await once(child, 'exit')) as [number | null]
    return { code, said }
  }
  return { folder, suite, run }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function requireSettings(names: readonly string[]): void {
  const known = new Set(settings.map(({ env }) => env))
  assert.deepEqual(
    names.filter((name) => /^EMRYS_(?!URL$|PACKAGE$)/.test(name) && !known.has(name)),
    [],
  )
}

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly env?: Environment
}

test('the job of GitHub Actions starts a server, runs its suite and stops the server', async (t) => {
  const { on, permissions, jobs } = yaml('github-actions/workflow.yml') as {
    readonly on: readonly string[]
    readonly permissions: object
    readonly jobs: Readonly<
      Record<string, { readonly env: Environment; readonly steps: readonly Step[] }>
    >
  }
  assert.deepEqual([on, permissions], [['push', 'pull_request'], { contents: 'read' }])
  const { env, steps } = jobs['test']!
  requireSettings([...Object.keys(env), ...steps.flatMap((step) => Object.keys(step.env ?? {}))])
  // There, the machine that runs the job is not known yet.
  assert.doesNotMatch(JSON.stringify(env), /\$\{\{\s*runner\./)
  for (const { uses } of steps) if (uses !== undefined) assert.match(uses, /^actions\/[\w-]+@v\d+$/)
  const place = workplace(t)
  const port = await freePort()
  const known = { 'runner.temp': place.folder, 'vars.EMRYS_PACKAGE': '/package.tgz' }
  const filled = (given: Environment) =>
    Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        String(value).replaceAll(/\$\{\{ (\S+) \}\}/g, (_, at: string) => {
          assert.ok(at in known, `${at} is not known to a job`)
          return known[at as keyof typeof known]
        }),
      ]),
    )
  const ran: string[] = []
  for (const step of steps) {
    if (step.run === undefined || step.if === 'failure()') continue
    const more = { ...filled(env), ...filled(step.env ?? {}), EMRYS_PORT: port }
    const { code, said } = await place.run(['bash', '-e', '-c', step.run], more)
    assert.equal(code, 0, `${step.name}: ${said}`)
    ran.push(step.name ?? '')
    if (step.name === 'Test') assert.match(said, /pass 1\b/)
  }
  assert.deepEqual(ran, ['Install', 'Start Emrys', 'Test', 'Stop Emrys'])
  assert.match(readFileSync(join(place.folder, 'installed'), 'utf8'), /--global \/package\.tgz/)
  const log = readFileSync(join(place.suite, 'emrys.log'), 'utf8')
  assert.doesNotMatch(log, /"level":"error"/)
  await stopped(port)
})

/** The step that stops it does not wait for that. */
async function stopped(port: number): Promise<void> {
  for (let look = 0; look < 600; look++) {
    const answered = await fetch(`http://127.0.0.1:${port}/_emrys/health`).catch(() => undefined)
    if (!answered) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.fail('the server continues')
}

interface Service {
  readonly image: string
  readonly environment: Environment
  readonly volumes: readonly string[]
  readonly network_mode?: string
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly command?: readonly string[]
  readonly read_only?: boolean
  readonly tmpfs?: readonly string[]
}

test('the compose file fits the image, and its suite passes beside the server that it configures', async (t) => {
  const { services, volumes } = yaml('docker-compose/compose.yaml') as {
    readonly services: Readonly<Record<'emrys' | 'suite', Service>>
    readonly volumes: object
  }
  const { emrys, suite } = services
  const about = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  assert.equal(emrys.image, `emrys:${about.version}`)
  requireSettings(Object.keys(emrys.environment))
  // What its root cannot take is written to the volume and to /tmp.
  assert.deepEqual([emrys.volumes, Object.keys(volumes)], [[`emrys:${HOME}`], ['emrys']])
  assert.deepEqual([emrys.read_only, emrys.tmpfs], [true, ['/tmp']])
  assert.ok(IMAGE_ENVIRONMENT['EMRYS_DATA_DIR']?.startsWith(`${HOME}/`))
  const given = { ...IMAGE_ENVIRONMENT, ...emrys.environment }
  const { config } = loadConfig({ env: given as Record<string, string> })
  assert.deepEqual([config.host, config.developmentKey, config.port], ['127.0.0.1', true, 4580])
  assert.equal(suite.network_mode, 'service:emrys')
  assert.equal(suite.environment['EMRYS_URL'], `http://127.0.0.1:${config.port}`)

  const place = workplace(t)
  const port = await freePort()
  const { PATH: _path, HOME: _home, ...image } = IMAGE_ENVIRONMENT
  const own = { EMRYS_PORT: port, EMRYS_DATA_DIR: join(place.folder, 'data') }
  const env = { ...image, ...emrys.environment, ...own }
  const server = place.run(['emrys', 'serve'], env)
  // As Docker looks until it is healthy; the container's port is its own, here it is another one.
  const [kind, ...health] = emrys.healthcheck?.test ?? []
  assert.equal(kind, 'CMD')
  const url = `http://127.0.0.1:${port}`
  for (let look = 0; ; look++) {
    const { code, said } = await place.run(health, { ...env, EMRYS_URL: url })
    if (code === 0) break
    assert.ok(look < 60, said)
  }
  const [shell = '', flag = '', line = ''] = suite.command ?? []
  const inPlace = line
    .replace('/suite /tmp/suite', `'${place.suite}' '${place.folder}/run'`)
    .replace('/tmp/suite', `'${place.folder}/run'`)
  assert.notEqual(inPlace, line)
  const { code, said } = await place.run([shell, flag, inPlace], {
    ...suite.environment,
    EMRYS_URL: url,
  })
  assert.equal(code, 0, said)
  assert.match(said, /pass 1\b/)
  void server
})
