import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { s3Request } from '../../../src/kernel/s3.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { sealer } from '../../../src/kernel/seal.ts'
import { objectStoreLock } from '../../../src/substrate/local/lock.ts'
import { cachedModules } from '../../../src/substrate/local/module.ts'
import {
  objectStore,
  type ObjectStoreOptions,
  type StoreAccess,
} from '../../../src/substrate/local/object-store.ts'
import { readPidFile, signalGroup, startedFor } from '../../../src/substrate/local/pid-file.ts'
import { cache } from '../../support/engine/module.ts'
import { skipWithoutObjectStore } from '../../support/engine/object-store.ts'
import { cleanUp } from '../../support/process/clean-up.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const skip = skipWithoutObjectStore()

/** Opens stores on one directory; what they started ends with the test. */
function storesIn(t: TestContext) {
  const directory = join(temporaryDirectory(t), 'store')
  const run = join(directory, 'run')
  const pids = () => startedFor(run).map(({ pid }) => pid)
  cleanUp(t, () => {
    for (const record of startedFor(run)) signalGroup(record, 'SIGKILL')
  })
  const open = (more: Partial<ObjectStoreOptions> = {}) => {
    const store = objectStore({
      directory,
      modules: cachedModules(cache, objectStoreLock),
      sealer: sealer(Buffer.alloc(32, 7)),
      clock: systemClock(),
      log: silentLogger(),
      lookMs: 100,
      ...more,
    })
    cleanUp(t, () => store.close())
    return store
  }
  return { directory, pids, open }
}

const put = (access: StoreAccess, path: string, text: string) =>
  s3Request(access, { method: 'PUT', path, body: Buffer.from(text) }, new Date())
const read = async (access: StoreAccess, path: string) =>
  String((await s3Request(access, { method: 'GET', path }, new Date())).body)

/** A loaded machine may take long to start Java. */
async function until<T>(look: () => Promise<T> | T, wanted: (found: T) => boolean): Promise<T> {
  for (let looks = 0; ; looks++) {
    const found = await look()
    if (wanted(found)) return found
    assert.ok(looks < 1200, `it never came about: ${JSON.stringify(found)}`)
    await pause(50)
  }
}

test(
  'it is started once, keeps its keys to itself, and is found again by who comes after a server that was killed',
  { skip },
  async (t) => {
    const { directory, pids, open } = storesIn(t)
    const first = open()
    assert.equal(await first.unmet(), undefined)
    const [access, same] = await Promise.all([first.open(['one']), first.open(['one', 'two'])])
    assert.deepEqual(same, access)
    assert.match(access.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/)
    const started = await until(pids, ({ length }) => length === 1)
    assert.equal((await put(access, '/one/a.txt', 'content')).status, 200)
    assert.equal(readFileSync(join(directory, 'buckets/one/a.txt'), 'utf8'), 'content')
    for (const [place, text] of placesOf(directory, started[0]!))
      assert.ok(!text.includes(access.secret), `the secret is in ${place}`)
    // Without a `close`, as after kill -9; and as if that fell between the start and the record of it.
    rmSync(join(directory, 'process.json'))
    const second = open()
    assert.deepEqual(await second.open(['one']), access)
    assert.deepEqual(pids(), started)
    assert.equal(await read(access, '/one/a.txt'), 'content')
    await first.close()
    assert.deepEqual(pids(), started)
  },
)

/** Everything that somebody could read of it. */
function placesOf(directory: string, pid: number): readonly (readonly [string, string])[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
  assert.ok(files.length >= 3, files.join(' '))
  assert.equal(existsSync(join(directory, 'run/configuration')), false)
  return [...files, `/proc/${pid}/cmdline`, `/proc/${pid}/environ`].map((path) => [
    path,
    readFileSync(path, 'latin1'),
  ])
}

test(
  'one that dies is started again at its port with its objects, and ends with a server that says so',
  { skip },
  async (t) => {
    const { directory, pids, open } = storesIn(t)
    const store = open({ keepRunning: false })
    const access = await store.open(['one'])
    await put(access, '/one/a.txt', 'content')
    // As of clients that were killed in the middle of an upload.
    const bucket = join(directory, 'buckets/one')
    const upload = '8f83552d-4903-4874-af20-71ed060ccbad'
    mkdirSync(join(bucket, `.mpus-${upload}-in`))
    writeFileSync(join(bucket, `.mpus-${upload}-in/a.txt-1-31963bc8`), 'part')
    for (const name of [upload, upload.replace('8', '9')]) writeFileSync(join(bucket, name), '')
    // As of a store that was killed in the middle of one object, and of another that has such a name and is whole.
    writeFileSync(join(bucket, `b-${upload}`), 'part', { mode: 0o644 })
    await put(access, `/one/c-${upload}`, 'whole')
    const [pid] = pids()
    process.kill(pid!, 'SIGKILL')
    await until(pids, (found) => found.length === 1 && found[0] !== pid)
    const text = () => read(access, '/one/a.txt').catch(() => '')
    await until(text, (found) => found === 'content')
    assert.deepEqual(readdirSync(bucket).toSorted(), [
      upload.replace('8', '9'),
      'a.txt',
      `c-${upload}`,
    ])
    const record = readPidFile(join(directory, 'process.json'))
    assert.equal(record?.pid, pids()[0])
    await store.close()
    assert.deepEqual(pids(), [])
  },
)

test('a port that somebody else took meanwhile is given up for another', { skip }, async (t) => {
  const { pids, open } = storesIn(t)
  const first = open({ keepRunning: false })
  const before = await first.open(['one'])
  await put(before, '/one/a.txt', 'content')
  await first.close()
  // A store of somebody else: it answers, and knows no key of ours.
  const taken = createServer((_, response) => response.writeHead(403).end())
  cleanUp(t, () => void taken.close())
  await listening(taken, Number(new URL(before.endpoint).port))
  const after = await open().open(['one'])
  assert.notEqual(after.endpoint, before.endpoint)
  assert.deepEqual({ ...after, endpoint: '' }, { ...before, endpoint: '' })
  assert.equal(await read(after, '/one/a.txt'), 'content')
  assert.equal(pids().length, 1)
})

/** The system may have lent the port to somebody else for a moment. */
async function listening(server: Server, port: number): Promise<void> {
  const isListening = () =>
    new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
  await until(isListening, (found) => found)
}
