/** `emrys/testing`, as a suite uses it: from its source, and in the form in which it is published. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { hadoopCluster } from '../../scripts/demo/hadoop-cluster.ts'
import { starrocksInstance } from '../../scripts/demo/starrocks-instance.ts'
import { startEmrys, type Emrys } from '../../src/testing/testing.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const ROOT = join(import.meta.dirname, '../..')
const TIMEOUT_MS = 60_000

let emrys: Emrys
let firstMs = 0

before(async () => {
  const startedMs = performance.now()
  emrys = await startEmrys()
  firstMs = performance.now() - startedMs
})
after(() => emrys.close())

const portOf = (url: string) => Number(new URL(url).port)
const clustersOf = async ({ admin }: Emrys) =>
  ((await admin.get('clusters')) as { readonly clusters: readonly { readonly id: string }[] })
    .clusters

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + TIMEOUT_MS
  while (!(await holds())) {
    assert.ok(performance.now() < endMs, `it did not come about that ${what}`)
    await pause(20)
  }
}

test("both clouds' own clients have their clusters at once", async () => {
  for (const act of [hadoopCluster(portOf(emrys.url)), starrocksInstance(portOf(emrys.url))]) {
    const id = await act.create()
    await emrys.settle()
    assert.equal((await act.look()).phase, 'running')
    const found = await clustersOf(emrys)
    assert.ok(found.some((each) => each.id === id))
  }
  assert.equal((await clustersOf(emrys)).length, 2)
})

test('time goes forward as far as it is told to', async () => {
  const from = await emrys.clock.now()
  const to = await emrys.clock.advance(3_600_000)
  const aheadMs = to.getTime() - from.getTime()
  assert.ok(aheadMs >= 3_600_000 && aheadMs < 3_600_000 + TIMEOUT_MS, `${aheadMs} ms`)
})

test('a fault is met by the client until it is switched off', async () => {
  const act = hadoopCluster(portOf(emrys.url))
  await emrys.faults.on({ dependency: 'metadata-database', mode: 'gateway' })
  await emrys.faults.on({ dependency: 'network', mode: 'gateway', action: 'CreateInstance' })
  await assert.rejects(act.create(), { code: /Cgw/ })
  await emrys.faults.off('network')
  await act.create()
  await emrys.faults.off()
  assert.deepEqual(((await emrys.admin.get('faults')) as { readonly faults: unknown }).faults, [])
})

test('after a reset nothing is there, and no fault', async () => {
  await starrocksInstance(portOf(emrys.url)).create()
  await emrys.faults.on({ dependency: 'tag', mode: 'service' })
  await emrys.reset()
  assert.deepEqual(await clustersOf(emrys), [])
  assert.deepEqual(((await emrys.admin.get('faults')) as { readonly faults: unknown }).faults, [])
})

test('another server of the same suite is there in a part of the time, knows nothing of the first, and is gone when it is closed', async () => {
  await starrocksInstance(portOf(emrys.url)).create()
  const startedMs = performance.now()
  const other = await startEmrys({ settings: { 'simulation.default': 'time:60' } })
  const tookMs = performance.now() - startedMs
  assert.ok(tookMs < firstMs / 2, `${tookMs} ms after ${firstMs} ms`)
  assert.notEqual(other.adminToken, emrys.adminToken)
  assert.deepEqual(await clustersOf(other), [])
  const act = starrocksInstance(portOf(other.url))
  await act.create()
  assert.equal((await act.look()).phase, 'coming')
  await Promise.all([other.close(), other[Symbol.asyncDispose]()])
  await assert.rejects(other.clock.now(), { code: 'ECONNREFUSED' })
  await emrys.clock.now()
})

test('a setting that a server of tests does not have, or that there is not, is refused by its name', async () => {
  for (const [settings, problem] of [
    [{ 'data-dir': '/tmp/mine' }, /no setting data-dir of its own/],
    [
      { 'simulation.defualt': 'immediate' },
      /simulation\.defualt.* did you mean simulation\.default/,
    ],
    [{ 'simulation.default': 'slow' }, /simulation\.default/],
    [{ port: portOf(emrys.url) }, /port \d+ on 127\.0\.0\.1 is taken/],
  ] as const)
    await assert.rejects(startEmrys({ settings }), problem)
  const own = await dataDirOf(emrys)
  const ofThisSuite = basename(own).replace(/-[^-]+$/, '-')
  const left = readdirSync(dirname(own)).filter((name) => name.startsWith(ofThisSuite))
  assert.deepEqual(left, [basename(own)])
})

async function dataDirOf({ admin }: Emrys): Promise<string> {
  const { settings } = (await admin.get('config')) as {
    readonly settings: readonly { readonly name: string; readonly value: string }[]
  }
  return settings.find(({ name }) => name === 'data-dir')?.value ?? ''
}

for (const [what, args, endBy] of [
  ['that forgets to close its server ends by itself', [], 'itself'],
  ['that is killed', ['wait'], 'SIGKILL'],
] as const)
  test(`a suite ${what}, and leaves neither a server nor a directory`, async (t) => {
    const directory = temporaryDirectory(t)
    const suite = spawn(
      process.execPath,
      [join(import.meta.dirname, '../support/process/suite-program.ts'), ...args],
      {
        env: { ...process.env, TMPDIR: directory },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    cleanUp(t, () => void suite.kill('SIGKILL'))
    const ended = once(suite, 'exit')
    const [line] = (await once(suite.stdout.setEncoding('utf8'), 'data')) as [string]
    assert.equal(readdirSync(directory).length, 1)
    if (endBy === 'SIGKILL') suite.kill(endBy)
    await ended
    await until('the directory is empty', () => readdirSync(directory).length === 0)
    await assert.rejects(fetch(line.trim()), TypeError)
  })

test('what a killed process of servers left is removed by the next one, what a living one has is not', async (t) => {
  const directory = temporaryDirectory(t)
  const held = join(directory, `emrys-test-servers-${process.pid}-aaaaaa`)
  const left = join(directory, 'emrys-test-servers-99999999-aaaaaa')
  for (const each of [held, left]) mkdirSync(each)
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'test-servers'], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  cleanUp(t, () => void child.kill('SIGKILL'))
  child.stdin.write('no request\n')
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  assert.match(said, /^\{"id":0,"problem":"that is no request; .*"\}\n$/)
  assert.deepEqual(readdirSync(directory), [basename(held)])
  child.stdin.end()
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('published, it is loaded by require and by import alike, and finds the command of its package', async (t) => {
  const directory = temporaryDirectory(t)
  const installed = join(directory, 'node_modules', 'emrys')
  mkdirSync(join(installed, 'dist'), { recursive: true })
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly exports: object
  }
  const about = { name: 'emrys', type: 'module', bin: { emrys: 'dist/start.js' }, exports }
  writeFileSync(join(installed, 'package.json'), JSON.stringify(about))
  const main = pathToFileURL(join(ROOT, 'src/cli/main.ts')).href
  writeFileSync(join(installed, 'dist', 'start.js'), `await import('${main}')\n`)
  execFileSync(process.execPath, [join(ROOT, 'scripts/testing.ts'), join(installed, 'dist')])
  const use = `startEmrys().then(async (it) => { console.log(await it.admin.get('health')); await it.close() })`
  writeFileSync(join(directory, 'a.cjs'), `const { startEmrys } = require('emrys/testing')\n${use}`)
  writeFileSync(join(directory, 'b.mjs'), `import { startEmrys } from 'emrys/testing'\n${use}`)
  writeFileSync(join(directory, 'tsconfig.json'), TSCONFIG)
  writeFileSync(
    join(directory, 'c.mts'),
    `import { startEmrys, type Emrys } from 'emrys/testing'
    await using it: Emrys = await startEmrys({ settings: { port: 0 } })
    const id: string = it.tencent.keyId
    // @ts-expect-error -- there is no such member
    it.aws`,
  )
  for (const file of ['a.cjs', 'b.mjs'])
    assert.match(
      execFileSync(process.execPath, [file], { cwd: directory, encoding: 'utf8' }),
      /status: 'ok'/,
    )
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', directory], { stdio: 'inherit' })
})

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    types: [],
    strict: true,
    noEmit: true,
  },
})
