import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { get as httpsGet } from 'node:https'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startProblem } from '../../src/cli/start-problem.ts'
import type { Config } from '../../src/config/config.ts'
import { openDataDirectory } from '../../src/store/data-directory.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { client } from '../support/http/client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrys, emrysServe, startCommand } from '../support/process/emrys-command.ts'

test('a server says that it is ready in exactly one line, logs on stderr, and drains and exits 0 on SIGTERM and on SIGINT', async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const server = await emrysServe(t, temporaryDirectory(t))
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/)
    assert.equal((await fetch(`${server.url}/_emrys/health`)).status, 200)
    const startedMs = performance.now()
    server.signal(signal)
    const { code, out, err } = await server.ended
    assert.equal(code, 0)
    assert.ok(performance.now() - startedMs < 5_000)
    assert.equal(out, `emrys is ready at ${server.url}\n`)
    for (const line of err.trim().split('\n')) assert.equal(typeof JSON.parse(line).msg, 'string')
  }
})

test('a client that never ends its request does not hold up the end', async (t) => {
  const server = await emrysServe(t, temporaryDirectory(t))
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(
    'POST /webapi/cluster/createV1 HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf',
  )
  assert.equal((await fetch(`${server.url}/_emrys/health`)).status, 200)
  const startedMs = performance.now()
  server.signal('SIGTERM')
  assert.equal((await server.ended).code, 0)
  assert.ok(performance.now() - startedMs < 5_000)
})

test('a second signal ends it at once', async (t) => {
  const server = await emrysServe(t, temporaryDirectory(t))
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(
    'POST /webapi/cluster/createV1 HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf',
  )
  assert.equal((await fetch(`${server.url}/_emrys/health`)).status, 200)
  const startedMs = performance.now()
  server.signal('SIGTERM')
  while (!server.err().includes('stopping')) await delay(1)
  server.signal('SIGTERM')
  assert.equal((await server.ended).code, 128 + 15)
  // The first one alone waits for 4.5 s.
  assert.ok(performance.now() - startedMs < 4_000, 'it waited for the request')
})

test('a taken port is one sentence that says what to do, and exit code 1', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  t.after(() => taken.close())
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const args = ['serve', '--port', String(port), '--data-dir', temporaryDirectory(t)]
  const { code, out, err } = await emrys(t, args)
  assert.equal(code, 1)
  assert.equal(out, '')
  assert.match(err, new RegExp(`^emrys: port ${port} on 127.0.0.1 is taken; .*--port.*\n$`))
})

test('a second server on one data directory is refused and the first continues', async (t) => {
  const dataDir = temporaryDirectory(t)
  const first = await emrysServe(t, dataDir)
  const second = await emrys(t, ['serve', '--port', '0', '--data-dir', dataDir])
  assert.equal(second.code, 1)
  assert.match(second.err, /^emrys: the data directory .* is in use by another emrys; .*\n$/)
  assert.equal((await fetch(`${first.url}/_emrys/ready`)).status, 200)
})

test('a database of a newer version is refused and left alone', async (t) => {
  const dataDir = temporaryDirectory(t)
  const server = await emrysServe(t, dataDir)
  server.signal('SIGTERM')
  await server.ended
  const file = join(dataDir, 'emrys.db')
  const database = new DatabaseSync(file)
  database.exec(`insert into migration (name) values ('9999-later')`)
  database.close()
  // The other version would have written sums of its pages.
  await emrys(t, ['store', 'check', '--accept-loss', '--data-dir', dataDir])
  const before = readFileSync(file)
  const { code, err } = await emrys(t, ['serve', '--port', '0', '--data-dir', dataDir])
  assert.equal(code, 1)
  assert.match(err, /^emrys: .*newer version of Emrys.*\n$/)
  assert.deepEqual(readFileSync(file), before)
})

test('a damaged database, an impossible directory and a strange address each have their sentence', async (t) => {
  const dataDir = temporaryDirectory(t)
  writeFileSync(join(dataDir, 'key'), Buffer.alloc(32))
  writeFileSync(join(dataDir, 'emrys.db'), 'this is no database'.repeat(100))
  const file = join(dataDir, 'file')
  writeFileSync(file, '')
  const cases = [
    {
      args: ['--data-dir', dataDir],
      says: /^emrys: .*emrys\.db is damaged \(file is not a database\).*`emrys restore`/,
    },
    {
      args: ['--data-dir', join(file, 'in')],
      says: /^emrys: the data directory .* cannot be used/,
    },
    {
      args: [
        '--data-dir',
        temporaryDirectory(t),
        '--host',
        '203.0.113.7',
        '--development-key=false',
      ],
      says: /^emrys: 203\.0\.113\.7 is not an address of this machine/,
    },
    {
      // With the development key on: that there is no such host is the first thing to know.
      args: ['--data-dir', temporaryDirectory(t), '--host', 'no-such-host.invalid'],
      says: /^emrys: there is no host no-such-host\.invalid .*--host/,
    },
    {
      args: ['--data-dir', temporaryDirectory(t), '--tls-cert', file, '--tls-key', file],
      says: /^emrys: the certificate or its key is not usable/,
    },
  ]
  for (const { args, says } of cases) {
    const { code, out, err } = await emrys(t, ['serve', '--port', '0', ...args])
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, says)
    assert.equal(err.trim().split('\n').length, 1, err)
  }
})

