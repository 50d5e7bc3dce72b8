import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { random } from '../../../src/kernel/random.ts'
import type { Access } from '../../../src/substrate/kubernetes/access.ts'
import { ApiProblem } from '../../../src/substrate/kubernetes/api-problem.ts'
import {
  kubernetesClient,
  type ClientBounds,
  type KubernetesClient,
} from '../../../src/substrate/kubernetes/client.ts'
import { resources } from '../../../src/substrate/kubernetes/resource.ts'
import { answerJson, answerStatus, apiServer } from '../../support/http/api-server.ts'
import { cleanUp } from '../../support/process/clean-up.ts'

const { configMap, namespace, secret } = resources

function clientOf(
  t: TestContext,
  access: Access,
  bounds: Partial<ClientBounds> = {},
): KubernetesClient {
  const client = kubernetesClient({ access, random: random('a'), bounds })
  cleanUp(t, () => client.close())
  return client
}

function mapOf(name: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'n' } }
}

test('an object that is not there is undefined, and one that is there is what the server says', async (t) => {
  const server = await apiServer(t, ({ path }, response) =>
    path.endsWith('/a')
      ? answerJson(response, mapOf('a'))
      : answerStatus(response, 404, { reason: 'NotFound', message: 'configmaps "b" not found' }),
  )
  const client = clientOf(t, server.access())
  const key = { type: configMap, namespace: 'n' }
  assert.equal((await client.find({ ...key, name: 'a' }))?.metadata.name, 'a')
  assert.equal(await client.find({ ...key, name: 'b' }), undefined)
  assert.equal(server.asked[0]?.path, '/api/v1/namespaces/n/configmaps/a')
})

test('what is applied is checked strictly, as one field manager that overrules others', async (t) => {
  const server = await apiServer(t, ({ body }, response) => answerJson(response, JSON.parse(body)))
  const client = clientOf(t, server.access())
  await client.apply(mapOf('a'))
  await client.apply(mapOf('a'), { dryRun: true })
  const [done, tried] = server.asked
  assert.equal(done?.method, 'PATCH')
  assert.equal(done?.headers['content-type'], 'application/apply-patch+yaml')
  assert.deepEqual(Object.fromEntries(done?.query ?? []), {
    fieldManager: 'emrys',
    force: 'true',
    fieldValidation: 'Strict',
  })
  assert.equal(tried?.query.get('dryRun'), 'All')
})

test('a refusal carries the words of the server, and says whether it would be repeated', async (t) => {
  const refusals = [
    [422, 'Invalid', 'spec.replicas: Invalid value', true],
    [403, 'Forbidden', 'exceeded quota', true],
    [500, '', 'failed to create typed patch object: .dta: field not declared in schema', true],
    [500, 'InternalError', 'etcd is not there', false],
    [409, 'Conflict', 'the object has been modified', false],
  ] as const
  const server = await apiServer(t, (_asked, response) => {
    const [status, reason, message] = refusals[server.asked.length - 1] ?? refusals[0]
    answerStatus(response, status, { reason, message })
  })
  const client = clientOf(t, server.access())
  for (const [status, reason, message, persists] of refusals)
    await assert.rejects(client.apply(mapOf('a')), (problem) => {
      assert.ok(problem instanceof ApiProblem)
      assert.equal(problem.status, status)
      assert.equal(problem.reason, reason)
      assert.equal(problem.message, `PATCH /api/v1/namespaces/n/configmaps/a: ${message}`)
      assert.equal(problem.persists, persists)
      return true
    })
})

test('a refusal of a secret repeats nothing of what was sent', async (t) => {
  const server = await apiServer(t, (_asked, response) =>
    answerStatus(response, 422, { reason: 'Invalid', message: 'data: Invalid value: "hunter2"' }),
  )
  const client = clientOf(t, server.access())
  await assert.rejects(
    client.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'n' } }),
    { message: 'PATCH /api/v1/namespaces/n/secrets/a: Invalid' },
  )
  await assert.rejects(client.list(secret), { message: 'GET /api/v1/secrets: Invalid' })
})

test('a busy server is asked again when it says, and no more often than is bearable', async (t) => {
  let refusals = 2
  let retryAfter = '0'
  const server = await apiServer(t, (_asked, response) => {
    if (refusals-- > 0)
      answerStatus(response, 429, { reason: 'TooManyRequests', message: 'later', retryAfter })
    else answerJson(response, mapOf('a'))
  })
  const client = clientOf(t, server.access(), { retries: 3 })
  await client.apply(mapOf('a'))
  assert.equal(server.asked.length, 3)
  refusals = Infinity
  await assert.rejects(client.apply(mapOf('a')), { status: 429, retryAfterMs: 0 })
  assert.equal(server.asked.length, 3 + 4)
  retryAfter = '3600'
  await assert.rejects(client.apply(mapOf('a')), { status: 429, retryAfterMs: 3_600_000 })
  assert.equal(server.asked.length, 3 + 4 + 1)
})

test('a list is read by its pages, to its end', async (t) => {
  const server = await apiServer(t, ({ query }, response) => {
    const from = Number(query.get('continue') ?? '0')
    const names = ['a', 'b', 'c', 'd', 'e'].slice(from, from + 2)
    const next = from + 2 < 5 ? { continue: String(from + 2) } : {}
    answerJson(response, { metadata: next, items: names.map(mapOf) })
  })
  const client = clientOf(t, server.access(), { pageSize: 2 })
  const found = await client.list(configMap, { namespace: 'n', labels: { one: '1', two: '2' } })
  assert.deepEqual(
    found.map(({ metadata }) => metadata.name),
    ['a', 'b', 'c', 'd', 'e'],
  )
  assert.equal(server.asked.length, 3)
  for (const { path, query } of server.asked) {
    assert.equal(path, '/api/v1/namespaces/n/configmaps')
    assert.equal(query.get('limit'), '2')
    assert.equal(query.get('labelSelector'), 'one=1,two=2')
  }
})

