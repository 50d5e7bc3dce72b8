import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startCloud, type Cloud, type CloudOptions } from '../support/fixture/cloud.ts'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { alibabaClient, createBody } from '../support/http/alibaba-client.ts'
import { askAdmin, authorization } from '../support/http/admin.ts'
import { consoleBrowser, rootOf } from '../support/http/console.ts'
import { create } from '../support/http/tencent-client.ts'

const DEVELOPMENT = '1000000000000001'

const page = { type: 'text/html', bytes: Buffer.from('<p>page</p>'), packed: Buffer.from('') }
const frontEnd: CloudOptions['frontEnd'] = async () => new Map([['index.html', page]])

function start(t: TestContext, options: CloudOptions = {}): Promise<Cloud> {
  return startCloud(t, { frontEnd, ...options })
}

/** A user of the development account with one policy. */
async function userOf(cloud: Cloud, statement: object) {
  const account = DEVELOPMENT
  const text = JSON.stringify({ Version: '1', Statement: [statement] })
  await cloud.identity.users.add({ account, name: 'alice' })
  await cloud.identity.policies.add({ account, name: 'only', text })
  await cloud.identity.users.attach({ account, name: 'alice', policy: 'only' })
  const { key, secret } = await cloud.identity.keys.add({ account, user: 'alice' })
  return { cloud: 'alibaba', keyId: key.id, secret }
}

test('a page is found at every address that is none of the API, and is answered so that nobody else may use it', async (t) => {
  const { port } = await start(t)
  const browser = consoleBrowser(port)
  for (const path of ['', '/', '/clusters/c-1?state=running']) {
    const { status, text, headers } = await browser.ask(path)
    assert.deepEqual([status, text], [200, '<p>page</p>'])
    assert.match(
      String(headers['content-security-policy']),
      /default-src 'none'.*frame-ancestors 'none'/,
    )
    assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'DENY')
  }
  assert.equal((await browser.ask('', { method: 'POST', body: {} })).status, 405)
})

test('it can be switched off, and then there is nothing', async (t) => {
  const { port } = await start(t, { config: { console: false } })
  assert.equal((await consoleBrowser(port).ask('')).status, 404)
  assert.equal((await consoleBrowser(port).ask('/api/session')).status, 404)
})

test('a key signs in, and its owner is shown; a wrong secret, an unknown key and another cloud are refused alike', async (t) => {
  const { port } = await start(t)
  const browser = consoleBrowser(port)
  assert.deepEqual((await browser.ask('/api/session')).body, { signedIn: false })
  const texts = new Set<string>()
  const right = rootOf('alibaba')
  for (const wrong of [{ ...right, secret: 'x' }, { ...right, keyId: 'nobody' }, { token: 'x' }]) {
    const { status, text, headers } = await browser.signIn(wrong)
    assert.equal(status, 401)
    assert.equal(headers['set-cookie'], undefined)
    texts.add(text)
  }
  assert.equal(texts.size, 1)
  const { body, headers } = await browser.signIn()
  assert.deepEqual(
    [body.signedIn, body.cloud, body.account, body.kind],
    [true, 'alibaba', DEVELOPMENT, 'root'],
  )
  const [cookie = ''] = headers['set-cookie'] ?? []
  assert.match(
    cookie,
    /^emrys-console-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/console; Max-Age=\d+$/,
  )
  assert.equal((await browser.ask('/api/session')).body.requestToken, body.requestToken)
  assert.equal((await browser.send('session', {}, 'DELETE')).body.signedIn, false)
  assert.equal((await browser.ask('/api/overview')).status, 401)
})

test('the token of the administration shows every account, and answers what the admin pages do', async (t) => {
  const cloud = await start(t)
  await startedBy(cloud, DEVELOPMENT)
  await startedBy(cloud, '100000000001')
  const browser = consoleBrowser(cloud.port)
  const token = String(authorization(cloud.port)['authorization']).replace('Bearer ', '')
  const { body } = await browser.signIn({ token })
  assert.equal(body.administrator, true)
  assert.deepEqual(body.accounts.map(({ cloud: of }: { cloud: string }) => of).sort(), [
    'alibaba',
    'tencent',
  ])
  assert.equal((await browser.ask('/api/clusters')).body.total, 2)
  const asked = await browser.send('administration', { method: 'GET', page: 'clock' })
  assert.equal(asked.body.status, 200)
  const shown = (await askAdmin(cloud.port, 'clock')).body
  assert.equal(asked.body.answer.aheadMs, shown.aheadMs)
  const refused = await browser.send('administration', {
    method: 'PUT',
    page: 'faults',
    body: { mode: 'x' },
  })
  assert.deepEqual(
    [refused.body.status, /mode must be/.test(refused.body.answer.error)],
    [400, true],
  )
  const key = consoleBrowser(cloud.port)
  await key.signIn()
  assert.equal((await key.send('administration', { method: 'GET', page: 'clock' })).status, 403)
})

/** Of the root of each cloud's development account. */
async function startedBy(cloud: Cloud, account: string): Promise<string> {
  if (account !== DEVELOPMENT) return create({ port: cloud.port })
  const created = await alibabaClient(cloud.port)('CreateInstanceV1', { body: createBody() })
  return String(created.body.Data.InstanceId)
}

