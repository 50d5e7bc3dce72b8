/** The published package: its programs as they are built, beside the packages that npm installs with it, and no source. */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { askAdmin, keepDataDirectory } from '../support/http/admin.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import {
  ADMIN_PASSWORD,
  createInstance,
  localDataDirectory,
} from '../support/engine/local-instances.ts'

const ROOT = join(import.meta.dirname, '../..')
const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'

test('the published package', { skip, timeout: 600_000 }, async (t) => {
  const folder = join(temporaryDirectory(t), 'emrys')
  const dist = join(folder, 'dist')
  mkdirSync(folder)
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.ts'), dist], {
    encoding: 'utf8',
  })
  assert.equal(built.status, 0, built.stderr)
  const dataDir = localDataDirectory(t)
  const cache = temporaryDirectory(t)
  const own = { XDG_CACHE_HOME: cache, EMRYS_DATA_DIR: dataDir, NODE_COMPILE_CACHE: undefined }
  const environment: NodeJS.ProcessEnv = { ...process.env, ...own }
  const command = [join(dist, 'src/cli/start.js')]
  const serving = ['serve', '--port', '0', '--simulation-default', 'immediate']
  const server: ChildProcess = spawn(process.execPath, [...command, ...serving], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: environment,
  })
  cleanUp(t, () => void server.kill('SIGKILL'))
  const [line] = (await once(server.stdout!, 'data')) as [Buffer]
  const url = line.toString().trim().replace('emrys is ready at ', '')
  const port = Number(new URL(url).port)
  keepDataDirectory(port, dataDir)

  await t.test('starts an engine, which answers its own command', async () => {
    const { id } = await createInstance(port)
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...command, 'connect', id, '--url', url, '-e', 'select 6 * 7'],
      { encoding: 'utf8', env: { ...environment, EMRYS_PASSWORD: ADMIN_PASSWORD } },
    )
    assert.deepEqual([status, stderr, stdout.split('\n')[1]], [0, '', '42'])
  })

  await t.test('has the console and what is loaded later', async () => {
    const page = await fetch(`${url}/console`)
    assert.deepEqual([page.status, /<html/.test(await page.text())], [200, true])
    const { text } = await askAdmin(port, 'metrics')
    assert.match(text, /emrys_requests_total\{[^}]*action="CreateInstanceV1",outcome="ok"\} 1/)
  })

  await t.test('keeps what Node compiled in the cache of its user', async () => {
    server.kill('SIGTERM')
    assert.deepEqual(await once(server, 'exit'), [0, null])
    assert.ok(globSync('emrys/compiled/**', { cwd: cache }).length > 1)
  })

  await t.test('names whose code it holds, and shows its sources in maps', () => {
    assert.match(readFileSync(join(dist, 'LICENSES.txt'), 'utf8'), /^pino \d+.*, MIT$/m)
    // In two bytes for each character otherwise, three megabytes of a server.
    for (const file of globSync('{src,engines,part}/**/*.js', { cwd: dist }))
      assert.ok(!/[\u0080-\uffff]/.test(readFileSync(join(dist, file), 'utf8')), file)
    const maps = globSync('part/server-*.js.map', { cwd: dist })
    const sources = maps.flatMap((map) => {
      const { sources: named } = JSON.parse(readFileSync(join(dist, map), 'utf8')) as {
        readonly sources: readonly string[]
      }
      return named
    })
    assert.ok(sources.some((source) => source.endsWith('src/gateway/gateway.ts')))
    assert.ok(existsSync(join(dist, 'src/kernel/key-store-reader.js')))
  })
})
