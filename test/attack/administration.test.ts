/**
 * Administration is not everybody's: what another user of the machine, a proxy on it, and a server that only pretends get of it.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { test } from 'node:test'
import { logger } from '../../src/kernel/log.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { askAdmin, authorization } from '../support/http/admin.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrys, emrysServe } from '../support/process/emrys-command.ts'
import { asOtherUser, cannotBeOther, OTHER_USER } from '../support/process/other-user.ts'

interface PageFacts {
  readonly method: string
  /** What follows `/_emrys/`. */
  readonly page: string
  readonly open: boolean
}

/** Every page there is, as the server itself describes it. */
async function pagesOf(port: number): Promise<readonly PageFacts[]> {
  const { paths } = (await askAdmin(port, 'openapi')).body as {
    paths: Record<string, Record<string, { security: readonly object[] }>>
  }
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/_emrys/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        page: path.replace('/_emrys/', '').replace(/\{\w+\}/, 'x'),
        open: security.length === 0,
      })),
    )
}

const OPEN = ['health', 'ready', 'metrics', 'openapi', 'actions']

test('without the token, open pages answer, and all others refuse before they do or tell anything', async (t) => {
  const cloud = await startCloud(t, { config: { allowReset: true } })
  const pages = await pagesOf(cloud.port)
  assert.ok(pages.length > 60, `saw only ${pages.length} pages`)
  assert.deepEqual(
    pages.filter(({ open }) => open).map(({ method, page }) => `${method} ${page}`),
    OPEN.map((page) => `GET ${page}`),
  )
  const file = join(cloud.dataDir, 'admin-token')
  for (const { method, page, open } of pages) {
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} }
    const ask = { method, headers: { authorization: '' }, ...body }
    const { status, text, headers } = await askAdmin(cloud.port, page, ask)
    assert.equal(status, open ? 200 : 401, `${method} ${page}`)
    if (open) continue
    assert.equal(headers['www-authenticate'], 'Bearer realm="emrys"')
    assert.ok(text.includes(file), text)
    assert.match(text, /--token-file/)
  }
})

