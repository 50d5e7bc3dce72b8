/** Which token the command sends where, and what it says when it has none that is of use. */
import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrys } from '../support/process/emrys-command.ts'
import { cannotBeOther, OTHER_USER } from '../support/process/other-user.ts'

const tokenOf = (letter: string) => letter.repeat(43)

/** A directory with a token of the letter. */
function directoryWith(t: TestContext, letter: string): string {
  const path = temporaryDirectory(t)
  writeFileSync(join(path, 'admin-token'), `${tokenOf(letter)}\n`, { mode: 0o600 })
  return path
}

/** A server that answers `emrys clock`, and remembers who asked. */
async function listener(t: TestContext, host = '127.0.0.1') {
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response.end(JSON.stringify({ now: 'now', aheadMs: 0 }))
  })
  await new Promise<void>((done) => void server.listen(0, host, done))
  t.after(() => server.close())
  return { seen, port: (server.address() as AddressInfo).port }
}

test('a file goes before the environment, and that before the data directory that `serve` would use', async (t) => {
  const { seen, port } = await listener(t)
  const url = ['--url', `http://127.0.0.1:${port}`]
  const file = join(directoryWith(t, 'f'), 'admin-token')
  const dataDir = directoryWith(t, 'd')
  const config = join(temporaryDirectory(t), 'emrys.yaml')
  writeFileSync(config, `data-dir: ${JSON.stringify(dataDir)}\n`)
  const inEnvironment = { EMRYS_ADMIN_TOKEN: tokenOf('e') }
  const inDirectory = { EMRYS_DATA_DIR: dataDir }
  await emrys(t, ['clock', ...url, '--token-file', file], { ...inEnvironment, ...inDirectory })
  await emrys(t, ['clock', ...url], { ...inEnvironment, ...inDirectory })
  await emrys(t, ['clock', ...url], inDirectory)
  await emrys(t, ['clock', ...url], { EMRYS_CONFIG: config })
  const sent = ['f', 'e', 'd', 'd'].map((letter) => `Bearer ${tokenOf(letter)}`)
  assert.deepEqual(seen, sent)
  const { out } = await emrys(t, ['clock', '--help'])
  assert.match(out, /--token-file[\s\S]*EMRYS_ADMIN_TOKEN[\s\S]*admin-token/)
})

test('what is no token is not sent anywhere: another file of the data directory, say', async (t) => {
  const cloud = await startCloud(t)
  const { seen, port } = await listener(t)
  const url = ['--url', `http://127.0.0.1:${port}`]
  for (const name of ['key', 'key-check', 'emrys.db']) {
    const file = join(cloud.dataDir, name)
    const { code, err } = await emrys(t, ['clock', ...url, '--token-file', file])
    assert.equal(code, 1)
    assert.ok(err.startsWith(`emrys: ${file} holds no admin token`), err)
  }
  const { err } = await emrys(t, ['clock', ...url], { EMRYS_ADMIN_TOKEN: 'not-a-token' })
  assert.match(err, /^emrys: EMRYS_ADMIN_TOKEN holds no admin token, which has 43 /)
  assert.ok(!err.includes('not-a-token'))
  const gone = await emrys(t, ['clock', ...url, '--token-file', '/nonexistent/token'])
  assert.match(
    gone.err,
    /^emrys: the admin token file \/nonexistent\/token is not readable \(ENOENT/,
  )
  assert.deepEqual(seen, [])
})

test('no token, and another server’s, are distinguished, and neither is printed', async (t) => {
  const { url } = await startCloud(t)
  const empty = temporaryDirectory(t)
  const none = await emrys(t, ['clock', '--url', url], { EMRYS_DATA_DIR: empty })
  assert.equal(none.code, 1)
  assert.match(none.err, /^emrys: http:\S+ wants the admin token, and there is no \S+admin-token; /)
  assert.ok(none.err.includes(join(empty, 'admin-token')))
  assert.match(none.err, /--token-file/)
  const EMRYS_ADMIN_TOKEN = tokenOf('w')
  const wrong = await emrys(t, ['clock', '--url', url], { EMRYS_ADMIN_TOKEN })
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /does not take the admin token from EMRYS_ADMIN_TOKEN: it is another/)
  assert.ok(!wrong.err.includes(EMRYS_ADMIN_TOKEN))
})

test('no token goes to another machine in the clear, and none but a named one goes there at all', async (t) => {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const outer = own.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
  if (outer === undefined) return t.skip('NOT TESTED: this machine has no address but loopback')
  const { seen, port } = await listener(t, outer)
  const url = ['--url', `http://${outer}:${port}`]
  const dataDir = directoryWith(t, 'd')
  const file = join(dataDir, 'admin-token')
  for (const [args, env] of [
    [['--token-file', file], {}],
    [[], { EMRYS_ADMIN_TOKEN: tokenOf('e') }],
  ] as const) {
    const { code, err } = await emrys(t, ['clock', ...url, ...args], env)
    assert.equal(code, 1)
    assert.match(err, /^emrys: the admin token would be readable on the way to http:.*use https/)
  }
  assert.deepEqual(seen, [])
  await emrys(t, ['clock', ...url], { EMRYS_DATA_DIR: dataDir })
  assert.deepEqual(seen, [undefined])
})

test(
  'a file that cannot be read is reported with whose it is',
  { skip: cannotBeOther },
  async (t) => {
    const dataDir = directoryWith(t, 'd')
    const file = join(dataDir, 'admin-token')
    const { seen, port } = await listener(t)
    const ask = () => {
      const env = { EMRYS_DATA_DIR: dataDir }
      return emrys(t, ['clock', '--url', `http://127.0.0.1:${port}`], env, OTHER_USER)
    }
    const expected = `emrys: the admin token file ${file} is not readable by user ${OTHER_USER}; it belongs to user ${process.getuid?.()}: run the command as that user\n`
    assert.deepEqual(await ask(), { code: 1, out: '', err: expected })
    chmodSync(dataDir, 0o755)
    assert.deepEqual(await ask(), { code: 1, out: '', err: expected })
    assert.deepEqual(seen, [])
  },
)
