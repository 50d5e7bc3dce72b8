/** The console against foreign pages, foreign machines, planted sessions, and texts that want to be code. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { limits } from '../../src/limits.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { authorization } from '../support/http/admin.ts'
import { consoleBrowser, rootOf } from '../support/http/console.ts'

const file = (type: string, text: string) => ({
  type,
  bytes: Buffer.from(text),
  packed: Buffer.from(''),
})

async function start(t: TestContext) {
  const frontEnd = async () =>
    new Map([
      ['index.html', file('text/html', '<p>page</p>')],
      ['main.js', file('text/javascript', 'run()')],
    ])
  return startCloud(t, { frontEnd })
}

const RENAME = {
  product: 'starrocks',
  action: 'UpdateInstanceName',
  region: 'cn-hangzhou',
  language: 'en',
  parameters: { InstanceId: 'c-0', InstanceName: 'x' },
}

test('a write without the request token, with another one, by a foreign page or as a form is refused', async (t) => {
  const { port } = await start(t)
  const browser = consoleBrowser(port)
  await browser.signIn()
  const other = consoleBrowser(port)
  await other.signIn()
  const right = browser.requestToken()
  const tries: readonly (readonly [number, Record<string, string>])[] = [
    [403, {}],
    [403, { 'x-emrys-request-token': other.requestToken() }],
    [403, { 'x-emrys-request-token': right, 'sec-fetch-site': 'cross-site' }],
    [403, { 'x-emrys-request-token': right, 'sec-fetch-site': 'same-site' }],
    [415, { 'x-emrys-request-token': right, 'content-type': 'text/plain' }],
    [415, { 'x-emrys-request-token': right, 'content-type': 'application/x-www-form-urlencoded' }],
    [200, { 'x-emrys-request-token': right, 'sec-fetch-site': 'same-origin' }],
  ]
  for (const [status, headers] of tries)
    for (const path of ['/api/call', '/api/form', '/api/offers']) {
      const answer = await browser.ask(path, { method: 'POST', body: RENAME, headers })
      assert.equal(answer.status, status, JSON.stringify(headers))
    }
  for (const [status, headers] of tries.filter(([each]) => each !== 200))
    for (const path of ['/api/sql', '/api/sql/cancel', '/api/sql/progress']) {
      const body = { cluster: 'c-0', id: 'statement-1', user: 'admin', text: 'DROP DATABASE x' }
      const answer = await browser.ask(path, { method: 'POST', body, headers })
      assert.equal(answer.status, status, `${path} ${JSON.stringify(headers)}`)
    }
  const ended = await browser.ask('/api/session', { method: 'DELETE', body: {} })
  assert.equal(ended.status, 403)
  assert.equal((await browser.ask('/api/overview')).status, 200)
})

test('signing in by a foreign page is refused, and reads by one too', async (t) => {
  const { port } = await start(t)
  const browser = consoleBrowser(port)
  const foreign = { 'sec-fetch-site': 'cross-site' }
  const entered = await browser.ask('/api/session', {
    method: 'POST',
    body: rootOf('alibaba'),
    headers: foreign,
  })
  assert.equal(entered.status, 403)
  assert.equal(entered.headers['set-cookie'], undefined)
  await browser.signIn()
  assert.equal((await browser.ask('/api/overview', { headers: foreign })).status, 403)
})

test('a session that was planted before signing in is worth nothing after it', async (t) => {
  const { port } = await start(t)
  const attacker = consoleBrowser(port)
  await attacker.signIn()
  const planted = attacker.cookie()
  const victim = consoleBrowser(port, planted)
  await victim.signIn(rootOf('tencent'))
  assert.notEqual(victim.cookie(), planted)
  assert.equal((await attacker.ask('/api/overview')).status, 401)
  const invented = consoleBrowser(port, planted.replace(/=.*/, `=${'a'.repeat(43)}`))
  assert.equal((await invented.ask('/api/overview')).status, 401)
})

test('a foreign name for this machine, a proxy, and a name that is no address are refused', async (t) => {
  const { port } = await start(t)
  const browser = consoleBrowser(port)
  const tries: readonly Record<string, string>[] = [
    { host: 'evil.example' },
    { host: `evil.example:${port}` },
    { 'x-forwarded-for': '10.0.0.1' },
    { forwarded: 'for=10.0.0.1' },
  ]
  for (const headers of tries)
    for (const path of ['/', '/api/session'])
      assert.equal((await browser.ask(path, { headers })).status, 403, JSON.stringify(headers))
  assert.equal((await browser.ask('/', { headers: { host: `localhost:${port}` } })).status, 200)
})

test('no path leads to a file that is none of the console', async (t) => {
  const { port, dataDir } = await start(t)
  const browser = consoleBrowser(port)
  assert.equal((await browser.ask('/assets/main.js')).text, 'run()')
  for (const path of [
    '/assets/../../../../etc/passwd',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    `/assets/${dataDir}/admin-token`,
    '/assets//etc/passwd',
    '/assets/__proto__',
    '/assets/constructor',
    '/assets/',
  ]) {
    const { status, text } = await browser.ask(path)
    assert.equal(status, 404, `${path}: ${text}`)
  }
})

test('an administration page is named by its name: no path, header or query leads elsewhere', async (t) => {
  const { port } = await start(t)
  const browser = consoleBrowser(port)
  await browser.signIn({ token: String(authorization(port)['authorization']).slice(7) })
  for (const page of [
    '../console',
    '/clock',
    'clock#x',
    'clock\r\nx: y',
    'https://evil.example/',
    '',
    'a b',
  ])
    assert.equal((await browser.send('administration', { page })).status, 400, page)
  const unknown = await browser.send('administration', { page: 'nothing' })
  assert.equal(unknown.body.status, 404)
  const text = JSON.stringify(unknown.body)
  assert.ok(!text.includes(String(authorization(port)['authorization']).slice(7)))
})

test('names that want to be code are answered as JSON that no browser takes for a page', async (t) => {
  const cloud = await start(t)
  const browser = consoleBrowser(cloud.port)
  await browser.signIn()
  const evil = '<script>alert(1)</script>'
  const answers = [
    await browser.ask(
      `/api/clusters?name=${encodeURIComponent(evil)}&state=${encodeURIComponent(evil)}`,
    ),
    await browser.ask(`/api/clusters?name=${encodeURIComponent(evil)}`),
    await browser.ask(`/api/${encodeURIComponent(evil)}`),
    await browser.send('call', { ...RENAME, action: evil }),
  ]
  for (const { headers } of answers) {
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.match(String(headers['content-security-policy']), /script-src 'self'/)
  }
})

test('bodies and attempts are bounded', async (t) => {
  const { port } = await start(t)
  const browser = consoleBrowser(port)
  await browser.signIn()
  const large = { ...RENAME, parameters: { x: 'x'.repeat(limits.consoleBodyBytes) } }
  assert.equal((await browser.send('call', large)).status, 413)
  const vast = await browser.ask('/api/session', {
    method: 'POST',
    body: 'x'.repeat(limits.bodyBytes + 1),
  })
  assert.equal(vast.status, 413)
  const guesses = await Promise.all(
    Array.from({ length: 5 * limits.consoleSignIns }, () =>
      consoleBrowser(port).signIn({ ...rootOf('alibaba'), secret: 'guess' }),
    ),
  )
  const statuses = new Set(guesses.map(({ status }) => status))
  assert.deepEqual(
    [...statuses].sort((one, other) => one - other),
    [401, 429],
  )
})