test('only the whole token, as a bearer, is the token', async (t) => {
  const { port } = await startCloud(t)
  const token = authorization(port)['authorization']!.replace('Bearer ', '')
  const statusWith = async (value: string) =>
    (await askAdmin(port, 'config', { headers: { authorization: value } })).status
  for (const value of [`Bearer ${token}`, `bearer ${token}`, `BEARER  ${token}`])
    assert.equal(await statusWith(value), 200, value)
  for (const value of [
    '',
    'Bearer',
    'Bearer ',
    token,
    `Basic ${token}`,
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token} ${token}`,
    `Bearer ${token.toUpperCase()}`,
    `Bearer ${'\u00e9'.repeat(token.length)}`,
    `Bearer ${'A'.repeat(43)}`,
    'Bearer undefined',
  ])
    assert.equal(await statusWith(value), 401, value)
  const inQuery = { headers: { authorization: '' } }
  assert.equal((await askAdmin(port, `config?token=${token}`, inQuery)).status, 401)
  assert.equal((await askAdmin(port, `config?access_token=${token}`, inQuery)).status, 401)
})

test('what looks proxied is refused on every page, with the token too', async (t) => {
  const { port } = await startCloud(t)
  const names = ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host']
  for (const name of [...names, 'X-Forwarded-Proto', 'x-forwarded-port', 'x-forwarded-server']) {
    for (const page of ['health', 'config']) {
      const { status, body } = await askAdmin(port, page, { headers: { [name]: '127.0.0.1' } })
      assert.equal(status, 403, `${name} ${page}`)
      assert.match(body.error, /proxy/)
    }
  }
  const token = `authorization: ${authorization(port)['authorization']}\r\n`
  const host = `host: 127.0.0.1:${port}\r\nconnection: close\r\n`
  for (const page of ['health', 'config']) {
    const old = await raw(port, `GET /_emrys/${page} HTTP/1.0\r\n${host}${token}\r\n`)
    assert.match(old, /^HTTP\/1\.1 403 .*HTTP\/1\.0/s, page)
    const usual = await raw(port, `GET /_emrys/${page} HTTP/1.1\r\n${host}${token}\r\n`)
    assert.match(usual, /^HTTP\/1\.1 200 /, page)
  }
})

async function raw(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(request)
  return textOf(socket)
}

/** Asks every page it is given, and reads what it can of the data directory. */
const CURIOUS = `
import { readdirSync, readFileSync } from 'node:fs'
const [url, dataDir, pages] = process.argv.slice(1)
const codeOf = (work) => { try { work(); return 'done' } catch ({ code }) { return code } }
const statuses = []
for (const { method, page } of JSON.parse(pages)) {
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{"dialect":"alibaba","name":"x","advanceMs":1}' }
  const headers = { 'content-type': 'application/json' }
  statuses.push((await fetch(url + '/_emrys/' + page, { method, headers, ...body })).status)
}
const files = [() => readdirSync(dataDir), () => readFileSync(dataDir + '/admin-token')].map(codeOf)
console.log(JSON.stringify({ user: process.getuid(), groups: process.getgroups(), statuses, files }))
`

test(
  'another user of the machine gets the open pages and nothing else',
  {
    skip: cannotBeOther,
  },
  async (t) => {
    const dataDir = temporaryDirectory(t)
    const server = await emrysServe(t, dataDir, ['--development-key', 'false', '--allow-reset'])
    const port = Number(new URL(server.url).port)
    const pages = await pagesOf(port)
    const found = await asOtherUser(t, CURIOUS, [server.url, dataDir, JSON.stringify(pages)])
    assert.deepEqual(found, {
      user: OTHER_USER,
      groups: [OTHER_USER],
      statuses: pages.map(({ open }) => (open ? 200 : 401)),
      files: ['EACCES', 'EACCES'],
    })
    assert.equal((await askAdmin(port, 'accounts')).body.total, 0)
    assert.equal((await askAdmin(port, 'clock')).body.aheadMs, 0)
    assert.deepEqual((await askAdmin(port, 'audit')).body.entries, [])
  },
)

/** Waits at a port for the token of somebody who believes that a server answers there. */
const PRETENDER = `
import { createServer } from 'node:http'
const seen = []
const server = createServer((request, response) => {
  seen.push(request.headers.authorization ?? null)
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ seen }))
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`

test(
  "a server of another user is not given the token of one's own",
  {
    skip: cannotBeOther,
  },
  async (t) => {
    const dataDir = temporaryDirectory(t)
    const server = await emrysServe(t, dataDir)
    const port = (await asOtherUser(t, PRETENDER, [])) as number
    const url = `http://127.0.0.1:${port}`
    const seen = async () => (await askAdmin(port, '')).body.seen as unknown
    const refused = await emrys(t, ['status', '--url', url], { EMRYS_DATA_DIR: dataDir })
    assert.equal(refused.code, 1)
    assert.match(
      refused.err,
      new RegExp(`^emrys: user ${OTHER_USER} listens on port ${port}, .*sent`),
    )
    assert.deepEqual(await seen(), [null])
    // Who asks for it, gets it: the answer is no server's, so that the command says so.
    const file = join(dataDir, 'admin-token')
    await emrys(t, ['clock', '--url', url, '--token-file', file])
    assert.deepEqual(await seen(), [null, authorization(portOf(server.url))['authorization'], null])
  },
)

function portOf(url: string): number {
  return Number(new URL(url).port)
}

test('the token is in its own file and nowhere else: not in answers, logs or other files', async (t) => {
  const heard: string[] = []
  const cloud = await startCloud(t, { log: logger('debug', { write: (line) => heard.push(line) }) })
  const token = authorization(cloud.port)['authorization']!.replace('Bearer ', '')
  for (const { method, page } of await pagesOf(cloud.port)) {
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} }
    for (const headers of [{}, { authorization: `Bearer ${token}x` }])
      heard.push((await askAdmin(cloud.port, page, { method, headers, ...body })).text)
  }
  assert.ok(heard.length > 120)
  for (const text of heard) assert.ok(!text.includes(token), text)
  const files = readdirSync(cloud.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(cloud.dataDir, name))
    .filter((file) => statSync(file).isFile() && readFileSync(file).includes(token))
  assert.deepEqual(files, [join(cloud.dataDir, 'admin-token')])
})