test('a user sees what its policies allow and nothing else, and a policy that changes is in force at once', async (t) => {
  const cloud = await start(t)
  const [seen, hidden] = [await startedBy(cloud, DEVELOPMENT), await startedBy(cloud, DEVELOPMENT)]
  const foreign = await startedBy(cloud, '100000000001')
  const Resource = `acs:sr:*:*:instance/${seen}`
  const key = await userOf(cloud, { Effect: 'Allow', Action: 'sr:DescribeInstances', Resource })
  const browser = consoleBrowser(cloud.port)
  await browser.signIn(key)
  const { body } = await browser.ask('/api/clusters')
  assert.deepEqual([body.total, body.rows.map(({ id }: { id: string }) => id)], [1, [seen]])
  const overview = (await browser.ask('/api/overview')).body
  assert.equal(overview.states.length, 1)
  assert.deepEqual([overview.states[0].count, overview.spend], [1, null])
  const one = (await browser.ask(`/api/clusters/${seen}`)).body
  assert.equal(one.cluster.id, seen)
  assert.deepEqual(
    [one.operations, one.configuration, one.backups, one.orders],
    [null, null, null, null],
  )
  assert.equal((await browser.ask(`/api/clusters/${seen}/log`)).status, 403)
  const absent = await browser.ask('/api/clusters/c-none')
  for (const id of [hidden, foreign]) {
    const { status, text } = await browser.ask(`/api/clusters/${id}`)
    assert.deepEqual([status, text], [404, absent.text.replace('c-none', id)])
    assert.equal((await browser.ask(`/api/clusters/${id}/log`)).status, 404)
  }
  await cloud.identity.users.detach({ account: DEVELOPMENT, name: 'alice', policy: 'only' })
  assert.equal((await browser.ask('/api/clusters')).body.total, 0)
  await cloud.identity.keys.remove(key.keyId)
  assert.equal((await browser.ask('/api/clusters')).status, 401)
})

test("what a page asks of a cloud is answered and refused in the vendor's own words, and counts as the vendor counts", async (t) => {
  const it = await startInstance(t, { cloud: { frontEnd, config: { requestsPerSecond: 1 } } })
  const { cloud, id } = it
  const call = {
    product: 'starrocks',
    region: 'cn-hangzhou',
    language: 'en',
    parameters: { InstanceId: id },
  }
  const root = consoleBrowser(cloud.port)
  await root.signIn()
  const shown = await root.send('call', { ...call, action: 'DescribeInstances' })
  assert.equal(shown.body.answer.Data[0].InstanceId, id)
  // At once: one after the other they may take more than the second that is counted.
  const asked = [1, 2, 3, 4].map(() => root.send('call', { ...call, action: 'DescribeInstances' }))
  const again = (await Promise.all(asked)).map(({ body }) => body)
  assert.ok(
    again.some(({ status, answer }) => status === 400 && answer.Code === 'Throttling.User'),
    JSON.stringify(again),
  )
  const key = await userOf(cloud, { Effect: 'Allow', Action: 'sr:Describe*', Resource: '*' })
  const user = consoleBrowser(cloud.port)
  await user.signIn(key)
  const denied = await user.send('call', { ...call, action: 'ReleaseInstance' })
  assert.equal(denied.body.status, 403)
  assert.match(denied.body.answer.Code, /NoPermission|Forbidden|AccessDenied/)
  assert.equal((await it.document()).status.state, 'running')
  // The refusal counted as well.
  await pause(1_000)
  const released = await root.send('call', { ...call, action: 'ReleaseInstance' })
  assert.equal(released.body.status, 200)
  assert.equal((await it.document()).status.state, 'deleting')
})

test('the other cloud is asked likewise, also by the administrator, who says for which account', async (t) => {
  const cloud = await start(t)
  const id = await create({ port: cloud.port })
  const call = {
    product: 'emr',
    action: 'DescribeInstances',
    region: 'ap-guangzhou',
    language: 'en',
    parameters: { DisplayStrategy: 'clusterList', InstanceIds: [id] },
  }
  const root = consoleBrowser(cloud.port)
  await root.signIn(rootOf('tencent'))
  const { body } = await root.send('call', call)
  assert.equal(body.answer.Response.ClusterList[0].ClusterId, id)
  const refused = await root.send('call', { ...call, parameters: { Nothing: 1 } })
  assert.equal(refused.body.answer.Response.Error.Code, 'UnknownParameter')
  const administrator = consoleBrowser(cloud.port)
  await administrator.signIn({ token: String(authorization(cloud.port)['authorization']).slice(7) })
  assert.equal((await administrator.send('call', call)).status, 400)
  assert.equal((await administrator.send('call', { ...call, account: '1' })).status, 404)
  const acted = await administrator.send('call', { ...call, account: '100000000001' })
  assert.equal(acted.body.answer.Response.TotalCnt, 1)
})

test('an open page is notified of what changes, and no more when the session ends', async (t) => {
  const cloud = await start(t)
  const browser = consoleBrowser(cloud.port)
  await browser.signIn()
  const headers = { cookie: browser.cookie() }
  const sent = get({
    host: '127.0.0.1',
    port: cloud.port,
    path: '/console/api/changes',
    headers,
    agent: false,
  })
  t.after(() => sent.destroy())
  const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage]
  assert.equal(response.headers['content-type'], 'text/event-stream')
  response.setEncoding('utf8')
  const read = async () => String((await once(response, 'data'))[0])
  const first = await read()
  await startedBy(cloud, DEVELOPMENT)
  const second = await read()
  assert.notEqual(/data: (\d+)/.exec(first)?.[1], /data: (\d+)/.exec(second)?.[1])
  assert.doesNotMatch(second, /c-/)
  const ended = once(response, 'end')
  response.resume()
  await browser.send('session', {}, 'DELETE')
  await ended
})