test('a list whose pages became too old is started over, and one that is too long is refused', async (t) => {
  let expired = 1
  const server = await apiServer(t, ({ query }, response) => {
    if (query.has('continue') && expired-- > 0)
      answerStatus(response, 410, {
        reason: 'Expired',
        message: 'the continue parameter is too old',
      })
    else if (query.has('continue')) answerJson(response, { metadata: {}, items: [mapOf('b')] })
    else answerJson(response, { metadata: { continue: 'x' }, items: [mapOf('a')] })
  })
  const client = clientOf(t, server.access(), { listMax: 2 })
  const found = await client.list(configMap)
  assert.equal(found.length, 2)
  assert.equal(server.asked.length, 4)
  const strict = clientOf(t, server.access(), { listMax: 1 })
  await assert.rejects(strict.list(configMap), { message: 'there are more than 1 configmaps' })
})

test('an answer that is too long, too late, or no JSON is an error', async (t) => {
  const server = await apiServer(t, ({ path }, response) => {
    if (path.endsWith('long')) response.end(`{"a":"${'x'.repeat(10_000)}"}`)
    else if (path.endsWith('words')) response.end('upstream is fine')
  })
  const client = clientOf(t, server.access(), { answerBytes: 1_000, answerMs: 300 })
  await assert.rejects(client.read('/long'), {
    message: 'GET /long is answered at too great length',
  })
  await assert.rejects(client.read('/words'), { message: 'GET /words is not answered with JSON' })
  await assert.rejects(client.read('/late'), { message: 'GET /late is not answered within 0.3 s' })
})

test('a request that would be larger than any object is not sent', async (t) => {
  const server = await apiServer(t, (_asked, response) => answerJson(response, mapOf('a')))
  const client = clientOf(t, server.access())
  const data = { a: 'x'.repeat(2 * 1024 * 1024) }
  await assert.rejects(client.apply({ ...mapOf('a'), data }), /more than an object may have/)
  assert.equal(server.asked.length, 0)
})

test('removing is of one object by its uid, and what is gone or another one is no error', async (t) => {
  const statuses = [200, 404, 409]
  const server = await apiServer(t, (_asked, response) => {
    const status = statuses[server.asked.length - 1] ?? 409
    if (status === 200) answerJson(response, { kind: 'Status', status: 'Success' })
    else answerStatus(response, status, { reason: 'Conflict', message: 'the uid differs' })
  })
  const client = clientOf(t, server.access())
  const key = { type: namespace, name: 'n' }
  for (let round = 0; round < 3; round++)
    await client.remove(key, { uid: 'u-1', propagation: 'Orphan' })
  assert.deepEqual(JSON.parse(server.asked[0]?.body ?? ''), {
    propagationPolicy: 'Orphan',
    preconditions: { uid: 'u-1' },
  })
  await assert.rejects(client.remove(key), { status: 409 })
})

test('a token that is refused is asked for again, once', async (t) => {
  const server = await apiServer(t, ({ headers }, response) =>
    headers.authorization === 'Bearer new'
      ? answerJson(response, mapOf('a'))
      : answerStatus(response, 401, { reason: 'Unauthorized', message: 'Unauthorized' }),
  )
  const access = server.access((refused) => ({ token: refused ? 'new' : 'old' }))
  await clientOf(t, access).apply(mapOf('a'))
  assert.equal(server.asked.length, 2)
  const denied = clientOf(t, server.access({ token: 'wrong' }))
  await assert.rejects(denied.apply(mapOf('a')), (problem) => {
    assert.ok(problem instanceof ApiProblem && problem.status === 401)
    assert.ok(!problem.message.includes('wrong'))
    return true
  })
  assert.equal(server.asked.length, 4)
})

test('a client certificate that is replaced is used from the next request on', async (t) => {
  const server = await apiServer(t, (_asked, response) => answerJson(response, mapOf('a')))
  const { certificatePem, keyPem } = server.certificate
  let credential = {}
  const client = clientOf(
    t,
    server.access(() => credential),
  )
  await client.read('/a')
  credential = { certificate: certificatePem, key: keyPem }
  await client.read('/a')
  assert.deepEqual(
    server.asked.map(({ client: name }) => name),
    [undefined, '127.0.0.1'],
  )
})

test('a server that its authority does not prove, or that has another name, is not asked', async (t) => {
  const server = await apiServer(t, (_asked, response) => answerJson(response, mapOf('a')))
  const { authority: _authority, ...unproved } = server.access({ token: 'secret' })
  await assert.rejects(clientOf(t, unproved).read('/a'), /self-signed certificate/)
  const other = { ...server.access({ token: 'secret' }), serverName: 'elsewhere.example' }
  await assert.rejects(clientOf(t, other).read('/a'), /altnames|alt names/i)
  assert.equal(server.asked.length, 0)
})

test('a name that would lead to another path is refused before anything is sent', async (t) => {
  const server = await apiServer(t, (_asked, response) => answerJson(response, mapOf('a')))
  const client = clientOf(t, server.access())
  for (const name of ['../secrets/a', 'a/b', 'a?x=1', '', 'A'])
    await assert.rejects(client.find({ type: configMap, namespace: 'n', name }), /cannot be a name/)
  assert.equal(server.asked.length, 0)
})
