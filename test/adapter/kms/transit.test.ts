import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createServer } from 'node:net'
import { silentLogger, type Logger } from '../../../src/kernel/log.ts'
import { transitKeys, type TransitOptions } from '../../../src/adapter/kms/transit.ts'
import { limits } from '../../../src/limits.ts'
import { TOKEN, transitServer, type TransitServer } from '../../support/http/transit-server.ts'
import { keyServiceConformance, type Subject } from './conformance.ts'

const KEY = { account: '1', region: 'r', id: 'key-1' }
const CONTEXT = { account: '1', region: 'r' }
const unreachable = {
  code: 'DependencyFailed',
  facts: { dependency: 'key-management', mode: 'gateway' },
}
const refused = { code: 'DependencyFailed', facts: { ...unreachable.facts, mode: 'service' } }

function serviceOf(server: TransitServer, more: Partial<TransitOptions> = {}) {
  const { address } = server
  const log = silentLogger()
  return transitKeys({ address, mount: 'transit', namespace: '', token: () => TOKEN, log, ...more })
}

function subject(derived: boolean) {
  return async (t: TestContext): Promise<Subject> => {
    const server = await transitServer(t)
    return {
      keys: serviceOf(server),
      async put({ id }, state) {
        if (state === 'deleted') server.keys.delete(id)
        else server.put(id, { derived, softDeleted: state === 'disabled' })
      },
    }
  }
}

keyServiceConformance('transit', subject(false))
keyServiceConformance('transit with derived keys', subject(true))

test('a derived key is given the context, and opens with no other; a plain one is given none', async (t) => {
  const server = await transitServer(t)
  const keys = serviceOf(server)
  server.put('key-1', { derived: true })
  server.put('key-2')
  const { wrapped } = await keys.generateDataKey(KEY, CONTEXT)
  assert.deepEqual(server.requests.at(-1)?.members, ['bits', 'context'])
  await assert.rejects(keys.decrypt(KEY, wrapped, { ...CONTEXT, region: 'elsewhere' }), refused)
  await keys.generateDataKey({ ...KEY, id: 'key-2' }, CONTEXT)
  assert.deepEqual(server.requests.at(-1)?.members, ['bits'])
})

test('the mount and the namespace are those of the configuration', async (t) => {
  const server = await transitServer(t, 'teams/data')
  server.put('key-1')
  await serviceOf(server, { mount: 'teams/data', namespace: 'admin/' }).generateDataKey(
    KEY,
    CONTEXT,
  )
  assert.deepEqual(
    server.requests.map(({ path, namespace }) => [path, namespace]),
    [
      ['/v1/teams/data/keys/key-1', 'admin/'],
      ['/v1/teams/data/datakey/plaintext/key-1', 'admin/'],
    ],
  )
})

test('the token is read for each request, and a wrong one is a refusal of the service', async (t) => {
  const server = await transitServer(t)
  server.put('key-1')
  let token = 'outdated'
  const keys = serviceOf(server, { token: () => token })
  await assert.rejects(keys.describe(KEY), refused)
  token = TOKEN
  assert.equal(await keys.describe(KEY), 'enabled')
})

test('an id that is no segment of a path is a key that does not exist, and no request is sent', async (t) => {
  const server = await transitServer(t)
  const keys = serviceOf(server)
  for (const id of ['..', '.', 'a/b', 'a?b', 'a%2fb', '', 'x'.repeat(129), 'schlüssel'])
    assert.equal(await keys.describe({ ...KEY, id }), undefined)
  assert.equal(server.requests.length, 0)
})

test('a service that is sealed, answers nonsense, too much or no key is a service that failed', async (t) => {
  const server = await transitServer(t)
  server.put('key-1')
  const keys = serviceOf(server)
  const says = (status: number, body: string) => {
    server.answer = (response) => void response.writeHead(status).end(body)
    return keys.describe(KEY)
  }
  await assert.rejects(says(503, '{"errors":["Vault is sealed"]}'), unreachable)
  await assert.rejects(says(200, '<html>'), unreachable)
  await assert.rejects(says(200, '"text"'), unreachable)
  await assert.rejects(says(429, '{"errors":["quota"]}'), refused)
  await assert.rejects(says(200, `"${'x'.repeat(limits.keyServiceBytes)}"`), unreachable)
  server.answer = (response) =>
    void response.end('{"data":{"plaintext":"c2hvcnQ=","ciphertext":"vault:v1:x"}}')
  await assert.rejects(keys.generateDataKey(KEY, CONTEXT), refused)
})

test('a service that does not answer in time, or is not there, is not waited for', async (t) => {
  const server = await transitServer(t)
  server.answer = () => {}
  await assert.rejects(serviceOf(server, { timeoutMs: 50 }).describe(KEY), unreachable)
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as { port: number }
  await new Promise((resolve) => closed.close(resolve))
  const gone = serviceOf(server, { address: `http://127.0.0.1:${port}` })
  await assert.rejects(gone.describe(KEY), unreachable)
})

test('requests beyond what is allowed at once fail instead of queueing', async (t) => {
  const server = await transitServer(t)
  const waiting: (() => void)[] = []
  server.answer = (response) => waiting.push(() => response.end('{"data":{}}'))
  const keys = serviceOf(server)
  const states = Array.from({ length: limits.keyServiceAtOnce }, () => keys.describe(KEY))
  await assert.rejects(keys.describe(KEY), unreachable)
  while (waiting.length < limits.keyServiceAtOnce) await new Promise(setImmediate)
  for (const answer of waiting) answer()
  assert.deepEqual(new Set(await Promise.all(states)), new Set(['enabled']))
})

test('neither the token nor a key is ever logged or returned', async (t) => {
  const server = await transitServer(t)
  const lines: string[] = []
  const note = (facts: object, message: string) => void lines.push(JSON.stringify([facts, message]))
  const log: Logger = { debug: note, info: note, warn: note, error: note, child: () => log }
  server.answer = (response) => void response.writeHead(500).end(`{"errors":["${TOKEN}"]}`)
  const problem = await serviceOf(server, { log })
    .describe(KEY)
    .catch((thrown: unknown) => thrown as Error)
  assert.equal(lines.length, 1)
  const reported = lines.join('') + JSON.stringify(problem) + String((problem as Error).cause)
  assert.ok(!reported.includes(TOKEN), reported)
})