test('a data directory that cannot be one is one sentence with its path, and never waited for', async (t) => {
  const root = temporaryDirectory(t)
  const foreign = join(root, 'foreign')
  mkdirSync(foreign)
  writeFileSync(join(foreign, 'thesis.txt'), '')
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'))
  const garbled = join(root, 'garbled')
  mkdirSync(garbled)
  writeFileSync(join(garbled, 'lock'), 'x'.repeat(5000))
  const cases: [string, RegExp][] = [
    [foreign, /holds files that are not emrys's \(thesis\.txt\); .*--init to use this one\n$/],
    [join(root, 'dangling'), /dangling.* \(E\w+\): .*choose another --data-dir\n$/],
    [garbled, /lock is not the lock that emrys made; .*remove it and start again\n$/],
    ['', /data-dir \(from flag\): it must be the path of a directory\n$/],
  ]
  if (existsSync('/proc/self'))
    cases.push(['/proc/emrys/data', /\/proc\/emrys.* \(ENOENT\): its file system/])
  for (const [dataDir, says] of cases) {
    const { code, err } = await emrys(t, ['serve', '--port', '0', '--data-dir', dataDir])
    assert.equal(code, 1, `${dataDir}: ${err}`)
    assert.match(err, says)
  }
  assert.deepEqual(readdirSync(foreign), ['thesis.txt'])
  const server = await emrysServe(t, foreign, ['--init'])
  server.signal('SIGTERM')
  await server.ended
  const again = await emrysServe(t, foreign)
  again.signal('SIGTERM')
  assert.equal((await again.ended).code, 0)
})

test('files that may not be written are one sentence with their path', async (t) => {
  const dataDir = temporaryDirectory(t)
  const first = await emrysServe(t, dataDir)
  first.signal('SIGTERM')
  await first.ended
  const config = { dataDir, store: 'embedded' } as Config
  const said = (problem: object) =>
    startProblem(Object.assign(new Error('said'), problem), config).message
  const path = join(dataDir, 'emrys.db')
  assert.match(
    said({ code: 'EACCES', path }),
    /^the data directory .* because of .*emrys\.db \(EACCES\): .*as its owner/,
  )
  assert.match(said({ errcode: 8 }), /\(EROFS\): it may not be written/)
  assert.match(said({ errcode: 776 }), /\(EROFS\)/)
  assert.match(said({ errcode: 13 }), /is full; free some space/)
  assert.match(said({ errcode: 15 }), /\(ENOLCK\): its file system has no locks/)
  // Root may do everything; nobody else may write here.
  if (process.getuid?.() === 0) return
  chmodSync(path, 0o400)
  const { code, err } = await emrys(t, ['serve', '--port', '0', '--data-dir', dataDir])
  assert.equal(code, 1)
  assert.match(err, /^emrys: the data directory .* because of .*emrys\.db \(EACCES\): [^\n]*\n$/)
})

test('everything in the data directory is its owner’s alone, and what was not is corrected', async (t) => {
  const dataDir = temporaryDirectory(t)
  chmodSync(dataDir, 0o755)
  const first = await emrysServe(t, dataDir, ['--tls-generate'])
  const checked = () => {
    const entries = readdirSync(dataDir, { recursive: true }).map((name) =>
      join(dataDir, String(name)),
    )
    for (const path of [dataDir, ...entries]) {
      const { mode } = statSync(path)
      assert.equal(mode & 0o077, 0, path)
    }
    return entries.map((path) => path.slice(dataDir.length + 1))
  }
  for (const name of ['emrys.db', 'emrys.db-wal', 'emrys.db-shm', 'emrys.db-mark', 'key', 'lock'])
    assert.ok(checked().includes(name), name)
  first.signal('SIGKILL')
  await first.ended
  for (const name of ['emrys.db', 'emrys.db-wal', 'simulation.db', 'tls/server.pem'])
    chmodSync(join(dataDir, name), 0o644)
  chmodSync(join(dataDir, 'tls'), 0o755)
  const second = await emrysServe(t, dataDir)
  checked()
  second.signal('SIGTERM')
  await second.ended
  checked()
})

test('a signal ends a server at any moment of its start, and what it leaves can be opened again', async (t) => {
  const root = temporaryDirectory(t)
  const argsOf = (dataDir: string) => ['serve', '--port', '0', '--data-dir', dataDir]
  // Before it has read a line; when its directory is locked, its database begun, and nearly everything open.
  for (const [n, sight] of [
    '.',
    'lock',
    'key',
    'emrys.db',
    'emrys.db-mark',
    'simulation.db',
  ].entries()) {
    const dataDir = join(root, `d${n}`)
    mkdirSync(dataDir)
    const starting = startCommand(t, argsOf(dataDir))
    while (!existsSync(join(dataDir, sight)) && starting.err() === '') await delay(1)
    const startedMs = performance.now()
    starting.signal(n % 2 === 0 ? 'SIGTERM' : 'SIGINT')
    await starting.ended
    assert.ok(performance.now() - startedMs < 5_000, `a signal at ${sight}`)
    const directory = openDataDirectory(dataDir)
    await openSqliteStore(directory.file('emrys.db')).close()
    directory.release()
  }
  // A phase without end: the thread waits for whoever writes to the pipe.
  const pipe = join(temporaryDirectory(t), 'settings')
  execFileSync('/usr/bin/env', ['mkfifo', pipe])
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const waiting = startCommand(t, [...argsOf(join(root, 'never')), '--config', pipe])
    await delay(1_500)
    waiting.signal(signal)
    assert.equal((await waiting.ended).code, undefined)
  }
})

