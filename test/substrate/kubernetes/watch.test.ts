import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { random } from '../../../src/kernel/random.ts'
import { kubernetesClient, type ClientBounds } from '../../../src/substrate/kubernetes/client.ts'
import { resources } from '../../../src/substrate/kubernetes/resource.ts'
import { answerStatus, apiServer, type Answer } from '../../support/http/api-server.ts'
import { cleanUp } from '../../support/process/clean-up.ts'

async function watched(t: TestContext, answer: Answer, bounds: Partial<ClientBounds> = {}) {
  const server = await apiServer(t, answer)
  const client = kubernetesClient({ access: server.access(), random: random('a'), bounds })
  const stop = new AbortController()
  cleanUp(t, () => {
    stop.abort()
    client.close()
  })
  const [seen, problems]: [string[], string[]] = [[], []]
  client.watch({
    type: resources.configMap,
    labels: { one: '1' },
    signal: stop.signal,
    changed: ({ metadata }) => void seen.push(metadata.name),
    failed: (problem) => void problems.push(String(problem)),
  })
  return { server, seen, problems, stop }
}

const LOOKS = 400

async function until(done: () => boolean): Promise<void> {
  for (let look = 0; !done(); look++) {
    assert.ok(look < LOOKS, 'it never came about')
    await pause(10)
  }
}

function event(type: string, name: string, resourceVersion: string): string {
  return `${JSON.stringify({ type, object: { metadata: { name, resourceVersion } } })}\n`
}

test('what changes is reported, bookmarks are not, and it continues from the last version', async (t) => {
  const { server, seen, problems } = await watched(t, (_asked, response) => {
    if (server.asked.length > 1) {
      response.write(event('DELETED', 'a', '9'))
      return
    }
    response.write(event('ADDED', 'a', '5').slice(0, 20))
    response.write(event('ADDED', 'a', '5').slice(20) + event('MODIFIED', 'b', '6'))
    response.end(event('BOOKMARK', '', '8'))
  })
  await until(() => seen.length === 3)
  assert.deepEqual(seen, ['a', 'b', 'a'])
  assert.deepEqual(problems, [])
  const [first, second] = server.asked
  assert.equal(first?.query.get('allowWatchBookmarks'), 'true')
  assert.equal(first?.query.get('labelSelector'), 'one=1')
  assert.equal(first?.query.has('resourceVersion'), false)
  assert.equal(second?.query.get('resourceVersion'), '8')
})

test('a version that the server has forgotten is given up, and everything is reported again', async (t) => {
  const { server, seen } = await watched(t, (_asked, response) => {
    const { length } = server.asked
    if (length === 1) response.end(event('ADDED', 'a', '5'))
    else if (length === 2) {
      const object = { kind: 'Status', code: 410, message: 'too old resource version' }
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`)
    } else response.write(event('ADDED', 'a', '50'))
  })
  await until(() => seen.length === 2)
  assert.deepEqual(
    server.asked.map(({ query }) => query.get('resourceVersion')),
    [null, '5', null],
  )
})

test('no error ends it: refusals, cut connections, silence, and words that are no event', async (t) => {
  const answers: readonly Answer[] = [
    (_asked, response) => answerStatus(response, 403, { reason: 'Forbidden', message: 'no' }),
    (_asked, response) => void response.destroy(),
    (_asked, response) => void response.end('upstream is fine\n'),
    (_asked, response) => void response.write(event('ADDED', 'a', '1')),
    (_asked, response) => void response.write(event('ADDED', 'b', '2')),
  ]
  const { server, seen, problems } = await watched(
    t,
    (asked, response) => answers[server.asked.length - 1]?.(asked, response),
    { silenceMs: 100 },
  )
  await until(() => seen.length === 2)
  assert.deepEqual(seen, ['a', 'b'])
  assert.equal(problems.length, 4)
})

test('an event that is larger than any object is not kept in memory', async (t) => {
  const { problems } = await watched(t, (_asked, response) => {
    for (let piece = 0; piece < 5; piece++) response.write('x'.repeat(1024 * 1024))
  })
  await until(() => problems.length > 0)
  assert.match(problems[0] ?? '', /larger than any object/)
})

test('its signal ends it and its connection', async (t) => {
  const { server, stop, problems } = await watched(t, (_asked, response) => {
    response.write(event('ADDED', 'a', '1'))
  })
  await until(() => server.asked.length === 1)
  stop.abort()
  await pause(300)
  assert.equal(server.asked.length, 1)
  assert.deepEqual(problems, [])
})
