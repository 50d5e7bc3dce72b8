import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyText } from '../../src/gateway/dialect.ts'
import type { AdminContext } from '../../src/admin/context.ts'
import { adminPages } from '../../src/admin/admin.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'

test('an unknown page is not found, and the answer lists the pages there are', async (t) => {
  const { port } = await startCloud(t)
  for (const page of ['', 'healthy', 'progression', 'progression/a/b']) {
    const { status, body } = await askAdmin(port, page)
    if (page === 'progression') {
      assert.equal(status, 200)
      continue
    }
    assert.equal(status, 404, page)
    const paths = body.pages.map((each: { path: string }) => each.path)
    for (const known of ['health', 'ready', 'metrics', 'openapi', 'actions', 'config', 'clusters'])
      assert.ok(paths.includes(`/_emrys/${known}`), known)
    for (const known of ['operations', 'audit', 'progression/{family}', 'clock', 'reset'])
      assert.ok(paths.includes(`/_emrys/${known}`), known)
  }
})

test('a page takes its own methods, parameters and members, and refuses others by name', async (t) => {
  const { port } = await startCloud(t)
  const wrongMethod = await askAdmin(port, 'health', { method: 'POST', body: {} })
  assert.deepEqual([wrongMethod.status, wrongMethod.body.error], [405, '/_emrys/health takes GET'])
  const query = await askAdmin(port, 'clusters?sate=running')
  assert.equal(query.status, 400)
  assert.match(query.body.error, /no query parameter sate; it takes product, state/)
  const member = await askAdmin(port, 'clock', { method: 'POST', body: { advance: 1 } })
  assert.equal(member.status, 400)
  assert.match(member.body.error, /no member advance; it takes advanceMs/)
})

test('what changes something must be a JSON object, sent as JSON, and small', async (t) => {
  const { port, clock } = await startCloud(t)
  const cases = [
    { body: '{"advanceMs":1}', headers: { 'content-type': 'text/plain' }, status: 415 },
    {
      body: '{"advanceMs":1}',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 415,
    },
    { body: '{"advanceMs":', headers: {}, status: 400 },
    { body: '[1]', headers: {}, status: 400 },
    { body: '"1"', headers: {}, status: 400 },
    { body: JSON.stringify({ advanceMs: 'x'.repeat(70_000) }), headers: {}, status: 413 },
  ]
  for (const { body, headers, status } of cases) {
    const answer = await askAdmin(port, 'clock', { method: 'POST', body, headers })
    assert.equal(answer.status, status, body.slice(0, 20))
  }
  assert.equal(clock.aheadMs, 0)
})

test('a Host that is a name of its own is refused: a foreign page whose name was bound to 127.0.0.1', async (t) => {
  const { port } = await startCloud(t)
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '127.0.0.1.evil.example',
  ])
    assert.equal((await askAdmin(port, 'health', { headers: { host } })).status, 403, host)
  for (const host of [
    `127.0.0.1:${port}`,
    'localhost',
    `LOCALHOST:${port}`,
    '[::1]:80',
    '10.0.0.7',
  ])
    assert.equal((await askAdmin(port, 'health', { headers: { host } })).status, 200, host)
})

test('only peers on loopback are answered', async () => {
  // Pages are made from their options, and none is asked here but `health`, which needs none.
  const anything: object = new Proxy({}, { get: () => anything })
  const pages = adminPages(anything as AdminContext)
  const ask = (remoteAddress: string) =>
    pages({
      method: 'GET',
      path: '/_emrys/health',
      query: '',
      headers: { host: '127.0.0.1' },
      body: new Uint8Array(),
      remoteAddress,
      httpVersion: '1.1',
      secure: false,
    })
  for (const peer of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
    assert.equal((await ask(peer)).status, 200, peer)
  for (const peer of ['10.0.0.1', '::ffff:10.0.0.1', '1127.0.0.1', '', '::2'])
    assert.equal((await ask(peer)).status, 403, peer)
})

test('probes from elsewhere are told a status alone where the setting lets them, and one answer for all within a second', async () => {
  let commits = 0
  const anything: object = new Proxy({}, { get: () => anything })
  const given: Readonly<Record<string, unknown>> = {
    probes: 'any',
    place: { secret: 'place' },
    carriers: () => [],
    isDraining: () => false,
    clock: { now: () => 0, wall: () => 5 },
    store: { write: async () => void commits++, nextDueMs: async () => undefined },
  }
  const context = new Proxy(given, { get: (it, name) => it[name as string] ?? anything })
  const pages = adminPages(context as unknown as AdminContext)
  const ask = (path: string, method = 'GET') =>
    pages({
      method,
      path: `/_emrys/${path}`,
      query: '',
      headers: { host: '10.0.0.2:4580' },
      body: new Uint8Array(),
      remoteAddress: '10.0.0.1',
      httpVersion: '1.1',
      secure: false,
    })
  for (const path of ['health', 'ready', 'ready']) {
    const answer = await ask(path)
    assert.deepEqual([answer.status, bodyText(answer).trim()], [200, '{"status":200}'])
  }
  assert.equal(commits, 1)
  for (const path of ['metrics', 'config', 'clusters', 'openapi'])
    assert.equal((await ask(path)).status, 403, path)
  assert.equal((await ask('health', 'POST')).status, 403)
})