test('every problem of a bad configuration is listed at once', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.yaml')
  writeFileSync(file, 'port: many\nprot: 1\nsimulation: { default: soon }\n')
  const { code, err } = await emrys(t, ['serve', '--config', file, '--log-level', 'loud'])
  assert.equal(code, 1)
  assert.match(err, /^emrys: the configuration is not usable:\n/)
  for (const problem of [
    /prot, which is not a setting/,
    /port .*file/,
    /simulation\.default/,
    /log-level .*flag/,
  ])
    assert.match(err, problem)
})

test('listening for everybody is refused while everybody knows the key', async (t) => {
  const args = ['serve', '--port', '0', '--host', '0.0.0.0', '--data-dir', temporaryDirectory(t)]
  const { code, err } = await emrys(t, args)
  assert.equal(code, 1)
  assert.match(
    err,
    /^emrys: listening on 0\.0\.0\.0 with the development key would let anybody in; /,
  )
})

test('what was acknowledged before kill -9 is there after the next start', async (t) => {
  const dataDir = temporaryDirectory(t)
  const first = await emrysServe(t, dataDir)
  const api = client(Number(new URL(first.url).port))
  const regions = await api.tencent('DescribeInstances', { DisplayStrategy: 'clusterList' })
  api.close()
  assert.equal(regions['TotalCnt'], 0)
  const moved = await emrys(t, ['clock', '--advance', '90m', '--json', '--url', first.url])
  assert.equal(moved.code, 0, moved.err)
  first.signal('SIGKILL')
  assert.equal((await first.ended).code, undefined)
  const second = await emrysServe(t, dataDir)
  const reported = await emrys(t, ['clock', '--json', '--url', second.url])
  assert.equal((JSON.parse(reported.out) as { aheadMs: number }).aheadMs, 90 * 60_000)
})

test('with --tls-generate it speaks HTTPS, clients trust its authority, and a restart keeps both', async (t) => {
  const dataDir = temporaryDirectory(t)
  const authority = join(dataDir, 'tls', 'authority.crt')
  const first = await emrysServe(t, dataDir, ['--tls-generate'])
  assert.match(first.url, /^https:/)
  while (!first.err().includes('clients must trust')) await delay(5)
  assert.ok(first.err().includes(authority))
  const ca = readFileSync(authority)
  const fingerprint = await served(first.url, ca)
  for (const secret of ['authority.pem', 'server.pem'])
    assert.equal(statSync(join(dataDir, 'tls', secret)).mode & 0o777, 0o600)
  const mistrusted = await emrys(t, ['status', '--url', first.url])
  assert.equal(mistrusted.code, 1)
  assert.match(mistrusted.err, /^emrys: the certificate of .* is not trusted .*--ca\n$/)
  const trusted = await emrys(t, ['status', '--url', first.url, '--ca', authority])
  assert.equal(trusted.code, 0, trusted.err)
  first.signal('SIGTERM')
  await first.ended
  const second = await emrysServe(t, dataDir, ['--tls-generate'])
  assert.equal(await served(second.url, ca), fingerprint)
})

async function served(url: string, ca: Buffer): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  httpsGet(`${url}/_emrys/health`, { ca, agent: false }, (response) => {
    const { fingerprint256 } = (
      response.socket as unknown as { getPeerCertificate(): { fingerprint256: string } }
    ).getPeerCertificate()
    response.resume().on('end', () => resolve(fingerprint256))
  }).on('error', reject)
  return promise
}
